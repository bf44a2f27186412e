"""What a user of ``parsons.VAN`` does; run with the address of the service and a key."""

from __future__ import annotations

import sys

import parsons.ngpvan.van_connector as connector
from parsons import VAN

url, key = sys.argv[1:]
connector.URI = f"{url}/v4/"
client = VAN(key, db="EveryAction")

said = {"first_name": "Jim", "last_name": "Gordon", "email": "jim@gotham.gov"}
own = client.upsert_person(**said, phone="2024560171")["vanId"]
assert client.upsert_person(**said)["vanId"] == own
assert client.find_person(**said)["vanId"] == own

client.update_person(own, first_name="James", last_name="Gordon", email="jim@gotham.gov")
fetched = client.get_person(own, expand_fields=["phones", "emails"])
assert (fetched["firstName"], fetched["lastName"]) == ("James", "Gordon"), fetched
assert [each["email"] for each in fetched["emails"]] == ["jim@gotham.gov"], fetched
