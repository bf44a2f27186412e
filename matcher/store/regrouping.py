"""After something happened to records: who is one person now, and what that changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from matcher.store.frozen import FrozenModel
from matcher.store.identities import NOBODY, Renaming, rename
from matcher.store.population import closed
from matcher.store.settling import Settled, Settling
from matcher.store.state import State

Ints = npt.NDArray[np.int64]


def _nothing() -> Ints:
    return np.zeros(0, np.int64)


@dataclass(frozen=True)
class Regrouped:
    """What became of the persons of some records.

    Attributes:
        records: int64, all records looked at.
        before: int64 per record, its person until now; ``NOBODY`` for none.
        renaming: what became of them.
        slots: int64, of all live records looked at.
        components: int64 per slot, equal where records hang together by links.
        happened: to which records, and what.
    """

    records: Ints
    before: Ints
    renaming: Renaming
    slots: Ints
    components: Ints
    happened: Happened

    @property
    def moved(self) -> Ints:
        """The places of records that belong to another person now."""
        return np.flatnonzero(self.before != self.renaming.person)


@dataclass(frozen=True)
class Happened:
    """What happened to records.

    Attributes:
        arrived: slots that became live.
        gone: slots that ceased to be.
        touched: records of which something else changed, such as a decision.
        restore: by record number, the person whose id each record had and should have again;
            ``None`` where ids go by what they are now.
    """

    arrived: Ints = field(default_factory=_nothing)
    gone: Ints = field(default_factory=_nothing)
    touched: Ints = field(default_factory=_nothing)
    restore: Ints | None = None


def regroup(state: State, model: FrozenModel, happened: Happened, next_person: int) -> Regrouped:
    """Groups anew all records that hang on those that something happened to.

    Args:
        state: with the records already in or out.
        model: the weights.
        happened: to which records.
        next_person: the number of the next new person.
    """
    persons = state.persons if happened.restore is None else happened.restore.__getitem__
    changed = closed(
        [state.records(happened.arrived), state.records(happened.gone), happened.touched]
    )
    tied = state.decided_with(changed)
    changed = closed([changed, tied])
    population = state.population
    disturbed = population.disturbed(happened.arrived, happened.gone)
    unsettled = closed([disturbed, happened.gone, state.slots(changed)])
    start = closed(
        [
            *(happened.arrived, unsettled[population.is_live(unsettled)]),
            population.in_small_components(unsettled),
        ]
    )
    only_more = not any(map(len, (happened.gone, happened.touched, tied, disturbed)))
    settling = Settling(state, model, state.decided(), only_more)
    also = population.large_components(unsettled)
    found = _whole_persons(state, settling, (start, also), (changed, persons))
    records = state.records(found.slots)
    retired = closed([changed, state.members(state.persons(closed([changed, records])))])
    retired = retired[state.is_retired(retired)]
    groups = np.concatenate([found.clusters, np.full(len(retired), NOBODY)])
    records = np.concatenate([records, retired])
    order = np.argsort(records)
    records, groups = records[order], groups[order]
    before = state.persons(records)
    renaming = rename(before, groups, next_person, persons(records))
    components = found.numbers(state.records(found.slots))
    state.remembered.forget(closed([population.components(found.slots), components]))
    found.remember(state.remembered, model, components)
    return Regrouped(records, before, renaming, found.slots, components, happened)


def look_at_large(state: State, model: FrozenModel) -> None:
    """Looks at large components now, so that records that join them later need not wait for it."""
    Settling(state, model, state.decided(), only_more=True).look_at_large()


def _whole_persons(
    state: State,
    settling: Settling,
    begin: tuple[Ints, Ints],
    changed: tuple[Ints, Callable[[Ints], Ints]],
) -> Settled:
    """Resolves with all live records of every person that is met.

    Args:
        state: the records.
        settling: finds who is one person.
        begin: slots to begin with, and large components that may fall apart.
        changed: records that something happened to, and who they belong or belonged to.
    """
    (start, also), (met, persons) = begin, changed
    while True:
        mates = closed([state.members(state.persons(met)), state.members(persons(met))])
        found = settling.around(closed([start, state.slots(mates)]), also)
        records = state.records(found.slots)
        together = state.slots(state.members(state.persons(records)))
        if len(closed([together, found.slots])) == len(found.slots):
            return found
        start, met = found.slots, records
