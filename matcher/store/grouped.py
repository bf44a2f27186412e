"""A number for each element, and the elements of a number: both are looked up at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from blocking.index import KeyIndex
from blocking.pairs import Entries, unique_sorted
from matcher.store.growing import Growing

Ints = npt.NDArray[np.int64]

#: The number of an element that is in no group.
NO_GROUP = -1


class Grouped:
    """Elements, counted from 0, in groups that change: components of slots, persons of records."""

    def __init__(self) -> None:
        self._group = Growing(np.int64)
        # Who was ever put into which group; an element that has left it is passed over.
        self._index = KeyIndex()

    def __len__(self) -> int:
        return len(self._group)

    def extend(self, count: int) -> None:
        """Takes in further elements, which are in no group yet."""
        self._group.extend(np.full(count, NO_GROUP))

    def of(self, elements: Ints) -> Ints:
        """The group of each element, ``NO_GROUP`` for none."""
        return self._group.values[elements]

    def put(self, elements: Ints, groups: Ints) -> None:
        """Puts elements, each once, into groups."""
        moved = self.of(elements) != groups
        elements, groups = elements[moved], groups[moved]
        self._group.values[elements] = groups
        if len(elements) > len(self) // 2:
            self._index = KeyIndex()
            elements = np.arange(len(self))
            groups = self._group.values
        here = groups >= 0
        self._index.add(Entries(elements[here], groups[here]))

    def small(self, groups: Ints, most: int) -> Ints:
        """Those of the groups that never had more than so many elements, each once."""
        wanted = unique_sorted(groups[groups >= 0])
        return wanted[self._index.counts(wanted) <= most]

    def large(self, most: int) -> Ints:
        """The groups of more than so many elements, the largest first."""
        groups = self._group.values
        sizes = np.bincount(groups[groups >= 0])
        found = np.flatnonzero(sizes > most)
        return found[np.argsort(-sizes[found], kind="stable")]

    def members(self, groups: Ints) -> Ints:
        """The elements of some groups, in ascending order."""
        wanted = unique_sorted(groups[groups >= 0])
        held = self._index.entries(wanted)
        return unique_sorted(held.rows[self.of(held.rows) == held.keys])
