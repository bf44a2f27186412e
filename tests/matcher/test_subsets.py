"""Records taken apart and put together again are what they were."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.demo import write_exports
from matcher.normalise import normalise
from matcher.reading import read
from matcher.records import Column, Records
from matcher.subsets import stacked, subset


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Records:
    return normalise(read(write_exports(tmp_path_factory.mktemp("demo"))))[0]


def texts(column: Column | None, count: int) -> list[tuple[str | None, bool]]:
    """The value of each record, and whether it is weak."""
    if column is None:
        return [(None, False)] * count
    weak = np.zeros(len(column.values), bool) if column.weak is None else column.weak
    return [
        (None, False) if code < 0 else (column.values[code].as_py(), bool(weak[code]))
        for code in column.codes.tolist()
    ]


def content(records: Records) -> list[object]:
    """All that is known of each record."""
    count = records.count
    columns = [texts(records.columns.get(name), count) for name in NAMES]
    columns += [texts(records.external_ids.get(name), count) for name in IDS]
    for slots in (records.emails, records.phones):
        padded = [*slots, *[None] * (4 - len(slots))]
        columns += [texts(slot, count) for slot in padded]
    return list(zip(*columns, records.organisation.tolist(), strict=True))


NAMES = ("first_name", "last_name", "suffix", "address", "postal_code", "birth_date", "city")
IDS = ("van_id", "nationbuilder_id", "action_network_id")


@given(st.data())
def test_records_come_in_the_order_asked_for(records: Records, data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.integers(0, records.count - 1), max_size=30))
    found = subset(records, np.array(rows, np.int64))
    everything = content(records)
    assert content(found) == [everything[row] for row in rows]
    for column in found.columns.values():
        assert set(range(len(column.values))) == {c for c in column.codes.tolist() if c >= 0}


@given(st.data())
def test_parts_are_put_together(records: Records, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, records.count), min_size=1, max_size=3)))
    bounds = [0, *cuts, records.count]
    parts = [subset(records, np.arange(start, stop)) for start, stop in pairwise(bounds)]
    together = stacked(parts)
    assert content(together) == content(records)
    for column in (*together.columns.values(), *together.emails, *together.phones):
        assert len(column.values) == len(set(column.values.to_pylist()))
