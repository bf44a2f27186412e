"""Who is this? Every answer is what taking the record in would say, alone and among others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.errors import InputError, OptionError
from matcher.normalise import normalise
from matcher.reading import read
from matcher.store import Store
from matcher.store.naming import name_rows
from matcher.store.population import Population
from matcher.store.recognising import Resolved
from matcher.store.visiting import Visitors, met

Row = dict[str, Any]

_MODULES = (
    "clustering",
    *(f"store.{name}" for name in ("population", "worlds", "layers", "resolving", "settling")),
)
_FIRST = ("Maria", "Mary", "John", "Jon", "Jr", "Robert", "Bob", "Ann")
_LAST = ("Smith", "Smyth", "Garcia", "Okonkwo")
_MAILBOXES = ("m@example.com", "smith77@gmail.com", "okonkwo@aol.com")
_PHONES = ("3125550142", "3125550143", "7735550199")
_STREETS = ("12 Main St", "12 Main St Apt 4", "99 Oak Ave")
_DATES = ("1980-03-04", "1980-04-03", "1951-11-30")


def maybe(values: Sequence[str]) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(values)


def rows(fewest: int, most: int) -> st.SearchStrategy[list[Row]]:
    return st.lists(
        st.fixed_dictionaries(
            {
                "first_name": maybe(_FIRST),
                "last_name": maybe(_LAST),
                "suffix": maybe(("Jr", "Sr")),
                "email": maybe(_MAILBOXES),
                "phone": maybe(_PHONES),
                "address": maybe(_STREETS),
                "zip": maybe(("60601", "60602")),
                "birth_date": maybe(_DATES),
            }
        ),
        min_size=fewest,
        max_size=most,
    )


def named(found: Sequence[Row], start: int = 0) -> list[Row]:
    return [{"record_id": f"r{n}", "source": "list", **row} for n, row in enumerate(found, start)]


@contextmanager
def store_of(found: Sequence[Row]) -> Iterator[Store]:
    with TemporaryDirectory() as folder, Store(Path(folder) / "store.duckdb") as store:
        store.ingest(named(found))
        yield store


def persons(store: Store) -> dict[str, str]:
    return dict(store.query("SELECT record_id, person_id FROM person_record"))


def after_ingest(store: Store, visitor: Row) -> set[str]:
    """The persons whose records are in one with the visitor's once it has come in."""
    before = persons(store)
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.duckdb"
        store.backup(copy)
        with Store(copy) as other:
            other.ingest([visitor])
            after = persons(other)
    mine = after[visitor["record_id"]]
    return {before[record] for record in before if after[record] == mine}


def answer(found: Resolved) -> set[str]:
    return {*filter(None, [found.person_id]), *found.merges}


@settings(max_examples=10)
@given(rows(2, 10), rows(1, 3), st.randoms(use_true_random=False))
def test_the_answer_is_what_taking_the_record_in_says(
    held: list[Row], came: list[Row], random: Random
) -> None:
    visitors = named(came, 100)
    with store_of(held) as store:
        if random.random() < 0.5:
            left, right = random.sample(range(len(held)), 2)
            verdict = random.choice(["same", "different"])
            store.decide(f"r{left}", f"r{right}", verdict, by="Ann")
        found = store.resolve_many(visitors)
        for visitor, each in zip(visitors, found, strict=True):
            assert answer(each) == after_ingest(store, visitor)


@settings(max_examples=10)
@given(rows(4, 14), rows(1, 3), st.integers(2, 5), st.randoms(use_true_random=False))
def test_so_it_is_where_components_are_too_large_to_be_weighed_whole(
    held: list[Row], came: list[Row], whole: int, random: Random
) -> None:
    visitors = named(came, 100)
    with pytest.MonkeyPatch.context() as patch:
        for module in _MODULES:
            patch.setattr(f"matcher.{module}.WHOLE_COMPONENT", whole)
        with store_of(held) as store:
            if random.random() < 0.3:
                left, right = random.sample(range(len(held)), 2)
                store.decide(f"r{left}", f"r{right}", random.choice(["same", "different"]), by="A")
            for visitor, each in zip(visitors, store.resolve_many(visitors), strict=True):
                assert answer(each) == after_ingest(store, visitor)


@settings(max_examples=15)
@given(rows(2, 12), rows(2, 6), st.integers(2, 200))
def test_visitors_do_not_see_each_other(held: list[Row], came: list[Row], cap: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("blocking.pairs.BLOCK_CAP", cap)
        patch.setattr("matcher.store.population.BLOCK_CAP", cap)
        with store_of(held) as store:
            alone = [store.resolve(row) for row in came]
            assert store.resolve_many(came) == alone
            assert store.resolve_many(came) == alone  # nothing was left behind by the first time


@settings(max_examples=15)
@given(rows(3, 14), rows(1, 4))
def test_in_crowded_blocks_it_meets_whom_it_would_meet_in_a_batch(
    held: list[Row], came: list[Row]
) -> None:
    """A block above the cap is split by finer keys, and gives neighbours in content order."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("blocking.pairs.BLOCK_CAP", 2)
        patch.setattr("matcher.store.population.BLOCK_CAP", 2)
        for row in came:
            visitors = visitors_of([row])
            population = population_of(held)
            rows_met, slots = met(population, visitors)
            assert set(rows_met.tolist()) <= {0}
            taken_in = population.add(visitors.records, visitors.said, visitors.ties)
            left, right = population.pairs(taken_in)
            assert slots.tolist() == left[right == taken_in[0]].tolist()


def visitors_of(found: Sequence[Row]) -> Visitors:
    raw = read(list(found))
    records, _ = normalise(raw)
    return Visitors.of(records, name_rows(raw.table).names)


def population_of(found: Sequence[Row]) -> Population:
    held, population = visitors_of(found), Population()
    population.add(held.records, held.said, held.ties)
    return population


def test_records_may_have_different_columns(tmp_path: Path) -> None:
    with Store(tmp_path / "store.duckdb") as store:
        store.ingest([{"first_name": "Maria", "last_name": "Garcia", "email": "m@example.com"}])
        found = store.resolve_many(
            [
                {"Given Name": "Maria", "Surname": "Garcia", "E-mail": "M@Example.com"},
                {"email": "nobody@example.org"},
                {"full_name": "Garcia, Maria", "emails": ["m@example.com"]},
            ]
        )
        assert [each.person_id for each in found] == ["P1", None, "P1"]


def test_a_record_that_cannot_be_used_is_an_error(tmp_path: Path) -> None:
    with Store(tmp_path / "store.duckdb") as store:
        store.ingest([{"email": "m@example.com"}])
        with pytest.raises(InputError):
            store.resolve_many([{"email": "m@example.com"}, {"colour": "green"}])
        with pytest.raises(OptionError):
            store.resolve_many([])


def test_a_new_store_knows_nobody(tmp_path: Path) -> None:
    with Store(tmp_path / "store.duckdb") as store:
        (found,) = store.resolve_many([{"email": "m@example.com"}])
        assert found.person_id is None
        assert not found.candidates
