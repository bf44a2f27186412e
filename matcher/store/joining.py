"""Records that join a component too large to be weighed whole: which of its parts they change.

The parts of such a component (``matcher.clustering.parts``) are clustered one by one, so those that
are as before need not be looked at, and the component can be kept up instead of being read anew.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matcher.store.population import closed
from matcher.store.remembering import Held

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Joined:
    """A component that records have joined.

    Attributes:
        number: of the component.
        held: all of it, with those who joined.
        inside: of its parts that are not as before, the records and the pairs within each part.
    """

    number: int
    held: Held
    inside: Held

    @classmethod
    def of(cls, number: int, before: Held, slots: Ints, pairs: Held) -> Joined:
        """What becomes of a component.

        Args:
            number: of the component.
            before: all of it, before they joined.
            slots: int64, ascending; who joins, each linked to it or to another who joins.
            pairs: all candidate pairs that those are in.
        """
        mine = pairs.among(closed([before.slots, slots]))
        held = before.with_more(slots, mine.packed, mine.evidence)
        chosen = _changed(before, held)
        parts, (left, right) = held.layers.parts, held.sides
        kept = np.flatnonzero(chosen[left])  # few of many
        kept = kept[parts[left[kept]] == parts[right[kept]]]
        inside = Held(held.slots[chosen], held.packed[kept], held.evidence.of(kept))
        return cls(number, held, inside)


def _changed(before: Held, after: Held) -> npt.NDArray[np.bool_]:
    """Which records of a component with more records than before are in a part that has changed."""
    places = np.searchsorted(after.slots, before.slots)
    was = np.full(len(after.slots), -1)
    was[places] = places[before.layers.parts]
    sizes = np.bincount(was[places], minlength=len(was))
    now = after.layers.parts
    other = (was < 0) | (was != was[now])
    changed = np.bincount(now[other], minlength=len(was)) > 0
    changed |= np.bincount(now, minlength=len(was)) != sizes[was]
    chosen: npt.NDArray[np.bool_] = changed[now]
    return chosen
