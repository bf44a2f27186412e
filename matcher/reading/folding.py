"""Several rows of one attribute each, folded into one record per vendor id."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matcher.reading.headers import ADDRESS_PARTS, REPEATED
from matcher.reading.repeated import spread

Positions = npt.NDArray[np.int64]


def fold(
    columns: Mapping[str, pa.StringArray], key: str
) -> tuple[dict[str, pa.StringArray], Positions]:
    """One record per value of ``key``; a row without one stays a record of its own.

    A column takes its first value in the group; an address comes whole from the first row that has
    one; emails and phones are kept all, in the order of their rows.

    Args:
        columns: canonical name -> values, among them ``key``.
        key: the column that holds the vendor's id of a record.

    Returns:
        The folded columns, and the position of each record's first row.
    """
    group, first_rows = _groups(columns[key])
    order = np.argsort(group, kind="stable")
    folded: dict[str, pa.StringArray] = {}
    parts = [name for name in columns if name in ADDRESS_PARTS]
    if set(parts) - {"country"}:
        row = _first_row(group, order, _any_valid([columns[n] for n in parts if n != "country"]))
        folded |= {name: _taken(columns[name], row, len(first_rows)) for name in parts}
    for name, values in columns.items():
        if name.rstrip("0123456789") not in REPEATED and name not in parts:
            row = _first_row(group, order, _valid(values))
            folded[name] = _taken(values, row, len(first_rows))
    for name in REPEATED:
        found = [columns[c] for c in columns if c.removeprefix(name).isdigit()]
        if found:
            stacked = [part for values in found for part in _stacked(values, group, order)]
            folded |= {f"{name}{i}": v for i, v in enumerate(spread(name, stacked), 1)}
    return folded, first_rows


def _groups(key: pa.StringArray) -> tuple[Positions, Positions]:
    """The number of each row's record, in order of first appearance, and its first row."""
    codes = key.dictionary_encode().indices.fill_null(-1).to_numpy().astype(np.int64)
    alone = codes < 0
    codes[alone] = codes.max(initial=-1) + 1 + np.arange(int(alone.sum()))
    first = np.full(int(codes.max(initial=-1)) + 1, len(codes), np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    rank = np.empty(len(first), np.int64)
    by_first = np.argsort(first)
    rank[by_first] = np.arange(len(first))
    return rank[codes], first[by_first]


def _valid(values: pa.StringArray) -> npt.NDArray[np.bool_]:
    valid: npt.NDArray[np.bool_] = values.is_valid().to_numpy(zero_copy_only=False)
    return valid


def _any_valid(columns: list[pa.StringArray]) -> npt.NDArray[np.bool_]:
    found = np.zeros(len(columns[0]), np.bool_)
    for values in columns:
        found |= _valid(values)
    return found


def _first_row(
    group: Positions, order: Positions, holds: npt.NDArray[np.bool_]
) -> dict[str, Positions]:
    """For each group that has one, its first row that holds a value."""
    rows = order[holds[order]]
    groups = group[rows]
    starts = np.flatnonzero(np.diff(groups, prepend=-1))
    return {"group": groups[starts], "row": rows[starts]}


def _taken(values: pa.StringArray, found: dict[str, Positions], count: int) -> pa.StringArray:
    rows = np.full(count, -1, np.int64)
    rows[found["group"]] = found["row"]
    return values.take(pa.array(rows, mask=rows < 0))


def _stacked(values: pa.StringArray, group: Positions, order: Positions) -> list[pa.StringArray]:
    """The n-th values of all groups, for each n."""
    rows = order[_valid(values)[order]]
    groups = group[rows]
    starts = np.flatnonzero(np.diff(groups, prepend=-1))
    nth = np.arange(len(rows)) - np.repeat(starts, np.diff(np.append(starts, len(rows))))
    count = int(group.max(initial=-1)) + 1
    return [
        _taken(values, {"group": groups[nth == n], "row": rows[nth == n]}, count)
        for n in range(int(nth.max(initial=-1)) + 1)
    ] or [pa.nulls(count, pa.string())]
