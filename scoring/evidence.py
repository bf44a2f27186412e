"""What the comparisons found for pairs: the combination of levels of each, and what both share.

Millions of pairs show a few thousand combinations of levels, so each is kept once, and what follows
from levels alone is worked out once per combination.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from scoring.columns import NOTHING_SHARED, Codes, LevelNumbers, Shared

Ints = npt.NDArray[np.int64]

#: Keys of combinations must stay below it to fit into an int64.
_LARGEST_KEY = 2.0**62


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the comparisons found for pairs.

    Attributes:
        combinations: int8, the different combinations of levels, one row each, one column per
            comparison; 0 where a side is missing.
        which: int32 per pair, its row in ``combinations``.
        shared: per comparison, the pairs that share a value whose rarity counts, in their order.
    """

    combinations: npt.NDArray[np.int8]
    which: Codes
    shared: tuple[Shared, ...]

    def __len__(self) -> int:
        return len(self.which)

    @classmethod
    def of(cls, levels: npt.NDArray[np.int8], shared: Sequence[Shared] = ()) -> Evidence:
        """The evidence of pairs whose levels are the rows of ``levels``."""
        combinations, which = distinct_rows(list(levels.T))
        return cls(combinations.astype(np.int8), which, tuple(shared))

    @classmethod
    def joined(cls, parts: list[Evidence]) -> Evidence:
        """The pairs of all parts, of which there is one at least, one after the other.

        The list is empty then: millions of pairs have no room beside their parts.
        """
        if len(parts) == 1:
            return parts.pop()
        sizes = [len(part.combinations) for part in parts]
        combinations, place = distinct_rows(
            list(np.concatenate([part.combinations for part in parts]).T)
        )
        starts = np.cumsum([0, *(len(part) for part in parts)])
        firsts = np.cumsum([0, *sizes])
        which = np.empty(starts[-1], np.int32)
        for part, start, stop, first in zip(parts, starts, starts[1:], firsts, strict=False):
            which[start:stop] = place[first:][part.which]
        columns = [list(column) for column in zip(*(part.shared for part in parts), strict=True)]
        parts.clear()
        shared = tuple(_shared(column, starts) for column in columns)
        return cls(combinations.astype(np.int8), which, shared)

    @property
    def levels(self) -> npt.NDArray[np.int8]:
        """int8, one row per pair, one column per comparison."""
        return self.combinations[self.which]

    def levels_of(self, place: int) -> LevelNumbers:
        """The level of each pair in one comparison, by its place in the model."""
        found: LevelNumbers = self.combinations[:, place][self.which]
        return found

    def slices(self, size: int) -> list[slice]:
        """The places of all pairs, in slices of at most so many."""
        ends = range(size, len(self) + size, size)
        return [slice(end - size, min(end, len(self))) for end in ends]

    def part(self, place: slice) -> Evidence:
        """Some pairs that follow each other, given as one of the slices."""
        shared = []
        for rows, codes in self.shared:
            # In the type of the rows: of another, all of them would be converted each time.
            first, last = rows.searchsorted(np.array([place.start, place.stop], rows.dtype))
            shared.append(
                Shared(rows[first:last] - rows.dtype.type(place.start), codes[first:last])
            )
        return Evidence(self.combinations, self.which[place], tuple(shared))

    def chosen(self, places: Ints) -> Evidence:
        """The pairs of the given places, in that order."""
        shared = []
        for rows, codes in self.shared:
            at = rows.searchsorted(places.astype(rows.dtype, copy=False))
            held = at < len(rows)
            held[held] = rows[at[held]] == places[held]
            shared.append(Shared(np.flatnonzero(held).astype(np.int32), codes[at[held]]))
        return Evidence(self.combinations, self.which[places], tuple(shared))

    def without(self, place: int) -> Evidence:
        """The same pairs as if one comparison had never been made."""
        combinations = self.combinations.copy()
        combinations[:, place] = 0
        shared = (*self.shared[:place], NOTHING_SHARED, *self.shared[place + 1 :])
        return Evidence(combinations, self.which, shared)


def distinct_rows(columns: Sequence[npt.NDArray[np.integer]]) -> tuple[Ints, Codes]:
    """The distinct rows of a table of counts, in ascending order, and which one each row is.

    Args:
        columns: of one length, no count negative.

    Returns:
        int64, one row each; and int32 per row of the table.
    """
    spans = [int(values.max(initial=0)) + 1 for values in columns]
    if np.prod([float(span) for span in spans]) >= _LARGEST_KEY:
        table = np.stack([values.astype(np.int64) for values in columns], axis=1)
        rows, which = np.unique(table, axis=0, return_inverse=True)
        return rows, which.reshape(-1).astype(np.int32)
    keys = np.zeros(len(columns[0]), np.int64)
    for values, span in zip(columns, spans, strict=True):
        keys *= span
        keys += values
    encoded = pa.array(keys).dictionary_encode()
    found = encoded.dictionary.to_numpy()
    ranked = np.argsort(found)
    place = np.empty(len(found), np.int32)
    place[ranked] = np.arange(len(found), dtype=np.int32)
    rest, rows = found[ranked], np.empty((len(found), len(spans)), np.int64)
    for column in range(len(spans) - 1, -1, -1):
        rest, rows[:, column] = np.divmod(rest, spans[column])
    return rows, place[encoded.indices.to_numpy()]


def _shared(parts: list[Shared], starts: Ints) -> Shared:
    """What the parts share, the pairs numbered through; the list is empty then."""
    ends = np.cumsum([0, *(len(part.rows) for part in parts)])
    whole = Shared(np.empty(ends[-1], np.int32), np.empty(ends[-1], np.int32))
    for place in reversed(range(len(parts))):
        rows, codes = parts.pop()
        here = slice(ends[place], ends[place + 1])
        np.add(rows, np.int32(starts[place]), out=whole.rows[here])
        whole.codes[here] = codes
    return whole
