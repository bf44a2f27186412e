"""The counts tell the story, and they add up."""

from __future__ import annotations

from pathlib import Path

from matcher.store import Store


def test_the_counts_tell_the_story(tmp_path: Path) -> None:
    with Store(tmp_path / "identity.duckdb") as store:
        store.ingest(
            [
                {"record_id": "x", "source": "l", "first_name": "Ann", "phone": "413-555-0190"},
                {"record_id": "y", "source": "l", "first_name": "Zoe", "phone": "413-555-0190"},
                {"record_id": "z", "source": "l", "first_name": "Bob", "email": "bob@example.org"},
            ]
        )
        store.add_interactions(
            [
                {"id": "once", "contactInfo": {"email": ["bob@example.org"]}},
                {"id": "later", "contactInfo": {"email": ["lee@example.org"]}},
                {"id": "either", "contactInfo": {"phone": ["+14135550190"]}},
                {"id": "nobody", "contactInfo": {"email": ["x@example.org"]}},
                {"id": "van", "person": [{"type": "VAN", "id": "7"}], "stateCode": "MA"},
                {"id": "bad", "contactInfo": {"firstName": "Lee"}},
                {"id": "gone", "contactInfo": {"phone": ["+14135550190"], "firstName": "Zoe"}},
            ]
        )
        store.ingest([{"record_id": "l", "source": "l", "email": "lee@example.org"}])
        store.forget(store.find(name="Zoe")[0], by="maria")
        told = store.interaction_counts()
        listed = store.interactions().status.value_counts().to_dict()
        assert store.check().ok
        stats = store.stats()
    assert (stats["interactions"], stats["interactions_by_status"]) == (7, listed)
    counts = told.to_dict()
    assert {name: counts[name] for name in listed} == listed
    parts = ("linked", "review", "unmatched", "invalid", "erased")
    assert counts["received"] == sum(counts[name] for name in parts) == 7
    assert counts["linked"] == told.linked_at_once + told.linked_later
    assert (told.valid, told.linked_at_once, told.ready_for_van) == (6, 1, 1)
    assert told.linked_later >= 1
    assert told.erased >= 1
    assert "7 received, 6 valid, 1 linked at once" in str(told)
    assert "1 ready for VAN" in str(told)
