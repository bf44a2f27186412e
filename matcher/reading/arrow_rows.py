"""The rows of delimited text as columns of text, by Arrow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.reading.cells import flat
from matcher.spilling import Spill

#: Bytes that Arrow parses at a time; a cell that fits into none of them gets the whole text.
BLOCKS = (4 << 20, 64 << 20)
_LARGEST_BLOCK = 2**31 - 1
_PEEK = 64 << 10
#: Bytes that were handed out and may not have been parsed yet.
_UNREAD = 64 << 20
#: In Arrow's message when a cell is longer than the block.
_STRADDLING = "straddling"
#: With fewer columns a line of ordinary prose in a long note looks like a row.
_SWALLOWED_WIDTH = 4
#: Characters that are kept of a row that is not used.
_KEPT = 500


@dataclass(frozen=True, slots=True)
class RaggedRow:
    """A row whose number of fields is not the header's; ``number`` counts from 1."""

    number: int
    fields: int
    text: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """The good rows as text columns, and the ragged ones among them."""

    table: pa.Table
    ragged: list[RaggedRow]


def parse_rows(
    body: pa.Buffer, width: int, delimiter: str, spill: Spill | None = None
) -> Parsed | None:
    """The rows of delimited text without its header.

    Args:
        body: UTF-8.
        width: the number of columns.
        delimiter: one character.
        spill: where the rows go when there is a limit on memory.

    Returns:
        ``None`` where a quote seems to be opened and never closed, or where no row is good: then
        no row can be trusted.
    """
    for block in (*BLOCKS, body.size + 1):
        if block <= body.size and not _every_line_fits(body, block):
            continue
        try:
            return _parse(body, width, delimiter, min(block, _LARGEST_BLOCK), spill or Spill())
        except pa.ArrowInvalid as error:
            if _STRADDLING not in str(error):
                return None
    return None


def _every_line_fits(body: pa.Buffer, block: int) -> bool:
    """Whether no line is longer than a block.

    Arrow finds out by itself, but some versions then come to a standstill.
    """
    view, half = memoryview(body), block // 2
    ends = range(0, body.size - half, half)  # a line end in each half leaves none too long
    return all(_has_line_end(view[at : at + half]) for at in ends)


def _has_line_end(view: memoryview) -> bool:
    head, rest = view[:_PEEK], view[_PEEK:]
    return any(b"\n" in part.tobytes() or b"\r" in part.tobytes() for part in (head, rest))


@dataclass(slots=True)
class _Watch:
    """Takes note of ragged rows as Arrow meets them."""

    glued: bool = False
    rows: list[RaggedRow] = field(default_factory=list)

    def __call__(self, row: Any) -> str:
        self.glued = self.glued or "\n" in row.text or "\r" in row.text
        self.rows.append(RaggedRow(row.number, row.actual_columns, row.text[:_KEPT]))
        return "skip"


def _parse(body: pa.Buffer, width: int, delimiter: str, block: int, spill: Spill) -> Parsed | None:
    watch = _Watch()
    try:
        table = _read(body, width, delimiter, block, spill=spill)
    except pa.ArrowInvalid as error:
        if _STRADDLING in str(error):
            raise
        # Some row is ragged; only a reader of one thread knows the numbers of rows.
        table = _read(body, width, delimiter, block, watch=watch)
    spill.passed(body)
    if watch.glued or not table.num_rows or _swallowed(body, table, delimiter):
        return None
    return Parsed(table, watch.rows)


def _read(
    body: pa.Buffer,
    width: int,
    delimiter: str,
    block: int,
    *,
    watch: _Watch | None = None,
    spill: Spill | None = None,
) -> pa.Table:
    from pyarrow import csv

    names = [str(i) for i in range(width)]
    options: dict[str, Any] = {
        "read_options": csv.ReadOptions(
            column_names=names, block_size=block, use_threads=watch is None
        ),
        "parse_options": csv.ParseOptions(
            delimiter=delimiter, newlines_in_values=True, invalid_row_handler=watch
        ),
        # No text means null here: "Null" and "NA" are surnames, and blank cells come later.
        "convert_options": csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=False,
        ),
    }
    spill = spill or Spill()
    text = pa.PythonFile(_Passing(body, spill), mode="r")
    if spill.threads > 1:
        return csv.read_csv(text, **options)
    reader = csv.open_csv(text, **options)
    return spill.batches("rows of files", reader.schema, reader)


class _Passing:
    """A text as a file to be read once, which lets go of what was read a while ago."""

    closed = False

    def __init__(self, text: pa.Buffer, spill: Spill) -> None:
        self._text = text
        self._spill = spill
        self._at = self._kept = 0

    def read(self, size: int) -> pa.Buffer:
        """The next bytes; no copy."""
        part = self._text.slice(self._at, min(size, self._text.size - self._at))
        self._at += part.size
        if self._at - self._kept > 2 * _UNREAD:  # what is being parsed is not let go
            self._spill.passed(self._text.slice(self._kept, _UNREAD))
            self._kept += _UNREAD
        return part

    def close(self) -> None:
        """Nothing to do."""


def _swallowed(body: pa.Buffer, table: pa.Table, delimiter: str) -> bool:
    """Whether some cell seems to have swallowed rows: its quote was opened and never closed.

    It then holds a line that looks like a row, or the quotes of the text do not pair.
    """
    tall = [cells for column in table.columns for cells in _of_several_lines(column)]
    if not tall:
        return False
    if _quotes(body) % 2:
        return True
    if table.num_columns < _SWALLOWED_WIDTH:
        return False
    mark = re.escape(delimiter)
    pattern = rf"\n(?:[^{mark}\n]*{mark}){{{min(table.num_columns - 1, 500)}}}"
    return any(pc.any(pc.match_substring_regex(cells, pattern)).as_py() for cells in tall)


def _quotes(body: pa.Buffer) -> int:
    data = np.frombuffer(body, np.uint8)
    parts = range(0, len(data), BLOCKS[0])
    return sum(int(np.count_nonzero(data[at : at + BLOCKS[0]] == ord('"'))) for at in parts)


def _of_several_lines(column: pa.ChunkedArray) -> Iterator[pa.Array]:
    """The cells of a column that hold a line end, by chunk."""
    for chunk in column.chunks:
        offsets, data = flat(chunk)
        if data.min(initial=32) < 32 and len(ends := np.flatnonzero(data == 10)):
            yield chunk.take(pa.array(np.unique(np.searchsorted(offsets, ends, side="right")) - 1))
