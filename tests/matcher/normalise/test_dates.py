"""Dates."""

from __future__ import annotations

import datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.normalise import Day, Order, normalise_date
from matcher.normalise.dates import RECENT_YEAR_PIVOT, clean_dates, with_time_of_day
from matcher.normalise.faults import Fault


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("1975-03-04", "1975-03-04"),
        ("1975/3/4", "1975-03-04"),
        ("3/4/1975", "1975-03-04"),
        ("31-01-1951", "1951-01-31"),
        ("01-31-1951", "1951-01-31"),
        ("19061202", "1906-12-02"),
        ("12021906", "1906-12-02"),
        ("1993-16-08", "1993-08-16"),
        ("Jan 3, 1975", "1975-01-03"),
        ("January 3rd, 1975", "1975-01-03"),
        ("3 January 1975", "1975-01-03"),
        ("3-Jan-75", "1975-01-03"),
        ("Friday, January 3, 1975", "1975-01-03"),
        ("3/4/75", "1975-03-04"),
        ("3/4/25", "2025-03-04"),
        ("3/4/26", "1926-03-04"),
        ("1975-03-04T00:00:00Z", "1975-03-04"),
        ("1975-03-04 12:30:00.123", "1975-03-04"),
        ("3/4/1975 12:00 AM", "1975-03-04"),
        ("o4/|6/l975", "1975-04-16"),
        ("2000-02-29", "2000-02-29"),
    ],
)
def test_shapes(typed: str, iso: str) -> None:
    assert normalise_date(typed) == Day(iso)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("1975-02-30", Fault.IMPOSSIBLE_DATE),
        ("13/13/1975", Fault.IMPOSSIBLE_DATE),
        ("1143-12-04", Fault.IMPOSSIBLE_DATE),
        ("3986-12-04", Fault.IMPOSSIBLE_DATE),
        ("1901-02-29", Fault.IMPOSSIBLE_DATE),
        ("1900-01-01", Fault.PLACEHOLDER),
        ("1/1/1900", Fault.PLACEHOLDER),
        ("01/01/0001", Fault.PLACEHOLDER),
        ("9999-12-31", Fault.PLACEHOLDER),
        ("0000-00-00", Fault.PLACEHOLDER),
        ("00/00/0000", Fault.PLACEHOLDER),
        ("1975", Fault.INCOMPLETE_DATE),
        ("1975-03", Fault.INCOMPLETE_DATE),
        ("1975-03-00", Fault.INCOMPLETE_DATE),
        ("03/1975", Fault.INCOMPLETE_DATE),
        ("March 1975", Fault.INCOMPLETE_DATE),
        ("26543", Fault.UNREADABLE_DATE),  # a spreadsheet serial is not guessed
        ("yesterday", Fault.UNREADABLE_DATE),
        ("3 Foo 1975", Fault.UNREADABLE_DATE),
        ("", Fault.NONE),
    ],
)
def test_faults(typed: str, fault: Fault) -> None:
    assert normalise_date(typed) == Day(None, fault)


def test_the_order_decides_only_what_the_text_leaves_open() -> None:
    assert normalise_date("3/4/1975", Order.DAY_FIRST).iso == "1975-04-03"
    assert normalise_date("3/14/1975", Order.DAY_FIRST).iso == "1975-03-14"
    assert normalise_date("1975-03-04", year_day_month=True).iso == "1975-04-03"
    assert normalise_date("1975-03-14", year_day_month=True).iso == "1975-03-14"
    assert normalise_date("3/4/60", pivot=RECENT_YEAR_PIVOT).iso == "2060-03-04"


def _read(texts: list[str | None], files: list[int], **options: Order) -> list[str | None]:
    dates = clean_dates(
        pa.chunked_array([pa.array(texts, pa.string())]), np.array(files, np.int32), **options
    )
    iso = dates.iso.to_pylist()
    return [iso[code] if code >= 0 else None for code in dates.codes]


