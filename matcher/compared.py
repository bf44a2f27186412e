"""What a comparison looked at: the normalised values of records, as text for people."""

from __future__ import annotations

from collections.abc import Sequence
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
    separator = ", " if comparison == "location" else "; "
    return _joined([(c.values, c.codes[rows]) for c in columns], separator)


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
    """The employer of a person is not compared."""
    column = records.columns.get("organization")
    if column is None or not records.organisation.any():
        return []
    codes = np.where(records.organisation, column.codes, np.int32(-1)).astype(np.int32)
    return [Column(codes, column.values)]


def _joined(
    parts: Sequence[tuple[pa.StringArray, npt.NDArray[np.int32]]], separator: str
) -> pa.Array:
    """The texts that each row has in any of the parts, in their order."""
    if len(parts) == 1:
        values, codes = parts[0]
        return values.take(pa.array(codes, mask=codes < 0))
    begins = np.cumsum([0, *(len(values) for values, _ in parts)])[:-1]
    codes = np.stack(
        [
            np.where(own >= 0, own + begin, -1)
            for (_, own), begin in zip(parts, begins, strict=True)
        ],
        axis=1,
    )
    filled = codes >= 0
    texts = pa.concat_arrays([values for values, _ in parts]).take(pa.array(codes[filled]))
    counts = filled.sum(axis=1)
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    joined = pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets), texts), separator)
    return pc.if_else(pa.array(counts > 0), joined, None)
