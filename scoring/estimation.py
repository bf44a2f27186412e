"""Estimation of a model from unlabelled pairs: expectation–maximisation on counted patterns.

Pairs with the same levels and about the same rarity are one pattern, so a round costs as much for
a million records as for ten thousand. The shipped shares act as a prior, so that the estimate is
safe from a hundred rows up; the household shares of first names and birth dates stay fixed, since
learnt they turn into a second class of matches with a damaged name.

EM for record linkage: Winkler (1988); Dempster, Laird and Rubin (1977).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from scoring.columns import Bools
from scoring.evidence import Evidence, Ints, distinct_rows
from scoring.frequency import Rarities, RarityOf, rarities_of
from scoring.levels import Comparison, Fit, Frequency, Level, Rates, Weights
from scoring.turns import in_turn
from scoring.weighing import Floats, Universe, by_comparison, weigh


@dataclass(frozen=True, slots=True)
class Learning:
    """How much the shipped model counts against the data, and when to stop.

    Attributes:
        match_pairs: pairs that its match shares are worth.
        household_pairs: pairs that its household shares are worth.
        chance_events: occurrences of a level that its unrelated share is worth; rare levels thus
            keep their shipped share until the random pairs have had a chance to show them.
        record_share: its rates are worth this share of the records.
        rounds: at most so many rounds of expectation and maximisation.
        tolerance: the estimate has converged when no match share moves by more in one round.
    """

    match_pairs: float = 300.0
    household_pairs: float = 2000.0
    chance_events: float = 3.0
    record_share: float = 0.01
    rounds: int = 40
    tolerance: float = 1e-3


DEFAULT_LEARNING = Learning()

#: Fewer records than this do not move the shipped shares.
FEWEST_RECORDS = 100


class Patterns(NamedTuple):
    """Distinct combinations of levels and rounded rarities, with how many pairs show each.

    Attributes:
        levels: int8, one row per pattern.
        rarities: rounded to whole bits.
        counts: float64 per pattern.
    """

    levels: npt.NDArray[np.int8]
    rarities: Rarities
    counts: Floats


def count_patterns(evidence: Evidence, rarities: Rarities | RarityOf) -> Patterns:
    """Counts the patterns of pairs; the order of the pairs does not matter."""

    def counted(place: slice) -> tuple[Ints, Floats]:
        part = evidence.part(place)
        return _counted(part, rarities_of(rarities, place, part))

    found = list(in_turn(counted, evidence.slices(_SLICE)))
    seen = np.concatenate([rows for rows, _ in found or [_NOTHING_COUNTED]])
    counts = np.concatenate([counts for _, counts in found or [_NOTHING_COUNTED]])
    patterns, which = distinct_rows(list(seen.T))
    bits = -patterns[:, 1:].astype(np.float64)
    return Patterns(
        evidence.combinations[patterns[:, 0]],
        Rarities(bits[:, 0], bits[:, 1]),
        np.bincount(which, counts, len(patterns)).astype(np.float64),
    )


def _counted(part: Evidence, rarities: Rarities) -> tuple[Ints, Floats]:
    """The distinct rows of combination and bits of rarity, and how many pairs show each."""
    rows, which = distinct_rows([part.which, *map(_whole_bits, rarities)])
    return rows, np.bincount(which, minlength=len(rows)).astype(np.float64)


#: Pairs that are counted at once, which bounds memory.
_SLICE = 1 << 18

_NOTHING_COUNTED = np.zeros((0, 3), np.int64), np.zeros(0)


def _whole_bits(rarity: Floats) -> npt.NDArray[np.int32]:
    """Rarities in whole bits, as counts from 0 up."""
    return np.maximum(np.rint(-rarity), 0).astype(np.int32)


def estimate(
    start: Weights,
    patterns: Patterns,
    random_levels: npt.NDArray[np.int8],
    universe: Universe,
    learning: Learning = DEFAULT_LEARNING,
) -> Weights:
    """The model that fits the data, drawn towards the shipped one.

    Args:
        start: the shipped model.
        patterns: of the candidate pairs.
        random_levels: int8, levels of pairs drawn at random, one row per pair.
        universe: how many records and pairs there are.
        learning: how much the shipped model counts, and when to stop.

    Returns:
        the model; ``fit`` says how the estimation went. With fewer than ``FEWEST_RECORDS``
        records it is ``start`` itself.
    """
    if universe.records < FEWEST_RECORDS or not len(patterns.counts):
        return replace(start, fit=Fit())
    known = with_random_pairs(start, random_levels, learning)
    base = _of_what_occurs(known, patterns)
    shown = _Shown.of(patterns)
    model, change, rounds = base, np.inf, 0
    while rounds < learning.rounds and change > learning.tolerance:
        rounds += 1
        updated = _one_round(model, base, shown, universe, learning)
        change = _largest_change(model, updated)
        model = updated
    pairs = int(patterns.counts.sum())
    fit = Fit(rounds, float(change), change <= learning.tolerance, pairs, len(patterns.counts))
    return replace(_with_the_absent(model, known, patterns), fit=fit)


#: What is left of the shares of levels that no pair shows, while the others are learnt.
_ABSENT = 1e-3


def _of_what_occurs(known: Weights, patterns: Patterns) -> Weights:
    """The model with the shares of levels that no pair shows given to the levels that occur.

    In a list of towns no two people share a street address. That most people of one household do
    elsewhere must not say here that they seldom share a town.
    """
    return _with_levels(known, patterns, _reweighted)


def _with_the_absent(model: Weights, known: Weights, patterns: Patterns) -> Weights:
    """The learnt model with the shipped shares of the levels that no pair showed."""
    shipped = {comparison.name: comparison.levels for comparison in known.comparisons}

    def restored(comparison: Comparison, occurs: Bools) -> tuple[Level, ...]:
        levels = zip(comparison.levels, shipped[comparison.name], occurs, strict=True)
        return tuple(own if seen else before for own, before, seen in levels)

    return _with_levels(model, patterns, restored)


def _with_levels(
    model: Weights, patterns: Patterns, change: Callable[[Comparison, Bools], tuple[Level, ...]]
) -> Weights:
    """Changes the levels of each comparison, knowing which of them occur."""
    comparisons = []
    for place, comparison in enumerate(model.comparisons):
        seen = np.bincount(patterns.levels[:, place], minlength=len(comparison.levels) + 1)[1:] > 0
        kept = seen.all() or not seen.any()
        levels = comparison.levels if kept else change(comparison, seen)
        comparisons.append(replace(comparison, levels=levels))
    return replace(model, comparisons=tuple(comparisons))


def _reweighted(comparison: Comparison, occurs: Bools) -> tuple[Level, ...]:
    factors = np.where(occurs, 1.0, _ABSENT)
    shares = {}
    for name in ("m", "h"):
        before = np.array([getattr(level, name) for level in comparison.levels])
        totals = _context_totals(comparison, before)
        given = before * factors * totals / _context_totals(comparison, before * factors)
        shares[name] = np.minimum(given, 1.0)  # shares that follow the list's may add up to more
    return tuple(
        replace(level, m=float(m), h=float(h))
        for level, m, h in zip(comparison.levels, shares["m"], shares["h"], strict=True)
    )


def with_random_pairs(
    start: Weights, random_levels: npt.NDArray[np.int8], learning: Learning = DEFAULT_LEARNING
) -> Weights:
    """The model with its unrelated shares re-estimated from pairs drawn at random."""
    return replace(
        start,
        comparisons=tuple(
            _with_chance(comparison, random_levels[:, place], learning)
            for place, comparison in enumerate(start.comparisons)
        ),
    )


def _with_chance(
    comparison: Comparison, levels: npt.NDArray[np.int8], learning: Learning
) -> Comparison:
    counts = np.bincount(levels, minlength=len(comparison.levels) + 1)[1:].astype(np.float64)
    totals = _context_totals(comparison, counts)
    updated = []
    for level, seen, total in zip(comparison.levels, counts, totals, strict=True):
        share = (learning.chance_events + seen) / (learning.chance_events / level.u + total)
        fixed = level.frequency is not Frequency.NONE
        if fixed:
            updated.append(level)
            continue
        follows = comparison.household_fixed and abs(level.household_weight) <= _BY_CHANCE
        h = min(level.h * share / level.u, _LARGEST_SHARE) if follows else level.h
        updated.append(replace(level, u=share, h=h))
    return replace(comparison, levels=tuple(updated))


#: Where two people of one household agree within so many bits as often as unrelated ones do, it is
#: by chance, and their share follows that of the list where it is not learnt.
_BY_CHANCE = 1.0

_LARGEST_SHARE = 0.99


def _context_totals(comparison: Comparison, counts: Floats) -> Floats:
    """For each level, the pairs that could have shown it: those of its context."""
    contexts = [level.context for level in comparison.levels]
    by_context = {
        context: sum(c for c, own in zip(counts, contexts, strict=True) if own == context)
        for context in set(contexts)
    }
    shared = by_context.get("", 0.0)
    everything = float(counts.sum())
    return np.array(
        [everything if not own else by_context[own] + shared for own in contexts], np.float64
    )


class _Shown(NamedTuple):
    """Patterns as every round asks for them.

    Attributes:
        evidence: of one pair of each pattern.
        levels: by comparison.
        rarities: of each pattern.
        counts: the same.
    """

    evidence: Evidence
    levels: npt.NDArray[np.intp]
    rarities: Rarities
    counts: Floats

    @classmethod
    def of(cls, patterns: Patterns) -> _Shown:
        """Made once for all rounds."""
        levels = by_comparison(patterns.levels)
        return cls(Evidence.of(patterns.levels), levels, patterns.rarities, patterns.counts)


#: Fewer patterns are counted sooner than a thread starts.
_WORTH_THREADS = 10_000


def _one_round(
    model: Weights, base: Weights, shown: _Shown, universe: Universe, learning: Learning
) -> Weights:
    found = weigh(shown.evidence, shown.rarities, model, universe)
    match = found.probability * shown.counts
    family = found.household_probability * shown.counts

    def by_level(place: int) -> tuple[Floats, Floats]:
        levels, size = shown.levels[place], len(base.comparisons[place].levels) + 1
        in_match, in_family = (np.bincount(levels, pairs, size) for pairs in (match, family))
        return in_match[1:].astype(np.float64), in_family[1:].astype(np.float64)

    each = in_turn if len(shown.counts) >= _WORTH_THREADS else map
    found_in = each(by_level, range(len(base.comparisons)))
    comparisons = [
        _maximised(comparison, *counted, learning)
        for comparison, counted in zip(base.comparisons, found_in, strict=True)
    ]
    rates = Rates(
        _rate(float(match.sum()), base.rates.matches, universe.records, learning),
        _rate(float(family.sum()), base.rates.household, universe.records, learning),
    )
    return replace(model, comparisons=tuple(comparisons), rates=rates)


def _rate(pairs: float, shipped: float, records: int, learning: Learning) -> float:
    pseudo = learning.record_share * records
    return (2.0 * pairs + shipped * pseudo) / (records + pseudo)


def _maximised(
    comparison: Comparison, in_match: Floats, in_family: Floats, learning: Learning
) -> Comparison:
    m = shares(comparison, in_match, "m", learning.match_pairs)
    h = shares(comparison, in_family, "h", learning.household_pairs)
    if comparison.household_fixed:
        h = np.array([level.h for level in comparison.levels])
    levels = tuple(
        replace(level, m=float(share_m), h=float(share_h))
        for level, share_m, share_h in zip(comparison.levels, m, h, strict=True)
    )
    return replace(comparison, levels=levels)


def shares(comparison: Comparison, seen: Floats, share: str, pseudo_pairs: float) -> Floats:
    """Shares of the levels that sum to what the prior's sum to, inside each context."""
    prior = np.array([getattr(level, share) for level in comparison.levels])
    contexts = np.array([level.context for level in comparison.levels])
    shared = contexts == ""
    exclusive = set(contexts[~shared])
    pseudo = np.where(shared, prior, prior / max(len(exclusive), 1)) if shared.any() else prior
    counts = seen + pseudo_pairs * pseudo
    out = np.zeros(len(prior))
    everything = counts.sum() if shared.any() else 1.0
    if shared.any():
        out[shared] = counts[shared] / everything
    left_over = 1.0 - float(out[shared].sum())
    for context in sorted(exclusive):
        own = contexts == context
        out[own] = left_over * counts[own] / counts[own].sum()
    return np.maximum(out, _SMALLEST_SHARE)


#: Keeps every weight finite.
_SMALLEST_SHARE = 1e-9


def _largest_change(before: Weights, after: Weights) -> float:
    return max(
        abs(old.m - new.m)
        for one, other in zip(before.comparisons, after.comparisons, strict=True)
        for old, new in zip(one.levels, other.levels, strict=True)
    )
