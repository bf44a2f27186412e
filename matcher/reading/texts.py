"""Any Arrow column as text: numbers without a stray ``.0``, dates in ISO form."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

#: Floats beyond this do not hold every whole number, so they cannot be ids.
_EXACT_FLOAT = 2.0**53


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column as strings; null stays null.

    Whole numbers that a table keeps as floats (ids beside missing values) lose the ``.0``;
    timestamps at midnight throughout become plain dates; bytes that are not UTF-8 become null.
    """
    kind = column.type
    if pt.is_string(kind):
        return column
    if pt.is_dictionary(kind):
        return as_text(column.cast(kind.value_type))
    if pt.is_floating(kind):
        return _float_text(column.cast(pa.float64()))
    if pt.is_timestamp(kind):
        return _time_text(column)
    if pt.is_binary(kind) or pt.is_large_binary(kind) or pt.is_fixed_size_binary(kind):
        return _bytes_text(column)
    return column.cast(pa.string())


def _float_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    finite = pc.if_else(pc.is_finite(column), column, None)
    bounds = pc.min_max(pc.abs(finite)).as_py()
    whole = pc.all(pc.equal(pc.floor(finite), finite)).as_py() is not False
    if whole and (bounds["max"] or 0.0) < _EXACT_FLOAT:
        return finite.cast(pa.int64()).cast(pa.string())
    return finite.cast(pa.string())


def _time_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    # A zone is dropped after conversion to UTC: a moment in time, whoever looks at it.
    plain = column.cast(pa.timestamp(column.type.unit))
    seconds = plain.cast(pa.timestamp("s"), safe=False)
    days = seconds.cast(pa.date32(), safe=False)
    if pc.all(pc.equal(days.cast(pa.timestamp("s")), seconds)).as_py() is not False:
        return days.cast(pa.string())
    return pc.replace_substring(seconds.cast(pa.string()), " ", "T", max_replacements=1)


def _bytes_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    try:
        return column.cast(pa.binary()).cast(pa.string())
    except pa.ArrowInvalid:
        texts = [None if v is None else v.decode(errors="replace") for v in column.to_pylist()]
        return pa.chunked_array([pa.array(texts, pa.string())])
