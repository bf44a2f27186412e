"""Name columns of all records."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from matcher.normalise.lanes import Distinct, distinct
from matcher.normalise.name_columns import clean_names
from matcher.records import RawRecords

MakeRaw = Callable[..., RawRecords]


def typed(raw: RawRecords) -> dict[str, Distinct]:
    return {name: distinct(raw.table[name]) for name in raw.table.column_names if name != "row"}


def _clean(raw: RawRecords) -> dict[str, list[str | None]]:
    columns = clean_names(typed(raw), np.ones(len(raw), np.bool_))
    return {name: column.texts().to_pylist() for name, column in columns.items()}


def test_parts_move_to_the_column_they_belong_to(make_raw: MakeRaw) -> None:
    raw = make_raw(
        first_name=["Dr. Mary J", "John", 'Robert "Bob"'],
        last_name=["Smith", "Smith Jr.", "O'Brien"],
        middle_name=[None, "Q.", None],
    )
    assert _clean(raw) == {
        "prefix": ["dr", None, None],
        "first_name": ["mary", "john", "robert"],
        "middle_name": ["j", "q", None],
        "last_name": ["smith", "smith", "obrien"],
        "suffix": [None, "jr", None],
        "nickname": [None, None, "bob"],
    }


def test_a_column_of_its_own_outranks_what_a_name_says(make_raw: MakeRaw) -> None:
    raw = make_raw(
        first_name=["Mary J", "Mary J"], middle_name=["Ann", None], last_name=["Roe II", "Roe II"],
        suffix=["Sr.", "MD"],
    )  # fmt: skip
    cleaned = _clean(raw)
    assert cleaned["middle_name"] == ["ann", "j"]
    assert cleaned["suffix"] == ["sr", "ii"]
    assert cleaned["first_name"] == ["mary", "mary"]


def test_a_whole_name_counts_only_where_both_parts_are_missing(make_raw: MakeRaw) -> None:
    raw = make_raw(
        first_name=["Ann", None, None, ""],
        last_name=[None, "Lee", None, " "],
        full_name=["Wrong Name", "Wrong Name", "John Smith", "Smith, Jane Q."],
    )
    assert _clean(raw) == {
        "first_name": ["ann", None, "john", "jane"],
        "last_name": [None, "lee", "smith", "smith"],
        "middle_name": [None, None, None, "q"],
    }


def test_a_whole_name_in_one_of_two_columns_is_split(make_raw: MakeRaw) -> None:
    raw = make_raw(
        first_name=["John Smith", "Mary Ann", None, None],
        last_name=[None, "Lee", "Smith, John", "Mata Gonzalez"],
    )
    assert _clean(raw) == {
        "first_name": ["john", "mary ann", "john", None],
        "last_name": ["smith", "lee", "smith", "mata gonzalez"],
    }


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("John", "Null", ("john", "null")),
        ("John", "Test", ("john", "test")),
        ("Na", "Li", ("na", "li")),
        ("Na", "Na", (None, None)),
        ("Test", "Test", (None, None)),
        ("Test", "Smith", (None, "smith")),
        ("Friend", None, (None, None)),
        ("Friend", "Friend", (None, None)),
        (None, "Voter", (None, None)),
        (None, "Smith", (None, "smith")),
        ("Unknown", "Unknown", (None, None)),
        ("Male Child", "Smith", (None, "smith")),
        ("Lady of house", "Smith", (None, "smith")),
        ("Hija", "Garcia", (None, "garcia")),
        ("Ann", "House", ("ann", "house")),
        ("John", "Unknown", ("john", None)),
    ],
)
def test_placeholders_are_missing_and_real_surnames_survive(
    make_raw: MakeRaw, first: str | None, last: str | None, expected: tuple[str | None, str | None]
) -> None:
    cleaned = _clean(make_raw(first_name=[first], last_name=[last]))
    assert (cleaned.get("first_name", [None])[0], cleaned.get("last_name", [None])[0]) == expected


def test_organisations_have_no_personal_name(make_raw: MakeRaw) -> None:
    raw = make_raw(full_name=["Acme Corp", "Ann Lee"])
    columns = clean_names(typed(raw), np.array([False, True]))
    assert columns["last_name"].texts().to_pylist() == [None, "lee"]


def test_no_name_columns(make_raw: MakeRaw) -> None:
    assert _clean(make_raw(city=["Kent"])) == {}
