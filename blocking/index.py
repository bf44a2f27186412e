"""An index of key values that grows: who else has this value?

Values come as hashes (``blocking.hashed_keys``). What was there at first lies sorted; what came
later lies in a dictionary, until there is so much of it that all is sorted anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from blocking.features import Ints
from blocking.pairs import Entries, unique_sorted

Slots = npt.NDArray[np.int32]

#: Later entries are sorted in once there are so many, and an eighth of those sorted already.
_FEWEST_TO_SORT = 50_000


class KeyIndex:
    """The holders of every value of one key."""

    def __init__(self) -> None:
        self._values: Ints = np.zeros(0, np.int64)
        self._slots: Slots = np.zeros(0, np.int32)
        self._later: dict[int, list[int]] = {}
        self._later_count = 0

    def add(self, entries: Entries) -> None:
        """Takes in who has which value."""
        if len(entries.rows) + self._later_count > max(_FEWEST_TO_SORT, len(self._values) // 8):
            self._sort_in(entries)
            return
        for value, slot in zip(entries.keys.tolist(), entries.rows.tolist(), strict=True):
            self._later.setdefault(value, []).append(slot)
        self._later_count += len(entries.rows)

    def entries(self, values: Ints) -> Entries:
        """Who has any of some different values: slots and values."""
        return entries_of([(self, values)])

    def _sorted_places(self, values: Ints) -> tuple[Ints, Ints]:
        """Where the holders of each value lie, of what is sorted: the first, and how many."""
        first = self._values.searchsorted(values)
        return first, self._values.searchsorted(values, "right") - first

    def _held_later(self, values: Ints) -> Iterator[Entries]:
        """The holders of each value, of what came later."""
        for value in values.tolist() if self._later else ():
            if (held := self._later.get(value)) is not None:
                yield Entries(np.array(held, np.int64), np.full(len(held), value))

    def first_holders(self, values: Ints) -> Ints:
        """A slot that has each value, -1 where none has; for values that no two slots share."""
        found = np.full(len(values), -1, np.int64)
        if len(self._values):
            place = np.minimum(np.searchsorted(self._values, values), len(self._values) - 1)
            hit = self._values[place] == values
            found[hit] = self._slots[place[hit]]
        if self._later:
            for at in np.flatnonzero(found < 0).tolist():
                found[at] = self._later.get(int(values[at]), (-1,))[0]
        return found

    def crowded(self, values: Ints, most: int) -> Ints:
        """Those of the values that more than ``most`` entries have."""
        values = unique_sorted(values.copy())
        return values[self.counts(values) > most]

    def counts(self, values: Ints) -> Ints:
        """How many entries have each of the values."""
        counts = np.searchsorted(self._values, values, "right")
        counts -= np.searchsorted(self._values, values)
        if self._later:
            counts += np.array([len(self._later.get(v, ())) for v in values.tolist()], np.int64)
        return counts

    def _sort_in(self, entries: Entries) -> None:
        values, slots = [self._values, entries.keys], [self._slots, entries.rows.astype(np.int32)]
        for value, held in self._later.items():
            values.append(np.full(len(held), value))
            slots.append(np.array(held, np.int32))
        self._later, self._later_count = {}, 0
        stacked, holders = np.concatenate(values), np.concatenate(slots)
        ranked = np.argsort(stacked)
        self._values, self._slots = stacked[ranked], holders[ranked]


def entries_of(asked: Sequence[tuple[KeyIndex, Ints]]) -> Entries:
    """Who has any of some different values of several keys: slots and values."""
    lying = [index._sorted_places(values) for index, values in asked]
    counts = np.concatenate([_NOTHING, *(count for _, count in lying)])
    before = np.cumsum(counts) - counts
    first = np.concatenate([_NOTHING, *(start for start, _ in lying)])
    places = np.repeat(first - before, counts) + np.arange(int(counts.sum()))
    begin = 0
    slots: list[npt.NDArray[np.integer]] = [_NOTHING]
    for (index, _), (_, count) in zip(asked, lying, strict=True):
        end = begin + int(count.sum())
        slots.append(index._slots[places[begin:end]])
        begin = end
    values = np.repeat(np.concatenate([_NOTHING, *(values for _, values in asked)]), counts)
    later = [entries for index, values in asked for entries in index._held_later(values)]
    rows, keys = [entries.rows for entries in later], [entries.keys for entries in later]
    return Entries(np.concatenate([*slots, *rows], dtype=np.int64), np.concatenate([values, *keys]))


_NOTHING = np.zeros(0, np.int64)
