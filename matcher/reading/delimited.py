"""CSV, TSV and the like in, a sheet of text columns out.

The header is read here, the rows by Arrow (``arrow_rows``), every column as text. Where a row's
quotes seem broken, the file is read again by ``damaged``, which saves every good row.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from matcher.errors import UnreadableFile
from matcher.reading.arrow_rows import Parsed, parse_rows
from matcher.reading.damaged import ragged_reason, read_damaged
from matcher.reading.layout import Used
from matcher.reading.rejects import reject
from matcher.reading.sheet import Sheet, row_numbers
from matcher.records import empty_rejects
from matcher.spilling import Spill

#: Candidates in the order that decides a tie.
DELIMITERS = (",", "\t", ";", "|")
_SAMPLE_BYTES = 1 << 20
_SAMPLE_ROWS = 20


def read_delimited(
    text: pa.Buffer,
    name: str,
    stem: str,
    notes: Sequence[str],
    spill: Spill | None = None,
    *,
    used: Used = lambda headers: None,
) -> Sheet:
    """A sheet from delimited text; the first line that is not blank is the header.

    Args:
        text: UTF-8 without a byte-order mark.
        name: the path, for messages.
        stem: the short name of the file.
        notes: what is already known to be worth telling.
        spill: where the rows go when there is a limit on memory.
        used: the columns that are needed; others may be left without their rows.

    Raises:
        UnreadableFile: there is no data row, or none has as many fields as the header.
    """
    head = _read_head(text.slice(0, min(text.size, _SAMPLE_BYTES)).to_pybytes())
    body = text.slice(head.size)
    no_rows = f"{name}: has a header but no rows (0 records); export it again."
    if body.size < _SAMPLE_BYTES and not body.to_pybytes().strip():
        raise UnreadableFile(no_rows)
    parsed = parse_rows(body, len(head.headers), head.delimiter, spill, used(head.headers))
    if parsed is None:
        sheet = read_damaged(body, name, stem, head.headers, head.delimiter)
    else:
        sheet = _sheet_of(parsed, name, stem, head.headers)
    count = sheet.rejects.num_rows
    told = [f"rows that could not be read and are in the rejects: {count:,}"] if count else []
    return replace(sheet, notes=[*notes, *told])


def _sheet_of(parsed: Parsed, name: str, stem: str, headers: Sequence[str]) -> Sheet:
    table, ragged = parsed.table, parsed.ragged
    none = pa.chunked_array([], pa.string())
    columns = [
        table.column(str(i)) if str(i) in table.column_names else none for i in range(len(headers))
    ]
    rows = row_numbers(table.num_rows + len(ragged))
    if not ragged:
        return Sheet(name, stem, headers, columns, rows, empty_rejects())
    bad = [row.number for row in ragged]
    reasons = [ragged_reason(row.fields, len(headers)) for row in ragged]
    rejects = reject(name, bad, reasons, values=[row.text for row in ragged])
    return Sheet(name, stem, headers, columns, np.delete(rows, np.array(bad) - 1), rejects)


@dataclass(frozen=True, slots=True)
class _Head:
    headers: list[str]
    delimiter: str
    size: int  # bytes up to the first data row


def _read_head(sample: bytes) -> _Head:
    text = sample.decode(errors="ignore")
    start, declared = _header_start(text)
    records = list(_split_records(text, start))
    delimiter = declared or sniff(records)
    headers = _fields(records[0], delimiter)
    if _trailing_delimiter(records, delimiter, len(headers)):
        headers.append("")
    named = [h.strip().lstrip("\ufeff") or f"column {i}" for i, h in enumerate(headers, 1)]
    return _Head(named, delimiter, len(text[: start + len(records[0])].encode()))


def sniff(records: Sequence[str]) -> str:
    """The delimiter of these lines, the first of which is the header.

    The one that splits the header into more than one field and most lines into as many; among
    several, the one with the most fields; then the order of ``DELIMITERS``. Comma where none does.
    """
    best, best_rank = DELIMITERS[0], (0.0, 0)
    for delimiter in DELIMITERS:
        widths = [len(_fields(record, delimiter)) for record in records if record.strip()]
        if not widths or widths[0] == 1:
            continue
        agreeing = sum(width == widths[0] for width in widths) / len(widths)
        rank = (float(agreeing > 0.5), widths[0])
        if rank > best_rank:
            best, best_rank = delimiter, rank
    return best


def _header_start(sample: str) -> tuple[int, str | None]:
    """Where the header begins, after blank lines and Excel's line ``sep=;``, and what that says."""
    declared = re.match(r"\s*sep=(.)\r?\n", sample)
    if declared:
        return declared.end(), declared.group(1)
    return len(sample) - len(sample.lstrip("\r\n")), None


def _split_records(sample: str, start: int) -> Iterator[str]:
    """The first lines, line ends inside quotes not counted; the last one may be cut off."""
    for _ in range(_SAMPLE_ROWS):
        end = _record_end(sample, start)
        if start >= len(sample):
            return
        yield sample[start:end]
        start = end


def _record_end(sample: str, start: int) -> int:
    quoted, first_end = False, 0
    for found in re.finditer(r'"|\r\n|\n|\r', sample[start:]):
        if found.group() == '"':
            quoted = not quoted
            continue
        first_end = first_end or start + found.end()
        if not quoted:
            return start + found.end()
    return first_end or len(sample)  # a quote that is never closed ends with its line


def _fields(record: str, delimiter: str) -> list[str]:
    lines = [record.strip("\r\n")]
    try:
        return next(csv.reader(lines, delimiter=delimiter), [""])
    except csv.Error:  # a field beyond the module's limit: it is one field whatever it holds
        return lines[0].split(delimiter)


def _trailing_delimiter(records: Sequence[str], delimiter: str, width: int) -> bool:
    """Whether every row ends in a delimiter that the header lacks, as some exporters write."""
    rows = [_fields(record, delimiter) for record in records[1:] if record.strip()]
    return bool(rows) and all(len(row) == width + 1 and not row[-1] for row in rows)
