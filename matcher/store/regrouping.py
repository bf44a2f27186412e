"""After something happened to records: who is one person now, and what that changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matcher.store.frozen import FrozenModel
from matcher.store.identities import NOBODY, Renaming, rename
from matcher.store.population import closed
from matcher.store.resolving import Resolution, resolve
from matcher.store.state import State

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Regrouped:
    """What became of the persons of some records.

    Attributes:
        records: int64, all records looked at.
        before: int64 per record, its person until now; ``NOBODY`` for none.
        renaming: what became of them.
    """

    records: Ints
    before: Ints
    renaming: Renaming

    @property
    def moved(self) -> Ints:
        """The places of records that belong to another person now."""
        return np.flatnonzero(self.before != self.renaming.person)


def regroup(
    state: State,
    model: FrozenModel,
    arrived: Ints,
    gone: Ints,
    touched: Ints,
    next_person: Callable[[], int],
    before: Ints | None = None,
) -> Regrouped:
    """Groups anew all records that hang on those that something happened to.

    Args:
        state: with the records already in or out.
        model: the weights.
        arrived: slots that became live.
        gone: slots that ceased to be.
        touched: records of which something else changed, such as a decision.
        next_person: the number of the next new person.
        before: by record number, the person whose id each should keep; by default its person now.
    """
    persons = state.persons if before is None else before.__getitem__
    changed = closed([state.records(arrived), state.records(gone), touched])
    start = closed([arrived, state.population.disturbed(arrived, gone)])
    found = _whole_persons(state, model, closed([start, state.slots(changed)]), changed, persons)
    records = state.records(found.slots)
    retired = closed([changed, state.members(state.persons(closed([changed, records])))])
    retired = retired[~np.isin(retired, records)]
    groups = np.concatenate([found.clusters, np.full(len(retired), NOBODY)])
    records = np.concatenate([records, retired])
    order = np.argsort(records)
    renaming = rename(persons(records[order]), groups[order], next_person())
    return Regrouped(records[order], state.persons(records[order]), renaming)


def _whole_persons(
    state: State,
    model: FrozenModel,
    start: Ints,
    changed: Ints,
    persons: Callable[[Ints], Ints],
) -> Resolution:
    """Resolves with all live records of every person that is met."""
    met = changed
    while True:
        mates = closed([state.members(state.persons(met)), state.members(persons(met))])
        wider = closed([start, state.slots(mates)])
        found = resolve(state.population, model, state.decided(), wider)
        records = state.records(found.slots)
        if np.isin(state.slots(state.members(state.persons(records))), found.slots).all():
            return found
        start, met = found.slots, records
