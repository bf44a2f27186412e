"""Linking where a person stands once on each side: candidates compete for a record."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import Weighed, settle, stands_once

#: Records 0 to 3 on the left, 4 to 7 on the right.
RIGHT_SIDE = np.array([False] * 4 + [True] * 4)


def weighed(*log_odds: float) -> Weighed:
    odds = np.array(log_odds, np.float64)
    probability = 1 / (1 + np.exp2(-odds))
    return Weighed(odds, (1 - probability) * 0.5, odds)


def pairs(*given_pairs: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([one for one, _ in given_pairs]), np.array([other for _, other in given_pairs])


def test_the_better_of_two_candidates_takes_from_the_other() -> None:
    left, right = pairs((0, 4), (0, 5), (1, 6), (2, 7))
    before = weighed(8.0, 2.0, 9.0, 9.0)
    after = settle(before, left, right, RIGHT_SIDE)
    assert after.probability[1] < before.probability[1]
    assert after.probability[0] > 0.9


def test_a_lone_candidate_gains_where_the_sets_overlap() -> None:
    left, right = pairs((0, 4), (1, 5), (2, 6), (3, 7))
    after = settle(weighed(9.0, 9.0, 9.0, -1.0), left, right, RIGHT_SIDE)
    assert after.probability[3] > 0.5
    apart = settle(weighed(-1.0), *pairs((3, 7)), RIGHT_SIDE)
    assert apart.probability[0] < 0.5


def test_several_partners_are_noticed() -> None:
    once = weighed(9.0, 9.0)
    assert stands_once(once, *pairs((0, 4), (1, 5)), 8)
    assert not stands_once(once, *pairs((0, 4), (0, 5)), 8)
    assert not stands_once(weighed(-9.0), *pairs((0, 4)), 8)


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 3), st.integers(4, 7)), st.floats(-20, 40), min_size=1, max_size=12
    )
)
def test_what_comes_out_are_probabilities(odds: dict[tuple[int, int], float]) -> None:
    left, right = pairs(*odds)
    before = weighed(*odds.values())
    after = settle(before, left, right, RIGHT_SIDE)
    total = after.probability + after.household_probability
    assert ((after.probability >= 0) & (total <= 1 + 1e-9)).all()
    assert after.weight == pytest.approx(before.weight)
    np.testing.assert_array_equal(after.probability > 0.5, after.log_odds > 0)
