"""Each visitor in a world of its own: with the records that hang together with it, and no other.

A world is clustered by the same function as a component in a batch, so the answer is the one that
taking the record in would give. Many worlds are clustered at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from blocking.pairs import absent_from, pack, unpack
from matcher.clustering import WHOLE_COMPONENT, PairEvidence
from matcher.store.decided import Decided
from matcher.store.frozen import FrozenModel
from matcher.store.judging import Judge, Known, judged
from matcher.store.layers import part_of_another
from matcher.store.population import Population, closed
from matcher.store.remembering import WORTH_REMEMBERING, Held, Remembered, weighed_pairs
from matcher.store.visiting import Gathering, Near, Visitors

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class World:
    """A visitor and the records around it. Its places: the records first, then the visitor.

    Attributes:
        visitor: its row.
        slots: int64, ascending; of the records.
        known: pairs of places, where only some are to be weighed; ``None`` for all of them.
    """

    visitor: int
    slots: Ints
    known: Known | None = None


@dataclass(frozen=True)
class Surroundings:
    """What worlds are made of.

    Attributes:
        population: the live records.
        model: the weights.
        decided: what people said.
        remembered: evidence that was weighed before.
        visitors: the records from outside.
    """

    population: Population
    model: FrozenModel
    decided: Decided
    remembered: Remembered
    visitors: Visitors

    def clusters(self, near: Near, gathering: Gathering) -> dict[int, Ints]:
        """The slots of the cluster that each visitor would be in; none that would be alone.

        Args:
            near: the visitors with the records that they share something with.
            gathering: of these records at least.
        """
        worlds = [world for world in self._worlds(near) if len(world.slots)]
        whole = [world for world in worlds if world.known is None]
        found = dict(self._settled(whole, gathering))
        for world in worlds:
            if world.known is not None:
                found.update(self._settled([world], gathering))
        return found

    def _worlds(self, near: Near) -> Iterator[World]:
        """The world of each visitor that links to a record."""
        links = np.flatnonzero(near.links)
        if not len(links):
            return
        rows, components = near.rows[links], self.population.components(near.slots[links])
        mates = self.population.in_components(components)
        belongs = self.population.components(mates)
        ranked = np.argsort(belongs, kind="stable")
        mates, belongs = mates[ranked], belongs[ranked]
        packed = closed([(rows << np.int64(32)) | components])
        starts = np.searchsorted(belongs, packed & _LOW)
        stops = np.searchsorted(belongs, packed & _LOW, "right")
        visitors, first = np.unique(packed >> np.int64(32), return_index=True)
        for visitor, begin, end in zip(
            visitors.tolist(), first.tolist(), [*first[1:].tolist(), len(packed)], strict=True
        ):
            groups = [mates[starts[at] : stops[at]] for at in range(begin, end)]
            if sum(map(len, groups)) < WHOLE_COMPONENT:
                yield World(visitor, closed(groups) if len(groups) > 1 else groups[0])
            else:
                here = near.rows == visitor
                numbers = (packed[begin:end] & _LOW).tolist()
                yield self._of_large(near.slots[here], near.found.of(here), visitor, numbers)

    def _of_large(
        self, slots: Ints, evidence: PairEvidence, visitor: int, components: Sequence[int]
    ) -> World:
        """The part of too large a component that a visitor is in.

        Args:
            slots: that the visitor was compared with.
            evidence: of these pairs.
            visitor: its row.
            components: that it links to.
        """
        held = [
            self.remembered.component(self.population, self.model, number) for number in components
        ]
        if len(self.decided.same) or len(self.decided.different):
            decided = self.decided.inside(closed([each.slots for each in held]))
            if len(decided):  # who was called the same joins across parts
                return World(visitor, *self._decided_on(held, decided, slots, evidence))
        linked = (evidence.log_odds > 0.0) & ~evidence.veto
        links = [each.links(slots[linked], evidence.log_odds[linked]) for each in held]
        inside = part_of_another([each.layers for each in held], links)
        chosen = closed([each.slots[at] for each, at in zip(held, inside, strict=True)])
        if len(chosen) < WHOLE_COMPONENT:
            return World(visitor, chosen)
        kept = [each.of(at) for each, at in zip(held, inside, strict=True)]
        return World(visitor, chosen, _joined(chosen, kept, slots, evidence))

    def _decided_on(
        self, held: Sequence[Held], decided: Ints, met: Ints, evidence: PairEvidence
    ) -> tuple[Ints, Known]:
        """All slots of some components, and the candidate pairs with those decided on."""
        others = absent_from(decided, closed([each.packed for each in held]))
        found = weighed_pairs(self.population, self.model, others)
        slots = closed([each.slots for each in held])
        everybody = [*held, Held(slots, others, found)]
        return slots, _joined(slots, everybody, met, evidence)

    def _settled(self, worlds: Sequence[World], gathering: Gathering) -> Iterator[tuple[int, Ints]]:
        """The visitors of some worlds, and the slots that are in a cluster with each."""
        if not worlds:
            return
        slots = closed([world.slots for world in worlds])
        places = gathering.places(slots)
        if places[-1] == len(gathering.slots) or (gathering.slots[places] != slots).any():
            gathering = Gathering.of(self.population, self.model, slots, self.visitors.records)
        stacked = _Stacked.of(worlds, gathering)
        visitors = np.array([world.visitor for world in worlds])
        everyone = self._slots(stacked, worlds)
        judge = Judge(everyone, gathering.scale, self.decided, stacked.places)
        known = worlds[0].known or self._all_pairs(stacked, worlds, judge)
        clusters = judged(judge, known, self._order(stacked, everyone), 0.0).clusters
        for visitor, start, stop in zip(
            visitors.tolist(), stacked.starts.tolist(), stacked.stops.tolist(), strict=True
        ):
            mates = clusters[start:stop] == clusters[stop]
            yield visitor, everyone[start:stop][mates]

    def _slots(self, stacked: _Stacked, worlds: Sequence[World]) -> Ints:
        """The slot of each place; visitors have such as no record has."""
        slots = np.empty(len(stacked.places), np.int64)
        for world, start, stop in zip(worlds, stacked.starts, stacked.stops, strict=True):
            slots[start:stop] = world.slots
            slots[stop] = len(self.population) + world.visitor
        return slots

    def _order(self, stacked: _Stacked, slots: Ints) -> Ints:
        """The content order of all places."""
        said, ties = np.empty(len(slots), np.uint64), np.empty(len(slots), np.uint64)
        visitors = slots - len(self.population)
        here = visitors < 0
        said[here], ties[here] = (
            self.population.said(slots[here]),
            self.population.ties(slots[here]),
        )
        said[~here] = self.visitors.said[visitors[~here]]
        ties[~here] = self.visitors.ties[visitors[~here]]
        ranked = np.lexsort((ties, said))
        order = np.empty(len(slots), np.int64)
        order[ranked] = np.arange(len(slots))
        return order

    def _all_pairs(self, stacked: _Stacked, worlds: Sequence[World], judge: Judge) -> Known:
        """Every pair inside each world, weighed unless that was done before."""
        sides = [_pairs_of(len(world.slots) + 1) for world in worlds]
        sizes = np.array([len(left) for left, _ in sides])
        shift = np.repeat(stacked.starts, sizes)
        left = np.concatenate([side for side, _ in sides]) + shift
        right = np.concatenate([side for _, side in sides]) + shift
        ends = np.cumsum(sizes)
        groups = [
            _Group(world.slots, at[right[at] != stop])
            for world, stop, at in zip(
                worlds, stacked.stops, np.split(np.arange(len(left)), ends[:-1]), strict=True
            )
            if len(world.slots) > WORTH_REMEMBERING
        ]
        return Known(left, right, self._weighed(judge, left, right, groups))

    def _weighed(
        self, judge: Judge, left: Ints, right: Ints, groups: Sequence[_Group]
    ) -> PairEvidence:
        """The evidence of pairs, those of a group as they are remembered."""
        weigh = np.ones(len(left), np.bool_)
        fresh: dict[bytes, _Group] = {}
        before: list[tuple[_Group, PairEvidence]] = []
        again: list[tuple[_Group, _Group]] = []
        for group in groups:
            known = self.remembered.within(self.model, group.slots)
            first = fresh.setdefault(group.slots.tobytes(), group) if known is None else None
            if known is not None:
                before.append((group, known))
            elif first is not None and first is not group:
                again.append((group, first))
            weigh[group.pairs] = first is group
        found = PairEvidence(*np.empty((2, len(left))), *np.empty((2, len(left)), np.bool_))
        _put(found, np.flatnonzero(weigh), judge.weigh_pairs(left[weigh], right[weigh]))
        for group, evidence in before:
            _put(found, group.pairs, evidence)
        for group, first in again:
            _put(found, group.pairs, _at(found, first.pairs))
        for group in fresh.values():
            self.remembered.keep_within(self.model, group.slots, _at(found, group.pairs))
        return found


class _Group(NamedTuple):
    """Records of a world that are many, and where the pairs of them are among others."""

    slots: Ints
    pairs: Ints


def _at(found: PairEvidence, places: Ints) -> PairEvidence:
    chosen = np.zeros(len(found.veto), np.bool_)
    chosen[places] = True
    return found.of(chosen)


def _put(found: PairEvidence, at: Ints, evidence: PairEvidence) -> None:
    for column, values in zip(found, evidence, strict=True):
        column[at] = values


@dataclass(frozen=True)
class _Stacked:
    """Worlds side by side.

    Attributes:
        places: int64, of each record of each world in the gathering; the visitor last.
        starts: int64, where each world begins.
        stops: int64, where its visitor is.
    """

    places: Ints
    starts: Ints
    stops: Ints

    @classmethod
    def of(cls, worlds: Sequence[World], gathering: Gathering) -> _Stacked:
        sizes = np.array([len(world.slots) + 1 for world in worlds])
        ends = np.cumsum(sizes)
        places = np.empty(int(ends[-1]), np.int64)
        visitors = np.zeros(len(places), np.bool_)
        visitors[ends - 1] = True
        places[~visitors] = gathering.places(np.concatenate([world.slots for world in worlds]))
        places[visitors] = gathering.visitors(np.array([world.visitor for world in worlds]))
        return cls(places, ends - sizes, ends - 1)


_LOW = np.int64((1 << 32) - 1)


def _joined(slots: Ints, held: Sequence[Held], met: Ints, evidence: PairEvidence) -> Known:
    """The candidate pairs of some records, and those with a visitor, by places."""
    count = len(slots)
    place = np.minimum(np.searchsorted(slots, met), count - 1)
    inside = slots[place] == met
    packed = np.concatenate([each.packed for each in held])
    left, right = (np.searchsorted(slots, side) for side in unpack(packed))
    left = np.concatenate([left, place[inside]])
    right = np.concatenate([right, np.full(int(inside.sum()), count)])
    ranked = np.argsort(pack(left, right))
    found = [*(each.evidence for each in held), evidence.of(inside)]
    columns = (np.concatenate(column)[ranked] for column in zip(*found, strict=True))
    return Known(left[ranked], right[ranked], PairEvidence(*columns))


@lru_cache(maxsize=512)
def _pairs_of(count: int) -> tuple[Ints, Ints]:
    left, right = np.triu_indices(count, 1)
    return left, right
