"""Weights and probabilities: the formula, by hand, and one pinned pair."""

from __future__ import annotations

from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import (
    CONTACT_MODEL,
    MISSING,
    Comparison,
    Evidence,
    Frequency,
    Level,
    Rarities,
    Rates,
    Universe,
    Weighed,
    Weights,
    contradiction,
    weigh,
)

TOY = Weights(
    (
        Comparison("colour", (Level("same", 0.9, 0.1, 0.3), Level("other", 0.1, 0.9, 0.7))),
        Comparison(
            "shape",
            (Level("same", 0.8, 0.05, 0.2, Frequency.SHARE), Level("other", 0.2, 0.95, 0.8)),
            household_floor=0.02,
        ),
    ),
    Rates(matches=1.0, household=0.5),
)


def weighed(
    levels: list[int], universe: Universe, rarity: float = 0.0, household: float = 0.0
) -> Weighed:
    rarities = Rarities(np.array([rarity]), np.array([household]))
    return weigh(Evidence.of(np.array([levels], np.int8)), rarities, TOY, universe)


def test_the_three_classes_by_hand() -> None:
    chance = 0.001
    found = weighed([1, 1], Universe.within(100), log2(chance), log2(0.02))
    match = 1.0 * 50 * 0.9 * 0.8
    family = 0.5 * 50 * 0.3 * 0.02
    unrelated = 100 * 99 / 2 * 0.1 * chance
    total = match + family + unrelated
    assert found.weight[0] == pytest.approx(log2(0.9 * 0.8 / (0.1 * chance)))
    assert found.probability[0] == pytest.approx(match / total)
    assert found.household_probability[0] == pytest.approx(family / total)
    assert found.log_odds[0] == pytest.approx(log2(match / (family + unrelated)))


def test_a_missing_value_weighs_nothing() -> None:
    assert weighed([MISSING, MISSING], Universe.within(100)).weight[0] == 0.0


def test_one_pair_of_the_contact_model_is_pinned() -> None:
    """Robert and Bob of one rare surname with one mailbox, nothing else known."""
    of = CONTACT_MODEL.comparison
    levels = [MISSING] * len(CONTACT_MODEL.comparisons)
    places = {comparison.name: place for place, comparison in enumerate(CONTACT_MODEL.comparisons)}
    levels[places["first_name"]] = of("first_name").number("nickname")
    levels[places["last_name"]] = of("last_name").number("exact")
    levels[places["email"]] = of("email").number("exact")
    rarity = log2(1e-4) + log2(2e-8)
    rarities = Rarities(np.array([rarity]), np.zeros(1))
    universe = Universe.within(1_000_000)
    found = weigh(Evidence.of(np.array([levels], np.int8)), rarities, CONTACT_MODEL, universe)
    assert found.weight[0] == pytest.approx(43.82, abs=0.005)
    assert found.probability[0] == pytest.approx(0.9945, abs=0.0001)
    assert found.household_probability[0] == pytest.approx(0.0055, abs=0.0001)


def test_contradiction_is_the_sum_of_negative_weights() -> None:
    found = contradiction(Evidence.of(np.array([[2, 2]], np.int8)), TOY)
    assert found[0] == pytest.approx(log2(0.1 / 0.9) + log2(0.2 / 0.95))
    some = contradiction(Evidence.of(np.array([[1, 2], [1, 1]], np.int8)), TOY)
    assert some.tolist() == pytest.approx([log2(0.2 / 0.95), 0.0])


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=20),
    st.floats(-60, 0),
    st.integers(2, 10**7),
)
def test_probabilities_are_probabilities(
    levels: list[tuple[int, int]], rarity: float, records: int
) -> None:
    count = len(levels)
    rarities = Rarities(np.full(count, rarity), np.full(count, -3.0))
    found = weigh(Evidence.of(np.array(levels, np.int8)), rarities, TOY, Universe.within(records))
    for shares in (found.probability, found.household_probability):
        assert ((shares >= 0) & (shares <= 1)).all()
    assert (found.probability + found.household_probability <= 1 + 1e-9).all()
    np.testing.assert_array_equal(found.probability > 0.5, found.log_odds > 0)


def test_linking_two_sets_counts_only_pairs_across() -> None:
    assert Universe.across(10, 1000).pairs == 10_000
    assert Universe.within(1000).pairs == 499_500
    assert Universe.within(1).pairs == 1
