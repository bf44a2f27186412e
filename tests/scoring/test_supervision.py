from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import CONTACT_MODEL, Weights
from scoring.supervision import Labelled, learn_from_labels

PLACE = [comparison.name for comparison in CONTACT_MODEL.comparisons].index("first_name")
NICKNAME = CONTACT_MODEL.comparison("first_name").number("nickname")


def nicknames(same: list[bool], probability: float, household: float = 0.0) -> Labelled:
    """Pairs that differ by a nickname and are silent on everything else."""
    levels = np.zeros((len(same), len(CONTACT_MODEL.comparisons)), np.int8)
    levels[:, PLACE] = NICKNAME
    stated = np.full(len(same), probability)
    return Labelled(levels, stated, np.full(len(same), household), np.array(same))


def weight(model: Weights) -> float:
    return model.comparison("first_name").levels[NICKNAME - 1].weight


def test_labels_move_the_weight_their_way() -> None:
    before = weight(CONTACT_MODEL)
    assert weight(learn_from_labels(CONTACT_MODEL, nicknames([True] * 20, 0.5))) > before
    assert weight(learn_from_labels(CONTACT_MODEL, nicknames([False] * 20, 0.5))) < before


def test_more_labels_move_it_further() -> None:
    few, many = (learn_from_labels(CONTACT_MODEL, nicknames([True] * n, 0.5)) for n in (10, 100))
    assert weight(few) < weight(many)


def test_answers_that_the_model_expected_move_nothing() -> None:
    learnt = learn_from_labels(CONTACT_MODEL, nicknames([True] * 3 + [False], 0.75))
    assert weight(learnt) == pytest.approx(weight(CONTACT_MODEL))


def test_no_labels_leave_the_model_alone() -> None:
    again = learn_from_labels(CONTACT_MODEL, nicknames([], 0.5))
    for before, after in zip(CONTACT_MODEL.comparisons, again.comparisons, strict=True):
        for one, other in zip(before.levels, after.levels, strict=True):
            assert (other.m, other.h) == pytest.approx((one.m, one.h))


def test_a_pair_that_is_not_one_person_counts_for_the_household_it_may_be() -> None:
    levels = np.zeros((40, len(CONTACT_MODEL.comparisons)), np.int8)
    place = [comparison.name for comparison in CONTACT_MODEL.comparisons].index("phone")
    levels[:, place] = 1
    stated = Labelled(levels, np.full(40, 0.5), np.full(40, 0.5), np.zeros(40, bool))
    before, after = (
        model.comparison("phone").levels[0]
        for model in (CONTACT_MODEL, learn_from_labels(CONTACT_MODEL, stated))
    )
    assert after.h > before.h
    assert after.m < before.m


@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.floats(0, 1), st.booleans(), st.integers(0, 9)), max_size=50
    )
)
def test_shares_stay_shares_whatever_is_answered(
    answers: list[tuple[float, float, bool, int]],
) -> None:
    levels = np.zeros((len(answers), len(CONTACT_MODEL.comparisons)), np.int8)
    levels[:, PLACE] = [each[3] for each in answers]
    probability = np.array([each[0] for each in answers])
    household = np.array([each[1] * (1 - each[0]) for each in answers])
    same = np.array([each[2] for each in answers], bool)
    learnt = learn_from_labels(CONTACT_MODEL, Labelled(levels, probability, household, same))
    for comparison in learnt.comparisons:
        for level in comparison.levels:
            assert 0.0 < level.m <= 1.0
            assert 0.0 < level.h <= 1.0
