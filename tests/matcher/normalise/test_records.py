"""All records at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.errors import OptionError
from matcher.normalise import normalise
from matcher.records import REJECT_SCHEMA, Column, RawRecords, Records

MakeRaw = Callable[..., RawRecords]


def _rows(records: Records) -> dict[str, list[str | None]]:
    columns: dict[str, Column] = {**records.columns, **records.external_ids}
    columns |= {f"email{i}": column for i, column in enumerate(records.emails, 1)}
    columns |= {f"phone{i}": column for i, column in enumerate(records.phones, 1)}
    return {name: column.texts().to_pylist() for name, column in columns.items()}


def test_a_record_of_everything(make_raw: MakeRaw) -> None:
    raw = make_raw(
        first_name=["Mary-Ann"], last_name=["O'Brien Jr."], email1=["M.Obrien+x@gmail.com"],
        phone1=["(503) 555-1234"], address_line1=["12 Oak Street Apt 5"], city=["St. Paul"],
        region=["Minnesota"], postal_code=["55101-1234"], country=["USA"], birth_date=["3/4/1975"],
        gender=["Female"], updated_at=["2025-01-02 10:00:00"], van_id=[" mn:1 "],
        organization=["Acme, Inc."], entity_type=["Person"], **{"extra:job": ["Tree  Surgeon"]},
    )  # fmt: skip
    records, rejects = normalise(raw, extra={"job": "text"})
    assert {name: values[0] for name, values in _rows(records).items()} == {
        "first_name": "mary ann", "last_name": "obrien", "suffix": "jr",
        "email1": "mobrien@gmail.com", "phone1": "+15035551234", "house_number": "12",
        "street": "oak st", "address": "12 oak st", "unit": "5", "city": "saint paul",
        "region": "mn", "postal_code": "55101", "country": "us", "birth_date": "1975-03-04",
        "gender": "f", "updated_at": "2025-01-02T10:00:00", "van_id": "mn:1",
        "organization": "acme inc", "entity_type": "person", "extra:job": "tree surgeon",
    }  # fmt: skip
    assert not records.organisation.any()
    assert rejects.num_rows == 0
    assert rejects.schema == REJECT_SCHEMA


def test_every_value_that_came_in_is_clean_or_rejected(make_raw: MakeRaw) -> None:
    raw = make_raw(
        email1=["jane", "none@none.com", "ok@x.org"], phone1=["12", "555-555-5555", "503-555-1234"],
        birth_date=["2/30/1975", "1/1/1900", "1975"], address_line1=["n/a", "12 Oak St", None],
        **{"extra:age": ["ten", "11", None]},
    )  # fmt: skip
    records, rejects = normalise(raw, extra={"age": "number"})
    assert sorted(
        (r["row"], r["column"], r["value"], r["reason"]) for r in rejects.to_pylist()
    ) == [
        (1, "address_line1", "n/a", "placeholder"),
        (1, "birth_date", "2/30/1975", "no such date"),
        (1, "email1", "jane", "not an email address"),
        (1, "extra:age", "ten", "not a number"),
        (1, "phone1", "12", "not a phone number"),
        (2, "birth_date", "1/1/1900", "placeholder"),
        (2, "email1", "none@none.com", "placeholder"),
        (2, "phone1", "555-555-5555", "placeholder"),
        (3, "birth_date", "1975", "incomplete date"),
    ]
    assert _rows(records)["email1"] == [None, None, "ok@x.org"]
    assert "birth_date" not in records.columns


def test_dates_of_each_file_have_their_own_order(make_raw: MakeRaw) -> None:
    raw = make_raw(birth_date=["14/3/1975", "3/4/1975", "3/4/1975"], file=["a", "a", "b"])
    for region, last in (("US", "1975-03-04"), ("GB", "1975-04-03")):
        records, _ = normalise(raw, default_region=region)
        assert _rows(records)["birth_date"] == ["1975-03-14", "1975-04-03", last]


def test_no_rows_and_no_columns(make_raw: MakeRaw) -> None:
    empty = make_raw(first_name=[], email1=[], phone1=[], address_line1=[], birth_date=[], file=[])
    records, rejects = normalise(empty)
    assert (records.count, rejects.num_rows, records.columns) == (0, 0, {})
    bare, _ = normalise(make_raw(tags=["a", "b"]))
    assert (bare.count, bare.columns, list(bare.emails)) == (2, {}, [])


def test_columns_of_nothing_are_absent(make_raw: MakeRaw) -> None:
    names = ("first_name", "full_name", "address_line1", "street_number", "birth_date", "gender",
             "country", "city", "updated_at", "postal_code", "suffix", "organization")  # fmt: skip
    records, _ = normalise(make_raw(**{name: [None, " "] for name in names}))
    assert records.columns == {}


def test_options_that_cannot_be_meant(make_raw: MakeRaw) -> None:
    raw = make_raw(city=["Kent"])
    with pytest.raises(OptionError, match="default_region 'XX'"):
        normalise(raw, default_region="xx")
    with pytest.raises(OptionError, match="kind 'colour'"):
        normalise(raw, extra={"eyes": "colour"})


_TEXT = st.none() | st.text(max_size=10)


def _some(*texts: str) -> st.SearchStrategy[str | None]:
    return st.sampled_from(texts) | _TEXT


_COLUMNS = {
    "first_name": _some("Mary J", "Dr. Bob", "Friend", "Ann & Bob", "J. R.", "Na", "De Shawn"),
    "middle_name": _some("Q.", "Ann-Marie"),
    "last_name": _some("O'Brien", "Smith Jr", "van der Berg", "Null", "Mc Donald", "Unknown"),
    "email1": _some("A.B+c@gmail.com", "x@@y.org", "info@x.org", "none@none.com"),
    "phone1": _some("503-555-1234 x1234", "944 555 0119", "+44 20 7946 0958", "5555555555"),
    "address_line1": _some("12 Oak Street Apt 5", "1 County Road 5", "PO Box 5", "5 1 2 Elm St"),
    "city": _some("St. Paul", "N. Las Vegas"),
    "region": _some("Washington", "D.C."),
    "postal_code": _some("97202-1234", "K1A 0B1"),
    "country": _some("USA", "GB", "Croatia"),
    "birth_date": _some("3/4/1975", "14/3/1975", "Jan 3, 75"),
    "gender": _some("Male", "x"),
}
_TABLES = st.lists(st.fixed_dictionaries(_COLUMNS), min_size=1, max_size=6)


def _raw(make_raw: MakeRaw, rows: list[dict[str, str | None]]) -> RawRecords:
    return make_raw(**{name: [row[name] for row in rows] for name in _COLUMNS})


@given(rows=_TABLES)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_normalising_what_is_normal_changes_nothing(
    make_raw: MakeRaw, rows: list[dict[str, str | None]]
) -> None:
    first, _ = normalise(_raw(make_raw, rows))
    once = _rows(first)
    given_back = {name: once.get(name, [None] * len(rows)) for name in _COLUMNS}
    given_back["address_line1"] = [
        None if house is None or street is None else f"{house} {street}"
        for house, street in zip(
            once.get("house_number", [None] * len(rows)),
            once.get("street", [None] * len(rows)),
            strict=True,
        )
    ]
    # Beside no surname a first name of two words is read as a whole name: leave those out.
    for name in ("first_name", "middle_name"):
        given_back[name] = [
            None if last is None else text
            for text, last in zip(given_back[name], given_back["last_name"], strict=True)
        ]
    second, _ = normalise(make_raw(**given_back))
    twice = _rows(second)
    for name in set(_COLUMNS) - {"address_line1"}:
        assert twice.get(name, [None] * len(rows)) == given_back[name], name


@given(rows=_TABLES, seed=st.randoms(use_true_random=False))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_of_rows_changes_nothing(
    make_raw: MakeRaw, rows: list[dict[str, str | None]], seed: np.random.Generator
) -> None:
    order = list(range(len(rows)))
    seed.shuffle(order)
    straight = _rows(normalise(_raw(make_raw, rows))[0])
    shuffled = _rows(normalise(_raw(make_raw, [rows[i] for i in order]))[0])
    assert {n: [v[i] for i in order] for n, v in straight.items()} == shuffled


def test_chunks_and_other_text_types_make_no_difference(make_raw: MakeRaw) -> None:
    raw = make_raw(first_name=["Ann", "Bob", "Ann"], email1=["a1@x.org", None, "b1@x.org"])
    first, last = raw.table.slice(0, 2), raw.table.slice(2)
    chunked = RawRecords(pa.concat_tables([first, last]))
    large = RawRecords(
        raw.table.cast(
            pa.schema(
                (f.name, pa.large_string() if f.type == pa.string() else f.type)
                for f in raw.table.schema
            )
        )
    )
    expected = _rows(normalise(raw)[0])
    assert _rows(normalise(chunked)[0]) == expected
    assert _rows(normalise(large)[0]) == expected
