"""Tables in memory, of every type a column may have, and unchanged afterwards."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from matcher.reading.tables import is_table, read_dicts, read_table


def texts(table: Any) -> dict[str, list[str | None]]:
    sheet = read_table(table, "frame 1", "frame1")
    assert all(column.type == pa.string() for column in sheet.columns)
    return {h: column.to_pylist() for h, column in zip(sheet.headers, sheet.columns, strict=True)}


DAY, MOMENT = dt.datetime(2020, 1, 2), dt.datetime(2020, 1, 2, 3, 4, 5)


def test_pandas_columns_of_every_type() -> None:
    frame = pd.DataFrame(
        {
            "object": ["a", None],
            "string": pd.array(["a", None], dtype="string"),
            "category": pd.Categorical(["a", None]),
            "float id": [12345.0, np.nan],
            "nullable": pd.array([7, None], dtype="Int64"),
            "real": [1.5, 2.0],
            "bool": [True, False],
            "day": pd.to_datetime([DAY, None]),
            "moment": pd.to_datetime([MOMENT, DAY]),
            "zone": pd.to_datetime([MOMENT, DAY]).tz_localize("UTC"),
            "mixed": ["a", 5.0],
            "dates": [dt.date(2020, 1, 2), None],
            "lists": [["a", "b"], None],
        },
        index=[3, 3],
    )
    before = frame.copy(deep=True)
    assert texts(frame) == {
        "object": ["a", None],
        "string": ["a", None],
        "category": ["a", None],
        "float id": ["12345", None],
        "nullable": ["7", None],
        "real": ["1.5", "2"],
        "bool": ["true", "false"],
        "day": ["2020-01-02", None],
        "moment": ["2020-01-02T03:04:05", "2020-01-02T00:00:00"],
        "zone": ["2020-01-02T03:04:05", "2020-01-02T00:00:00"],
        "mixed": ["a", "5"],
        "dates": ["2020-01-02", None],
        "lists": ["a, b", None],
    }
    pd.testing.assert_frame_equal(frame, before)


def test_repeated_column_names_of_pandas() -> None:
    frame = pd.DataFrame([["a", "b"]], columns=["email", "email"])
    sheet = read_table(frame, "frame 1", "frame1")
    assert list(sheet.headers) == ["email", "email"]
    assert [column.to_pylist() for column in sheet.columns] == [["a"], ["b"]]


@pytest.mark.parametrize("lazy", [False, True])
def test_polars(lazy: bool) -> None:
    frame = pl.DataFrame(
        {
            "name": ["a", None],
            "cat": pl.Series(["a", "b"]).cast(pl.Categorical),
            "id": [1, None],
            "day": [dt.date(2020, 1, 2), None],
            "emails": [["a@x", "b@x"], []],
        }
    )
    assert texts(frame.lazy() if lazy else frame) == {
        "name": ["a", None],
        "cat": ["a", "b"],
        "id": ["1", None],
        "day": ["2020-01-02", None],
        "email1": ["a@x", None],
        "email2": ["b@x", None],
    }


def test_arrow_columns_of_every_type() -> None:
    table = pa.table(
        {
            "dictionary": pa.array(["a", None]).dictionary_encode(),
            "large": pa.array(["a", None], pa.large_string()),
            "bytes": pa.array([b"a", b"\xff"], pa.binary()),
            "null": pa.nulls(2),
            "decimal": pa.array([1, 2]).cast(pa.decimal128(20, 1)),
            "struct": pa.array([{"city": "Ely"}, None]),
        }
    )
    assert texts(table) == {
        "dictionary": ["a", None],
        "large": ["a", None],
        "bytes": ["a", "\ufffd"],
        "null": [None, None],
        "decimal": ["1.0", "2.0"],
        "struct_city": ["Ely", None],
    }
    assert texts(table.to_batches()[0])["large"] == ["a", None]


def test_dicts_whose_keys_and_types_differ() -> None:
    rows: list[dict[str, Any]] = [
        {"zip": 12345, "email": "a@x", "when": MOMENT},
        {"zip": "02139", "phone": 5.0, "ok": True},
        {"zip": float("nan"), "phone": None, "when": pd.NaT},
    ]
    sheet = read_dicts(rows, "frame 1", "frame1")
    got = {h: c.to_pylist() for h, c in zip(sheet.headers, sheet.columns, strict=True)}
    assert got == {
        "zip": ["12345", "02139", None],
        "email": ["a@x", None, None],
        "when": ["2020-01-02T03:04:05", None, None],
        "phone": [None, "5", None],
        "ok": [None, "true", None],
    }


def test_what_is_a_table() -> None:
    assert is_table(pd.DataFrame()) and is_table(pl.DataFrame()) and is_table(pa.table({}))
    assert not any(map(is_table, ["x", [], {}, None]))
