"""Ids are unique, whatever comes in."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from matcher.reading.identity import Claims, identify

_ID = st.one_of(st.none(), st.sampled_from(["1", "2", "3", "a#2", "a:1", "a"]))
_ROW = st.tuples(st.sampled_from(["a", "b"]), _ID, _ID, _ID)


def claims(number: int, rows: list[tuple[str | None, ...]]) -> Claims:
    source, record_id, numbering, own = (
        pa.array([row[i] for row in rows], pa.string()) for i in range(4)
    )
    at = np.arange(1, len(rows) + 1)
    return Claims(f"file {number}", "stem", at, source, record_id, numbering, own)


@given(st.lists(st.lists(_ROW, min_size=1, max_size=6), min_size=1, max_size=3))
def test_ids_are_unique_and_no_record_is_lost_in_silence(
    inputs: list[list[tuple[str | None, ...]]],
) -> None:
    got = identify([claims(i, rows) for i, rows in enumerate(inputs)])
    ids = got.record_id.to_pylist()
    assert None not in ids
    assert len(set(ids)) == len(ids) == len(got.source_record_id) == int(got.keep.sum())
    assert len(ids) + got.rejects.num_rows == sum(map(len, inputs))
    flat = [row for rows in inputs for row in rows]
    kept = [row for row, keep in zip(flat, got.keep, strict=True) if keep]
    first_holder: dict[str, str | None] = {}
    for (source, given_id, *_), result in zip(kept, ids, strict=True):
        if given_id is not None and first_holder.setdefault(given_id, source) == source:
            assert result == given_id
    dropped = [row for row, keep in zip(flat, got.keep, strict=True) if not keep]
    assert all(row[1] is not None for row in dropped)
