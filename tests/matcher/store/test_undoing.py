"""Whatever is done and undone: everybody is one person, and the facts alone say who."""

from __future__ import annotations

from collections.abc import Sequence
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
            for step in range(9):
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
