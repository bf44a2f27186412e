"""What the comparisons found for pairs: the combination of levels of each, and what both share.

Millions of pairs show a few thousand combinations of levels, so each is kept once, and what follows
from levels alone is worked out once per combination.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

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
        if place == slice(0, len(self)):
            return self
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
    table = np.stack(columns)
    spans: list[int] = (table.max(axis=1, initial=0).astype(np.int64) + 1).tolist()
    if np.prod([float(span) for span in spans]) >= _LARGEST_KEY:
        rows, which = np.unique(table.T.astype(np.int64), axis=0, return_inverse=True)
        return rows, which.reshape(-1).astype(np.int32)
    keys = np.zeros(table.shape[1], np.int64)
    for values, span in zip(table, spans, strict=True):
        keys *= span
        keys += values
    encoded = pa.array(keys).dictionary_encode()
    which = encoded.indices.to_numpy()
    ranked = np.argsort(encoded.dictionary.to_numpy())
    place, one = np.empty((2, len(ranked)), np.int32)
    place[ranked] = np.arange(len(ranked), dtype=np.int32)
    one[which] = np.arange(len(which), dtype=np.int32)  # of each combination a row that has it
    return table[:, one[ranked]].T.astype(np.int64), place[which]


class Grown(Protocol):
    """Numbers that come part by part."""

    def append(self, part: Codes) -> None:
        """Takes the next part."""

    def whole(self) -> Codes:
        """All parts, one after the other; the last that is asked."""


class InMemory:
    """Numbers that come part by part and stay in memory."""

    def __init__(self) -> None:
        self._parts: list[Codes] = []

    def append(self, part: Codes) -> None:
        """Takes the next part."""
        self._parts.append(part)

    def whole(self) -> Codes:
        """All parts, which go one by one: millions of pairs have no room beside their parts."""
        if len(self._parts) == 1:
            return self._parts.pop()
        end = sum(map(len, self._parts))
        whole = np.empty(end, np.int32)
        while self._parts:
            part = self._parts.pop()
            whole[end - len(part) : end] = part
            end -= len(part)
        return whole


class Joining:
    """Joins the evidence of pairs that come part by part.

    Args:
        grown: makes a place for what pairs share.
    """

    def __init__(self, grown: Callable[[], Grown] = InMemory) -> None:
        self._grown = grown
        self._combinations: list[npt.NDArray[np.int8]] = []
        self._which: list[Codes] = []
        self._shared: list[tuple[Grown, Grown]] = []
        self._pairs = 0

    def add(self, part: Evidence) -> None:
        """Takes the next pairs."""
        if not self._shared:
            self._shared = [(self._grown(), self._grown()) for _ in part.shared]
        for (rows, codes), shared in zip(self._shared, part.shared, strict=True):
            rows.append(shared.rows + np.int32(self._pairs) if self._pairs else shared.rows)
            codes.append(shared.codes)
        self._combinations.append(part.combinations)
        self._which.append(part.which)
        self._pairs += len(part)

    def whole(self) -> Evidence:
        """The pairs of all parts, of which there is one at least, one after the other."""
        shared = tuple(Shared(rows.whole(), codes.whole()) for rows, codes in self._shared)
        if len(self._which) == 1:
            return Evidence(self._combinations[0], self._which[0], shared)
        combinations, place = distinct_rows(list(np.concatenate(self._combinations).T))
        whole, first = InMemory(), 0
        for part, own in zip(self._which, self._combinations, strict=True):
            whole.append(place[first:][part])
            first += len(own)
        self._which.clear()
        return Evidence(combinations.astype(np.int8), whole.whole(), shared)
