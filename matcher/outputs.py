"""Results onto disk: whole or not at all, and harmless in a spreadsheet."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from matcher.errors import OutputError
from matcher.golden import LIST_SEPARATOR

#: A spreadsheet runs a cell that begins with one of these …
_FORMULA_START = r"^[=+\-@\t\r|%]"
#: … unless the whole cell is a number or a phone number.
_HARMLESS = r"^[+\-]?[0-9 ().,\-]*$"


def write_folder(
    folder: Path, tables: Mapping[str, pa.Table], report: Mapping[str, Any]
) -> Sequence[Path]:
    """Writes tables as CSV and the report as JSON into a folder, all or none.

    Files are written beside their final place and moved there at the end.

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
        for name, table in tables.items():
            write_csv(table, work / name)
        text = json.dumps(report, indent=2, default=str) + "\n"
        (work / "report.json").write_text(text, encoding="utf-8")
        names = [*tables, "report.json"]
        for name in names:
            (work / name).replace(folder / name)
    except OSError as error:
        raise OutputError(
            f"The results cannot be written to {folder} ({_reason(error)}); files of an earlier "
            "run may still be there."
        ) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return [folder / name for name in names]


def write_csv(table: pa.Table, path: Path) -> None:
    """One CSV file: UTF-8, lists joined by ``; ``, formula cells made harmless."""
    columns = {name: _cells(table.column(name)) for name in table.column_names}
    options = pa_csv.WriteOptions(quoting_style="needed")
    pa_csv.write_csv(pa.table(columns), path, options)


def _cells(column: pa.ChunkedArray) -> pa.Array:
    array = column.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = pa.array([], column.type)
    if pa.types.is_list(array.type):
        array = pc.binary_join(array, LIST_SEPARATOR)
    if pa.types.is_dictionary(array.type):
        harmless = pa.DictionaryArray.from_arrays(array.indices, harmless_texts(array.dictionary))
        return harmless.cast(pa.string())
    if pa.types.is_string(array.type):
        return harmless_texts(array)
    return array


def harmless_texts(texts: pa.Array) -> pa.Array:
    """Puts an apostrophe before cells that a spreadsheet would run as a formula."""
    starts = pc.match_substring_regex(texts, _FORMULA_START)
    if not pc.any(starts).as_py():
        return texts
    risky = pc.and_not(starts, pc.match_substring_regex(texts, _HARMLESS))
    quoted = pc.binary_join_element_wise("'", texts, "")
    return pc.if_else(risky, quoted, texts)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
