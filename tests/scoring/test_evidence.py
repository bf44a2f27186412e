"""The evidence of pairs keeps each combination of levels once, and loses nothing by it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import Evidence
from scoring.columns import NOTHING_SHARED, Shared
from scoring.evidence import Joining, distinct_rows

_ROWS = st.lists(st.tuples(*[st.integers(0, 5)] * 3), max_size=20)


def table(rows: list[tuple[int, int, int]]) -> np.ndarray:
    return np.array(rows, np.int8).reshape(len(rows), 3)


@given(_ROWS)
def test_rows_come_back_and_each_combination_stands_once(rows: list[tuple[int, int, int]]) -> None:
    found = Evidence.of(table(rows))
    assert found.levels.tolist() == table(rows).tolist()
    assert list(map(tuple, found.combinations.tolist())) == sorted(set(rows))
    assert [found.levels_of(place).tolist() for place in range(3)] == table(rows).T.tolist()


@given(_ROWS, _ROWS)
def test_parts_join_to_what_all_pairs_at_once_show(
    one: list[tuple[int, int, int]], other: list[tuple[int, int, int]]
) -> None:
    def part(rows: list[tuple[int, int, int]]) -> Evidence:
        everybody = Shared(np.arange(len(rows)), np.array([row[0] for row in rows], np.int64))
        return Evidence.of(table(rows), (everybody, NOTHING_SHARED, NOTHING_SHARED))

    joining, whole = Joining(), part(one + other)
    joining.add(part(one))
    joining.add(part(other))
    joined = joining.whole()
    assert joined.combinations.tolist() == whole.combinations.tolist()
    assert joined.which.tolist() == whole.which.tolist()
    for got, expected in zip(joined.shared, whole.shared, strict=True):
        assert got.rows.tolist() == expected.rows.tolist()
        assert got.codes.tolist() == expected.codes.tolist()


def test_a_comparison_can_be_taken_away() -> None:
    shared = Shared(np.array([0]), np.array([7]))
    found = Evidence.of(table([(1, 2, 3), (0, 2, 1)]), (shared, shared, shared)).without(1)
    assert found.levels.tolist() == [[1, 0, 3], [0, 0, 1]]
    assert found.shared[0].rows.tolist() == [0]
    assert not len(found.shared[1].rows)


@given(_ROWS)
def test_rows_too_wide_for_one_integer_are_told_apart_the_same(
    rows: list[tuple[int, int, int]],
) -> None:
    columns = list(table(rows).T)
    narrow, which = distinct_rows(columns)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scoring.evidence._LARGEST_KEY", 1.0)
        wide, which_wide = distinct_rows(columns)
    assert narrow.tolist() == wide.tolist()
    assert which.tolist() == which_wide.tolist()


@given(_ROWS, st.data())
def test_chosen_pairs_keep_what_they_share(
    rows: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    held = np.flatnonzero(np.array([row[0] for row in rows], np.int64))
    some = Shared(held.astype(np.int32), (held * 7).astype(np.int32))
    whole = Evidence.of(table(rows), (some, NOTHING_SHARED, NOTHING_SHARED))
    chosen = st.lists(st.sampled_from(range(len(rows))), max_size=9) if rows else st.just([])
    places = data.draw(chosen)
    found = whole.chosen(np.array(places, np.int64))
    assert found.levels.tolist() == [list(rows[place]) for place in places]
    got = zip(found.shared[0].rows.tolist(), found.shared[0].codes.tolist(), strict=True)
    assert list(got) == [(at, place * 7) for at, place in enumerate(places) if rows[place][0]]
    assert not len(found.shared[1].rows)