def test_the_majority_settles_each_file() -> None:
    texts = ["3/4/1975", "14/3/1975", None, "3/4/1975", "3/14/1975", "3/4/1975"]
    assert _read(texts, [0, 0, 0, 1, 1, 2], otherwise=Order.DAY_FIRST) == [
        "1975-04-03", "1975-03-14", None, "1975-03-04", "1975-03-14", "1975-04-03",
    ]  # fmt: skip


def test_rows_have_votes_not_values() -> None:
    assert _read(["3/14/1975", "3/14/1975", "14/3/1975", "20/3/1976", "3/4/1975"], [0] * 5) == [
        "1975-03-14", "1975-03-14", "1975-03-14", "1976-03-20", "1975-03-04",
    ]  # fmt: skip


def test_a_file_may_put_the_day_after_the_year() -> None:
    assert _read(["1975-14-03", "1976-20-03", "1975-03-04"], [0] * 3)[2] == "1975-04-03"
    assert _read(["1975-14-03", "1976-03-20", "1975-03-04"], [0] * 3)[2] == "1975-03-04"


def test_the_time_of_day_is_kept_where_it_is_iso() -> None:
    texts = ["2025-01-02 17:00:01", "2025-01-02T18:00:00Z", "1/3/2025", "rubbish"]
    dates = clean_dates(pa.chunked_array([pa.array(texts)]), np.zeros(4, np.int32))
    assert with_time_of_day(dates).to_pylist() == [
        "2025-01-02T17:00:01", "2025-01-02T18:00:00", "2025-01-03", None,
    ]  # fmt: skip


def test_no_dates_at_all() -> None:
    assert _read([None, None], [0, 0]) == [None, None]
    assert _read([], []) == []


_DAYS = st.dates(datetime.date(1902, 1, 1), datetime.date(2090, 1, 1))


@given(_DAYS)
def test_every_day_survives_every_unambiguous_way_to_write_it(day: datetime.date) -> None:
    month = day.strftime("%B")
    for typed in (
        day.isoformat(), f"{day:%Y%m%d}", f"{day.month}/{day.day}/{day.year}",
        f"{day.day} {month} {day.year}", f"{month[:3]}. {day.day}, {day.year}",
    ):  # fmt: skip
        assert normalise_date(typed).iso == day.isoformat()
    assert normalise_date(f"{day:%d.%m.%Y}", Order.DAY_FIRST).iso == day.isoformat()


@given(st.text(alphabet="0123456789-/. oOlJan", max_size=12) | st.text(max_size=12))
def test_dates_normalise_to_themselves(text: str) -> None:
    for order in Order:
        iso, fault = normalise_date(text, order)
        assert (iso is None) or (fault == Fault.NONE and normalise_date(iso, order).iso == iso)


_PART = st.integers(0, 40).map(str) | st.integers(0, 40).map("{:02d}".format)
_YEAR = st.integers(0, 9999).map("{:04d}".format) | st.sampled_from(["1900", "1975", "75", "2000"])
_PLAIN = st.tuples(_PART | _YEAR, _PART, _PART | _YEAR, st.sampled_from("-/. x"))


@given(
    st.lists(_PLAIN.map(lambda p: p[3].join(p[:3])) | st.text(max_size=12), max_size=8),
    st.sampled_from(Order),
)
def test_a_column_is_read_like_its_texts_one_by_one(texts: list[str], order: Order) -> None:
    column = pa.chunked_array([pa.array(texts, pa.string())])
    dates = clean_dates(column, np.zeros(len(texts), np.int32), otherwise=order)
    settled = [
        [normalise_date(text, each, year_day_month=swapped) for text in texts]
        for each in Order
        for swapped in (False, True)
    ]
    got = [Day(dates.iso[code].as_py(), Fault(dates.faults[code])) for code in dates.codes.tolist()]
    assert got in settled


@pytest.mark.parametrize("typed", ["1712-03-04", "3/4/1712", "4 March 1712", "17120304"])
def test_persons_of_the_past_have_birth_dates(typed: str) -> None:
    assert normalise_date(typed).iso == "1712-03-04"
    column = pa.chunked_array([pa.array([typed])])
    assert clean_dates(column, np.zeros(1, np.int32)).iso.to_pylist() == ["1712-03-04"]
