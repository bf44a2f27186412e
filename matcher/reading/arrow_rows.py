"""The rows of delimited text as columns of text, by Arrow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.reading.cells import flat
from matcher.spilling import Spill, trim_heap

#: Bytes that Arrow parses at a time; a cell that fits into none of them gets the whole text.
BLOCKS = (4 << 20, 64 << 20)
_LARGEST_BLOCK = 2**31 - 1
_PEEK = 64 << 10
#: Bytes that were handed out and may not have been parsed yet.
_UNREAD = 64 << 20
#: Bytes of a row on average, in the first of the text, from which it is read a part at a time.
_WIDE, _SAMPLE = 4_000, 1 << 20
_BATCHES_UNSEEN = 16
#: Bytes in which characters are counted at once: what is told of each stays near the processor.
_COUNTED = 1 << 20
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
    body: pa.Buffer,
    width: int,
    delimiter: str,
    spill: Spill | None = None,
    used: Sequence[int] | None = None,
) -> Parsed | None:
    """The rows of delimited text without its header.

    Args:
        body: UTF-8.
        width: the number of columns.
        delimiter: one character.
        spill: where the rows go when there is a limit on memory.
        used: the columns that are needed; ``None`` for all. The table may be without the others.

    Returns:
        ``None`` where a quote seems to be opened and never closed, or where no row is good: then
        no row can be trusted.
    """
    spill = spill or Spill()
    for block in (*BLOCKS, body.size + 1):
        if block <= body.size and not _every_line_fits(body, block):
            continue
        text = _Text(body, width, delimiter, min(block, _LARGEST_BLOCK), spill)
        try:
            return _parse(text, range(width) if used is None else used)
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


@dataclass(frozen=True, slots=True)
class _Text:
    """Delimited text and how to read it."""

    body: pa.Buffer
    width: int
    delimiter: str
    block: int
    spill: Spill

    @property
    def wide(self) -> bool:
        """Whether its rows are so long that what is read ahead would fill the memory."""
        start = self.body.slice(0, min(_SAMPLE, self.body.size)).to_pybytes()
        lines: int = max(start.count(b"\n"), start.count(b"\r"), 1)
        return len(start) > _WIDE * lines

    @property
    def file(self) -> pa.PythonFile:
        return pa.PythonFile(_Passing(self.body, self.spill), mode="r")

    def options(self, used: Iterable[int], watch: _Watch | None = None) -> dict[str, Any]:
        """For Arrow."""
        from pyarrow import csv

        names = [str(i) for i in range(self.width)]
        return {
            "read_options": csv.ReadOptions(
                column_names=names, block_size=self.block, use_threads=watch is None
            ),
            "parse_options": csv.ParseOptions(
                delimiter=self.delimiter, newlines_in_values=True, invalid_row_handler=watch
            ),
            # No text means null here: "Null" and "NA" are surnames, and blank cells come later.
            "convert_options": csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=[""],
                strings_can_be_null=False,
                include_columns=[str(i) for i in used],
                check_utf8=False,  # it was before
            ),
        }


def _parse(text: _Text, used: Sequence[int]) -> Parsed | None:
    watch = _Watch()
    try:
        table = _read(text, used)
    except pa.ArrowInvalid as error:
        if _STRADDLING in str(error):
            raise
        # Some row is ragged; only a reader of one thread knows the numbers of rows.
        used = range(text.width)
        table = _read(text, used, watch)
    text.spill.passed(text.body)
    if watch.glued or not table.num_rows or _lost_rows(text, table, used):
        return None
    return Parsed(table, watch.rows)


def _read(text: _Text, used: Iterable[int], watch: _Watch | None = None) -> pa.Table:
    from pyarrow import csv

    if watch is not None or (text.spill.threads > 1 and not text.wide):
        return csv.read_csv(text.file, **text.options(used, watch))
    batches = _batches(text, used)
    if text.spill.threads > 1:
        return pa.Table.from_batches(_with_room(text, batches), batches.schema)
    return text.spill.batches("rows of files", batches.schema, batches)


def _with_room(text: _Text, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same; now and then what is done with goes back to the system."""
    for place, batch in enumerate(batches):
        yield batch
        if place % _BATCHES_UNSEEN == 0:
            text.spill.passed(text.body)
            trim_heap()


def _batches(text: _Text, used: Iterable[int]) -> Any:
    """A reader of some rows at a time."""
    from pyarrow import csv

    return csv.open_csv(text.file, **text.options(used))


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


def _swallowed(text: _Text, columns: Iterable[pa.Array | pa.ChunkedArray], paired: bool) -> bool:
    """Whether some cell seems to have swallowed rows: its quote was opened and never closed.

    It then holds a line that looks like a row, or the quotes of the text are not ``paired``.
    """
    tall = [cells for column in columns for cells in _of_several_lines(column)]
    if not tall:
        return False
    if not paired:
        return True
    if text.width < _SWALLOWED_WIDTH:
        return False
    mark = re.escape(text.delimiter)
    pattern = rf"\n(?:[^{mark}\n]*{mark}){{{min(text.width - 1, 500)}}}"
    return any(pc.any(pc.match_substring_regex(cells, pattern)).as_py() for cells in tall)


def _lost_rows(text: _Text, table: pa.Table, used: Sequence[int]) -> bool:
    """Whether some cell seems to have swallowed rows, be its column kept or not."""
    returns, ends, quotes = _counts(text, b'\r\n"')
    last: bytes = text.body.slice(text.body.size - 1).to_pybytes()
    if not returns and ends + (last != b"\n") == table.num_rows:
        return False  # every line end ends a row, so that no cell holds one
    unused, paired = sorted(set(range(text.width)).difference(used)), quotes % 2 == 0
    if _swallowed(text, table.columns, paired):
        return True
    batches = _batches(text, unused) if unused else ()
    return any(_swallowed(text, batch.columns, paired) for batch in batches)


def _counts(text: _Text, characters: bytes) -> list[int]:
    """How often each of some characters is there, in one way through the text."""
    found = np.zeros(len(characters), np.int64)
    for start in range(0, text.body.size, _COUNTED):
        part = text.body.slice(start, min(_COUNTED, text.body.size - start))
        read = np.frombuffer(part, np.uint8)
        found += [np.count_nonzero(read == character) for character in characters]
        text.spill.passed(part)
    return found.tolist()


def _of_several_lines(column: pa.Array | pa.ChunkedArray) -> Iterator[pa.Array]:
    """The cells of a column that hold a line end, by chunk."""
    for chunk in getattr(column, "chunks", [column]):
        offsets, data = flat(chunk)
        if data.min(initial=32) < 32 and len(ends := np.flatnonzero(data == 10)):
            yield chunk.take(pa.array(np.unique(np.searchsorted(offsets, ends, side="right")) - 1))
