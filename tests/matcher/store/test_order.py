"""The order of arrival does not show: any permutation and any batching gives one partition."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.store import Store

Row = dict[str, Any]

_FIRST = ("Maria", "Mary", "Marie", "John", "Jon", "Jr", "Robert", "Bob", "Ann")
_LAST = ("Smith", "Smyth", "Garcia", "de la Cruz", "Okonkwo")
_MAILBOXES = ("m@example.com", "smith77@gmail.com", "family@mail.com", "okonkwo@aol.com")
_PHONES = ("3125550142", "3125550143", "7735550199")
_STREETS = ("12 Main St", "12 Main St Apt 4", "99 Oak Ave")
_DATES = ("1980-03-04", "1980-04-03", "1951-11-30")


def maybe(values: Sequence[str]) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(values)


@st.composite
def worlds(draw: st.DrawFn) -> list[Row]:
    """Households whose members share what they have, and contradict each other."""
    rows = draw(
        st.lists(
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
            min_size=2,
            max_size=14,
        )
    )
    return [{"record_id": f"r{n}", "source": "list", **row} for n, row in enumerate(rows)]


def partition(store: Store) -> set[frozenset[str]]:
    persons: dict[str, set[str]] = {}
    for person, record in store.query("SELECT person_id, record_id FROM person_record"):
        persons.setdefault(person, set()).add(record)
    return {frozenset(records) for records in persons.values()}


def ingested(batches: Sequence[Sequence[Row]]) -> set[frozenset[str]]:
    with TemporaryDirectory() as folder, Store(Path(folder) / "store.duckdb") as store:
        for batch in batches:
            store.ingest(list(batch))
        if len(batches) > 1:
            assert store.check(deep=True).ok
        return partition(store)


@settings(max_examples=25)
@given(worlds(), st.randoms(use_true_random=False), st.integers(1, 5))
def test_any_order_and_any_batches_give_one_partition(
    rows: list[Row], random: Random, size: int
) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    batches = [shuffled[start : start + size] for start in range(0, len(shuffled), size)]
    assert ingested(batches) == ingested([rows])


@settings(max_examples=10)
@given(worlds(), st.randoms(use_true_random=False))
def test_one_record_at_a_time_is_as_good_as_all_at_once(rows: list[Row], random: Random) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert ingested([[row] for row in shuffled]) == ingested([rows])


@settings(max_examples=15)
@given(worlds(), st.randoms(use_true_random=False), st.integers(1, 4))
def test_blocks_too_large_for_all_their_pairs_do_not_let_the_order_show(
    rows: list[Row], random: Random, size: int
) -> None:
    """A block that grows beyond the cap is split by a finer key: pairs that were are no more."""
    shuffled = list(rows)
    random.shuffle(shuffled)
    batches = [shuffled[start : start + size] for start in range(0, len(shuffled), size)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("blocking.pairs.BLOCK_CAP", 3)
        patch.setattr("matcher.store.population.BLOCK_CAP", 3)
        assert ingested(batches) == ingested([rows])


@settings(max_examples=25)
@given(worlds(), st.randoms(use_true_random=False), st.integers(1, 4), st.integers(2, 5))
def test_components_too_large_to_be_weighed_whole_do_not_let_the_order_show(
    rows: list[Row], random: Random, size: int, whole: int
) -> None:
    """Of such a component evidence and parts are remembered from one batch to the next."""
    shuffled = list(rows)
    random.shuffle(shuffled)
    batches = [shuffled[start : start + size] for start in range(0, len(shuffled), size)]
    with pytest.MonkeyPatch.context() as patch:
        modules = ("clustering", "store.layers", "store.population", "store.remembering")
        for module in (*modules, "store.resolving", "store.settling"):
            patch.setattr(f"matcher.{module}.WHOLE_COMPONENT", whole)
        if random.random() < 0.5:
            patch.setattr("blocking.pairs.BLOCK_CAP", 3)
            patch.setattr("matcher.store.population.BLOCK_CAP", 3)
        assert ingested(batches) == ingested([rows])
