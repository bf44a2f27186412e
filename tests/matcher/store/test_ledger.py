"""Few rows, bound as lists, are in the file what the same rows are in an Arrow table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from matcher.store import ledger
from matcher.store.ledger import Ledger
from matcher.store.schema import TABLES

_ROWS: dict[str, dict[str, Any]] = {
    "record": {
        "version": np.arange(3), "record": np.arange(3), "run": 7,
        "record_id": pa.array(["a", "b", 'c "é"']), "source": ["s", "s", "t"],
        "source_record_id": pa.array([None, "b", None], pa.string()),
        "name": np.array([-1, 2**62, 0]), "content": np.array([0, 2**64 - 1, 2**63], np.uint64),
        "first_name": pa.nulls(3, pa.string()), "more": pa.array(["{}", None, "\0"]),
    },
    "identifier": {
        "version": np.arange(2), "kind": "email", "value": pa.array(["a@b.org", "c@d.org"]),
        "place": np.array([1, 2], np.int8),
    },
    "membership": {"record": np.arange(2), "person": pa.array([None, 5], pa.int64()), "run": 7},
    "forgotten": {"fingerprint": [b"\x00\xff", b"'"], "hint": [1, 2], "run": 7},
    "interaction": {
        "version": [1, 2], "interaction": [1, 2], "run": 7, "name": [3, 4], "content": [5, 6],
        "source": "s", "occurred_at": pa.array([datetime(2026, 1, 2, tzinfo=UTC), None]),
        "handles": pa.array([["x", "y"], []], pa.list_(pa.string())),
        "person_ids": pa.array(
            [[{"type": "van", "id": None}], None],
            pa.list_(pa.struct([("type", pa.string()), ("id", pa.string())])),
        ),
    },
    "link_candidate": {
        "link": 1, "place": [1, 2], "person": 3, "record": 4, "probability": np.array([0.25, 1.0]),
        "reason": "email",
    },
}  # fmt: skip


@pytest.fixture
def rows() -> Iterator[Ledger]:
    """The tables of a store, in memory and empty."""
    with duckdb.connect() as connection:
        for statement in TABLES.values():
            connection.execute(statement)
        yield Ledger(connection, Path("memory"))


@pytest.mark.parametrize("table", _ROWS)
def test_few_rows_are_what_many_would_be(
    rows: Ledger, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for few in (64, 0):
        monkeypatch.setattr(ledger, "_FEW", few)
        rows.add(table, _ROWS[table])
        found.append(rows.table(f"SELECT * FROM {table}"))
        rows.rows(f"DELETE FROM {table}")
    assert found[0].equals(found[1])
    assert found[0].num_rows > 1


def test_statements_are_kept_up_to_a_number(rows: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "_MOST_PARSED", 2)
    plain = {"policy": "van", "run": 1, "row": [1], "outcome": "created", "rule": "r"}
    for further in ({}, {"status_code": [200]}, {"field": ["email"]}, {}):
        rows.add("vendor_event", plain | further)
    assert len(rows._inserts) <= 2
    assert rows.rows("SELECT status_code, field FROM vendor_event") == [
        (None, None), (200, None), (None, "email"), (None, None),
    ]  # fmt: skip
