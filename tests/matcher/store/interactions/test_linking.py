"""What becomes of an interaction: as it comes, and when the people that it may mean change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from matcher.errors import OptionError, UnknownInStore
from matcher.store import Store
from matcher.store.interactions.following import follow
from matcher.store.interactions.linking import Tally

Row = dict[str, Any]

ANA: Row = {
    "record_id": "ana", "source": "list", "first_name": "Ana", "last_name": "Okonkwo",
    "email": "ana.okonkwo@example.com", "phone": "312-555-0142", "address": "12 Main St",
    "zip": "60601",
}  # fmt: skip
BEN: Row = {**ANA, "record_id": "ben", "first_name": "Ben", "email": "ben.o@example.com"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store.duckdb", clock=lambda: datetime(2026, 3, 1, tzinfo=UTC)) as made:
        yield made


def asked(number: int = 1, **info: Any) -> Row:
    """An interaction with an id of its own."""
    return {"id": f"i{number}", "attemptDateTime": "2026-02-19T15:30:00Z", "contactInfo": info}


def status(store: Store, number: int = 1) -> str:
    return store.interaction(f"i{number}").status


def whose(store: Store, number: int = 1) -> set[str]:
    """The records of the person that an interaction is linked to."""
    person = store.interaction(f"i{number}").person_id
    return {record for one, record in store.query("FROM (SELECT person_id, record_id FROM"
            " person_record)") if one == person}  # fmt: skip


def test_an_email_links_the_person_who_has_it(store: Store) -> None:
    store.ingest([ANA])
    added = store.add_interactions(asked(email=["Ana.Okonkwo@Example.com"]))
    assert (added.received, added.new, added.valid, added.linked) == (1, 1, 1, 1)
    found = store.interaction("i1")
    assert (found.status, whose(store)) == ("linked", {"ana"})
    assert "email exact" in found.reason
    assert found.occurred_at == datetime(2026, 2, 19, 15, 30, tzinfo=UTC)


def test_the_second_email_counts_as_much_as_the_first(store: Store) -> None:
    store.ingest([ANA])
    store.add_interactions(asked(email=["somebody@example.org", "ana.okonkwo@example.com"]))
    assert status(store) == "linked"


def test_the_second_address_counts_as_much_as_the_first(store: Store) -> None:
    store.ingest([ANA])
    places = [{"addressLine1": "9 Far Rd", "postalCode": "99501"},
              {"addressLine1": "12 Main Street", "postalCode": "60601"}]  # fmt: skip
    store.add_interactions(asked(firstName="Ana", lastName="Okonkwo", address=places))
    assert (status(store), whose(store)) == ("linked", {"ana"})


def test_a_shared_landline_links_by_first_name_and_is_for_review_without(store: Store) -> None:
    store.ingest([ANA, BEN])
    store.add_interactions([asked(1, phone=["+13125550142"], firstName="Ben"),
                            asked(2, phone=["+13125550142"])])  # fmt: skip
    assert (status(store, 1), whose(store, 1)) == ("linked", {"ben"})
    found = store.interaction("i2")
    assert found.status == "review"
    assert {one["record_id"] for one in found.candidates} == {"ana", "ben"}
    assert "2 persons" in found.reason


def test_a_name_or_a_handle_alone_never_links(store: Store) -> None:
    store.ingest([{**ANA, "twitter": "anaok"}])
    store.add_interactions(
        asked(firstName="Ana", lastName="Okonkwo", socialHandle=["anaok"], phone=["+13125559999"])
    )
    assert status(store) == "unmatched"


def test_a_persons_id_links_whatever_else_is_said(store: Store) -> None:
    store.ingest([{**ANA, "van_id": "77", "state": "IL"}, BEN])
    given = {"id": "i1", "person": [{"type": "VAN", "id": "77"}], "stateCode": "IL"}
    store.add_interactions([given])
    assert (status(store), whose(store)) == ("linked", {"ana"})


def test_an_unknown_id_leaves_the_word_to_the_contact_info(store: Store) -> None:
    store.ingest([ANA])
    given = {**asked(email=["ana.okonkwo@example.com"]), "person": [{"type": "VAN", "id": "9"}]}
    store.add_interactions([given])
    assert (status(store), whose(store)) == ("linked", {"ana"})


def test_the_channel_is_no_identifier_unless_asked(store: Store) -> None:
    store.ingest([ANA])
    said = {**asked(address=[{"postalCode": "99501"}]),
            "channel": {"type": "email", "value": "ana.okonkwo@example.com"}}  # fmt: skip
    store.add_interactions(said)
    assert status(store) == "unmatched"
    store.add_interactions({**said, "id": "i2"}, use_channel=True)
    assert status(store, 2) == "linked"


def test_who_is_unknown_today_is_linked_when_a_file_names_them(store: Store) -> None:
    store.add_interactions(asked(email=["ana.okonkwo@example.com"]))
    assert status(store) == "unmatched"
    changes = store.ingest([ANA])
    assert changes.interactions == "1 linked later"
    found = store.interaction("i1")
    assert [moment.status for moment in found.moments] == ["unmatched", "linked"]
    assert found.moments[-1].words.startswith(f"linked to {found.person_id} (")
    assert [moment.run for moment in found.moments] == ["R1", "R2"]


def test_a_link_is_withdrawn_when_its_record_is_taken_back(store: Store) -> None:
    run = store.ingest([ANA]).run
    store.add_interactions(asked(email=["ana.okonkwo@example.com"]))
    person = store.interaction("i1").person_id
    undone = store.undo(run, by="Ada")
    assert undone.interactions == "1 link withdrawn"
    found = store.interaction("i1")
    assert found.status == "unmatched"
    assert found.moments[-1].words.startswith(f"link to {person} withdrawn, unmatched")


def test_a_link_follows_its_record_through_merge_and_split(store: Store) -> None:
    store.ingest([ANA, BEN])
    store.add_interactions(asked(email=["ben.o@example.com"]))
    store.decide("ana", "ben", "same", by="Ada")
    assert whose(store) == {"ana", "ben"}
    store.split(str(store.interaction("i1").person_id), ["ben"], by="Ada")
    assert whose(store) == {"ben"}
    assert store.check(deep=True).ok


def test_what_is_linked_tells_more_of_its_person_until_it_is_taken_back(store: Store) -> None:
    run = store.ingest([ANA]).run
    store.add_interactions(asked(1, phone=["+13125559999"], firstName="Ana", lastName="Okonkwo"))
    assert status(store, 1) == "unmatched"
    more = asked(2, email=["ana.okonkwo@example.com"], phone=["+13125559999"], firstName="Ana")
    added = store.add_interactions(more)
    assert (added.linked, added.linked_later) == (1, 1)
    assert store.interaction("i1").reason.endswith("as in I1 of theirs")
    # What it said is said no longer, and the other one is unknown again.
    store.add_interactions(asked(2, email=["ana.okonkwo@example.com"]))
    assert (status(store, 1), status(store, 2)) == ("unmatched", "linked")
    store.add_interactions(more)
    assert status(store, 1) == "linked"
    store.undo(run, by="Ada")
    assert (status(store, 1), status(store, 2)) == ("unmatched", "unmatched")
    assert store.check(deep=True).ok


def test_through_a_stranger_nobody_is_linked(store: Store) -> None:
    """A chain of interactions ties only what shares something with one that a record names."""
    store.add_interactions([
        asked(1, email=["one@example.org"], firstName="Ana"),
        asked(2, email=["one@example.org", "two@example.org"], firstName="Ana"),
        asked(3, email=["two@example.org", "three@example.org"], firstName="Ana"),
    ])  # fmt: skip
    store.ingest([{**ANA, "email": "three@example.org"}])
    assert [status(store, n) for n in (1, 2, 3)] == ["unmatched", "linked", "linked"]


def test_what_was_through_somebody_forgotten_waits_again(store: Store) -> None:
    store.ingest([ANA, BEN])
    store.add_interactions([
        asked(1, email=["ana.okonkwo@example.com"], phone=["+13125559999"], firstName="Ana"),
        asked(2, phone=["+13125559999"], firstName="Ana", lastName="Okonkwo"),
        asked(3, phone=["+13125559999"]),
    ])  # fmt: skip
    assert status(store, 2) == "linked"
    store.forget(str(store.interaction("i1").person_id))
    assert store.interaction("I0").status == store.interaction("I1").status == "erased"
    assert store.check(deep=True).ok


def test_only_what_a_change_touches_is_looked_at_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[int] = []

    def counted(*about: Any) -> Tally:
        tally = follow(*about)
        looked_at.append(tally.looked_at)
        return tally

    monkeypatch.setattr("matcher.store.saving.follow", counted)
    store.add_interactions([asked(n, email=[f"nobody{n}@example.org"]) for n in range(1, 20)])
    store.ingest([ANA])
    store.ingest([{**BEN, "email": "nobody7@example.org"}])
    assert looked_at == [0, 1]


def test_what_came_before_does_nothing_and_what_says_more_is_a_new_version(store: Store) -> None:
    store.ingest([ANA])
    first = asked(email=["nobody@example.org"])
    store.add_interactions(first)
    again = store.add_interactions(first)
    assert (again.new, again.changed, again.same) == (0, 0, 1)
    more = store.add_interactions(asked(email=["nobody@example.org", "ana.okonkwo@example.com"]))
    assert (more.new, more.changed, more.linked) == (0, 1, 1)
    assert store.query("SELECT count(*), max(interaction) FROM interaction") == [(2, 0)]
    assert store.check(deep=True).ok


def test_without_an_id_an_interaction_is_known_by_what_it_says(store: Store) -> None:
    said = {"contactInfo": {"email": ["nobody@example.org"]}, "outcome": "talked"}
    assert store.add_interactions([said, {**said, "outcome": "left a note"}]).new == 2
    assert store.add_interactions([said]).same == 1


def test_an_invalid_one_is_kept_with_its_reason_and_the_rest_goes_on(store: Store) -> None:
    added = store.add_interactions([asked(1, firstName="Ana"), asked(2, email=["a@example.org"])])
    assert (added.invalid, added.unmatched, added.valid) == (1, 1, 1)
    assert "IX-02" in store.interaction("i1").reason
    assert store.interaction("i1").content["contactInfo"] == {"firstName": "Ana"}
    assert "$.contactInfo" in added.rejects["column"].to_pylist()


def test_what_was_with_somebody_forgotten_goes_with_them_and_stays_away(store: Store) -> None:
    store.ingest([ANA, {**BEN, "phone": None}])
    store.add_interactions([asked(1, email=["ana.okonkwo@example.com"]),
                            asked(2, email=["ben.o@example.com"])])  # fmt: skip
    receipt = store.forget(str(store.interaction("i1").person_id))
    assert receipt.rows["interaction"] == 1
    assert (status(store, 2), store.interactions("erased").shape[0]) == ("linked", 1)
    assert store.interaction("I0").content is None
    again = store.add_interactions(
        [asked(1, email=["ana.okonkwo@example.com"]), asked(3, email=["ana.okonkwo@example.com"])]
    )
    assert (again.same, again.erased) == (1, 1)
    assert b"ana.okonkwo" not in store.path.read_bytes()
    assert store.check(deep=True).ok


def test_an_interaction_that_now_names_somebody_forgotten_stays_as_it_was(store: Store) -> None:
    store.ingest([ANA])
    store.add_interactions(asked(1, email=["other@example.org"]))
    store.forget(str(store.find(email="ana.okonkwo@example.com")[0]))
    again = store.add_interactions(
        [asked(1, email=["ana.okonkwo@example.com"]), asked(2, email=["new@example.org"])]
    )
    assert (again.same, again.new, again.changed, again.erased) == (1, 1, 0, 0)
    assert store.interaction("i1").content["contactInfo"] == {"email": ["other@example.org"]}
    assert b"ana.okonkwo" not in store.path.read_bytes()
    assert store.check(deep=True).ok


def test_everything_received_is_somewhere(store: Store) -> None:
    store.ingest([ANA, BEN])
    store.add_interactions([
        asked(1, email=["ana.okonkwo@example.com"]), asked(2, phone=["+13125550142"]),
        asked(3, email=["nobody@example.org"]), asked(4, firstName="Ana"),
    ])  # fmt: skip
    store.forget(str(store.interaction("i1").person_id))
    counted = dict(store.query("SELECT status, count(*) FROM current_link GROUP BY status"))
    assert sum(counted.values()) == 4
    assert set(counted) == {"erased", "review", "unmatched", "invalid"}


def test_the_store_says_what_it_was_asked_for_and_does_not_have(store: Store) -> None:
    with pytest.raises(OptionError, match="no status 'done'"):
        store.interactions("done")
    with pytest.raises(UnknownInStore, match="no interaction I5"):
        store.interaction("I5")
    with pytest.raises(UnknownInStore, match="look like I123"):
        store.interaction("none")


def test_a_store_reads_its_interactions_back(tmp_path: Path) -> None:
    path = tmp_path / "store.duckdb"
    with Store(path) as store:
        store.ingest([ANA])
        store.add_interactions([asked(1, email=["ana.okonkwo@example.com"]),
                                asked(2, email=["ben.o@example.com"])])  # fmt: skip
    with Store(path) as store:
        assert not store.link_interactions().tally
        assert store.ingest([{**BEN, "phone": "773-555-0188"}]).interactions == "1 linked later"
    with Store(path, read_only=True) as store:
        assert store.interactions("linked").interaction_id.tolist() == ["i1", "i2"]
