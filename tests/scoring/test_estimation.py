"""Estimation: data drawn from known parameters give these parameters back."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import (
    Comparison,
    Evidence,
    Learning,
    Level,
    Patterns,
    Rarities,
    Rates,
    Universe,
    Weights,
    count_patterns,
    estimate,
)

RECORDS = 40_000
MATCHES, HOUSEHOLDS = 12_000, 9_000
MISSING = 0.15

#: The data speak, not the start.
WEAK = Learning(
    match_pairs=20.0,
    household_pairs=20.0,
    chance_events=1.0,
    record_share=0.0001,
    rounds=400,
    tolerance=1e-6,
)

#: True shares (match, household, unrelated) of the levels of each comparison.
TRUE = {
    "given": ([0.85, 0.10, 0.05], [0.02, 0.03, 0.95], [0.002, 0.008, 0.99]),
    "family": ([0.90, 0.06, 0.04], [0.80, 0.05, 0.15], [0.002, 0.003, 0.995]),
    "phone": ([0.70, 0.05, 0.25], [0.50, 0.02, 0.48], [0.0001, 0.0009, 0.999]),
    "place": ([0.60, 0.15, 0.25], [0.85, 0.10, 0.05], [0.003, 0.02, 0.977]),
}


def start() -> Weights:
    """Shares that are off by much, so that nothing is learnt by standing still."""
    rough = {
        "given": ([0.7, 0.15, 0.15], [0.02, 0.03, 0.95], [0.004, 0.01, 0.986]),
        "family": ([0.7, 0.15, 0.15], [0.6, 0.1, 0.3], [0.004, 0.01, 0.986]),
        "phone": ([0.5, 0.1, 0.4], [0.3, 0.1, 0.6], [0.0003, 0.002, 0.9977]),
        "place": ([0.5, 0.2, 0.3], [0.6, 0.2, 0.2], [0.006, 0.03, 0.964]),
    }
    return Weights(
        tuple(
            Comparison(
                name,
                tuple(
                    Level(word, *shares)
                    for word, *shares in zip(("same", "near", "other"), m, u, h, strict=True)
                ),
                household_fixed=name == "given",
            )
            for name, (m, h, u) in rough.items()
        ),
        Rates(0.3, 0.2),
    )


def drawn(generator: np.random.Generator, which: int, count: int) -> np.ndarray:
    columns = [generator.choice([1, 2, 3], count, p=shares[which]) for shares in TRUE.values()]
    levels = np.stack(columns, axis=1).astype(np.int8)
    levels[generator.random(levels.shape) < MISSING] = 0
    return levels


def counted(levels: np.ndarray) -> Patterns:
    zeros = np.zeros(len(levels))
    nothing = Evidence.of(levels)
    return count_patterns(nothing, Rarities(zeros, zeros))


def all_patterns() -> np.ndarray:
    """Every combination of levels, 0 for missing."""
    return np.array(list(product(range(4), repeat=len(TRUE))), np.int8)


def pattern_counts(generator: np.random.Generator, which: int, pairs: int) -> np.ndarray:
    """How many of so many pairs of one class show each pattern."""
    chances = [
        np.array([MISSING, *(np.array(shares[which]) * (1 - MISSING))]) for shares in TRUE.values()
    ]
    patterns = all_patterns()
    likely = np.prod([chance[patterns[:, place]] for place, chance in enumerate(chances)], axis=0)
    return generator.multinomial(pairs, likely / likely.sum())


@pytest.fixture(scope="module")
def learnt() -> Weights:
    """Fitted to every pair of a world, drawn pattern by pattern."""
    generator = np.random.default_rng(11)
    universe = Universe.within(RECORDS)
    strangers = universe.pairs - MATCHES - HOUSEHOLDS
    counts = sum(
        pattern_counts(generator, which, pairs)
        for which, pairs in enumerate((MATCHES, HOUSEHOLDS, strangers))
    )
    patterns = all_patterns()
    shown = counts > 0
    zeros = np.zeros(int(shown.sum()))
    seen = Patterns(patterns[shown], Rarities(zeros, zeros), counts[shown].astype(np.float64))
    return estimate(start(), seen, drawn(generator, 2, 100_000), universe, WEAK)


def test_match_shares_come_back(learnt: Weights) -> None:
    for name, (m, _, _) in TRUE.items():
        found = [level.m for level in learnt.comparison(name).levels]
        assert found == pytest.approx(m, abs=0.03)


def test_unrelated_shares_come_back(learnt: Weights) -> None:
    for name, (_, _, u) in TRUE.items():
        found = [level.u for level in learnt.comparison(name).levels]
        assert found == pytest.approx(u, rel=0.35, abs=0.0003)


def test_household_shares_come_back_unless_fixed(learnt: Weights) -> None:
    for name in ("family", "phone", "place"):
        found = [level.h for level in learnt.comparison(name).levels]
        assert found == pytest.approx(TRUE[name][1], abs=0.06)
    *rare, by_chance = [level.h for level in start().comparison("given").levels]
    *kept, followed = [level.h for level in learnt.comparison("given").levels]
    assert kept == pytest.approx(rare)
    assert followed == pytest.approx(by_chance * 0.99 / 0.986, rel=1e-3)  # as its chance did


def test_rates_come_back(learnt: Weights) -> None:
    assert learnt.rates.matches == pytest.approx(2 * MATCHES / RECORDS, rel=0.05)
    assert learnt.rates.household == pytest.approx(2 * HOUSEHOLDS / RECORDS, rel=0.10)


def test_the_fit_is_reported(learnt: Weights) -> None:
    assert learnt.fit.rounds > 1
    assert learnt.fit.pairs > MATCHES
    assert 4**3 < learnt.fit.patterns <= 4**4
    assert learnt.fit.converged == (learnt.fit.change <= WEAK.tolerance)


def test_few_records_leave_the_shipped_model_alone() -> None:
    levels = np.ones((5, 4), np.int8)
    found = estimate(start(), counted(levels), levels, Universe.within(99))
    assert found.comparisons == start().comparisons
    assert found.fit.rounds == 0


def test_no_candidates_leave_the_shipped_model_alone() -> None:
    levels = np.zeros((0, 4), np.int8)
    found = estimate(start(), counted(levels), levels, Universe.within(1000))
    assert found.comparisons == start().comparisons


def test_a_strong_prior_holds_the_shares() -> None:
    generator = np.random.default_rng(2)
    levels = drawn(generator, 0, 200)
    held = replace(Learning(), match_pairs=1e9)
    found = estimate(start(), counted(levels), levels[:0], Universe.within(500), held)
    for comparison in start().comparisons:
        expected = [level.m for level in comparison.levels]
        assert [level.m for level in found.comparison(comparison.name).levels] == pytest.approx(
            expected, abs=1e-4
        )


def test_levels_that_no_pair_shows_leave_their_shares_to_the_others_and_keep_their_own() -> None:
    generator = np.random.default_rng(2)
    levels = drawn(generator, 1, 200)
    levels[levels[:, 3] == 1, 3] = 2  # nobody knows the same place, only a near one
    held = replace(Learning(), match_pairs=1e9, household_pairs=1e9, rounds=1)
    found = estimate(start(), counted(levels), levels[:0], Universe.within(500), held)
    same, near, other = found.comparison("place").levels
    before = start().comparison("place").levels
    assert near.h == pytest.approx(before[1].h / (before[1].h + before[2].h), abs=0.01)
    assert near.h + other.h == pytest.approx(1.0, abs=0.01)
    assert (same.m, same.h) == (before[0].m, before[0].h)


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(-30, 0)),
        min_size=1,
        max_size=50,
    ),
    st.randoms(use_true_random=False),
)
def test_patterns_count_pairs_whatever_their_order(
    rows: list[tuple[int, int, int]], random: Random
) -> None:
    def patterns(some: list[tuple[int, int, int]]) -> list[tuple[object, ...]]:
        levels = np.array([row[:2] for row in some], np.int8)
        rarity = np.array([row[2] for row in some], np.float64)
        found = count_patterns(Evidence.of(levels), Rarities(rarity, np.zeros(len(some))))
        return list(
            zip(
                map(tuple, found.levels.tolist()),
                found.rarities.unrelated.tolist(),
                found.counts.tolist(),
                strict=True,
            )
        )

    shuffled = list(rows)
    random.shuffle(shuffled)
    assert patterns(rows) == patterns(shuffled)
    assert {(pattern, rarity): count for pattern, rarity, count in patterns(rows)} == {
        (row[:2], float(row[2])): float(rows.count(row)) for row in rows
    }


def test_patterns_too_wide_for_one_integer_are_counted_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    generator = np.random.default_rng(9)
    levels = drawn(generator, 0, 500)
    rarities = Rarities(-generator.integers(0, 40, 500).astype(float), np.zeros(500))
    narrow = count_patterns(Evidence.of(levels), rarities)
    monkeypatch.setattr("scoring.evidence._LARGEST_KEY", 1.0)
    wide = count_patterns(Evidence.of(levels), rarities)
    for one, other in zip(
        (narrow.levels, *narrow.rarities, narrow.counts),
        (wide.levels, *wide.rarities, wide.counts),
        strict=True,
    ):
        np.testing.assert_array_equal(one, other)
