from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.policies.partitions import Difference, differences, numbered_by_first_row

OWNERS = st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 4)), max_size=5).flatmap(
    lambda few: st.permutations(few * 2)
)


def slowly(one: list[int], other: list[int], row: int) -> Difference:
    """The same by sets of rows."""
    if one[row] < 0 or other[row] < 0:
        if one[row] == other[row]:
            return Difference.NONE
        return Difference.REFUSED if one[row] < 0 else Difference.ACCEPTED
    both = [at for at in range(len(one)) if one[at] >= 0 and other[at] >= 0]
    left = {at for at in both if one[at] == one[row]}
    right = {at for at in both if other[at] == other[row]}
    if left == right:
        return Difference.NONE
    if left > right:
        return Difference.JOINED
    return Difference.APART if left < right else Difference.CROSSED


@given(OWNERS)
def test_differences_are_those_of_the_sets_of_rows(owners: list[tuple[int, int]]) -> None:
    one, other = [a for a, _ in owners], [b for _, b in owners]
    found = differences(np.array(one, np.int64), np.array(other, np.int64))
    assert found.tolist() == [slowly(one, other, row) for row in range(len(one))]


@given(OWNERS)
def test_the_other_side_differs_the_other_way(owners: list[tuple[int, int]]) -> None:
    one = np.array([a for a, _ in owners], np.int64)
    other = np.array([b for _, b in owners], np.int64)
    turned = {
        Difference.JOINED: Difference.APART,
        Difference.APART: Difference.JOINED,
        Difference.REFUSED: Difference.ACCEPTED,
        Difference.ACCEPTED: Difference.REFUSED,
    }
    there = [Difference(each) for each in differences(one, other).tolist()]
    back = [Difference(each) for each in differences(other, one).tolist()]
    assert back == [turned.get(each, each) for each in there]


def test_people_are_numbered_by_their_first_row() -> None:
    assert numbered_by_first_row(np.array([3, -1, 0, 3, 0])).tolist() == [0, -1, 2, 0, 2]
