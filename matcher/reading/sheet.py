"""One input as it was read: headers, a text column under each, and what could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matcher.records import empty_rejects


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file or table in memory, before anything is known about its meaning.

    Attributes:
        name: the path as given, or ``frame 1`` and so on; messages use it.
        stem: the short name that stands in for a source that nobody named.
        headers: column names as written, one per column; they may repeat.
        columns: text or null, one array per header, all of one length.
        rows: the number of each row in its input, counted from 1 below the header.
        rejects: rows that could not be read (``REJECT_SCHEMA``).
        notes: what a user should know, one sentence each.
    """

    name: str
    stem: str
    headers: Sequence[str]
    columns: list[pa.ChunkedArray]
    rows: npt.NDArray[np.int64]
    rejects: pa.Table
    notes: Sequence[str] = ()

    def hand_over(self, i: int) -> pa.ChunkedArray:
        """One column, which the sheet then has no more: its memory goes when its taker lets go."""
        column, self.columns[i] = self.columns[i], pa.chunked_array([], pa.string())
        return column

    def __len__(self) -> int:
        return len(self.rows)

    @classmethod
    def of(
        cls, name: str, stem: str, headers: Sequence[str], columns: Sequence[pa.ChunkedArray]
    ) -> Sheet:
        """A sheet all of whose rows could be read."""
        count = len(columns[0]) if columns else 0
        return cls(name, stem, headers, list(columns), row_numbers(count), empty_rejects())


def row_numbers(count: int) -> npt.NDArray[np.int64]:
    """1 to ``count``."""
    return np.arange(1, count + 1, dtype=np.int64)
