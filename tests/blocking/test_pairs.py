"""Pairs: unique, ordered, none lost, oversized blocks bounded."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from blocking.features import Feature
from blocking.pairs import (
    BLOCK_CAP,
    Entries,
    absent_from,
    block_pairs,
    blocks,
    group,
    pack,
    unique_sorted,
    unpack,
)


def entries_of(keys: list[int]) -> Entries:
    return Entries(np.arange(len(keys)), np.array(keys, np.int64))


def pairs_of(packed: np.ndarray) -> list[tuple[int, int]]:
    left, right = unpack(packed)
    return list(zip(left.tolist(), right.tolist(), strict=True))


@given(st.lists(st.integers(0, 6), max_size=40))
def test_blocks_give_exactly_the_pairs_that_share_a_key(keys: list[int]) -> None:
    expected = {
        (one, other) for one, other in combinations(range(len(keys)), 2) if keys[one] == keys[other]
    }
    order = np.arange(len(keys))
    made = block_pairs(group(entries_of(keys), order), [], order)
    found = pairs_of(made.packed)
    assert len(found) == len(set(found))
    assert set(found) == expected
    assert found == sorted(found)
    assert made.given_up == 0


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=4), st.data())
def test_any_integers_may_be_keys(few: list[int], data: st.DataObject) -> None:
    keys = data.draw(st.lists(st.sampled_from(few), min_size=1, max_size=30))
    rows = np.array(data.draw(st.permutations(range(len(keys)))), np.int32)
    grouped = blocks(Entries(rows, np.array(keys, np.int64)))
    ends = (grouped.starts + grouped.sizes).tolist()
    found = [grouped.rows[a:b].tolist() for a, b in zip(grouped.starts, ends, strict=True)]
    holders: dict[int, list[int]] = {}
    for row, key in zip(rows.tolist(), keys, strict=True):
        holders.setdefault(key, []).append(row)
    assert sorted(found) == sorted(sorted(each) for each in holders.values() if len(each) > 1)


@given(st.lists(st.integers(-5, 2**40), max_size=60))
def test_unique_sorted_equals_the_set(values: list[int]) -> None:
    assert unique_sorted(np.array(values, np.int64)).tolist() == sorted(set(values))


@given(st.sets(st.integers(0, 50)), st.sets(st.integers(0, 50)))
def test_absent_from_is_set_difference(values: set[int], known: set[int]) -> None:
    found = absent_from(np.array(sorted(values), np.int64), np.array(sorted(known), np.int64))
    assert found.tolist() == sorted(values - known)


@given(st.integers(0, 2**31 - 1), st.integers(0, 2**31 - 1))
def test_a_packed_pair_comes_back_smaller_first(one: int, other: int) -> None:
    left, right = unpack(pack(np.array([one]), np.array([other])))
    assert (left[0], right[0]) == (min(one, other), max(one, other))


def test_an_oversized_block_is_split_by_the_finer_feature() -> None:
    count = BLOCK_CAP + 40
    order = np.arange(count)
    finer = Feature(np.arange(count) // 20, count)
    made = block_pairs(group(entries_of([7] * count), order), [finer], order)
    left, right = unpack(made.packed)
    inside = {
        (one, other) for one, other in combinations(range(count), 2) if one // 20 == other // 20
    }
    assert made.oversized == 1
    assert inside <= set(pairs_of(made.packed))
    assert made.given_up == count * (count - 1) // 2 - len(left)
    assert len(made.packed) < 20 * count
    assert (left < right).all()


def test_a_block_that_nothing_splits_still_hangs_together() -> None:
    count = 5000
    order = np.random.default_rng(3).permutation(count).astype(np.int64)
    made = block_pairs(group(entries_of([1] * count), order), [], order)
    assert len(made.packed) <= 3 * count
    touched = np.unique(np.concatenate(unpack(made.packed)))
    assert len(touched) == count


def test_pairs_of_an_oversized_block_do_not_depend_on_the_row_order() -> None:
    count = 700
    generator = np.random.default_rng(5)
    order = generator.permutation(count).astype(np.int64)
    shuffle = generator.permutation(count)
    plain = block_pairs(group(entries_of([1] * count), order), [], order)
    moved_order = order[shuffle]
    moved = block_pairs(group(entries_of([1] * count), moved_order), [], moved_order)
    by_content = {frozenset((order[a], order[b])) for a, b in pairs_of(plain.packed)}
    again = {frozenset((moved_order[a], moved_order[b])) for a, b in pairs_of(moved.packed)}
    assert by_content == again


def test_a_record_never_pairs_with_itself() -> None:
    twice = Entries(np.array([0, 0, 1]), np.array([9, 9, 9]))
    order = np.arange(2)
    assert pairs_of(block_pairs(group(twice, order), [], order).packed) == [(0, 1)]
