"""What changes in who is one person when some records come: only what they touch is looked at.

What is found is what ``matcher.store.resolving`` finds. Of components that are met and too large
to be weighed whole, evidence and parts are remembered (``matcher.store.remembering``), so that one
more record in them costs little.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from blocking.pairs import absent_from, pack, unique_sorted, unpack
from matcher.clustering import WHOLE_COMPONENT, Linkage, PairEvidence, cluster
from matcher.clustering import components as joined_by
from matcher.pipeline import Scale
from matcher.store.decided import Decided
from matcher.store.frozen import FrozenModel
from matcher.store.joining import Joined
from matcher.store.judging import Judged, Judging, judged
from matcher.store.population import Population, closed
from matcher.store.remembering import Held, Remembered
from matcher.store.resolving import all_within, pairs_within, resolve
from matcher.store.state import State

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Settled:
    """Whole components, and who is who in them.

    Attributes:
        slots: int64, ascending; of all records that hang on those asked for.
        judged: who is one person, by places in ``slots``.
        known: all pairs that were weighed, where some component is too large to be weighed whole.
        joined: components of which only the parts that are not as before are among the slots.
    """

    slots: Ints
    judged: Judged
    known: Held | None = None
    joined: Sequence[Joined] = ()

    @property
    def clusters(self) -> Ints:
        """int64 per slot, the place in ``slots`` of one record of its cluster."""
        return self.judged.clusters

    def numbers(self, records: Ints) -> Ints:
        """The component of each slot, by the smallest number of its records.

        Args:
            records: the record in each slot.
        """
        smallest = np.full(len(records), np.iinfo(np.int64).max)
        np.minimum.at(smallest, self.judged.components, records)
        numbers = smallest[self.judged.components]
        for each in self.joined:
            numbers[np.searchsorted(self.slots, each.inside.slots)] = each.number
        return numbers

    def remember(self, remembered: Remembered, model: FrozenModel, numbers: Ints) -> None:
        """Remembers large components under their numbers, one per slot."""
        for each in self.joined:
            remembered.keep_component(model, each.number, each.held)
        if self.known is None:
            return
        known, components = self.known, self.judged.components
        sizes = np.bincount(components, minlength=len(self.slots))
        for first in np.flatnonzero(sizes > WHOLE_COMPONENT).tolist():
            held = known.of(np.flatnonzero(components == first))
            remembered.keep_component(model, int(numbers[first]), held)


#: From this share of all records on nothing is remembered.
_NEARLY_ALL = 0.25
#: Of so few records also those that hang on them are made ready to be compared.
_FEW = 2_000


@dataclass(frozen=True)
class _Ready:
    """Records made ready to be compared.

    Attributes:
        slots: int64, ascending.
        scale: of their records.
    """

    slots: Ints
    scale: Scale

    @classmethod
    def of(cls, population: Population, model: FrozenModel, slots: Ints) -> _Ready:
        return cls(slots, model.scale(population.records(slots)))

    def has(self, slots: Ints) -> bool:
        """Whether all of some slots are among these."""
        if not len(self.slots):
            return not len(slots)
        place = np.minimum(np.searchsorted(self.slots, slots), len(self.slots) - 1)
        return bool((self.slots[place] == slots).all())

    def weigh(self, packed: Ints) -> PairEvidence:
        """The evidence of packed pairs of these."""
        left, right = (np.searchsorted(self.slots, side) for side in unpack(packed))
        return self.scale.weigh_pairs(left, right)


@dataclass(frozen=True)
class Settling:
    """Settles who is one person around some records.

    Attributes:
        state: the live records, and what was weighed before.
        model: the weights.
        decided: what people said.
        only_more: whether nothing else has happened since they were clustered last than that
            records came and met the others.
    """

    state: State
    model: FrozenModel
    decided: Decided
    only_more: bool

    @property
    def population(self) -> Population:
        """The live records."""
        return self.state.population

    def around(self, start: Ints, also: Ints | None = None) -> Settled:
        """Clusters the components that some slots of live records are in.

        Whatever is not among these hangs together as before.

        Args:
            start: the slots.
            also: components that may fall apart. Of their records but those of ``start`` the
                candidate pairs among each other are as they were.
        """
        start, also = closed([start]), closed([] if also is None else [also])
        if len(start) > _NEARLY_ALL * len(self.population):
            return self._afresh(start, also)
        ready, found = self._met(start)
        links = found.packed[self.decided.linking(found.evidence, found.packed, 0.0)]
        ends = absent_from(closed([*unpack(links)]), start)
        components = closed([self.population.components(ends), also])
        if len(components) and components[0] < 0:
            return self._afresh(start, also)
        together = _Together.of(self.population, start, components, links)
        if self.only_more and not len(also) and len(together.too_large):
            more = absent_from(together.newcomers(self.population), start)
            if 0 < len(more) <= WHOLE_COMPONENT:
                return self.around(closed([start, more]))
            joined = [] if len(more) else self._joined(together, found)
            if joined:
                known = self._near(together, joined, found)
                return self._clustered(ready, together, known, joined, start[:0])
        large = closed([together.too_large, also])
        known = self._whole(start, components, large, found)
        return self._clustered(ready, together, known, (), large)

    def _met(self, start: Ints) -> tuple[_Ready, Held]:
        """All candidate pairs of some slots, weighed."""
        packed = pack(*self.population.pairs(start))
        same = self.decided.same_around(start)
        if len(same):
            packed = unique_sorted(np.concatenate([packed, same]))
        near = closed([start, *unpack(packed)])
        if len(near) <= _FEW:
            near = closed([near, self.population.in_small_components(near)])
        ready = _Ready.of(self.population, self.model, near)
        return ready, Held(near, packed, ready.weigh(packed))

    def _joined(self, together: _Together, found: Held) -> list[Joined]:
        """The large components that some records join; none where that says too little.

        Args:
            together: the records, with the components that they link to.
            found: all candidate pairs of the records.
        """
        joined = []
        for number, slots in together.wholes():
            held = self._held(number)
            is_of_it = len(absent_from(slots, held.slots)) < len(slots)
            if is_of_it or number > self.state.records(slots).min():
                return []
            if len(self.decided.inside(closed([held.slots, slots]))):
                return []
            joined.append(Joined.of(number, held, slots, found))
        return joined

    def _near(self, together: _Together, joined: Sequence[Joined], found: Held) -> Held:
        """The known pairs of all records but those of parts of large components that are as before.

        Args:
            together: some records, with the components that they link to.
            joined: of these components the large ones.
            found: all candidate pairs of the records.
        """
        numbers = np.array([each.number for each in joined])
        others = self.population.in_components(absent_from(together.components, numbers))
        apart = absent_from(together.start, closed([each.held.slots for each in joined]))
        known = found.among(closed([apart, others]))
        slots = closed([known.slots, *(each.inside.slots for each in joined)])
        known = Held(slots, known.packed, known.evidence)
        for each in joined:
            known = known.with_pairs(each.inside.packed, each.inside.evidence)
        return known

    def _whole(self, start: Ints, components: Ints, large: Ints, found: Held) -> Held:
        """The known pairs of some records with all of the components that they link to.

        Args:
            start: the records.
            components: that they link to.
            large: those of them of which the candidate pairs are remembered.
            found: all candidate pairs of the records.
        """
        known = found.among(closed([start, self.population.in_components(components)]))
        self.state.remembered.look_up(self.population, self.model, large)
        for component in large.tolist():
            held = self._held(component)
            held = held.of(np.flatnonzero(~np.isin(held.slots, start)))
            known = known.with_pairs(held.packed, held.evidence)
        return known

    def _clustered(
        self,
        ready: _Ready,
        together: _Together,
        known: Held,
        joined: Sequence[Joined],
        large: Ints,
    ) -> Settled:
        """Who is who.

        Args:
            ready: some of the records.
            together: records with the components that they link to.
            known: all records, and the pairs that are known.
            joined: of components of which only a part is among these.
            large: the other components that are too large to be weighed whole.
        """
        slots = known.slots
        others = together.pairs(
            self.population, closed([large, np.array([each.number for each in joined], np.int64)])
        )
        others = absent_from(closed([others, self.decided.inside(slots)]), known.packed)
        asked = closed([*unpack(others)])
        ready = ready if ready.has(asked) else _Ready.of(self.population, self.model, asked)
        known = known.with_pairs(others, ready.weigh(others))
        found_by = cluster
        if joined or len(large):
            remembered, different = self.state.remembered, self.decided.different
            found_by = partial(_remembering, remembered, self.model, slots, different)
        judge = _LateJudge(slots, self.decided, self.population, self.model, ready)
        order = self.population.order(slots)
        return Settled(
            slots,
            judged(judge, known.known, order, 0.0, found_by),
            known if len(large) else None,
            joined,
        )

    def _afresh(self, start: Ints, also: Ints) -> Settled:
        """The same, by nothing that is remembered."""
        start = closed([start, self.population.in_components(also)])
        found = resolve(self.population, self.model, self.decided, start)
        return Settled(found.slots, found.judged)

    def look_at_large(self) -> None:
        """Looks at large components before anything happens in them, as far as memory goes."""
        remembered, large = self.state.remembered, self.population.components_above(WHOLE_COMPONENT)
        remembered.look_up(self.population, self.model, large)
        for component in large.tolist():
            if not remembered.holds(self.model, component):
                break
            self._held(component)

    def _held(self, component: int) -> Held:
        """A component with its candidate pairs; what is known of its parts is remembered."""
        remembered, population = self.state.remembered, self.population
        held = remembered.component(population, self.model, component)
        if not self.only_more or remembered.has_parts(self.model, component):
            return held
        if not len(self.decided.inside(held.slots)):
            order, persons = population.order(held.slots), self.state.persons_of(held.slots)
            remembered.keep_parts(self.model, component, order, persons)
        return held


@dataclass(frozen=True)
class _Together:
    """Records with the components that they link to.

    Attributes:
        start: slots, ascending.
        components: that they link to, ascending.
        labels: int64, first per record, then per component: equal where they hang together.
        too_large: those of the components that will be in one too large to be weighed whole.
    """

    start: Ints
    components: Ints
    labels: Ints
    too_large: Ints

    @classmethod
    def of(cls, population: Population, start: Ints, components: Ints, links: Ints) -> _Together:
        """Joins them.

        Args:
            population: the live records.
            start: slots, ascending.
            components: that they link to, ascending.
            links: packed pairs of slots.
        """
        held = absent_from(population.in_components(components), start)
        sizes = np.ones(len(start) + len(components), np.int64)
        sizes[len(start) :] = np.bincount(
            np.searchsorted(components, population.components(held)), minlength=len(components)
        )
        sides = []
        for side in unpack(links):
            place = np.minimum(np.searchsorted(start, side), len(start) - 1)
            numbers = np.searchsorted(components, population.components(side))
            sides.append(np.where(start[place] == side, place, len(start) + numbers))
        labels = joined_by(len(sizes), *sides)
        together = np.bincount(labels, weights=sizes, minlength=len(sizes))[labels]
        large = components[together[len(start) :] > WHOLE_COMPONENT]
        return cls(start, components, labels, large)

    def wholes(self) -> Iterator[tuple[int, Ints]]:
        """Each component that is too large with records, and the records that hang on it."""
        apart = self.labels[: len(self.start)]
        for number, label in zip(
            self.too_large.tolist(), self._labels_of(self.too_large).tolist(), strict=True
        ):
            yield number, self.start[apart == label]

    def newcomers(self, population: Population) -> Ints:
        """The slots of all components that will be in a large one that bears another's number."""
        _, first = np.unique(self._labels_of(self.too_large), return_index=True)
        return population.in_components(absent_from(self.too_large, self.too_large[np.sort(first)]))

    def _labels_of(self, components: Ints) -> Ints:
        return self.labels[len(self.start) + np.searchsorted(self.components, components)]

    def pairs(self, population: Population, large: Ints) -> Ints:
        """The packed pairs within what is not large, which will be weighed, candidates or not.

        Args:
            population: the live records.
            large: components, ascending.
        """
        mates = population.in_components(absent_from(self.components, large))
        mates = absent_from(mates, self.start)
        if len(self.start) > _FEW:  # the others are weighed when they are asked for
            return all_within(population, mates)
        apart, components = self.labels[: len(self.start)], self.labels[len(self.start) :]
        of_large = self._labels_of(large)
        sizes = np.bincount(apart, minlength=len(self.labels))
        small = ~np.isin(apart, of_large) & (sizes[apart] <= WHOLE_COMPONENT)
        numbers = np.searchsorted(self.components, population.components(mates))
        return pairs_within(
            np.concatenate([self.start[small], mates]),
            np.concatenate([apart[small], components[numbers]]),
        )


def _remembering(
    remembered: Remembered, model: FrozenModel, slots: Ints, different: Ints, linkage: Linkage
) -> Ints:
    return remembered.cluster(model, linkage, slots, different)


@dataclass(frozen=True)
class _LateJudge(Judging):
    """Weighs pairs of records that are made ready when they are asked for.

    Attributes:
        slots: int64, ascending.
        decided: what people said.
        population: the live records.
        model: the weights.
        ready: some of the records.
    """

    slots: Ints
    decided: Decided
    population: Population
    model: FrozenModel
    ready: _Ready

    def weigh_pairs(self, left: Ints, right: Ints) -> PairEvidence:
        packed = self.packed(left, right)
        slots = closed([*unpack(packed)])
        ready = self.ready
        if not ready.has(slots):
            ready = _Ready.of(self.population, self.model, slots)
        return ready.weigh(packed)
