"""What an interaction says of the person, as rows of the file."""

from __future__ import annotations

from pathlib import Path

from matcher.store import Store


def test_every_identifier_stands_once_in_the_order_given(tmp_path: Path) -> None:
    emails = [f"person{n}@example.org" for n in range(11)]
    places = [{"addressLine1": f"{n} Oak St", "postalCode": "60601"} for n in range(1, 4)]
    said = {
        "person": [{"type": "VAN", "id": "7"}],
        "stateCode": "WA",
        "contactInfo": {"email": emails, "phone": ["+13125550142"], "address": places},
    }
    with Store(tmp_path / "store.duckdb") as store:
        store.add_interactions(said)
        found = store.query("SELECT kind, value, place FROM interaction_identifier ORDER BY ALL")
        whole = store.interactions().iloc[0]
    assert sorted(value for kind, value, _ in found if kind == "email") == sorted(emails)
    assert [(k, v, p) for k, v, p in found if k in ("address", "phone", "van_id")] == [
        ("address", "1 oak st", 1), ("address", "2 oak st", 2), ("address", "3 oak st", 3),
        ("phone", "+13125550142", 1),
        ("van_id", "my_voters:WA:7", 1), ("van_id", "unknown:WA:7", 2),
    ]  # fmt: skip
    assert list(whole.addresses) == ["1 oak st", "2 oak st", "3 oak st"]
    assert set(whole.emails) == set(emails)
