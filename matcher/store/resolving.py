"""Who is one person among the records that something happened to: as a batch would say.

From the records that came, went or changed, links are followed until no further record hangs on.
What is found that way is whole components, and a component is clustered by the same function as in
a batch; so the partition of a store follows from its records, its model and its decisions alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from blocking.pairs import Entries, absent_from, all_pairs, group, pack, unique_sorted, unpack
from matcher.clustering import WHOLE_COMPONENT
from matcher.pipeline import Scale
from matcher.records import Records
from matcher.store.decided import Decided
from matcher.store.frozen import FrozenModel
from matcher.store.judging import Judge, Judged, Known, judged
from matcher.store.population import Population, closed
from scoring import Evidence, Weighed

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Resolution:
    """Whole components, and who is who in them.

    Attributes:
        slots: int64, ascending; of all records that hang on those asked for.
        judged: who is one person, by places in ``slots``.
        left: int64 places in ``slots``, of each candidate pair.
        right: int64 places in ``slots``.
        evidence: of each pair.
        weighed: of each pair.
        judge: weighs any other pair.
        records: normalised, in the order of ``slots``.
        order: int64 per slot, the content order that broke ties.
    """

    slots: Ints
    judged: Judged
    left: Ints
    right: Ints
    evidence: Evidence
    weighed: Weighed
    judge: Judge
    records: Records
    order: Ints

    @property
    def clusters(self) -> Ints:
        """int64 per slot, the place in ``slots`` of one record of its cluster."""
        return self.judged.clusters

    @property
    def components(self) -> Ints:
        """int64 per slot, the place in ``slots`` of one record of its component."""
        return self.judged.components

    @property
    def scale(self) -> Scale:
        """Weighs any pair of ``records``."""
        return self.judge.scale


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
    judge = Judge(slots, scale, decided)
    known = Known(left, right, scale.pair_evidence(evidence, weighed))
    found = judged(judge, known, order, threshold)
    return Resolution(slots, found, left, right, evidence, weighed, judge, records, order)


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
                found = unique_sorted(np.concatenate([found, all_within(population, mates)]))
                break
    left, right = unpack(found)
    slots = np.flatnonzero(inside)
    known = [found[inside[left] & inside[right]], decided.inside(slots)]
    return slots, unique_sorted(np.concatenate(known))


def all_within(population: Population, slots: Ints) -> Ints:
    """Every packed pair of slots of one component."""
    return pairs_within(slots, population.components(slots))


def pairs_within(slots: Ints, labels: Ints) -> Ints:
    """Every packed pair of slots that have one label."""
    grouped = group(Entries(np.arange(len(slots)), labels), np.arange(len(slots)))
    left, right = unpack(all_pairs(grouped, np.ones(len(grouped.sizes), np.bool_)))
    return pack(slots[left], slots[right])


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
    links = decided.linking(found, packed, threshold)
    return closed([left[links], right[links]])
