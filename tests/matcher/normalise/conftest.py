"""Small raw records for the tests of normalising."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pyarrow as pa
import pytest

from matcher.records import RawRecords

MakeRaw = Callable[..., RawRecords]


@pytest.fixture
def make_raw() -> MakeRaw:
    """Raw records of columns given by keyword; ``file`` may be given too."""

    def make(**columns: Sequence[str | None]) -> RawRecords:
        count = len(next(iter(columns.values())))
        files = columns.pop("file", ["people.csv"] * count)
        table = {
            "record_id": pa.array([f"r{i}" for i in range(count)], pa.string()),
            "source": pa.array(["people"] * count, pa.string()),
            "source_record_id": pa.nulls(count, pa.string()),
            "file": pa.array(files, pa.string()),
            "row": pa.array(range(1, count + 1), pa.int64()),
        }
        table |= {name: pa.array(values, pa.string()) for name, values in columns.items()}
        return RawRecords(pa.table(table))

    return make
