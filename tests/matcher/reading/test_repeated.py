"""Values of several columns and of one cell, each once and in front."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.reading.repeated import spread


def rows(name: str, *columns: list[str | None]) -> list[list[str | None]]:
    spreaded = spread(name, [pa.array(c, pa.string()) for c in columns])
    return [list(row) for row in zip(*(c.to_pylist() for c in spreaded), strict=True)]


_VALUE = st.one_of(st.none(), st.sampled_from(["a", "b", "c", "d"]))


@given(st.lists(st.tuples(_VALUE, _VALUE, _VALUE), min_size=1, max_size=8))
def test_each_row_keeps_its_values_once_and_in_order(
    given_rows: list[tuple[str | None, ...]],
) -> None:
    got = rows("email", *(list(c) for c in zip(*given_rows, strict=True)))
    for row, result in zip(given_rows, got, strict=True):
        wanted = list(dict.fromkeys(v for v in row if v is not None))
        assert result == wanted + [None] * (len(result) - len(wanted))


@pytest.mark.parametrize(
    ("name", "cell", "values"),
    [
        ("email", "a@x.org; b@y.org", ["a@x.org", "b@y.org"]),
        ("email", "Ann <a@x.org>, Bob <b@y.org>", ["a@x.org", "b@y.org"]),
        ("email", "Ann Lee <a@x.org>", ["Ann Lee <a@x.org>"]),
        ("phone", "555-0100; 555-0101", ["555-0100", "555-0101"]),
        ("phone", "555-0100, ext 5", ["555-0100, ext 5"]),
        ("phone", "555 0100 / 12", ["555 0100 / 12"]),
    ],
)
def test_several_values_in_one_cell(name: str, cell: str, values: list[str]) -> None:
    assert rows(name, [cell]) == [values]


def test_values_of_a_cell_come_before_those_of_the_next_column() -> None:
    got = rows("email", ["a@x, b@x", None], ["b@x", "c@x"])
    assert got == [["a@x", "b@x"], ["c@x", None]]
