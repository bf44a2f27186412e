"""What a user of ``everyaction`` does; run with the address of the service and a key."""

from __future__ import annotations

import sys

from everyaction import EAClient

url, key = sys.argv[1:]
client = EAClient("any", key, mode="MyCampaign", endpoint=f"{url}/v4")

said = {"firstName": "Jim", "lastName": "Gordon", "email": "jim@gotham.gov"}
own = client.people.find_or_create(**said)["vanId"]
assert client.people.find_or_create(**said)["vanId"] == own
assert client.people.find(**said)["vanId"] == own

client.people.update(own, firstName="James", lastName="Gordon")
fetched = client.people.get(own, expand="emails")
assert (fetched["firstName"], fetched["lastName"]) == ("James", "Gordon"), fetched
assert [each["email"] for each in fetched["emails"]] == ["jim@gotham.gov"], fetched

for n in range(60):
    client.people.find_or_create(firstName="Pat", lastName=f"P{n}", email=f"p{n}@gotham.gov")
assert len(client.people.list(limit=0)) == 61
assert client.people.lookup(**said)["vanId"] == own
