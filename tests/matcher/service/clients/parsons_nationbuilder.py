"""What a user of ``parsons.NationBuilder`` does; run with the address of the service and a key."""

from __future__ import annotations

import sys

from parsons import NationBuilder

url, key = sys.argv[1:]
NationBuilder.get_uri = classmethod(lambda cls, slug: f"{url}/api/v1")
client = NationBuilder("any", key)

created, made = client.upsert_person({"email": "ada@example.org", "first_name": "Ada"})
assert created and made["person"]["id"] == 1, made
created, again = client.upsert_person({"email": "ada@example.org", "last_name": "Q", "tags": ["x"]})
assert not created and again["person"]["id"] == 1, again

updated = client.update_person("1", {"first_name": "Adele"})
assert updated["person"]["first_name"] == "Adele", updated
# The client has no call of its own for one person; this is its connection's.
fetched = client.client.get_request("people/1")
assert (fetched["person"]["first_name"], fetched["person"]["last_name"]) == ("Adele", "Q"), fetched

for n in range(105):
    client.upsert_person({"email": f"p{n}@example.org", "first_name": "Pat", "last_name": f"P{n}"})
assert client.get_people().num_rows == 106
