"""When a name that reads "null" is nobody's."""

from __future__ import annotations

import pyarrow as pa
import pytest

from matcher.reading import read


def names(rows: list[dict[str, str | None]]) -> list[tuple[str | None, str | None]]:
    table = read(rows).table
    return list(zip(table["first_name"].to_pylist(), table["last_name"].to_pylist(), strict=True))


@pytest.mark.parametrize("word", ["Null", "NULL", "Nan", "None", "Na", "NA"])
def test_a_surname_survives_beside_a_first_name(word: str) -> None:
    assert names([{"first": "Jennifer", "last": word}]) == [("Jennifer", word)]


def test_both_names_missing_are_missing() -> None:
    rows = [{"first": "NULL", "last": "NULL"}, {"first": "", "last": "None"}]
    assert names([*rows, {"first": "Ann", "last": "Lee"}]) == [
        (None, None),
        (None, None),
        ("Ann", "Lee"),
    ]


def test_the_spelling_that_the_file_uses_for_nothing_is_nothing_in_names_too() -> None:
    rows: list[dict[str, str | None]] = [
        {"first": "Ann", "last": "NULL", "email": "a@x.org"},
        {"first": "Jennifer", "last": "Null", "email": "NULL"},
    ]
    assert names(rows) == [("Ann", None), ("Jennifer", "Null")]


def test_namibia_is_a_country() -> None:
    rows = [{"name": "Ann", "country": "NA"}, {"name": "Bob", "country": "US"}]
    assert read(rows).table["country"].to_pylist() == ["NA", "US"]
    used = pa.table({"name": ["Ann"], "country": ["NA"], "city": ["NA"]})
    assert read(used).table["country"].to_pylist() == [None]
