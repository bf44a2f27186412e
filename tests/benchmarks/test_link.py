from __future__ import annotations

import pyarrow as pa

from benchmarks.link import split


def test_every_row_is_on_one_side_in_its_place() -> None:
    table = pa.table({"record_id": [f"r{row}" for row in range(50)]})
    left, right = (side["record_id"].to_pylist() for side in split(table, 7))
    assert len(left) == 7
    assert sorted(left + right) == sorted(table["record_id"].to_pylist())
    for side in (left, right):
        assert side == sorted(side, key=lambda name: int(name[1:]))
