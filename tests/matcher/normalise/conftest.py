"""Small raw records for the tests of normalising, which go through the fast lanes here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

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


@pytest.fixture(scope="module", autouse=True)
def lanes_for_few() -> Iterator[None]:
    """Few texts go through the lanes too, which is what most of these tests are about."""
    with pytest.MonkeyPatch.context() as patch:
        for module in ("addresses", "dates", "emails", "name_columns"):
            patch.setattr(f"matcher.normalise.{module}.FEW", 0)
        yield
