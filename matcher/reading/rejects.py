"""Lines of the rejects table: what came in and could not be used, and why."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matcher.records import REJECT_SCHEMA, empty_rejects

#: Characters of a rejected value that are shown: enough to find it, not enough to drown in it.
SHOWN = 500


def reject(
    file: str,
    rows: Sequence[int] | npt.NDArray[np.int64],
    reasons: str | Sequence[str] | pa.Array,
    *,
    column: str | None = None,
    values: Sequence[str | None] | pa.Array | None = None,
) -> pa.Table:
    """One line per row number, all of one file and column.

    Args:
        file: the input, as messages name it.
        rows: row numbers, counted from 1 below the header.
        reasons: one sentence for all of them, or one each.
        column: the column as the input names it; ``None`` where the whole row is at fault.
        values: the value at fault of each, cut to a length worth showing.
    """
    count = len(rows)
    if not count:
        return empty_rejects()
    texts = pa.nulls(count, pa.string()) if values is None else pa.array(values, pa.string())
    given = reasons if not isinstance(reasons, str) else [reasons] * count
    return pa.table(
        [
            pa.array([file] * count, pa.string()),
            pa.array(rows, pa.int64()),
            pa.array([column] * count, pa.string()),
            pc.utf8_slice_codeunits(texts, 0, SHOWN),
            given if isinstance(given, pa.Array) else pa.array(given, pa.string()),
        ],
        schema=REJECT_SCHEMA,
    )
