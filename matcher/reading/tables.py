"""Tables in memory: pandas, polars, Arrow and lists of dicts become sheets; none is changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.types as pt

from matcher.reading.halves import Mender
from matcher.reading.nesting import columns_of_objects, unnest
from matcher.reading.sheet import Sheet
from matcher.reading.texts import as_text


def is_table(value: object) -> bool:
    """Whether this is a table in memory that can be read: not a path, not a list."""
    if isinstance(value, pa.Table | pa.RecordBatch) or _is_pandas(value) or _is_polars(value):
        return True
    return hasattr(value, "__arrow_c_stream__")


def read_table(value: Any, name: str, stem: str) -> Sheet:
    """A sheet from a pandas, polars or Arrow table or any other that offers an Arrow stream.

    The index of a pandas table is not read.
    """
    if _is_pandas(value):
        mender = Mender()
        table = _from_pandas(value, mender)
        return replace(sheet_of(table, name, stem), notes=mender.notes)
    if _is_polars(value):
        return sheet_of(_from_polars(value), name, stem)
    if isinstance(value, pa.RecordBatch):
        return sheet_of(pa.Table.from_batches([value]), name, stem)
    return sheet_of(value if isinstance(value, pa.Table) else pa.table(value), name, stem)


def read_dicts(rows: Sequence[Mapping[str, Any]], name: str, stem: str) -> Sheet:
    """A sheet from a list of dicts; keys may differ from row to row."""
    mender = Mender()
    try:
        headers, columns = columns_of_objects(rows)
    except UnicodeEncodeError:
        headers, columns = columns_of_objects([mender.mend(row) for row in rows])
    return replace(Sheet.of(name, stem, headers, columns), notes=mender.notes)


def sheet_of(table: pa.Table, name: str, stem: str) -> Sheet:
    """A sheet of an Arrow table: every column as text, lists and structs spread out."""
    headers: list[str] = []
    columns: list[pa.ChunkedArray] = []
    for header, column in zip(table.column_names, table.columns, strict=True):
        if pt.is_nested(column.type):
            for inner, values in unnest(header, column.to_pylist()).items():
                headers.append(inner)
                columns.append(pa.chunked_array([pa.array(values, pa.string())]))
        else:
            headers.append(str(header))
            columns.append(as_text(column))
    return Sheet.of(name, stem, headers, columns)


def _is_pandas(value: object) -> bool:
    return type(value).__name__ == "DataFrame" and type(value).__module__.startswith("pandas")


def _is_polars(value: object) -> bool:
    return type(value).__module__.split(".")[0] == "polars" and hasattr(value, "lazy")


def _from_pandas(frame: Any, mender: Mender) -> pa.Table:
    columns = [_pandas_column(frame.iloc[:, i], mender) for i in range(frame.shape[1])]
    return pa.table(columns, names=[mender.mend(str(c)) for c in frame.columns])


def _pandas_column(series: Any, mender: Mender) -> pa.Array | pa.ChunkedArray:
    """One column; where the objects in it are of several types, each as its own text."""
    try:
        return pa.array(series, from_pandas=True)
    except UnicodeEncodeError:
        return _pandas_column(series.map(mender.mend), mender)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        missing = series.isna()
        return pa.array(_texts(series.where(~missing, None)), pa.string())


def _texts(values: Iterable[Any]) -> list[str | None]:
    return [None if v is None else _one_text(v) for v in values]


def _one_text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _from_polars(frame: Any) -> pa.Table:
    import polars

    eager = frame.collect() if isinstance(frame, polars.LazyFrame) else frame
    if not hasattr(polars, "CompatLevel"):  # polars 1.0
        return eager.to_arrow()
    # The oldest form avoids string views, which not every supported pyarrow can cast.
    return eager.to_arrow(compat_level=polars.CompatLevel.oldest())
