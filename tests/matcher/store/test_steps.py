"""The steps told are those that clustering takes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from matcher.average_linkage import average_linkage
from matcher.store.steps import Join, joins_by_average, joins_by_strength

Floats = npt.NDArray[np.float64]


@st.composite
def matrices(draw: st.DrawFn) -> Floats:
    size = draw(st.integers(1, 9))
    values = draw(arrays.arrays(np.float64, (size, size), elements=st.integers(-9, 20)))
    values = np.triu(values, 1)
    return np.asarray(values + values.T, np.float64)


def groups(joins: list[Join], size: int) -> list[int]:
    """The first member of each place's group."""
    owner = list(range(size))
    for left, right, _ in joins:
        for place in left + right:
            owner[place] = min(left + right)
    return owner


@given(matrices())
def test_the_steps_end_where_clustering_ends(values: Floats) -> None:
    sums = values.copy()[None]
    np.einsum("bii->bi", sums)[:] = -np.inf
    joins = joins_by_average(values)
    assert groups(joins, len(values)) == average_linkage(sums, 0.0)[0].tolist()


@given(matrices())
def test_the_records_of_a_group_alone_take_the_same_steps(values: Floats) -> None:
    joins = joins_by_average(values)
    owner = groups(joins, len(values))
    for first in set(owner):
        members = [place for place, of in enumerate(owner) if of == first]
        alone = joins_by_average(values[np.ix_(members, members)])
        named = [
            Join(
                tuple(members[place] for place in left),
                tuple(members[place] for place in right),
                average,
            )
            for left, right, average in alone
        ]
        assert named == [join for join in joins if join.left[0] in members]


@given(matrices())
def test_the_strongest_pairs_hold_all_together(values: Floats) -> None:
    joins = joins_by_strength(values)
    assert len(joins) == len(values) - 1
    assert set(groups(joins, len(values))) == {0}
    strengths = [join.average for join in joins]
    assert strengths == sorted(strengths, reverse=True)
