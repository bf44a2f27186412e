"""Who is one person among the records that something happened to: as a batch would say.

From the records that came, went or changed, links are followed until no further record hangs on.
What is found that way is whole components, and a component is clustered by the same function as in
a batch; so the partition of a store follows from its records, its model and its decisions alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from blocking.pairs import Entries, absent_from, all_pairs, group, pack, unique_sorted, unpack
from matcher.clustering import (
    WHOLE_COMPONENT,
    Linkage,
    PairEvidence,
    WeighPairs,
    cluster,
    components,
)
from matcher.pipeline import Scale
from matcher.records import Records
from matcher.store.frozen import FrozenModel
from matcher.store.population import Population, closed
from scoring import Evidence, Weighed

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: log2 odds of a pair that a person has called the same: more than any evidence.
_DECIDED = 1e6
#: What evidence against a pair still counts in a group that a decision has put together.
_OVERRULED = -4.0


class Verdict(Enum):
    """What a person says of two records."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Decided:
    """The decisions in force, by slots. Where they contradict each other, ``different`` holds.

    Attributes:
        same: packed pairs of slots, sorted.
        different: packed pairs of slots, sorted.
    """

    same: Ints
    different: Ints

    def same_around(self, slots: Ints) -> Ints:
        """The pairs called the same that touch any of the slots."""
        left, right = unpack(self.same)
        return self.same[np.isin(left, slots) | np.isin(right, slots)]

    def inside(self, slots: Ints) -> Ints:
        """The pairs decided on of which both records are among the slots, sorted."""
        both = np.concatenate([self.same, self.different])
        left, right = unpack(both)
        return unique_sorted(both[np.isin(left, slots) & np.isin(right, slots)])

    def called_same(self, slots: Ints) -> Bools:
        """Which of the slots somebody called the same as another."""
        return np.isin(slots, np.concatenate(unpack(self.same)))


NOTHING_DECIDED = Decided(np.zeros(0, np.int64), np.zeros(0, np.int64))


@dataclass(frozen=True)
class Resolution:
    """Whole components, and who is who in them.

    Attributes:
        slots: int64, ascending; of all records that hang on those asked for.
        clusters: int64 per slot, the place in ``slots`` of one record of its cluster.
        components: int64 per slot, the place in ``slots`` of one record of its component.
        left: int64 places in ``slots``, of each candidate pair.
        right: int64 places in ``slots``.
        evidence: of each pair.
        weighed: of each pair.
        scale: weighs any other pair of ``records``.
        records: normalised, in the order of ``slots``.
        order: int64 per slot, the content order that broke ties.
        judge: the evidence of any pair of places, as clustering saw it.
    """

    slots: Ints
    clusters: Ints
    components: Ints
    left: Ints
    right: Ints
    evidence: Evidence
    weighed: Weighed
    scale: Scale
    records: Records
    order: Ints
    judge: WeighPairs


@dataclass(frozen=True)
class Compared:
    """Pairs of slots, compared and weighed.

    Attributes:
        left: int64 slots.
        right: int64 slots.
        evidence: of each pair.
        weighed: of each pair.
    """

    left: Ints
    right: Ints
    evidence: Evidence
    weighed: Weighed

    @property
    def may_link(self) -> bool:
        """Whether any pair is more likely than not one person."""
        return bool((self.weighed.log_odds > 0.0).any())


def compared(population: Population, model: FrozenModel, pairs: tuple[Ints, Ints]) -> Compared:
    """Compares pairs of slots, whatever people said of them."""
    left, right = pairs
    slots = closed([left, right])
    scale = model.scale(population.records(slots))
    evidence = scale.comparer.compare(np.searchsorted(slots, left), np.searchsorted(slots, right))
    return Compared(left, right, evidence, scale.weigh(evidence))


