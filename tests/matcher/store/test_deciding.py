"""Decisions outrank every weight, name records, and last until they are taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from matcher.errors import OptionError, StoreError, UnknownInStore
from matcher.store import Store

MARIA: dict[str, Any] = {"first_name": "Maria", "last_name": "Garcia", "email": "m@example.com"}
ROBERT = {"last_name": "Okonkwo", "phone": "7735550199"}
ROWS = [
    {"record_id": "m1", "source": "list", **MARIA, "phone": "3125550142"},
    {"record_id": "m2", "source": "list", **MARIA},
    {"record_id": "b1", "source": "list", "first_name": "Bob", **ROBERT},
    {"record_id": "b2", "source": "list", "first_name": "Robert", **ROBERT},
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store.duckdb") as opened:
        opened.ingest(ROWS)
        yield opened


def persons(store: Store) -> dict[str, str]:
    return dict(store.query("SELECT record_id, person_id FROM person_record ORDER BY record_id"))


AT_FIRST = {"m1": "P1", "m2": "P1", "b1": "P2", "b2": "P2"}


def test_two_people_whose_records_are_called_the_same_become_one_whole(store: Store) -> None:
    changes = store.decide("m1", "b1", "same", by="Ann")
    assert set(persons(store).values()) == {"P1"}
    assert changes.merged == {"P2": "P1"}


def test_records_called_different_are_two_people(store: Store) -> None:
    changes = store.decide("m2", "m1", "different", by="Ann")
    assert persons(store) == AT_FIRST | {"m2": "P3"}
    assert changes.split == {"P3": "P1"}


def test_what_is_different_does_not_meet_through_a_third_record(store: Store) -> None:
    store.decide("m1", "m2", "different", by="Ann")
    store.ingest([{"record_id": "m3", "source": "list", **MARIA, "phone": "3125550142"}])
    held = persons(store)
    assert held["m1"] != held["m2"]
    assert held["m3"] in (held["m1"], held["m2"])


def test_a_decision_holds_when_the_record_says_something_new(store: Store) -> None:
    store.decide("m1", "b1", "different", by="Ann")
    store.ingest([{**ROWS[2], **MARIA}])
    held = persons(store)
    assert held["m1"] != held["b1"]


def test_a_decision_holds_when_its_record_was_withdrawn_and_comes_again(tmp_path: Path) -> None:
    path = tmp_path / "store.duckdb"
    with Store(path) as store:
        store.ingest(ROWS[:1])
        store.ingest(ROWS[1:2])
        store.decide("m1", "m2", "different", by="Ann")
        store.undo("R2", by="Ann")
        assert persons(store) == {"m1": "P1"}
    with Store(path) as store:
        store.ingest(ROWS[1:2])
        assert len(set(persons(store).values())) == 2


def test_unsure_is_kept_and_changes_nothing(store: Store) -> None:
    store.decide("m1", "b1", "unsure", by="Ann")
    assert persons(store) == AT_FIRST
    assert store.query("SELECT verdict FROM current_decision") == [("unsure",)]


def test_a_withdrawn_decision_counts_no_more(store: Store) -> None:
    store.decide("m1", "b1", "same", by="Ann")
    store.withdraw("b1", "m1", by="Bo")
    assert set(persons(store).values()) == {"P1", "P3"}  # P2 is not used again
    assert store.query("SELECT verdict FROM current_decision") == []


def test_the_last_word_on_a_pair_counts(store: Store) -> None:
    store.decide("m1", "m2", "different", by="Ann")
    store.decide("m1", "m2", "same", by="Bo")
    assert persons(store) == AT_FIRST


def test_a_decision_that_others_contradict_is_refused(store: Store) -> None:
    store.decide("m1", "b1", "same", by="Ann")
    store.decide("b1", "b2", "same", by="Ann")
    before = persons(store)
    with pytest.raises(StoreError, match="withdraw one of those"):
        store.decide("m1", "b2", "different", by="Ann")
    assert persons(store) == before


def test_a_dispute_is_settled_by_decisions_alone(store: Store) -> None:
    store.decide("m1", "b1", "same", by="Ann")
    store.decide("m2", "b2", "different", by="Ann")
    held = persons(store)
    assert held["m1"] == held["b1"] and held["m2"] != held["b2"]


def test_a_contradiction_of_evidence_is_overruled(tmp_path: Path) -> None:
    junior = {"record_id": "j", "source": "list", **MARIA, "suffix": "Jr"}
    with Store(tmp_path / "store.duckdb") as store:
        store.ingest([junior, {**junior, "record_id": "s", "suffix": "Sr"}])
        assert len(set(persons(store).values())) == 2
        store.decide("j", "s", "same", by="Ann")
        assert len(set(persons(store).values())) == 1


def test_split_off_records_are_one_person_even_if_nothing_else_holds_them(store: Store) -> None:
    store.decide("m1", "b1", "same", by="Ann")
    store.split("P1", ["m2", "b2"], by="Ann")
    held = persons(store)
    assert held["m2"] == held["b2"] != held["m1"] == held["b1"]


def test_a_split_tells_what_no_longer_holds_together(store: Store) -> None:
    store.decide("m1", "b1", "same", by="Ann")
    store.withdraw("m1", "b1", by="Ann")
    store.decide("m2", "b1", "same", by="Ann")
    changes = store.split("P1", ["m2"], by="Ann")
    assert "not held together" in " ".join(changes.notes)


def test_a_split_tells_where_the_records_went(store: Store) -> None:
    store.decide("m1", "m2", "different", by="Ann")
    store.ingest([{**ROWS[0], "record_id": "m3"}])
    held = persons(store)
    other = {"m1": "m2", "m2": "m1"}[min(m for m in ("m1", "m2") if held[m] == held["m3"])]
    changes = store.split(held["m3"], ["m3"], by="Ann")
    held = persons(store)
    assert held["m3"] == held[other]
    assert f"part of {held['m3']} now" in " ".join(changes.notes)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda store: store.decide("m1", "m2", "maybe", by="Ann"), OptionError),
        (lambda store: store.decide("m1", "m1", "same", by="Ann"), OptionError),
        (lambda store: store.decide("m1", "m2", "same", by=" "), OptionError),
        (lambda store: store.decide("m1", "nobody", "same", by="Ann"), UnknownInStore),
        (lambda store: store.withdraw("m1", "m2", by="Ann"), StoreError),
        (lambda store: store.split("P1", ["m1", "m2"], by="Ann"), StoreError),
        (lambda store: store.split("P1", [], by="Ann"), StoreError),
        (lambda store: store.split("P1", ["b1"], by="Ann"), StoreError),
        (lambda store: store.split("P1", "m1", by="Ann"), OptionError),
        (lambda store: store.split("P9", ["m1"], by="Ann"), UnknownInStore),
        (lambda store: store.split("x", ["m1"], by="Ann"), UnknownInStore),
    ],
)
def test_what_cannot_be_meant_is_refused_and_leaves_no_trace(
    store: Store, call: Any, error: type[Exception]
) -> None:
    with pytest.raises(error):
        call(store)
    assert persons(store) == AT_FIRST
    assert store.query("SELECT max(run) FROM run") == [(1,)]


def test_an_unknown_record_is_named(store: Store) -> None:
    with pytest.raises(UnknownInStore, match="no-such-record"):
        store.decide("m1", "no-such-record", "same", by="Ann")


def test_a_record_id_of_several_sources_needs_its_source(tmp_path: Path) -> None:
    with Store(tmp_path / "store.duckdb") as store:
        for source in ("van", "sheet"):
            row = {"record_id": "7", "source": source, "source_record_id": "7"}
            store.ingest([{**row, "first_name": source, "last_name": "Okonkwo"}])
        with pytest.raises(StoreError, match="sheet, van"):
            store.decide("7", "van:7", "same", by="Ann")
        assert len(store.decide("sheet:7", "van:7", "same", by="Ann").merged) == 1
