"""The columns of a table as Python texts, each distinct one made once for all its rows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matcher.normalise.lanes import distinct
from matcher.records import Codes, Column, Records

Objects = npt.NDArray[np.object_]


class Cells:
    """One column of texts. Rows of equal text share one object, so that its hash is made once.

    Args:
        codes: int32 per row, an index into ``values``; -1 where the cell is empty.
        values: the distinct texts, and ``None`` as the last.
    """

    __slots__ = ("_codes", "_values")

    def __init__(self, codes: Codes, values: Objects) -> None:
        self._codes = codes
        self._values = values

    def part(self, start: int, stop: int) -> list[str | None]:
        """The texts of some rows, ``None`` for an empty cell."""
        part: list[str | None] = self._values[self._codes[start:stop]].tolist()
        return part


class Decoded:
    """The columns of a table, raw and normalised, each decoded when it is first asked for.

    Args:
        table: the raw columns.
        records: the same rows, normalised.
    """

    def __init__(self, table: pa.Table, records: Records) -> None:
        self._table = table
        self._records = records
        self._raw: dict[str, Cells | None] = {}
        self._known: dict[int, tuple[pa.StringArray, Objects]] = {}

    def raw(self, name: str) -> Cells | None:
        """A raw column, blanks at the ends off; ``None`` where the table has none."""
        if name not in self._raw:
            known = name in self._table.column_names
            self._raw[name] = _trimmed(self._table.column(name)) if known else None
        return self._raw[name]

    def normalised(self, name: str) -> Cells | None:
        """A normalised column by its name; ``None`` where no row has a value."""
        column = self._records.columns.get(name)
        return None if column is None else self.clean(column)

    def clean(self, column: Column) -> Cells:
        """A normalised column."""
        values = column.values
        if id(values) not in self._known:  # several columns may share one dictionary
            self._known[id(values)] = values, _objects(values)  # held, so that its id stays its own
        return Cells(column.codes, self._known[id(values)][1])


def _trimmed(texts: pa.ChunkedArray) -> Cells:
    codes, values = distinct(texts)
    trimmed = pc.utf8_trim_whitespace(values)
    blank = pc.equal(pc.binary_length(trimmed), 0)
    return Cells(codes, _objects(pc.if_else(blank, None, trimmed)))


def _objects(values: pa.StringArray) -> Objects:
    objects: Objects = np.empty(len(values) + 1, np.object_)  # the last stays None
    objects[:-1] = values.to_numpy(zero_copy_only=False)
    return objects
