"""What was weighed before and may be asked again: evidence between records of large components.

A slot holds one version of a record and a model weighs two versions always alike, so evidence
between slots stays true. Which pairs of a component are candidates may change: who changes that
says so by ``forget``.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt

from blocking.pairs import absent_from, pack, unpack
from matcher.clustering import WHOLE_COMPONENT, Linkage, PairEvidence, cluster, grouped, parts
from matcher.store.frozen import FrozenModel
from matcher.store.judging import Known
from matcher.store.layers import Layers
from matcher.store.population import Population, closed

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: So many pairs are remembered of each kind, at 17 to 25 bytes a pair.
MOST_PAIRS = 4_000_000
#: Of larger groups of records the evidence between them is remembered.
WORTH_REMEMBERING = 16
#: Components are looked up together up to about so many records.
_SLOTS_TOGETHER = 20_000
#: Fewer values are inserted one by one.
_FEW = 1_000
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
        kept = np.zeros(len(self.packed), np.bool_)
        if len(slots):
            place = np.minimum(np.searchsorted(slots, unpack(self.packed)), len(slots) - 1)
            kept = (slots[place] == unpack(self.packed)).all(axis=0)
        return Held(slots, self.packed[kept], self.evidence.of(kept))

    def with_pairs(self, packed: Ints, evidence: PairEvidence) -> Held:
        """Further pairs of its slots beside those that are there."""
        both = np.concatenate([self.packed, packed])
        ranked = np.argsort(both, kind="stable")  # which is quick where both are sorted
        columns = zip(self.evidence, evidence, strict=True)
        stacked = PairEvidence(*(np.concatenate(column)[ranked] for column in columns))
        return Held(self.slots, both[ranked], stacked)

    def with_more(self, slots: Ints, packed: Ints, evidence: PairEvidence) -> Held:
        """With further slots.

        Args:
            slots: int64, ascending.
            packed: int64, sorted; all candidate pairs that these are in.
            evidence: of each pair.
        """
        everybody = closed([self.slots, slots])
        places, more = (np.searchsorted(everybody, each) for each in (self.slots, slots))
        left, right = (np.searchsorted(everybody, side) for side in unpack(packed))
        at = np.searchsorted(self.packed, packed)
        columns = zip(self.evidence, evidence, strict=True)
        found = Held(
            everybody,
            _inserted(self.packed, at, packed),
            PairEvidence(*(_inserted(column, at, values) for column, values in columns)),
        )
        are_last = len(places) and places[-1] == len(places) - 1  # then all are where they were
        before = self.sides if are_last else (places[self.sides[0]], places[self.sides[1]])
        sides = zip(before, (left, right), strict=True)
        vars(found)["sides"] = tuple(_inserted(side, at, new) for side, new in sides)
        vars(found)["layers"] = self.layers.with_more(places, more, (left, right, evidence))
        return found

    @cached_property
    def known(self) -> Known:
        """The pairs by their places."""
        return Known(*self.sides, self.evidence)

    def linkage(self, order: Ints) -> Linkage:
        """The pairs alone, as clustering takes them; ``order`` is the content order per slot."""
        return Linkage(len(self.slots), *self.sides, self.evidence, _no_others, order)

    @cached_property
    def layers(self) -> Layers:
        """How it falls apart."""
        return Layers.of(len(self.slots), *self.sides, self.evidence)


def _inserted(column: npt.NDArray[Any], at: Ints, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """``numpy.insert`` at ascending places: between few, whole stretches are copied at once."""
    if len(at) > _FEW:
        return np.insert(column, at, values)
    stretches = np.split(column, at)
    woven = [part for at_one in zip(stretches, values[:, None], strict=False) for part in at_one]
    return np.concatenate([*woven, stretches[-1]])


def _no_others(left: Ints, right: Ints) -> PairEvidence:
    raise NotImplementedError("only the known pairs are asked for")


class Remembered:
    """Evidence by group of slots and by component, of one model; what was asked last is kept."""

    def __init__(self) -> None:
        self._model: FrozenModel | None = None
        self._parts: OrderedDict[bytes, Ints] = OrderedDict()
        self._groups: OrderedDict[bytes, PairEvidence] = OrderedDict()
        self._pairs_in_groups = 0
        self._components: OrderedDict[int, Held] = OrderedDict()
        #: Components whose parts are remembered too.
        self._parted: set[int] = set()

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
        self._pairs_in_groups += len(evidence.log_odds)
        while self._pairs_in_groups > MOST_PAIRS:
            self._pairs_in_groups -= len(self._groups.popitem(last=False)[1].log_odds)

    def component(self, population: Population, model: FrozenModel, component: int) -> Held:
        """A component with its candidate pairs."""
        self._use(model)
        slots = population.in_components(np.array([component]))
        held = self._components.get(component)
        if held is None or len(absent_from(slots, held.slots)):
            held = _held(population, model, slots)
            self._keep(component, held)
        self._components.move_to_end(component)
        if len(held.slots) > len(slots):  # some are no more
            held = held.of(np.searchsorted(held.slots, slots))
        return held

    def look_up(self, population: Population, model: FrozenModel, components: Ints) -> None:
        """Looks up several components together, which is sooner done; as far as memory goes."""
        self._use(model)
        unknown = [number for number in components.tolist() if number not in self._components]
        slots = [population.in_components(np.array([number])) for number in unknown]
        groups = np.cumsum([len(each) for each in slots]) // _SLOTS_TOGETHER
        for group in np.unique(groups).tolist():
            here = np.flatnonzero(groups == group).tolist()
            made = _all_held(population, model, [slots[place] for place in here])
            for place, held in zip(here, made, strict=True):
                if self.is_full:
                    return
                self._keep(unknown[place], held)

    def keep_component(self, model: FrozenModel, component: int, held: Held) -> None:
        """Remembers a component that has been clustered by ``cluster``."""
        self._use(model)
        self._keep(component, held)
        self._parted.add(component)

    @property
    def is_full(self) -> bool:
        """Whether a further component would displace one."""
        return sum(len(each.packed) for each in self._components.values()) >= MOST_PAIRS

    def holds(self, model: FrozenModel, component: int) -> bool:
        """Whether a component is remembered."""
        self._use(model)
        return component in self._components

    def has_parts(self, model: FrozenModel, component: int) -> bool:
        """Whether the parts of a component are remembered."""
        self._use(model)
        return component in self._parted

    def keep_parts(self, model: FrozenModel, component: int, order: Ints, clusters: Ints) -> None:
        """Remembers the parts of a component that was clustered at another time.

        Args:
            model: by which it was; nothing in it was decided by people.
            component: which has been asked for.
            order: int64 per slot, the content order that breaks ties.
            clusters: int64 per slot, equal where it was found that they are one person.
        """
        self._use(model)
        held = self._components[component]
        linkage = held.linkage(order)
        for rows, key in _keyed(linkage, held.slots, parts(linkage), held.slots[:0]):
            _, first, which = np.unique(clusters[rows], return_index=True, return_inverse=True)
            self._parts[key] = first[which]
        self._parted.add(component)

    def _keep(self, component: int, held: Held) -> None:
        self._components[component] = held
        pairs = sum(len(each.packed) for each in self._components.values())
        while pairs > MOST_PAIRS and len(self._components) > 1:
            gone, dropped = self._components.popitem(last=False)
            pairs -= len(dropped.packed)
            self._parted.discard(gone)

    def cluster(self, model: FrozenModel, linkage: Linkage, slots: Ints, different: Ints) -> Ints:
        """As ``matcher.clustering.cluster``, but parts that are as before are not clustered again.

        Args:
            model: by which the pairs are weighed.
            linkage: of evidence, which those that were called different never have.
            slots: int64 per record, ascending.
            different: packed pairs of slots that people called different.
        """
        self._use(model)
        labels = parts(linkage)
        out, anew = np.arange(linkage.count), np.zeros(linkage.count, np.bool_)
        fresh = []
        for rows, key in _keyed(linkage, slots, labels, different):
            owners = self._parts.get(key)
            if owners is None:
                anew[rows] = True
                fresh.append((rows, key))
            else:
                self._parts.move_to_end(key)
                out[rows] = rows[owners]
        if fresh:
            chosen = np.flatnonzero(anew)
            out[chosen] = chosen[cluster(linkage.of(chosen, labels))]
        for rows, key in fresh:
            ranked = np.argsort(rows)
            self._parts[key] = ranked[np.searchsorted(rows[ranked], out[rows])]
        while len(self._parts) > _MOST_PARTS:
            self._parts.popitem(last=False)
        return out

    def forget(self, components: Ints) -> None:
        """Of these components the candidate pairs may have changed."""
        for component in components.tolist():
            self._components.pop(component, None)
            self._parted.discard(component)

    def _use(self, model: FrozenModel) -> None:
        if model is not self._model:
            self._parts.clear()
            self._groups.clear()
            self._pairs_in_groups = 0
            self._components.clear()
            self._parted.clear()
            self._model = model


def _keyed(
    linkage: Linkage, slots: Ints, labels: Ints, different: Ints
) -> Iterator[tuple[Ints, bytes]]:
    """The records of each part of two or more, in content order, and what its clusters follow from.

    These are its records; where it is too large to be weighed whole, its candidate pairs; and who
    of them was called different.
    """
    forbidden = _within_parts(slots, labels, different)
    members, starts, sizes = grouped(labels, linkage.order)
    for start, size in zip(starts.tolist(), sizes.tolist(), strict=True):
        rows = members[start : start + size]
        key = slots[rows].tobytes()
        label = int(labels[rows[0]])
        if label in forbidden:
            key += forbidden[label].tobytes()
        if size > WHOLE_COMPONENT:
            inside = (labels[linkage.left] == label) & (labels[linkage.right] == label)
            pairs = pack(slots[linkage.left[inside]], slots[linkage.right[inside]])
            key += blake2b(pairs.tobytes()).digest()
        yield rows, key


def _within_parts(slots: Ints, labels: Ints, packed: Ints) -> dict[int, Ints]:
    """Of packed pairs of slots those within each part, after a mark that is no slot."""
    sides = np.stack(unpack(packed))
    place = np.minimum(np.searchsorted(slots, sides), len(slots) - 1)
    here = (slots[place] == sides).all(axis=0) & (labels[place[0]] == labels[place[1]])
    parts_of, packed = labels[place[0]][here], packed[here]
    mark = np.full(1, -1)
    return {
        label: np.concatenate([mark, packed[parts_of == label]])
        for label in np.unique(parts_of).tolist()
    }


def weighed_pairs(population: Population, model: FrozenModel, packed: Ints) -> PairEvidence:
    """The evidence of packed pairs of slots."""
    left, right = unpack(packed)
    slots = closed([left, right])
    scale = model.scale(population.records(slots))
    return scale.weigh_pairs(np.searchsorted(slots, left), np.searchsorted(slots, right))


def _held(population: Population, model: FrozenModel, slots: Ints) -> Held:
    return next(_all_held(population, model, [slots]))


def _all_held(population: Population, model: FrozenModel, parts: Sequence[Ints]) -> Iterator[Held]:
    """Components, given by the slots of each, with their candidate pairs."""
    slots = np.concatenate(parts)
    ranked = np.argsort(slots)
    slots, whose = slots[ranked], np.repeat(np.arange(len(parts)), [len(p) for p in parts])[ranked]
    left, right = population.pairs(slots)
    place, other = (np.searchsorted(slots, side).clip(max=len(slots) - 1) for side in (left, right))
    inside = (slots[place] == left) & (slots[other] == right) & (whose[place] == whose[other])
    packed, owner = pack(left, right)[inside], whose[place[inside]]
    evidence = weighed_pairs(population, model, packed)
    ranked = np.argsort(owner, kind="stable")
    stops = np.cumsum(np.bincount(owner, minlength=len(parts)))[:-1]
    for part, places in zip(parts, np.split(ranked, stops), strict=True):
        yield Held(part, packed[places], evidence.of(places))
