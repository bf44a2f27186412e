"""Texts with people who had no id: to VAN with the one that a later voter file gives them."""

import json
import tempfile
from pathlib import Path

import matcher

TEXTS = [
    {
        "id": "t-1",
        "contactInfo": {"phone": ["+14135550142"], "firstName": "Bob"},
        "stateCode": "MA",
        "outcome": "will_volunteer",
    },
    {"id": "t-2", "contactInfo": {"phone": ["+14135550199"]}, "stateCode": "MA"},
]
VOTER = {
    "record_id": "van:1",
    "source": "van",
    "first_name": "Robert",
    "last_name": "Okafor",
    "phone": "413-555-0142",
    "region": "MA",
    "van_id": "my_voters:MA:3100101",
}

with tempfile.TemporaryDirectory() as folder, matcher.open(Path(folder) / "s.duckdb") as store:
    print(store.add_interactions(TEXTS, by="texting"))
    changes = store.ingest([VOTER], by="maria")
    print("a week later:", changes.interactions)
    for moment in store.interaction("t-1").moments:
        print(f"  {moment.at:%Y-%m-%d} {moment.words}")

    exported = store.export_interactions("van")
    for text in exported.documents:
        print(json.loads(text)["person"], "goes to VAN")
    for held in exported.held_back.itertuples():
        print(held.interaction_id, "is held back:", held.reason)
