"""A set of pairs that grows by those of one key after another, in ranges of records.

Making pairs unique needs room for twice of them. Of ranges, only the one at work does.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from blocking.features import Ints
from blocking.pairs import absent_from, unique_sorted, unpack

Rows = npt.NDArray[np.int32]

#: Records whose pairs, by their left one, make a range.
_RECORDS_A_RANGE = 1 << 18
#: Pairs that wait to be made unique beside those that are.
_WAITING = 1 << 23


class PairSet:
    """Unique pairs, packed as in ``blocking.pairs``.

    Args:
        count: records.
        records_a_range: records whose pairs, by their left one, make a range.
        threads: ranges that are worked on at once.
    """

    def __init__(
        self, count: int, records_a_range: int = _RECORDS_A_RANGE, threads: int = 1
    ) -> None:
        starts = np.arange(records_a_range, max(count, 1), records_a_range, dtype=np.int64)
        self._bounds: Ints = starts << np.int64(32)
        self._known: list[Ints] = [np.zeros(0, np.int64) for _ in range(len(starts) + 1)]
        self._waiting: list[list[Ints]] = [[] for _ in self._known]
        self._threads = threads

    def add(self, packed: Ints) -> None:
        """Takes in pairs, sorted and unique among themselves."""
        for part, waiting in zip(self._parts(packed), self._waiting, strict=True):
            if len(part):
                waiting.append(part)
        for place, waiting in enumerate(self._waiting):
            if sum(map(len, waiting)) > max(len(self._known[place]), _WAITING // len(self._known)):
                self._settle(place)

    def absent(self, packed: Ints) -> Ints:
        """The pairs that are not in the set yet, of pairs sorted and unique among themselves."""
        parts = self._parts(packed)

        def fresh(place: int) -> Ints:
            self._settle(place)
            return absent_from(parts[place], self._known[place])

        if len(parts) == 1:
            return fresh(0)
        with ThreadPoolExecutor(self._threads) as pool:
            return np.concatenate(list(pool.map(fresh, range(len(parts)))))

    def all(self) -> Ints:
        """All pairs, packed and sorted."""
        for place in range(len(self._known)):
            self._settle(place)
        return self._known[0] if len(self._known) == 1 else np.concatenate(self._known)

    def sides(self) -> tuple[Rows, Rows]:
        """The left and right record indices of all pairs, sorted; the set is empty then."""
        for place in range(len(self._known)):
            self._settle(place)
        total = sum(map(len, self._known))
        left, right = np.empty(total, np.int32), np.empty(total, np.int32)
        start = 0
        for place, packed in enumerate(self._known):
            here = slice(start, start + len(packed))
            left[here], right[here] = unpack(packed)
            start, self._known[place] = here.stop, packed[:0].copy()
        return left, right

    def _parts(self, packed: Ints) -> Sequence[Ints]:
        if not len(self._bounds):
            return [packed]
        # Copies: of a key with many pairs, a range that waits would hold them all.
        found = np.split(packed, np.searchsorted(packed, self._bounds))
        return [part.copy() for part in found]

    def _settle(self, place: int) -> None:
        """Makes the pairs of one range unique."""
        waiting = self._waiting[place]
        if waiting:
            together = np.concatenate([self._known[place], *waiting])
            self._known[place] = np.zeros(0, np.int64)
            waiting.clear()
            self._known[place] = unique_sorted(together)
