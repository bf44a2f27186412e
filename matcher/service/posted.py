"""Records as clients send them, under canonical names, become records as files have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.reading import read
from matcher.records import RawRecords

Ints = npt.NDArray[np.int64]
Posted = Mapping[str, Any]

#: Reading takes a column of this name for a vendor's export, which what is posted never is.
_ELSEWHERE = {"nationbuilder_id": "nationbuilder_id as posted"}


def read_posted(records: Sequence[Posted]) -> tuple[RawRecords, Ints]:
    """Records of any sources, read together; each as if it came alone.

    Args:
        records: canonical name -> text, or texts where it may repeat; all have a ``source``.

    Returns:
        the records, and the row of each that was posted.
    """
    by_source: dict[str, list[int]] = {}
    for place, record in enumerate(records):
        by_source.setdefault(record["source"], []).append(place)
    frames = {
        source: [_row(records[place]) for place in places] for source, places in by_source.items()
    }
    said = {name for record in records for name in record}
    columns = {name: header for name, header in _ELSEWHERE.items() if name in said}
    raw = read(frames, columns=columns)
    order = np.array([place for places in by_source.values() for place in places], np.int64)
    rows = np.empty(len(records), np.int64)
    rows[order] = np.arange(len(order))
    return raw, rows


def name_of(record: Posted) -> tuple[str, str] | None:
    """What names a record: its source and its id there; nothing where it has none."""
    known = record.get("source_record_id")
    return None if known is None else (record["source"], known)


def _row(record: Posted) -> dict[str, Any]:
    return {_ELSEWHERE.get(name, name): value for name, value in record.items() if name != "source"}
