"""Results onto disk: whole or not at all, and harmless in a spreadsheet."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from matcher.errors import OutputError
from matcher.golden_part import LIST_SEPARATOR
from matcher.normalise.flat import flat

#: A spreadsheet may run a cell that begins with one of these …
_FORMULA_START = np.zeros(256, np.bool_)
_FORMULA_START[[ord(character) for character in "=+-@\t\r|%"]] = True
#: … unless it is no more than a number, a phone number, or a list of them.
_NUMBERS = r"^[+\-]?[0-9.,]*(?:; [+\-]?[0-9.,]*)*$"
#: Most of these are a sign and such characters.
_SIGN, _IN_NUMBER = np.zeros((2, 256), np.bool_)
_SIGN[list(b"+-")] = True
_IN_NUMBER[list(b"0123456789.,")] = True
#: Stands before what a spreadsheet would run.
FORMULA_QUOTE = "'"
_THREADS = 2
_ROWS_A_PART = 100_000
#: Parts that are made ahead of the one that is written: a slow disk must not fill the memory.
_AHEAD = 3

#: Some rows of a table, made when they are needed.
Part = Callable[[], pa.Table]


@contextmanager
def open_folder(folder: Path) -> Iterator[Path]:
    """A folder to write into that replaces files in ``folder`` when all are written.

    Yields:
        an empty folder beside the final place. What is in it afterwards is moved there; if
        anything fails, the files that were there before stay as they were.

    Raises:
        OutputError: the folder cannot be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder))
    except OSError as error:
        raise OutputError(
            f"Nothing was written: {folder} cannot be used as a folder ({_reason(error)}). "
            "Give another folder, or make this one writable."
        ) from error
    try:
        fresh = work / "fresh"
        fresh.mkdir()
        yield fresh
        _replace_all(fresh, folder, work)
    except OSError as error:
        raise OutputError(
            f"The results cannot be written to {folder} ({_reason(error)}). What was there "
            "before is still there; make room or give another folder."
        ) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def write_folder(
    folder: Path, tables: Mapping[str, pa.Table], report: Mapping[str, Any]
) -> Sequence[Path]:
    """Writes tables as CSV and a report as ``report.json`` into a folder, all or none.

    Returns:
        the paths written.

    Raises:
        OutputError: the folder cannot be made or written to.
    """
    with open_folder(folder) as fresh:
        write_csvs({fresh / name: in_parts(table) for name, table in tables.items()})
        write_json(fresh / "report.json", report)
    return [folder / name for name in (*tables, "report.json")]


def _replace_all(fresh: Path, folder: Path, work: Path) -> None:
    """Moves the new files to their place; on failure the old ones come back."""
    old = work / "old"
    old.mkdir()
    undo: list[Callable[[], object]] = []
    try:
        for path in sorted(fresh.iterdir()):
            place = folder / path.name
            if place.is_dir():
                raise IsADirectoryError(21, f"{place} is a folder")
            if place.exists():
                place.replace(old / path.name)
                undo.append(partial((old / path.name).replace, place))
            path.replace(place)
            undo.append(place.unlink)
    except BaseException:
        for step in reversed(undo):
            step()
        raise


def in_parts(table: pa.Table) -> Sequence[Part]:
    """A table as at least one part, each small enough to be encoded beside others."""
    starts = range(0, max(table.num_rows, 1), _ROWS_A_PART)
    return [partial(table.slice, start, _ROWS_A_PART) for start in starts]


def write_csv(path: Path, parts: Sequence[Part]) -> None:
    """One CSV file of at least one part: UTF-8, a header, lists joined by ``; ``.

    Cells that a spreadsheet would run as a formula get an apostrophe in front.
    """
    write_csvs({path: parts})


def write_csvs(files: Mapping[Path, Sequence[Part]]) -> None:
    """CSV files as ``write_csv`` has them, one after the other.

    The parts of the next file are made while the last of one are: no core waits between files.
    """
    waiting: deque[tuple[Path, bool, Future[tuple[pa.Buffer, pa.Buffer]]]] = deque()
    with ThreadPoolExecutor(_THREADS) as pool:
        for path, first, part in _in_turn(files):
            waiting.append((path, first, pool.submit(_encoded, part)))
            if len(waiting) > _AHEAD:
                _append(*waiting.popleft())
        while waiting:
            _append(*waiting.popleft())


def _in_turn(files: Mapping[Path, Sequence[Part]]) -> Iterator[tuple[Path, bool, Part]]:
    for path, parts in files.items():
        yield from ((path, place == 0, part) for place, part in enumerate(parts))


def _append(path: Path, first: bool, made: Future[tuple[pa.Buffer, pa.Buffer]]) -> None:
    header, rows = made.result()
    with path.open("wb" if first else "ab") as file:
        if first:
            file.write(header)
        file.write(rows)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """One JSON file, indented for people."""
    path.write_text(json.dumps(content, indent=2, default=str) + "\n", encoding="utf-8")


def _encoded(part: Part) -> tuple[pa.Buffer, pa.Buffer]:
    """Header and rows as CSV."""
    table = part()
    table = pa.table({name: _cells(table.column(name)) for name in table.column_names})
    return _csv(table.slice(0, 0), header=True), _csv(table, header=False)


def _csv(table: pa.Table, *, header: bool) -> pa.Buffer:
    sink = pa.BufferOutputStream()
    options = pa_csv.WriteOptions(include_header=header, quoting_style="needed")
    pa_csv.write_csv(table, sink, options)
    return sink.getvalue()


def _cells(column: pa.ChunkedArray) -> pa.Array:
    array = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    if pa.types.is_list(array.type):
        array = pc.binary_join(array, LIST_SEPARATOR)
    if pa.types.is_dictionary(array.type):
        return harmless_texts(array.dictionary).take(array.indices)
    return harmless_texts(array) if pa.types.is_string(array.type) else array


def harmless_texts(texts: pa.StringArray) -> pa.StringArray:
    """Puts an apostrophe before cells that a spreadsheet would run as a formula."""
    if not len(texts):
        return texts
    offsets, data = flat(texts)
    if not len(data):
        return texts
    # An empty cell gets a byte of another, and does not count.
    risky_start = _FORMULA_START.take(data.take(offsets[:-1], mode="clip"))
    starts = np.flatnonzero(risky_start & (offsets[1:] > offsets[:-1]))
    if texts.null_count:  # a cell that is null may have bytes all the same
        starts = starts[texts.is_valid().to_numpy(zero_copy_only=False)[starts]]
    if not len(starts):
        return texts
    picked = texts.take(pa.array(starts))
    if _are_plain_numbers(picked):
        return texts
    numbers = pc.match_substring_regex(picked, _NUMBERS).fill_null(True)
    risky = ~numbers.to_numpy(zero_copy_only=False)
    if not risky.any():
        return texts
    quoted = pc.binary_join_element_wise(FORMULA_QUOTE, picked.filter(pa.array(risky)), "")
    where = np.zeros(len(texts), np.bool_)
    where[starts[risky]] = True
    return pc.replace_with_mask(texts, pa.array(where), quoted)


def _are_plain_numbers(texts: pa.StringArray) -> bool:
    """Whether all are a sign and digits, as phones are; no text is empty."""
    offsets, data = flat(texts)
    digits = _IN_NUMBER.take(data)
    digits[offsets[:-1]] = _SIGN.take(data[offsets[:-1]])
    return bool(digits.all())


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
