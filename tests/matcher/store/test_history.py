"""The life of a person, a store as it was, and why and how people came to be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from matcher.errors import OptionError, UnknownInStore
from matcher.store import Store

BEGIN = datetime(2026, 1, 1, 12, tzinfo=UTC)
MARIA: dict[str, Any] = {"first_name": "Maria", "last_name": "Garcia", "email": "m@example.com"}
BOB = {"first_name": "Bob", "last_name": "Okonkwo", "phone": "7735550199"}


def named(record_id: str, **values: str) -> dict[str, Any]:
    return {"record_id": record_id, "source": "list", "source_record_id": record_id, **values}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """R1 on 1 January: P1 is m1 and m2, P2 is b1. R2, a day later: Ann merges them."""
    days = (BEGIN + timedelta(days=day) for day in range(99))
    with Store(tmp_path / "store.duckdb", clock=lambda: next(days)) as opened:
        opened.ingest([named("m1", **MARIA), named("m2", **MARIA), named("b1", **BOB)])
        opened.decide("m1", "b1", "same", by="Ann", note="met them")
        yield opened


def lines(store: Store, person: str) -> list[tuple[str, str, str, list[str], list[str]]]:
    found = store.history(person)
    wanted = found[["run", "kind", "person_id", "joined", "left"]].itertuples(index=False)
    return [(run, kind, of, list(joined), list(left)) for run, kind, of, joined, left in wanted]


def test_a_history_tells_what_happened_to_all_who_merged(store: Store) -> None:
    expected: list[tuple[str, str, str, list[str], list[str]]] = [
        ("R1", "created", "P1", ["m1", "m2"], []),
        ("R1", "created", "P2", ["b1"], []),
        ("R2", "merged", "P2", ["b1"], []),
        ("R2", "decided same", "P1", [], []),
    ]
    assert lines(store, "P1") == expected
    assert lines(store, "P2") == expected  # P2 is P1 for ever


def test_a_history_says_when_by_whom_and_why(store: Store) -> None:
    last = store.history("P1").iloc[-1]
    assert last["when"] == BEGIN + timedelta(days=1)
    assert (last["by"], last["note"]) == ("Ann", "met them")
    assert list(last["records"]) == ["m1", "b1"]


def test_a_history_tells_of_records_that_came_left_and_changed(store: Store) -> None:
    store.ingest([named("m3", **MARIA), named("m2", **MARIA, city="Chicago")])
    store.undo("R2", by="Bo")
    assert lines(store, "P1")[2:] == [
        ("R2", "decided same", "P1", [], []),
        ("R3", "changed", "P1", [], []),
        ("R3", "updated", "P1", ["m3"], []),
        ("R4", "restored", "P2", [], ["b1"]),
        ("R4", "decided withdrawn", "P1", [], []),
    ]


def test_a_history_of_nobody(store: Store) -> None:
    with pytest.raises(UnknownInStore, match="P99"):
        store.history("P99")


def clusters(store: Store, when: datetime | date | str) -> dict[str, str]:
    found = store.as_of(when).clusters
    return dict(zip(found["record_id"], found["person_id"], strict=True))


def test_a_store_as_it_was(store: Store) -> None:
    at_first = {"m1": "P1", "m2": "P1", "b1": "P2"}
    assert clusters(store, BEGIN - timedelta(seconds=1)) == {}
    assert clusters(store, BEGIN) == at_first
    assert clusters(store, date(2026, 1, 1)) == at_first
    assert clusters(store, "2026-01-01") == at_first
    assert clusters(store, "2026-01-02T13:00:00+01:00") == dict.fromkeys(at_first, "P1")
    assert clusters(store, "2026-01-02T12:59:59+01:00") == at_first


def test_what_is_done_later_does_not_change_the_past(store: Store) -> None:
    seen = {day: clusters(store, BEGIN + timedelta(days=day)) for day in range(2)}
    store.ingest([named("m1", **BOB), named("b2", **BOB)])
    store.undo("R2", by="Ann")
    store.undo("R1", by="Ann")
    assert {day: clusters(store, BEGIN + timedelta(days=day)) for day in range(2)} == seen


def test_a_person_as_it_was(store: Store) -> None:
    store.ingest([named("b1", first_name="Robert", last_name="Okonkwo")])
    before = store.as_of("2026-01-01")
    assert before.person("P2").golden["first_name"] == "Bob"
    assert before.person("P2").person_id == "P2"
    assert store.as_of("2026-01-02").person("P2").person_id == "P1"
    store.ingest([named("n1", first_name="Nora", last_name="Lind", email="nora@example.com")])
    with pytest.raises(UnknownInStore, match="then"):
        before.person("P3")


@pytest.mark.parametrize("when", ["yesterday", "2026-01-02T13:00:00", datetime(2026, 1, 1)])
def test_a_time_needs_its_zone(store: Store, when: Any) -> None:
    with pytest.raises(OptionError):
        store.as_of(when)


def test_why_two_records_are_one_person(store: Store) -> None:
    found = store.why("m1", "list:m2")
    assert found.same_cluster and found.persons == ("P1", "P1")
    assert "email" in found.keys and found.probability > 0.5
    by_name = {reason.comparison: reason for reason in found.reasons}
    assert by_name["email"].level == "exact" and by_name["email"].left == "m@example.com"
    assert found.weight == pytest.approx(sum(reason.weight for reason in found.reasons))
    assert "one person, P1" in str(found)


def test_why_tells_decisions_the_last_one_first(store: Store) -> None:
    store.withdraw("m1", "b1", by="Bo")
    found = store.why("b1", "m1")
    assert [(said.verdict, said.by, said.run) for said in found.decisions] == [
        ("withdrawn", "Bo", "R3"), ("same", "Ann", "R2"),
    ]  # fmt: skip
    assert not found.same_cluster and not found.keys
    assert "met them" in str(found)


def test_how_a_person_came_to_be(store: Store) -> None:
    found = store.how("P2")
    assert found.person_id == "P1" and found.method == "average linkage"
    evidence, decision = found.steps
    assert {*evidence.left, *evidence.right} == {"m1", "m2"}
    assert evidence.average is not None and evidence.average > 0 and "email" in evidence.keys
    assert decision.average is None and decision.decided
    assert {decision.record_id_left, decision.record_id_right} == {"m1", "b1"}
    assert len(found.to_frame()) == 2
    assert "decided the same" in str(found)


def test_a_person_of_one_record_came_alone(store: Store) -> None:
    store.undo("R2", by="Ann")
    assert not store.how("P2").steps
    assert "b1 alone" in str(store.how("P2"))


def test_how_shows_a_dispute_that_decisions_settled(store: Store) -> None:
    store.ingest([named("b2", **BOB)])
    store.decide("m2", "b2", "different", by="Ann")
    persons = dict(store.query("SELECT record_id, person_id FROM person_record"))
    assert persons["m1"] == persons["b1"] and persons["m2"] != persons["b2"]
    steps = store.how(persons["m1"]).steps
    assert steps[0].decided and {*steps[0].left, *steps[0].right} == {"m1", "b1"}


def test_an_emptied_person_has_a_history_and_no_steps(store: Store) -> None:
    store.undo("R2", by="Ann")
    store.undo("R1", by="Ann")
    assert lines(store, "P2")[-1] == ("R4", "emptied", "P2", [], ["b1"])
    with pytest.raises(UnknownInStore, match="no record"):
        store.how("P2")
    with pytest.raises(UnknownInStore, match="withdrawn"):
        store.why("m1", "m2")
