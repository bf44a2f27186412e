"""Ranges of pairs hold what one set of all pairs holds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocking.features import Ints
from blocking.pair_set import PairSet
from blocking.pairs import pack, unpack

Pairs = list[tuple[int, int]]

pair = st.tuples(st.integers(0, 30), st.integers(0, 30)).filter(lambda both: both[0] < both[1])
keys = st.lists(st.lists(pair, unique=True), max_size=6)


def packed(pairs: Pairs) -> Ints:
    sides = np.array(sorted(pairs), np.int64).reshape(-1, 2)
    return pack(sides[:, 0], sides[:, 1])


def listed(found: Ints) -> Pairs:
    left, right = unpack(found)
    return list(zip(left.tolist(), right.tolist(), strict=True))


@given(keys, st.lists(pair, unique=True), st.integers(1, 40), st.integers(0, 20))
def test_pairs_are_there_once_and_in_order(
    found: list[Pairs], asked: Pairs, records_a_range: int, waiting: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("blocking.pair_set._WAITING", waiting)
        pairs = PairSet(31, records_a_range, threads=2)
        for each in found:
            pairs.add(packed(each))
        expected = sorted({one for each in found for one in each})
        assert listed(pairs.absent(packed(asked))) == sorted(set(asked) - set(expected))
        assert listed(pairs.all()) == expected
        left, right = pairs.sides()
        assert list(zip(left.tolist(), right.tolist(), strict=True)) == expected
