"""Several records, each read as if it came alone; those that can be are read in one go.

What a file is made of tells how to read it: a word for "nothing", a ZIP code that lost its zero, a
column that numbers the rows. Records that have nothing to do with each other must not tell of one
another, so those of which that could happen are read by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.errors import OptionError
from matcher.reading.cells import WORDS
from matcher.reading.headers import Role, header_key, role_of
from matcher.reading.layout import by_names_alone
from matcher.reading.nothings import NAME_COLUMNS
from matcher.reading.reader import read
from matcher.records import RawRecords

Columns = Mapping[str, str | Sequence[str]]

#: A column ``source`` of more values names no sources; fewer records have no more.
_TOGETHER = 200
#: Ids whose meaning depends on the state that most records are of.
_OF_STATES = frozenset({"van_id", "van_my_campaign_id"})
_SHORT_CODE = r"^\d{3,4}(-\d{4})?$"


def read_apart(
    records: Sequence[Mapping[str, Any]],
    columns: Columns | None = None,
    extra: Mapping[str, str] | None = None,
) -> RawRecords:
    """Records as ``matcher.reading.read`` reads each of them by itself, in one table.

    Each is the first row of a file of its own (``record 1`` and so on).

    Args:
        records: column -> value each, under any names that a file may have.
        columns: canonical name -> column(s), for what is not recognised.
        extra: further columns to carry, and how each compares.

    Raises:
        InputError: a record has no usable column.
        OptionError: one is no mapping, or there is none.
    """
    if not records or not all(isinstance(record, Mapping) for record in records):
        raise OptionError("give one or several records, each a mapping of columns to values.")
    parts, places = [], []
    for headers, alike in _groups(records, columns, extra):
        parts += _read(headers, [records[place] for place in alike], columns, extra)
        places += alike
    table = pa.concat_tables([part.table for part in parts], promote_options="default")
    if len(parts) > 1:
        table = table.take(pa.array(np.argsort(places)))
    rejects = pa.concat_tables([part.rejects for part in parts])
    return RawRecords(_apart(table), rejects, [s for part in parts for s in part.sources])


def _groups(
    records: Sequence[Mapping[str, Any]], columns: Columns | None, extra: Mapping[str, str] | None
) -> Iterator[tuple[Sequence[str], list[int]]]:
    """Places of records that may be read in one go, and their headers in the order of all."""
    alike: dict[tuple[str, ...], list[int]] = {}
    by_name = not (columns or extra)
    for place, record in enumerate(records):
        if _is_plain(record, by_name):
            alike.setdefault(tuple(record), []).append(place)
        else:
            yield tuple(record), [place]
    common: list[str] = []
    together: list[int] = []
    for headers, places in alike.items():
        if not by_names_alone(headers):
            yield from ((headers, [place]) for place in places)
            continue
        merged = _merged(common, headers) if by_name else None
        if merged is None or not by_names_alone(tuple(merged)):
            yield from _slices(headers, places)
        else:
            common = merged
            together += places
    yield from _slices(common, sorted(together))


def _slices(
    headers: Sequence[str], places: Sequence[int]
) -> Iterator[tuple[Sequence[str], list[int]]]:
    for start in range(0, len(places), _TOGETHER):
        yield headers, list(places[start : start + _TOGETHER])


def _merged(common: Sequence[str], headers: Sequence[str]) -> list[str] | None:
    """Headers of which those for one thing are in the order of ``common`` and of these.

    Of several columns for one thing the first is preferred, so their order counts. ``None`` if
    there is no such order.
    """
    merged = list(dict.fromkeys([*common, *headers]))
    roles = [role for role in map(_role, merged) if role is not None]
    return merged if len(set(roles)) == len(roles) else _in_order(common, headers)


def _in_order(common: Sequence[str], headers: Sequence[str]) -> list[str] | None:
    """Headers in the order of ``common`` and of these; ``None`` if there is none."""
    merged, last = list(common), -1
    for header in headers:
        if header not in merged:
            merged.insert(last + 1, header)
        at = merged.index(header)
        if at <= last:
            return None
        last = at
    return merged


@lru_cache(maxsize=4096)
def _role(header: str) -> Role | None:
    return role_of(header_key(header))


def _is_plain(record: Mapping[str, Any], by_name: bool) -> bool:
    """Whether a record is of text that tells nothing of how to read others.

    Args:
        record: column -> value.
        by_name: whether columns are for what their names say.
    """
    return all(
        isinstance(name, str)
        and (
            value is None
            or (isinstance(value, str) and not _telling(name, by_name).fullmatch(value))
        )
        for name, value in record.items()
    )


_NOTHING = rf"\W*(?:{'|'.join(sorted(WORDS))})\W*"
_SHORT = r"\W*\d{3,4}(?:-\d{4})?(?:\.0+)?\W*"


@lru_cache(maxsize=4096)
def _telling(header: str, by_name: bool) -> re.Pattern[str]:
    """What cells of a column may tell how to read others.

    A word for nothing, unless it may be a name for which no other column counts; digits that may
    be too short a ZIP code.
    """
    role = _role(header) if by_name else None
    if not by_name or (role and role.name == "postal_code"):
        told = [_NOTHING, _SHORT]
    else:
        told = [] if role is None or role.name in _BY_THEMSELVES else [_NOTHING]
    return re.compile("|".join(told) or _NEVER, re.IGNORECASE)


#: Such a word in one of the others depends on whether there is a column of the other.
_BY_THEMSELVES = NAME_COLUMNS - {"first_name", "last_name"}
#: Matches no text.
_NEVER = r"(?!)"


def _read(
    headers: Sequence[str],
    records: Sequence[Mapping[str, Any]],
    columns: Columns | None,
    extra: Mapping[str, str] | None,
) -> list[RawRecords]:
    if len(records) > 1:
        first = {**dict.fromkeys(headers), **records[0]}
        raw = read([first, *records[1:]], columns=columns, extra=extra)
        if len(raw) == len(records) and _same_alone(raw):
            return [raw]
    return [read([record], columns=columns, extra=extra) for record in records]


def _same_alone(raw: RawRecords) -> bool:
    """Whether no record that was read with others could read differently without them."""
    names = raw.table.column_names
    if raw.sources[0].notes or not _OF_STATES.isdisjoint(names):
        return False
    if "postal_code" not in names:
        return True
    short = pc.match_substring_regex(raw.table["postal_code"], _SHORT_CODE)
    return not pc.any(short, min_count=0).as_py()


def _apart(table: pa.Table) -> pa.Table:
    """The records as the only rows of different files."""
    count = table.num_rows
    files = pa.array([f"record {number}" for number in range(1, count + 1)])
    codes = pa.array(np.arange(count, dtype=np.int32))
    places = {"file": pa.DictionaryArray.from_arrays(codes, files), "row": np.ones(count, np.int64)}
    for name, values in places.items():
        table = table.set_column(table.column_names.index(name), name, pa.array(values))
    return table.combine_chunks()
