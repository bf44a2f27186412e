"""What a user of ``parsons.ActionNetwork`` does; run with the address of the service and a key."""

from __future__ import annotations

import sys

import parsons.action_network.action_network as module

url, key = sys.argv[1:]
module.API_URL = f"{url}/api/v2"
client = module.ActionNetwork(key)

made = client.upsert_person(
    email_address="ada@quarter.org",
    given_name="Ada",
    family_name="Quarter",
    tags=["volunteer"],
    mobile_number="2024560171",
    postal_addresses=[{"postal_code": "20009"}],
    favourite="tea",
)
own = next(each.split(":")[1] for each in made["identifiers"] if each.startswith("action_network:"))
again = client.upsert_person(email_address="ADA@quarter.org", given_name="Adele")
assert own in again["identifiers"][0], again

client.update_person(own, family_name="Quartermaine")
fetched = client.get_person(own)
assert (fetched["given_name"], fetched["family_name"]) == ("Adele", "Quartermaine"), fetched
assert fetched["custom_fields"] == {"favourite": "tea"}, fetched

for n in range(26):
    client.upsert_person(email_address=f"p{n}@quarter.org", given_name="Pat", family_name=f"P{n}")
assert client.get_people().num_rows == 27
found = client.get_people(filter="email_address eq 'ada@quarter.org'")
assert found.num_rows == 1, found
