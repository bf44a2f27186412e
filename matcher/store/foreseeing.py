"""What lookups will ask for: the pairs within components, and parts of components, that are many.

Weighed at once they cost a fraction of what they do one component after the other, and the first
who asks need not wait for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from matcher.clustering import WHOLE_COMPONENT
from matcher.store.frozen import FrozenModel
from matcher.store.population import Population, closed
from matcher.store.remembering import MOST_PAIRS, WORTH_REMEMBERING, Remembered

Ints = npt.NDArray[np.int64]

#: Pairs are weighed in portions of about so many, which bounds memory.
_PAIRS_TOGETHER = 500_000


def weigh_within(population: Population, model: FrozenModel, remembered: Remembered) -> None:
    """Remembers the evidence of all pairs within each of them, as far as memory goes.

    Args:
        population: the live records.
        model: the weights.
        remembered: where; the largest components should be there already.
    """
    groups = _small(population) + _parts_of_large(population, model, remembered)
    groups = [each for each in groups if remembered.within(model, each) is None]
    ends = np.cumsum([_pairs_in(each) for each in groups])
    groups = groups[: int(np.searchsorted(ends, MOST_PAIRS))]
    portions = ends[: len(groups)] // _PAIRS_TOGETHER
    for portion in np.unique(portions).tolist():
        here = [groups[at] for at in np.flatnonzero(portions == portion)]
        _weigh(population, model, remembered, here)


def _pairs_in(slots: Ints) -> int:
    return len(slots) * (len(slots) - 1) // 2


def _small(population: Population) -> list[Ints]:
    """The slots of each component that is weighed whole."""
    numbers = population.components_above(WORTH_REMEMBERING)
    slots = population.in_components(numbers)
    return list(_split(slots, population.components(slots)))


def _parts_of_large(
    population: Population, model: FrozenModel, remembered: Remembered
) -> list[Ints]:
    """The slots of each part of the others."""
    found: list[Ints] = []
    for number in population.components_above(WHOLE_COMPONENT).tolist():
        if remembered.holds(model, number):
            held = remembered.component(population, model, number)
            found += _split(held.slots, held.layers.parts)
    return found


def _split(slots: Ints, labels: Ints) -> Iterator[Ints]:
    """Slots by label, in ascending order; without those that are too few or too many."""
    ranked = np.argsort(labels, kind="stable")
    fresh = np.flatnonzero(np.diff(labels[ranked])) + 1
    for members in np.split(slots[ranked], fresh):
        if WORTH_REMEMBERING < len(members) < WHOLE_COMPONENT:
            yield members


def _weigh(
    population: Population, model: FrozenModel, remembered: Remembered, groups: Sequence[Ints]
) -> None:
    slots = closed(groups)
    scale = model.scale(population.records(slots))
    sides = [
        np.searchsorted(slots, each)[np.stack(np.triu_indices(len(each), 1))] for each in groups
    ]
    evidence = scale.weigh_pairs(*np.concatenate(sides, axis=1))
    start = 0
    for each in groups:
        stop = start + _pairs_in(each)
        # A copy, as what is remembered must not keep the whole portion.
        remembered.keep_within(model, each, evidence.of(np.arange(start, stop)))
        start = stop
