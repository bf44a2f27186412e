"""The way of an input: read, recognise, clean, fold, identify; then all inputs as one table."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from matcher.reading.canonical import Canonical, canonical
from matcher.reading.choices import Choices
from matcher.reading.folding import fold
from matcher.reading.identity import Claims, Identities, identify
from matcher.reading.inputs import inputs_of, read_inputs
from matcher.reading.layout import Layout, lay_out, used_columns, uses
from matcher.reading.sheet import Sheet
from matcher.reading.van_ids import qualify
from matcher.records import (
    CONSENT_COLUMNS,
    EXTERNAL_ID_COLUMNS,
    REPEATED_COLUMNS,
    SINGLE_COLUMNS,
    RawRecords,
    SourceReport,
    empty_rejects,
)
from matcher.spilling import Spill

log = logging.getLogger("matcher.reading")

#: A column named ``source`` with more different values than this names no sources.
_MOST_SOURCES = 200
_ORDER = (*SINGLE_COLUMNS, *REPEATED_COLUMNS, *CONSENT_COLUMNS, *EXTERNAL_ID_COLUMNS)


def read(
    source: Any,
    *,
    columns: Mapping[str, str | Sequence[str]] | None = None,
    extra: Mapping[str, str] | None = None,
    carry: Sequence[str] = (),
    source_name: str | None = None,
    spill: Spill | None = None,
) -> RawRecords:
    """Read files and tables into one table of records under canonical names.

    Formats are known by content, vendors by their headers, other columns by common aliases. What
    was recognised is logged to ``matcher.reading`` and kept in ``RawRecords.sources``.

    Args:
        source: a path, a pandas, polars or Arrow table, a list of dicts, a list of any of these,
            or a mapping of source names to them.
        columns: canonical column -> input column, or several in order of preference; it outranks
            recognition. ``id:<system>`` names an identifier that is not a canonical column.
        extra: further input columns to carry as ``extra:<name>``, and how each compares.
        carry: columns to carry in the same way where an input has them.
        source_name: the source of all records, where no mapping names it.
        spill: where columns go when there is a limit on memory.

    Raises:
        UnreadableFile: a file is missing, empty, damaged, or of a format that is not read.
        UnusableColumns: no column of an input says who a person is, or ``columns`` or ``extra``
            name one that is absent.
        OptionError: ``source`` or ``extra`` cannot be meant.
    """
    inputs = inputs_of(source, source_name)
    spill = spill or Spill()
    sheets = read_inputs(inputs, spill, used_columns(Choices.wished(columns, extra, carry)))
    choices = Choices.check(columns, extra, sheets, carry)
    parts = []
    for named in inputs:  # a sheet's memory goes back as soon as its records are made
        parts.append(_part(sheets.pop(0), choices, named.source, spill))
    identities = identify([part.claims for part in parts])
    table = pa.concat_tables([part.table for part in parts], promote_options="default")
    if not identities.keep.all():
        table = table.filter(pa.array(identities.keep))
    rejects = [empty_rejects(), *(t for part in parts for t in part.rejects), identities.rejects]
    return RawRecords(
        _with_ids(table, identities).combine_chunks(),
        pa.concat_tables(rejects),
        [part.report for part in parts],
    )


def read_once(
    source: Any,
    columns: Mapping[str, str | Sequence[str]] | None = None,
    extra: Mapping[str, str] | None = None,
) -> RawRecords:
    """A source, read; one that has been read already stays as it is."""
    if isinstance(source, RawRecords):
        return source
    return read(source, columns=columns, extra=extra)


@dataclass(frozen=True, slots=True)
class _Part:
    """One input's share of the result."""

    table: pa.Table
    claims: Claims
    rejects: Sequence[pa.Table]
    report: SourceReport


