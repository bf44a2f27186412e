"""Emails and phones of all records."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

from matcher.normalise.identifiers import email_columns, phone_columns
from matcher.records import Column, RawRecords, encode, missing_column

MakeRaw = Callable[..., RawRecords]


def _texts(columns: list[Column]) -> list[list[str | None]]:
    return [column.texts().to_pylist() for column in columns]


def test_slots_share_a_dictionary_and_repeats_are_dropped(make_raw: MakeRaw) -> None:
    raw = make_raw(
        email1=["a1@x.org", None, "B1@x.org"],
        email2=["A1@X.org", "a1@x.org", "c1@x.org"],
        email3=["d1@x.org", "a1@x.org", "b1@x.org"],
    )
    columns, rejects = email_columns(raw.table, raw.repeated("email"))
    assert _texts(columns) == [
        ["a1@x.org", None, "b1@x.org"],
        [None, "a1@x.org", "c1@x.org"],
        ["d1@x.org", None, None],
    ]
    assert columns[0].values is columns[1].values is columns[2].values
    assert sum(table.num_rows for table in rejects) == 0


def test_a_number_is_dialled_where_its_record_lives(make_raw: MakeRaw) -> None:
    raw = make_raw(phone1=["020 7946 0958", "020 7946 0958", "503-555-1234", "503-555-1234"])
    country = encode(pa.array(["gb", None, "ca", "nowhere"]))
    columns, rejects = phone_columns(raw.table, ["phone1"], country, "US")
    assert _texts(columns) == [["+442079460958", None, "+15035551234", "+15035551234"]]
    assert pa.concat_tables(rejects).to_pylist() == [
        {
            "file": "people.csv", "row": 2, "column": "phone1", "value": "020 7946 0958",
            "reason": "not a phone number",
        }
    ]  # fmt: skip


def test_weak_values_are_marked_in_every_slot(make_raw: MakeRaw) -> None:
    raw = make_raw(email1=["info@x.org", "jane@x.org"], email2=[None, "info@x.org"])
    columns, _ = email_columns(raw.table, ["email1", "email2"])
    for column in columns:
        assert column.weak is not None
        assert column.values.filter(pa.array(column.weak)).to_pylist() == ["info@x.org"]


def test_rejects_name_the_slot(make_raw: MakeRaw) -> None:
    raw = make_raw(phone1=[None, "555-555-5555"], phone2=["12", None])
    columns, rejects = phone_columns(raw.table, ["phone1", "phone2"], missing_column(2), "US")
    assert _texts(columns) == [[None, None], [None, None]]
    found = pa.concat_tables(rejects).to_pylist()
    assert [(r["row"], r["column"], r["value"], r["reason"]) for r in found] == [
        (2, "phone1", "555-555-5555", "placeholder"),
        (1, "phone2", "12", "not a phone number"),
    ]


def test_empty_columns(make_raw: MakeRaw) -> None:
    raw = make_raw(phone1=[None, None], email1=[None, None])
    phones, _ = phone_columns(raw.table, ["phone1"], missing_column(2), "US")
    emails, _ = email_columns(raw.table, ["email1"])
    assert _texts([*phones, *emails]) == [[None, None], [None, None]]
    assert email_columns(raw.table, []) == ([], [])