def resolve(
    population: Population,
    model: FrozenModel,
    decided: Decided,
    start: Ints,
    threshold: float = 0.0,
) -> Resolution:
    """Clusters the components that the slots of ``start`` are in.

    Args:
        population: the live records.
        model: the weights.
        decided: what people said.
        start: slots of live records.
        threshold: log2 odds from which pairs link.
    """
    slots, packed = _component(population, model, decided, closed([start]), threshold)
    place = np.zeros(len(population), np.int64)
    place[slots] = np.arange(len(slots))
    left, right = (place[side] for side in unpack(packed))
    records, order = population.records(slots), population.order(slots)
    scale = model.scale(records)
    evidence = scale.comparer.compare(left, right)
    weighed = scale.weigh(evidence)

    overruled = decided.called_same(slots)

    def judged(found: PairEvidence, one: Ints, other: Ints) -> PairEvidence:
        among = pack(slots[one], slots[other])
        found = _with_decisions(found, among, decided)
        return _allowed(found, overruled[one] | overruled[other], among, decided)

    def judge(one: Ints, other: Ints) -> PairEvidence:
        return judged(scale.weigh_pairs(one, other), one, other)

    pairs = judged(scale.pair_evidence(evidence, weighed), left, right)
    linkage = Linkage(len(slots), left, right, pairs, judge, order, threshold)
    clusters = cluster(linkage)
    links = (pairs.log_odds > threshold) & ~pairs.veto
    hanging = components(len(slots), left[links], right[links])
    return Resolution(
        slots, clusters, hanging, left, right, evidence, weighed, scale, records, order, judge
    )


def _component(
    population: Population, model: FrozenModel, decided: Decided, start: Ints, threshold: float
) -> tuple[Ints, Ints]:
    """All slots that hang on those of ``start``, and packed pairs that hold them together.

    A record outside of ``start`` hangs on the same records as before, and of a small component
    every pair is weighed whatever proposed it; so components that are met need no new look.
    """
    inside = np.zeros(len(population), np.bool_)
    frontier = start
    found = np.zeros(0, np.int64)
    while len(frontier):
        inside[frontier] = True
        around = pack(*population.pairs(frontier))
        same = decided.same_around(frontier)
        if len(same):
            around = unique_sorted(np.concatenate([around, same]))
        fresh = absent_from(around, found)
        found = unique_sorted(np.concatenate([found, fresh])) if len(found) else fresh
        left, right = unpack(fresh)
        outward = ~(inside[left] & inside[right])
        ends = _linked(population, model, decided, fresh[outward], threshold)
        frontier = ends[~inside[ends]]
        if len(frontier) and (population.components(frontier) >= 0).all():
            mates = population.mates(frontier)
            if len(mates) + int(inside.sum()) <= WHOLE_COMPONENT:
                inside[mates] = True
                found = unique_sorted(np.concatenate([found, _all_within(population, mates)]))
                break
    left, right = unpack(found)
    slots = np.flatnonzero(inside)
    known = [found[inside[left] & inside[right]], decided.inside(slots)]
    return slots, unique_sorted(np.concatenate(known))


def _all_within(population: Population, slots: Ints) -> Ints:
    """Every packed pair of slots of one component."""
    entries = Entries(slots, population.components(slots))
    grouped = group(entries, np.arange(len(population)))
    return all_pairs(grouped, np.ones(len(grouped.sizes), np.bool_))


def _linked(
    population: Population, model: FrozenModel, decided: Decided, packed: Ints, threshold: float
) -> Ints:
    """The slots of the pairs whose evidence, or a decision, links them."""
    if not len(packed):
        return packed
    left, right = unpack(packed)
    slots = closed([left, right])
    scale = model.scale(population.records(slots))
    found = scale.weigh_pairs(np.searchsorted(slots, left), np.searchsorted(slots, right))
    found = _with_decisions(found, packed, decided)
    links = (found.log_odds > threshold) & ~found.veto
    return closed([left[links], right[links]])


def _with_decisions(found: PairEvidence, packed: Ints, decided: Decided) -> PairEvidence:
    """The evidence of pairs where what people said of them outranks it."""
    if not len(decided.same) and not len(decided.different):
        return found
    same, different = _among(packed, decided.same), _among(packed, decided.different)
    return PairEvidence(
        np.where(same, _DECIDED, found.log_odds),
        np.where(same, 0.0, found.contradiction),
        (found.veto & ~same) | different,
    )


def _allowed(found: PairEvidence, overruled: Bools, packed: Ints, decided: Decided) -> PairEvidence:
    """Evidence forbids nothing to a record that somebody called the same as another.

    Otherwise a third record that contradicts one of the two could never join them. A contradiction
    like Jr against Sr still speaks against the pair; only a decision forbids it.
    """
    if not overruled.any():
        return found
    lifted = found.veto & overruled & ~_among(packed, decided.different)
    log_odds = np.where(lifted, np.minimum(found.log_odds, _OVERRULED), found.log_odds)
    return PairEvidence(log_odds, found.contradiction, found.veto & ~lifted)


def _among(values: Ints, ordered: Ints) -> Bools:
    """Which values are in a sorted list."""
    if not len(ordered):
        return np.zeros(len(values), np.bool_)
    place = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    found: Bools = ordered[place] == values
    return found
