"""Whatever is done and undone: everybody is one person, and the facts alone say who."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.errors import OptionError, StoreError, UnknownInStore
from matcher.store import Changes, Store

Row = dict[str, Any]
#: record_id -> person_id
Holding = dict[str, str]


def maybe(*values: str) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(values)


#: Members of households who share what they have, and contradict each other.
ROWS = st.fixed_dictionaries(
    {
        "record_id": st.sampled_from([f"r{number}" for number in range(8)]),
        "first_name": maybe("Maria", "Mary", "John", "Jon", "Robert", "Bob"),
        "last_name": maybe("Smith", "Garcia", "Okonkwo"),
        "suffix": maybe("Jr", "Sr"),
        "email": maybe("m@example.com", "family@mail.com", "okonkwo@aol.com"),
        "phone": maybe("3125550142", "7735550199"),
        "address": maybe("12 Main St", "99 Oak Ave"),
        "birth_date": maybe("1980-03-04", "1951-11-30"),
    }
).map(lambda row: {"source": "list", "source_record_id": row["record_id"], **row})


def holding(store: Store) -> Holding:
    rows = store.query("SELECT record_id, person_id FROM person_record")
    assert len(rows) == len(dict(rows)), "a record on two persons"
    return dict(rows)


def partition(held: Holding) -> set[frozenset[str]]:
    persons: dict[str, set[str]] = {}
    for record, person in held.items():
        persons.setdefault(person, set()).add(record)
    return {frozenset(records) for records in persons.values()}


def verdicts(store: Store) -> list[tuple[str, str, str]]:
    return store.query(
        "SELECT l.record_id, r.record_id, verdict FROM current_decision"
        " JOIN current_record l ON l.record = left_record"
        " JOIN current_record r ON r.record = right_record ORDER BY ALL"
    )


def made_anew(store: Store) -> set[frozenset[str]]:
    """The people of a fresh store that is given the live records and decisions at once."""
    columns = [name for (name,) in store.query("SELECT column_name FROM (DESCRIBE record)")]
    kept = [name for name in columns if name not in ("version", "record", "run", "name", "content")]
    rows = [
        dict(zip(columns, row, strict=True)) for row in store.query("SELECT * FROM current_record")
    ]
    with TemporaryDirectory() as folder, Store(Path(folder) / "fresh.duckdb") as fresh:
        if rows:
            fresh.ingest([{name: row[name] for name in kept if name != "more"} for row in rows])
        for left, right, verdict in verdicts(store):
            fresh.decide(left, right, verdict, by="the test")
        return partition(holding(fresh))


def anything(store: Store, random: Random, rows: Sequence[Row]) -> Changes | None:
    """Does something at random that the store may refuse."""
    held = holding(store)
    what = random.choice(["ingest", "decide", "decide", "split", "withdraw", "undo", "undo event"])
    try:
        if what == "ingest" or len(held) < 2:
            return store.ingest(random.sample(rows, random.randint(1, len(rows))))
        one, other = random.sample(sorted(held), 2)
        if what == "decide":
            verdict = random.choice(["same", "different", "unsure"])
            return store.decide(one, other, verdict, by="Ann")
        if what == "split":
            mates = sorted(record for record in held if held[record] == held[one])
            away = random.sample(mates, random.randint(1, len(mates)))
            return store.split(held[one], away, by="Ann")
        if what == "withdraw":
            left, right, _ = random.choice([*verdicts(store), (one, other, "")])
            return store.withdraw(left, right, by="Ann")
        table = "event" if what == "undo event" else "run"
        (last,) = store.query(f"SELECT coalesce(max({table}), 0) FROM {table}")[0]
        letter = table[0].upper()
        return store.undo(f"{letter}{random.randint(max(1, last - 3), max(1, last))}", by="Ann")
    except StoreError:
        return None


def undone(store: Store, run: int) -> bool:
    """Whether the run did anything that could be undone, which it then is."""
    try:
        store.undo(run, by="Ann")
    except StoreError as error:
        assert "changed nothing" in str(error)
        return False
    return True


@settings(max_examples=5, deadline=None)
@given(st.lists(ROWS, min_size=3, max_size=12), st.randoms(use_true_random=False))
def test_after_anything_the_people_are_those_of_the_facts(rows: list[Row], random: Random) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "store.duckdb"
        with Store(path) as store:
            for step in range(6):
                before, said = holding(store), verdicts(store)
                changes = anything(store, random, rows)
                after = holding(store)
                if step % 3 == 2:
                    assert partition(after) == made_anew(store)
                for left, right, verdict in verdicts(store):
                    if verdict != "unsure":
                        assert (after[left] == after[right]) == (verdict == "same")
                if changes is None:
                    assert after == before and verdicts(store) == said
                elif random.random() < 0.5 and undone(store, changes.run):
                    assert holding(store) == before and verdicts(store) == said
                    if random.random() < 0.5:
                        store.undo(changes.run + 1, by="Ann")
                        assert holding(store) == after
            at_last = holding(store)
        with Store(path) as store:
            assert holding(store) == at_last
            store.ingest([{**rows[0], "record_id": "r9", "source_record_id": "r9"}])
            assert partition(holding(store)) == made_anew(store)
            assert store.check(deep=True).ok


MARIA: Row = {"first_name": "Maria", "last_name": "Garcia", "email": "m@example.com"}


def named(record_id: str, **values: str) -> Row:
    return {"record_id": record_id, "source": "list", "source_record_id": record_id, **values}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """P1 is m1, P2 is m2, whom nothing ties to the former yet."""
    with Store(tmp_path / "store.duckdb") as opened:
        opened.ingest([named("m1", **MARIA), named("m2", last_name="Garcia", phone="3125550142")])
        yield opened


def bridge(store: Store) -> str:
    """Both become one person through a third record; the id of that event."""
    changes = store.ingest([named("m3", **MARIA, phone="3125550142")])
    assert changes.merged == {"P2": "P1"}
    return str(store.query("SELECT 'E' || event FROM event WHERE kind = 'merged'")[0][0])


def test_a_merge_undone_by_its_event_stays_undone(store: Store) -> None:
    event = bridge(store)
    changes = store.undo(event, by="Ann", note="mother and daughter")
    held = holding(store)
    assert (held["m1"], held["m2"]) == ("P1", "P2")
    assert held["m3"] in ("P1", "P2")
    assert changes.restored == ["P2"]
    store.ingest([named("m4", **MARIA, phone="3125550142")])
    held = holding(store)
    assert (held["m1"], held["m2"]) == ("P1", "P2")


def test_the_undo_of_a_merge_can_be_undone(store: Store) -> None:
    event = bridge(store)
    merged = holding(store)
    undo_of_it = store.undo(event, by="Ann")
    store.undo(undo_of_it.run, by="Ann")
    assert holding(store) == merged


def test_an_import_undone_gives_back_people_and_ids(store: Store) -> None:
    before = holding(store)
    bridge(store)
    changes = store.undo("R2", by="Ann")
    assert holding(store) == before
    assert changes.restored == ["P2"] and not changes.notes
    assert store.ingest([named("m3", **MARIA, phone="3125550142")]).merged == {"P2": "P1"}


def test_what_a_record_said_before_holds_again(store: Store) -> None:
    store.ingest([named("m1", first_name="Mary", last_name="Smith")])
    store.undo("R2", by="Ann")
    said = "SELECT first_name FROM current_record WHERE record_id = 'm1'"
    assert store.query(said) == [("Maria",)]
    store.undo("R3", by="Ann")
    assert store.query(said) == [("Mary",)]


def test_what_was_said_later_stays_and_is_told(store: Store) -> None:
    store.ingest([named("m1", first_name="Mary", last_name="Smith")])
    store.ingest([named("m1", first_name="Anna", last_name="Smith")])
    changes = store.undo("R2", by="Ann")
    assert store.query("SELECT first_name FROM current_record WHERE record_id = 'm1'") == [
        ("Anna",)
    ]
    assert "something newer" in " ".join(changes.notes)


def test_a_split_by_what_a_record_says_is_undone_by_a_decision(store: Store) -> None:
    store.ingest([named("m3", **MARIA)])
    store.ingest([named("m3", first_name="Robert", last_name="Okonkwo", email="r@example.com")])
    found = store.query("SELECT 'E' || event, person FROM event WHERE kind = 'split'")
    assert len(found) == 1
    store.undo(found[0][0], by="Ann")
    held = holding(store)
    assert held["m1"] == held["m3"]


def test_a_split_by_decisions_is_undone_by_withdrawing_them(store: Store) -> None:
    store.ingest([named("m3", **MARIA)])
    merged = holding(store)
    store.split("P1", ["m3"], by="Ann")
    store.undo(store.query("SELECT 'E' || max(event) FROM event")[0][0], by="Ann")
    assert holding(store) == merged
    assert verdicts(store) == []


def test_a_part_of_what_later_runs_changed_is_told(store: Store) -> None:
    bridge(store)
    store.decide("m1", "m2", "same", by="Ann")
    changes = store.undo("R2", by="Ann")
    held = holding(store)
    assert held["m1"] == held["m2"] == "P1"
    assert "not back where they were before R2" in " ".join(changes.notes)


@pytest.mark.parametrize(
    ("what", "error"),
    [("R9", UnknownInStore), ("E9", UnknownInStore), ("P1", UnknownInStore), ("", UnknownInStore),
     ("E1", StoreError)],
)  # fmt: skip
def test_what_cannot_be_undone_is_refused(store: Store, what: str, error: type[StoreError]) -> None:
    before = holding(store)
    with pytest.raises(error):
        store.undo(what, by="Ann")
    assert holding(store) == before


def test_an_undo_needs_a_name(store: Store) -> None:
    with pytest.raises(OptionError, match="by="):
        store.undo("R1", by="")


def test_a_run_is_undone_once(store: Store) -> None:
    store.undo(1, by="Ann")
    assert holding(store) == {}
    with pytest.raises(StoreError, match="by R2"):
        store.undo("R1", by="Ann")


def test_a_failing_undo_leaves_nothing_behind(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    bridge(store)
    before = holding(store)

    def fail(*_: object) -> None:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("matcher.store.undoing.save", fail)
        with pytest.raises(RuntimeError):
            store.undo("R2", by="Ann")
    assert holding(store) == before
    store.undo("R2", by="Ann")
    assert holding(store) == {"m1": "P1", "m2": "P2"}
