"""Delimited text with broken rows, read row by row so that one bad quote costs one row.

A row is taken when it has as many fields as the header. A row that runs over several lines is
taken only if none of the lines within is a whole row itself: otherwise a quote was opened and
never closed, its line alone is rejected, and reading goes on with the next.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import pyarrow as pa

from matcher.errors import UnreadableFile
from matcher.reading.rejects import reject
from matcher.reading.sheet import Sheet

#: Lines that one cell may run over.
_LONGEST_CELL = 1_000
#: Rows that are held as Python text at a time.
_BATCH = 50_000


def read_damaged(
    body: pa.Buffer, name: str, stem: str, headers: Sequence[str], delimiter: str
) -> Sheet:
    """A sheet of the good rows; each other row is a reject with its number and text.

    Raises:
        UnreadableFile: no row is good.
    """
    lines = _lines_of(body.to_pybytes().decode())
    width = len(headers)
    batches: list[pa.Table] = []
    batch: list[list[str]] = []
    rows: list[int] = []
    bad: dict[int, tuple[str, str]] = {}
    with _cells_of_any_length():
        for row, (fields, text) in enumerate(_records(lines, delimiter, width), 1):
            if fields is None or len(fields) != width:
                bad[row] = (text, _reason(fields, width))
                continue
            rows.append(row)
            batch.append(fields)
            if len(batch) == _BATCH:
                batches.append(_to_table(batch, width))
                batch = []
    batches.append(_to_table(batch, width))
    if not rows:
        raise UnreadableFile(_no_row(name, bad, width))
    columns = pa.concat_tables(batches).columns
    rejects = reject(
        name, list(bad), [why for _, why in bad.values()], values=[text for text, _ in bad.values()]
    )
    return Sheet(name, stem, headers, list(columns), np.array(rows, np.int64), rejects)


@contextmanager
def _cells_of_any_length() -> Iterator[None]:
    """Lift, for a while, the limit that the csv module puts on a cell; long ones are cut later."""
    limit = csv.field_size_limit(2**31 - 1)
    try:
        yield
    finally:
        csv.field_size_limit(limit)


def _lines_of(text: str) -> list[str]:
    if "\n" not in text:
        text = text.replace("\r", "\n")
    return [line.removesuffix("\r") for line in text.split("\n")]


def _records(
    lines: Sequence[str], delimiter: str, width: int
) -> Iterator[tuple[list[str] | None, str]]:
    """The fields of each row, or ``None`` where its quotes are broken, and its first line."""
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line:
            at += 1
            continue
        fields, used = _take(lines[at : at + 1], delimiter)
        if used > 1 and '"' in line:
            fields, used = _take_several(lines, at, delimiter, width)
        yield fields, line
        at += used


def _take(
    lines: Sequence[str], delimiter: str, *, strict: bool = False
) -> tuple[list[str] | None, int]:
    """The fields of the row that these lines begin with, and how many lines it needs.

    One more than there are where a quote is still open at their end. Strictly, nothing but a
    delimiter may follow a closing quote.
    """
    text = [*(line + "\n" for line in lines), ""]
    reader = csv.reader(text, delimiter=delimiter, strict=strict)
    try:
        fields = next(reader)
    except csv.Error:
        return None, 1
    if reader.line_num > len(lines):
        return None, reader.line_num
    return fields, reader.line_num


def _take_several(
    lines: Sequence[str], at: int, delimiter: str, width: int
) -> tuple[list[str] | None, int]:
    end = at + 1
    while end < min(len(lines), at + _LONGEST_CELL) and '"' not in lines[end]:
        if _is_row(lines[end], delimiter, width):
            return None, 1
        end += 1
    # The next quote may close the cell or open another; the reader knows.
    fields, used = _take(lines[at : min(end + _LONGEST_CELL, len(lines))], delimiter, strict=True)
    within = lines[at + 1 : at + used - 1]
    if fields is None or len(fields) != width or any(_is_row(x, delimiter, width) for x in within):
        return None, 1
    return fields, used


def _is_row(line: str, delimiter: str, width: int) -> bool:
    fields, used = _take([line], delimiter)
    return fields is not None and used == 1 and len(fields) == width and width > 3


def _to_table(rows: list[list[str]], width: int) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else [()] * width
    return pa.table(
        [pa.array(column, pa.string()) for column in columns], names=[str(i) for i in range(width)]
    )


def ragged_reason(fields: int, width: int) -> str:
    """Why a row of so many fields is not used."""
    return f"has {fields} fields where the header has {width}"


def _reason(fields: list[str] | None, width: int) -> str:
    if fields is None:
        return "a quote is opened and not closed"
    return ragged_reason(len(fields), width)


def _no_row(name: str, bad: dict[int, tuple[str, str]], width: int) -> str:
    if not bad:
        return f"{name}: has a header but no rows (0 records); export it again."
    row, (_, reason) = next(iter(bad.items()))
    return (
        f"{name}, row {row}: {reason}, and no other row is better; check the quotes and the"
        f" delimiter (the header has {width} columns)."
    )
