"""The address columns of all records, from a street number and two lines."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from matcher.normalise.addresses import clean_lines
from matcher.normalise.faults import reject_table
from matcher.normalise.lanes import Mask, coalesce, column, distinct, keep_rows
from matcher.records import Column

_NAMES = {"house_number": "house", "street": "street", "address": "address", "unit": "unit"}


def address_columns(table: pa.Table) -> tuple[dict[str, Column], list[pa.Table]]:
    """``house_number``, ``street``, ``address`` and ``unit``, and the rejects.

    A second line speaks where the first has no house number and the second has one, or a box; else
    only its unit counts, so that the name of a property or a ``c/o`` does no harm.
    """
    first = _lines(table, _first_line(table), "address_line1", second=False)
    second = _lines(table, table, "address_line2", second=True)
    if second is None or first is None:
        only = first or second
        return ({}, []) if only is None else (only[0], only[1])
    columns, rejects = first
    takes_over = (columns["house_number"].codes < 0) & (second[0]["house_number"].codes >= 0)
    takes_over |= (columns["street"].codes < 0) & (second[0]["street"].codes >= 0)
    made = {
        name: _either(columns[name], second[0][name], takes_over)
        for name in ("house_number", "street", "address")
    }
    made["unit"] = coalesce([columns["unit"], second[0]["unit"]])
    return made, [*rejects, *second[1]]


def _either(first: Column, second: Column, takes_over: Mask) -> Column:
    if not takes_over.any():
        return first
    return coalesce([keep_rows(first, ~takes_over), keep_rows(second, takes_over)])


def _lines(
    table: pa.Table, source: pa.Table, name: str, *, second: bool
) -> tuple[dict[str, Column], list[pa.Table]] | None:
    """One line of every record parsed, each part a column."""
    if name not in source.column_names:
        return None
    codes, values = distinct(source[name])
    lines = clean_lines(values, second=second)
    columns = {
        canonical: column(codes, getattr(lines, part), lines.weak if part == "address" else None)
        for canonical, part in _NAMES.items()
    }
    return columns, [reject_table(table, name, codes, values, lines.faults)]


def _first_line(table: pa.Table) -> pa.Table:
    """The table with the street number, where it stands apart, put before the first line."""
    if "street_number" not in table.column_names:
        return table
    number = pc.utf8_trim_whitespace(table["street_number"].cast(pa.string()))
    number = pc.replace_substring_regex(number, r"\.0$", "")
    if "address_line1" not in table.column_names:
        return table.append_column("address_line1", number)
    line = pc.fill_null(table["address_line1"].cast(pa.string()), "")
    # A line that begins with a digit holds its number already, unless it is a numbered street.
    begins = pc.match_substring_regex(line, r"^\s*[0-9]+[a-zA-Z]?\s+[^\s]")
    needed = pc.and_(pc.invert(begins), pc.greater(pc.binary_length(pc.fill_null(number, "")), 0))
    joined = pc.if_else(needed, pc.binary_join_element_wise(number, line, " "), line)
    at = table.schema.get_field_index("address_line1")
    return table.set_column(at, "address_line1", joined)
