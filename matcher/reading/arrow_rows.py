"""The rows of delimited text as columns of text, by Arrow."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

#: Bytes that Arrow parses at a time; a cell that fits into none of them gets the whole text.
BLOCKS = (4 << 20, 64 << 20)
_LARGEST_BLOCK = 2**31 - 1
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


def parse_rows(body: pa.Buffer, width: int, delimiter: str) -> Parsed | None:
    """The rows of delimited text without its header.

    Args:
        body: UTF-8.
        width: the number of columns.
        delimiter: one character.

    Returns:
        ``None`` where a quote seems to be opened and never closed, or where no row is good: then
        no row can be trusted.
    """
    for block in (*BLOCKS, max(body.size, BLOCKS[-1]) + 1):
        try:
            return _parse(body, width, delimiter, min(block, _LARGEST_BLOCK))
        except pa.ArrowInvalid as error:
            if "straddling" not in str(error):
                return None
    return None


@dataclass(slots=True)
class _Watch:
    """What Arrow tells of ragged rows; it knows their numbers only when it uses one thread."""

    any: bool = False
    glued: bool = False
    rows: list[RaggedRow] = field(default_factory=list)

    def __call__(self, row: Any) -> str:
        self.any = True
        self.glued = self.glued or "\n" in row.text or "\r" in row.text
        if row.number is not None:
            self.rows.append(RaggedRow(row.number, row.actual_columns, row.text[:_KEPT]))
        return "skip"


def _parse(body: pa.Buffer, width: int, delimiter: str, block: int) -> Parsed | None:
    watch = _Watch()
    table = _read(body, width, delimiter, block, watch)
    if watch.glued or _swallowed(body, table, delimiter):
        return None
    if watch.any:
        watch = _Watch()
        table = _read(body, width, delimiter, block, watch, use_threads=False)
        return Parsed(table, watch.rows) if table.num_rows else None
    return Parsed(table, [])


def _read(
    body: pa.Buffer,
    width: int,
    delimiter: str,
    block: int,
    watch: _Watch,
    *,
    use_threads: bool = True,
) -> pa.Table:
    from pyarrow import csv

    names = [str(i) for i in range(width)]
    return csv.read_csv(
        pa.BufferReader(body),
        read_options=csv.ReadOptions(column_names=names, block_size=block, use_threads=use_threads),
        parse_options=csv.ParseOptions(
            delimiter=delimiter, newlines_in_values=True, invalid_row_handler=watch
        ),
        # No text means null here: "Null" and "NA" are surnames, and blank cells come later.
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=False,
        ),
    )


def _swallowed(body: pa.Buffer, table: pa.Table, delimiter: str) -> bool:
    """Whether some cell seems to have swallowed rows: its quote was opened and never closed.

    It then holds a line that looks like a row, or the quotes of the text do not pair.
    """
    tall = [column for column in table.columns if _holds_line_ends(column)]
    if not tall:
        return False
    if np.count_nonzero(np.frombuffer(body, np.uint8) == ord('"')) % 2:
        return True
    if table.num_columns < _SWALLOWED_WIDTH:
        return False
    mark = re.escape(delimiter)
    pattern = rf"\n(?:[^{mark}\n]*{mark}){{{min(table.num_columns - 1, 500)}}}"
    return any(pc.any(pc.match_substring_regex(column, pattern)).as_py() for column in tall)


def _holds_line_ends(column: pa.ChunkedArray) -> bool:
    buffers = [chunk.buffers()[2] for chunk in column.chunks]
    return any(b is not None and (np.frombuffer(b, np.uint8) == 10).any() for b in buffers)