def _part(sheet: Sheet, choices: Choices, named: str | None, spill: Spill) -> _Part:
    layout = lay_out(sheet, choices)
    content = canonical(sheet, layout, spill)
    used = uses(sheet, layout)
    numbering = _numbering(content, layout, used, sheet)
    values, rows = content.columns, sheet.rows
    if layout.vendor and layout.vendor.folds:
        values, first = fold(values, layout.vendor.own_ids[0])
        rows, numbering = rows[first], numbering.take(pa.array(first))
    qualify(values, layout.vendor)
    sources, shown = _sources(values.pop("source", None), layout, named, sheet, len(rows))
    claims = Claims(
        file=sheet.name,
        stem=sheet.stem,
        rows=rows,
        source=sources,
        record_id=values.pop("record_id", pa.nulls(len(rows), pa.string())),
        numbering=numbering,
        own=_own_ids(values, layout, len(rows)),
    )
    title = layout.vendor.title if layout.vendor else None
    notes = (*sheet.notes, *content.notes)
    report = SourceReport(sheet.name, shown, title, len(sheet), used, notes)
    _tell(report)
    rejects = [sheet.rejects, *content.rejects]
    return _Part(_table(values, claims), claims, rejects, report)


def _numbering(
    content: Canonical, layout: Layout, used: dict[str, str | None], sheet: Sheet
) -> pa.StringArray:
    """The ids of the first column that numbers the rows; else null."""
    if "record_id" not in content.columns:
        for i in layout.id_candidates:
            ids = content.id_candidates[i]
            if not ids.null_count and pc.count_distinct(ids).as_py() == len(ids):
                used[sheet.headers[i]] = "record_id"
                return ids
    return pa.nulls(len(sheet), pa.string())


def _sources(
    column: pa.StringArray | None, layout: Layout, named: str | None, sheet: Sheet, count: int
) -> tuple[pa.StringArray, str]:
    """The source of each record, and how to name them all."""
    default = pa.scalar(
        named or (layout.vendor.source if layout.vendor else sheet.stem), pa.string()
    )
    if named is None and column is not None:
        distinct = column.unique().drop_null()
        if 0 < len(distinct) <= _MOST_SOURCES:
            return column.fill_null(default), ", ".join(sorted(distinct.to_pylist()))
    return pa.repeat(default, count), default.as_py()


def _own_ids(values: dict[str, pa.StringArray], layout: Layout, count: int) -> pa.StringArray:
    names = layout.vendor.own_ids if layout.vendor else ("source_record_id",)
    stated = values.pop("source_record_id", None)
    found = [values[name] for name in names if name in values]
    found = [stated, *found] if stated is not None else found
    return pc.coalesce(*found) if found else pa.nulls(count, pa.string())


def _table(values: Mapping[str, pa.StringArray], claims: Claims) -> pa.Table:
    content = {name: values[name] for name in sorted(values, key=_place)}
    one_file = pa.nulls(len(claims.rows), pa.int32()).fill_null(0)
    file = pa.DictionaryArray.from_arrays(one_file, pa.array([claims.file]))
    fixed = {"source": claims.source, "file": file, "row": pa.array(claims.rows)}
    return pa.table({**fixed, **content})


def _place(name: str) -> tuple[int, str]:
    plain = name.rstrip("0123456789")
    return (_ORDER.index(plain) if plain in _ORDER else len(_ORDER)), name


def _with_ids(table: pa.Table, identities: Identities) -> pa.Table:
    """The table of the records kept, its ids in front and its columns in the canonical order."""
    rest = [name for name in table.column_names if name not in ("source", "file", "row")]
    ordered = table.select(["source", "file", "row", *sorted(rest, key=_place)])
    ordered = ordered.add_column(0, "record_id", identities.record_id)
    return ordered.add_column(2, "source_record_id", identities.source_record_id)


def _tell(report: SourceReport) -> None:
    what = report.vendor or "no vendor's layout; columns by their names"
    log.info("%s: %s; %d rows as source %s", report.name, what, report.rows, report.source)
    for column, use in report.columns.items():
        log.info("%s: column %s -> %s", report.name, column, use or "not used")
    for note in report.notes:
        log.info("%s: %s", report.name, note)
