"""What a comparison looked at: the normalised values of records, as text for people."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial, reduce
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matcher.records import Column, Records

_LOCATION = ("address", "unit", "city", "region", "postal_code")


def compared_texts(
    records: Records, comparison: str, rows: npt.NDArray[np.signedinteger[Any]]
) -> pa.Array:
    """The values of some records for a comparison, several joined; null where there is none.

    Args:
        records: normalised.
        comparison: its name.
        rows: record indices.
    """
    columns = _columns(records, comparison)
    if not columns:
        return pa.nulls(len(rows), pa.string())
    texts = [_texts(column, rows) for column in columns]
    if comparison == "organization":  # the employer of a person is not compared
        return pc.if_else(pa.array(records.organisation[rows]), texts[0], None)
    separator = ", " if comparison == "location" else "; "
    return reduce(partial(_beside, separator), texts)


def is_compared(records: Records, comparison: str) -> bool:
    """Whether any record has a value for the comparison."""
    return bool(_columns(records, comparison))


def _columns(records: Records, comparison: str) -> Sequence[Column]:
    match comparison:
        case "email":
            return records.emails
        case "phone":
            return records.phones
        case "external_id":
            return list(records.external_ids.values())
        case "location":
            return [records.columns[name] for name in _LOCATION if name in records.columns]
        case "organization":
            return _names_of_organisations(records)
    return [records.columns[comparison]] if comparison in records.columns else []


def _names_of_organisations(records: Records) -> Sequence[Column]:
    column = records.columns.get("organization")
    return [] if column is None or not records.organisation.any() else [column]


def _texts(column: Column, rows: npt.NDArray[np.signedinteger[Any]]) -> pa.Array:
    """The texts of some records: taken first, for all the values of a large set are long."""
    codes = column.codes[rows]
    return column.values.take(pa.array(codes, mask=codes < 0))


def _beside(separator: str, texts: pa.Array, more: pa.Array) -> pa.Array:
    """Both texts of each row, or the one that it has."""
    return pc.coalesce(pc.binary_join_element_wise(texts, more, separator), texts, more)
