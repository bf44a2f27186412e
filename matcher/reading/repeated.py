"""Emails and phones: several columns, and several values in a cell, as ``email1``, ``email2``, …"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.reading.cells import flat

#: Cells that hold several values. A comma may come before an extension and a slash inside a
#: number, so phones are parted by less than emails are.
_SEVERAL = {"email": r"@.*[\s,;|].*@", "phone": r"\d.*[;|].*\d"}
_BETWEEN = {"email": re.compile(r"[\s,;|]+"), "phone": re.compile(r"\s*[;|]\s*")}
#: The bytes that part them.
_PARTING = {"email": b"\t\n\x0b\f\r ,;|", "phone": b";|"}
#: Values that are taken from one cell.
_MOST = 8


def spread(name: str, columns: Sequence[pa.StringArray]) -> list[pa.StringArray]:
    """The values of each record moved to the front, each once.

    Args:
        name: ``email`` or ``phone``.
        columns: cleaned values, the preferred column first.

    Returns:
        As many columns as the record with most values needs, one at least.
    """
    kept: list[pa.StringArray] = []
    for column in columns:
        for part in _part(name, column):
            rest = _sink(part, kept)
            if not kept or rest.null_count < len(rest):
                kept.append(rest)
    return kept


def _sink(values: pa.StringArray, kept: list[pa.StringArray]) -> pa.StringArray:
    """Put each value into the first gap of its row, in place, unless the row has it already.

    Returns:
        The values that found neither.
    """
    for i, earlier in enumerate(kept):
        values = _blanked(values, pc.equal(values, earlier))
        gap = pc.and_(pc.is_null(earlier), pc.is_valid(values))
        if gap.true_count:
            kept[i] = pc.coalesce(earlier, values)
            values = _blanked(values, gap)
    return values


def _blanked(column: pa.StringArray, where: pa.BooleanArray) -> pa.StringArray:
    where = pc.fill_null(where, False)
    return pc.if_else(where, None, column) if where.true_count else column


def _part(name: str, column: pa.StringArray) -> list[pa.StringArray]:
    """The column, and where some of its cells hold several values, one more for each further."""
    if not _holds_any(column, _PARTING[name]):
        return [column]
    several = pc.fill_null(pc.match_substring_regex(column, _SEVERAL[name]), False)
    if not several.true_count:
        return [column]
    cells = [_values(name, text) for text in column.filter(several).to_pylist()]
    rows = np.flatnonzero(several.to_numpy(zero_copy_only=False))
    indices = np.full(len(column), -1, np.int64)
    indices[rows] = np.arange(len(rows))
    taken = pa.array(indices, mask=indices < 0)
    parted = [pa.array(values, pa.string()).take(taken) for values in zip_longest(*cells)]
    return [pc.if_else(several, parted[0], column), *parted[1:]]


def _holds_any(column: pa.StringArray, wanted: bytes) -> bool:
    """Whether any of these bytes is anywhere in a column."""
    _, data = flat(column)
    least = data.min(initial=255)  # hardly ever one of the blanks, which need no look then
    return any(bool((data == byte).any()) for byte in wanted if byte >= least)


def _values(name: str, text: str) -> list[str]:
    parts = [part.strip("<>") for part in _BETWEEN[name].split(text)]
    return [part for part in parts if part and (name != "email" or "@" in part)][:_MOST]
