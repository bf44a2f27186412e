"""What was weighed before and may be asked again: evidence between records of large components.

A slot holds one version of a record and a model weighs two versions always alike, so evidence
between slots stays true. Which pairs of a component are candidates may change: who changes that
says so by ``forget``.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from blocking.pairs import pack, unpack
from matcher.clustering import Linkage, PairEvidence, cluster, grouped, parts
from matcher.store.frozen import FrozenModel
from matcher.store.judging import Known
from matcher.store.layers import Layers
from matcher.store.population import Population, closed

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: So many pairs are remembered of each kind, at 17 to 25 bytes a pair.
_MOST_PAIRS = 4_000_000
#: So many parts of large components are remembered.
_MOST_PARTS = 50_000


@dataclass(frozen=True)
class Held:
    """A component and its candidate pairs.

    Attributes:
        slots: int64, ascending; the live ones.
        packed: int64, sorted; pairs of slots.
        evidence: of each pair.
    """

    slots: Ints
    packed: Ints
    evidence: PairEvidence

    @cached_property
    def sides(self) -> tuple[Ints, Ints]:
        """The places in ``slots`` of both sides of each pair."""
        left, right = unpack(self.packed)
        return np.searchsorted(self.slots, left), np.searchsorted(self.slots, right)

    def links(self, slots: Ints, log_odds: Floats) -> tuple[Ints, Floats]:
        """The places of those of some slots that are of the component, and their log2 odds."""
        place = np.minimum(np.searchsorted(self.slots, slots), len(self.slots) - 1)
        inside = self.slots[place] == slots
        return place[inside], log_odds[inside]

    def of(self, places: Ints) -> Held:
        """Some of its records."""
        chosen = np.zeros(len(self.slots), np.bool_)
        chosen[places] = True
        left, right = self.sides
        kept = chosen[left] & chosen[right]
        return Held(self.slots[places], self.packed[kept], self.evidence.of(kept))

    def among(self, slots: Ints) -> Held:
        """Of the pairs those between some slots, given in ascending order."""
        place = np.minimum(np.searchsorted(slots, unpack(self.packed)), len(slots) - 1)
        kept = (slots[place] == unpack(self.packed)).all(axis=0)
        return Held(slots, self.packed[kept], self.evidence.of(kept))

    def with_pairs(self, packed: Ints, evidence: PairEvidence) -> Held:
        """Further pairs of its slots beside those that are there."""
        both = np.concatenate([self.packed, packed])
        ranked = np.argsort(both)
        columns = zip(self.evidence, evidence, strict=True)
        stacked = PairEvidence(*(np.concatenate(column)[ranked] for column in columns))
        return Held(self.slots, both[ranked], stacked)

    @cached_property
    def known(self) -> Known:
        """The pairs by their places."""
        return Known(*self.sides, self.evidence)

    @cached_property
    def layers(self) -> Layers:
        """How it falls apart."""
        return Layers(len(self.slots), *self.sides, self.evidence)


class Remembered:
    """Evidence by group of slots and by component, of one model; what was asked last is kept."""

    def __init__(self) -> None:
        self._model: FrozenModel | None = None
        self._parts: OrderedDict[bytes, Ints] = OrderedDict()
        self._groups: OrderedDict[bytes, PairEvidence] = OrderedDict()
        self._components: OrderedDict[int, Held] = OrderedDict()

    def within(self, model: FrozenModel, slots: Ints) -> PairEvidence | None:
        """The evidence of all pairs of some slots, in the order of ``numpy.triu_indices``."""
        self._use(model)
        key = slots.tobytes()
        found = self._groups.get(key)
        if found is not None:
            self._groups.move_to_end(key)
        return found

    def keep_within(self, model: FrozenModel, slots: Ints, evidence: PairEvidence) -> None:
        """Remembers it."""
        self._use(model)
        self._groups[slots.tobytes()] = evidence
        pairs = sum(len(each.log_odds) for each in self._groups.values())
        while pairs > _MOST_PAIRS:
            pairs -= len(self._groups.popitem(last=False)[1].log_odds)

    def component(self, population: Population, model: FrozenModel, component: int) -> Held:
        """A component with its candidate pairs."""
        self._use(model)
        slots = population.in_components(np.array([component]))
        held = self._components.get(component)
        if held is None or not np.array_equal(held.slots, slots):
            held = _held(population, model, slots)
            self.keep_component(model, component, held)
        self._components.move_to_end(component)
        return held

    def keep_component(self, model: FrozenModel, component: int, held: Held) -> None:
        """Remembers a component."""
        self._use(model)
        self._components[component] = held
        pairs = sum(len(each.packed) for each in self._components.values())
        while pairs > _MOST_PAIRS and len(self._components) > 1:
            pairs -= len(self._components.popitem(last=False)[1].packed)

    def cluster(self, model: FrozenModel, linkage: Linkage, slots: Ints) -> Ints:
        """As ``matcher.clustering.cluster``, but parts that are as before are not clustered again.

        Args:
            model: by which the pairs are weighed.
            linkage: of evidence alone: nothing in it has been decided by people.
            slots: int64 per record.
        """
        self._use(model)
        labels = parts(linkage)
        members, starts, sizes = grouped(labels, linkage.order)
        out, anew = np.arange(linkage.count), np.zeros(linkage.count, np.bool_)
        fresh = []
        for start, size in zip(starts.tolist(), sizes.tolist(), strict=True):
            rows = members[start : start + size]
            owners = self._parts.get(slots[rows].tobytes())
            if owners is None:
                anew[rows] = True
                fresh.append(rows)
            else:
                out[rows] = rows[owners]
        if fresh:
            chosen = np.flatnonzero(anew)
            out[chosen] = chosen[cluster(linkage.of(chosen, labels))]
        for rows in fresh:
            ranked = np.argsort(rows)
            self._parts[slots[rows].tobytes()] = ranked[np.searchsorted(rows[ranked], out[rows])]
        while len(self._parts) > _MOST_PARTS:
            self._parts.popitem(last=False)
        return out

    def forget(self, components: Ints) -> None:
        """Of these components the candidate pairs may have changed."""
        for component in components.tolist():
            self._components.pop(component, None)

    def _use(self, model: FrozenModel) -> None:
        if model is not self._model:
            self._parts.clear()
            self._groups.clear()
            self._components.clear()
            self._model = model


def weighed_pairs(population: Population, model: FrozenModel, packed: Ints) -> PairEvidence:
    """The evidence of packed pairs of slots."""
    left, right = unpack(packed)
    slots = closed([left, right])
    scale = model.scale(population.records(slots))
    return scale.weigh_pairs(np.searchsorted(slots, left), np.searchsorted(slots, right))


def _held(population: Population, model: FrozenModel, slots: Ints) -> Held:
    left, right = population.pairs(slots)
    packed = pack(left, right)[np.isin(left, slots) & np.isin(right, slots)]
    return Held(slots, packed, weighed_pairs(population, model, packed))
