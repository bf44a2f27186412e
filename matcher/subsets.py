"""Some of the records, and records of several sets as one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matcher.records import Codes, Column, Records, missing_column

Ints = npt.NDArray[np.int64]

#: Behind the numbers of all values, where -1 finds it.
_NOBODY = np.array([-1], np.int32)


def subset(records: Records, rows: Ints) -> Records:
    """The records of the given rows, in that order, with no value that none of them has."""
    columns = {name: _taken(column, rows) for name, column in records.columns.items()}
    ids = {name: _taken(column, rows) for name, column in records.external_ids.items()}
    return Records(
        count=len(rows),
        columns={name: column for name, column in columns.items() if len(column.values)},
        emails=_slots(records.emails, rows),
        phones=_slots(records.phones, rows),
        organisation=records.organisation[rows],
        external_ids={name: column for name, column in ids.items() if len(column.values)},
    )


def stacked(parts: Sequence[Records]) -> Records:
    """The records of all parts, one after the other."""
    if len(parts) == 1:
        return parts[0]
    sizes = [part.count for part in parts]
    names = dict.fromkeys(name for part in parts for name in part.columns)
    systems = dict.fromkeys(name for part in parts for name in part.external_ids)
    return Records(
        count=sum(sizes),
        columns={
            name: _joined([part.columns.get(name) for part in parts], sizes) for name in names
        },
        emails=_joined_slots([part.emails for part in parts], sizes),
        phones=_joined_slots([part.phones for part in parts], sizes),
        organisation=np.concatenate([part.organisation for part in parts]),
        external_ids={
            name: _joined([part.external_ids.get(name) for part in parts], sizes)
            for name in systems
        },
    )


def _taken(column: Column, rows: Ints) -> Column:
    return _compact([column.codes[rows]], column)[0]


def _slots(slots: Sequence[Column], rows: Ints) -> list[Column]:
    if not slots:
        return []
    taken = _compact([slot.codes[rows] for slot in slots], slots[0])
    return taken if len(taken[0].values) else []


def _compact(slots: Sequence[Codes], column: Column) -> list[Column]:
    """Columns over the values that are used, numbered anew."""
    used = np.zeros(len(column.values) + 1, np.bool_)  # the last place is for -1
    held: Ints
    if len(slots[0]) * 8 < len(column.values):  # few of many: sort them rather than mark all
        held = np.unique(np.concatenate(slots)).astype(np.int64)
        held = held[held >= 0]
        codes = [_places(held, slot) for slot in slots]
    else:
        for slot in slots:
            used[slot] = True
        held = np.flatnonzero(used[:-1])
        places = np.full(len(used), -1, np.int32)
        places[held] = np.arange(len(held), dtype=np.int32)
        codes = [places[slot] for slot in slots]
    values = (
        column.values if len(held) == len(column.values) else column.values.take(pa.array(held))
    )
    weak = None if column.weak is None else column.weak[held]
    return [Column(slot, values, weak) for slot in codes]


def _places(held: Ints, slot: Codes) -> Codes:
    found = np.searchsorted(held, slot).astype(np.int32)
    return np.where(slot >= 0, found, np.int32(-1))


def _joined(columns: Sequence[Column | None], sizes: Sequence[int]) -> Column:
    return _joined_slots([[] if column is None else [column] for column in columns], sizes)[0]


def _joined_slots(parts: Sequence[Sequence[Column]], sizes: Sequence[int]) -> list[Column]:
    """Columns that share their values, as many as the part with most has."""
    width = max(len(part) for part in parts)
    if not width:
        return []
    firsts = [part[0] if part else missing_column(0) for part in parts]
    encoded = pa.concat_arrays([first.values for first in firsts]).dictionary_encode()
    values = encoded.dictionary
    numbers = np.concatenate([encoded.indices.to_numpy(zero_copy_only=False), _NOBODY])
    starts = np.cumsum([0, *(len(first.values) for first in firsts)])
    codes = np.full((width, sum(sizes)), -1, np.int32)
    row = 0
    for part, size, start in zip(parts, sizes, starts, strict=False):
        for place, slot in enumerate(part):
            codes[place, row : row + size] = numbers[
                np.where(slot.codes >= 0, slot.codes + start, -1)
            ]
        row += size
    weak = _weak(firsts, starts, numbers, len(values))
    return [Column(slot, values, weak) for slot in codes]


def _weak(
    firsts: Sequence[Column], starts: Ints, numbers: Codes, count: int
) -> npt.NDArray[np.bool_] | None:
    """Which values are weak; a value is so wherever it occurs."""
    if all(first.weak is None for first in firsts):
        return None
    weak = np.zeros(count, np.bool_)
    for first, start in zip(firsts, starts, strict=False):
        if first.weak is not None:
            weak[numbers[start + np.flatnonzero(first.weak)]] = True
    return weak
