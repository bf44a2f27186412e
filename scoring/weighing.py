"""From levels to evidence: weights in bits and the probabilities of the three classes.

``p(same person) = rM·Πm / (rM·Πm + rH·Πh + T·Πu)``, where rM and rH are the expected numbers of
matching and of household pairs and T is the number of all pairs: Fellegi and Sunter (1969) with a
third class for two people of one household.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from scoring.evidence import Evidence
from scoring.frequency import ProbabilityOf, Rarities, RarityOf, rarities_of
from scoring.levels import Rates, Weights

Floats = npt.NDArray[np.float64]
Steps = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Universe:
    """How many pairs there could be.

    Attributes:
        records: records that may have a partner.
        pairs: all pairs of records that could be compared.
    """

    records: int
    pairs: int

    @classmethod
    def within(cls, records: int) -> Universe:
        """Every pair inside one set."""
        return cls(records, max(records * (records - 1) // 2, 1))

    @classmethod
    def across(cls, left: int, right: int) -> Universe:
        """Every pair with one record on each side."""
        return cls(left + right, max(left * right, 1))

    def prior(self, rates: Rates) -> tuple[float, float]:
        """log2 odds that a pair drawn at random is a match, and that it is one household."""
        half = self.records / 2
        return (
            float(np.log2(max(rates.matches * half, 1e-9) / self.pairs)),
            float(np.log2(max(rates.household * half, 1e-9) / self.pairs)),
        )


class Weighed(NamedTuple):
    """The evidence of each pair.

    Attributes:
        weight: log2 evidence for one person against unrelated people.
        household_probability: that it is two people of one household.
        log_odds: log2 odds that it is one person; finite where the probability is not 1.
    """

    weight: Floats
    household_probability: Floats
    log_odds: Floats

    @property
    def probability(self) -> Floats:
        """The probability of each pair that it is one person."""
        return odds_to_probability(self.log_odds)

    def part(self, place: slice) -> Weighed:
        """That of some pairs."""
        return Weighed(*(values[place] for values in self))


def odds_to_probability(log_odds: Floats) -> Floats:
    """The probability behind log2 odds."""
    found: Floats = 1.0 / (1.0 + np.exp2(np.clip(-log_odds, -1000.0, 1000.0)))
    return found


class Tables(NamedTuple):
    """log2 shares by level number, one array per comparison; 0 for missing."""

    m: list[Floats]
    h: list[Floats]
    u: list[Floats]


def tables(weights: Weights) -> Tables:
    """The lookups of a model; shares that rarity replaces are 0 here and come with the pair."""
    logs = [comparison.logs for comparison in weights.comparisons]
    return Tables(
        [shares.m for shares in logs],
        [shares.h for shares in logs],
        [shares.u for shares in logs],
    )


def by_comparison(levels: npt.NDArray[np.int8]) -> npt.NDArray[np.intp]:
    """Levels turned by: one row per comparison, in the type that lookups take as it is."""
    return np.ascontiguousarray(levels.T, np.intp)


def summed(lookups: list[Floats], levels: npt.NDArray[np.intp]) -> Floats:
    """The sum over comparisons of the lookups of levels, given by comparison."""
    total = np.zeros(levels.shape[1])
    for lookup, numbers in zip(lookups, levels, strict=True):
        total += lookup[numbers]
    return total


#: Pairs that are weighed at once: few enough to stay in the cache.
SLICE = 1 << 16


def weigh(
    evidence: Evidence, rarities: Rarities | RarityOf, weights: Weights, universe: Universe
) -> Weighed:
    """Weights and probabilities of pairs.

    Args:
        evidence: of the pairs.
        rarities: of all of them, or what tells those of some.
        weights: the model.
        universe: how many pairs there could be.
    """
    weighed = Weighed(*(np.empty(len(evidence)) for _ in Weighed._fields))

    def keep(part: slice, *likelihoods: *_Likelihoods) -> None:
        for whole, sliced in zip(weighed, posterior(*likelihoods), strict=True):
            whole[part] = sliced

    _weigh_slices(evidence, rarities, _Sums.of(evidence.combinations, weights, universe), keep)
    return weighed


def probability_of(
    combinations: npt.NDArray[np.int8], rarity_of: RarityOf, weights: Weights, universe: Universe
) -> ProbabilityOf:
    """Tells how likely each of some pairs is one person, as often as it is asked.

    Args:
        combinations: of levels, as the evidence of all these pairs has them.
        rarity_of: tells how rare the values are that pairs share.
        weights: the model.
        universe: how many pairs there could be.
    """
    sums = _Sums.of(combinations, weights, universe)

    def of(evidence: Evidence) -> Floats:
        probability = np.empty(len(evidence))

        def keep(part: slice, *likelihoods: *_Likelihoods) -> None:
            probability[part] = odds_to_probability(odds(*likelihoods))

        _weigh_slices(evidence, rarity_of, sums, keep)
        return probability

    return of


#: From here on a probability says that something is rather so than not.
LIKELY = 0.5


def odds_and_households(
    evidence: Evidence,
    rarities: Rarities | RarityOf,
    weights: Weights,
    universe: Universe,
    thresholds: tuple[float, ...] = (LIKELY,),
) -> tuple[Floats, Steps]:
    """The log2 odds of each pair, and how many thresholds its household probability reaches."""
    log_odds, household = np.empty(len(evidence)), np.empty(len(evidence), np.int8)

    def keep(part: slice, *likelihoods: *_Likelihoods) -> None:
        found = posterior(*likelihoods)
        log_odds[part] = found.log_odds
        household[part] = steps(found.household_probability, thresholds)

    _weigh_slices(evidence, rarities, _Sums.of(evidence.combinations, weights, universe), keep)
    return log_odds, household


def steps(probability: Floats, thresholds: tuple[float, ...]) -> Steps:
    """How many of some ascending thresholds each probability reaches, as int8."""
    reached = np.zeros(len(probability), np.int8)
    for threshold in thresholds:
        reached += probability >= threshold
    return reached


#: What ``posterior`` is given.
_Likelihoods = tuple[Floats, Floats, tuple[float, float]]


class _Sums(NamedTuple):
    """What a model says of combinations of levels, one by one.

    Attributes:
        m, h, u: log2 of the likelihood of each.
        prior: log2 prior odds of one person and of one household.
    """

    m: Floats
    h: Floats
    u: Floats
    prior: tuple[float, float]

    @classmethod
    def of(cls, combinations: npt.NDArray[np.int8], weights: Weights, universe: Universe) -> _Sums:
        """Those of one model."""
        levels = by_comparison(combinations)
        m, h, u = (summed(shares, levels) for shares in tables(weights))
        return cls(m, h, u, universe.prior(weights.rates))


def _weigh_slices(
    evidence: Evidence,
    rarities: Rarities | RarityOf,
    sums: _Sums,
    keep: Callable[[slice, *_Likelihoods], None],
) -> None:
    m, h, u, prior = sums

    def one(place: slice) -> None:
        part = evidence.part(place)
        rare = rarities_of(rarities, place, part)
        unrelated = u[part.which] + rare.unrelated
        same = m[part.which] - unrelated
        household = h[part.which] + rare.household - unrelated
        keep(place, same, household, prior)

    if len(evidence) <= SLICE:  # a thread would start later than it is done
        deque(map(one, evidence.slices(SLICE)), maxlen=0)
        return
    with ThreadPoolExecutor(2) as pool:  # each slice is its own, so who weighs it does not matter
        deque(pool.map(one, evidence.slices(SLICE)), maxlen=0)


def posterior(same: Floats, household: Floats, prior: tuple[float, float]) -> Weighed:
    """Class probabilities from log2 evidence relative to unrelated people.

    Args:
        same: log2 of the likelihood of one person over that of unrelated people.
        household: the same for two people of one household.
        prior: log2 prior odds of both.
    """
    match, family = same + prior[0], household + prior[1]
    rest = np.logaddexp2(family, 0.0)
    total = np.logaddexp2(match, rest)
    return Weighed(same, np.exp2(family - total), match - rest)


def odds(same: Floats, household: Floats, prior: tuple[float, float]) -> Floats:
    """The log2 odds of one person alone, as ``posterior`` has them."""
    found: Floats = same + prior[0] - np.logaddexp2(household + prior[1], 0.0)
    return found


def contradiction(evidence: Evidence, weights: Weights) -> Floats:
    """The sum of each pair's negative weights in bits, at most 0."""
    negative = [comparison.against for comparison in weights.comparisons]
    contradicted: Floats = summed(negative, by_comparison(evidence.combinations))[evidence.which]
    return contradicted
