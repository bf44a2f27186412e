"""One cell at a time, and a column at once: the same."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.reading.cells import EMPTY, WORDS, Kind, clean, clean_text


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("  Ann\u00a0 Lee\t", "Ann Lee"),
        ("Ann\u200bLee\ufeff", "AnnLee"),
        ("An\x00n", "Ann"),
        ("'0123", "0123"),
        ("''x", "'x"),
        ("O'Neil", "O'Neil"),
        ('="00123"', "00123"),
        ("two\nlines", "two lines"),
        ("12345.0", "12345.0"),
        ("(null)", None),
        ("NULL", None),
        ("N/A", None),
        (" - ", None),
        ("-5", "-5"),
        ("\\N", None),
        ("'", None),
    ],
)
def test_cells_of_text(cell: str, text: str | None) -> None:
    assert clean_text(cell, Kind.TEXT) == text


@pytest.mark.parametrize("cell", ["Null", "NULL", "None", "nan", "Na"])
def test_names_that_are_words_for_nothing_stay_in_name_columns(cell: str) -> None:
    assert clean_text(cell, Kind.NAME) == cell
    assert clean_text("(null)", Kind.NAME) is None


@pytest.mark.parametrize(
    ("cell", "text"),
    [("12345.0", "12345"), ("12345.00", "12345"), ("5030000000.0", "5030000000"), ("1.5", "1.5")],
)
def test_numbers_lose_the_point_that_made_them_floats(cell: str, text: str) -> None:
    assert clean_text(cell, Kind.NUMBER) == text


_CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(
        [*sorted(EMPTY | WORDS), "NULL", " Na ", "Ünal", "12.00", "10", "a.0", "1.000"]
    ),
    st.text(st.sampled_from(list(" \t'=\"-.(nul)0123é\u00a0\u200b\u3000\x85")), max_size=8),
)


#: Of more cells only the odd ones are looked at.
_MANY = 17


@given(st.lists(_CELLS, min_size=1, max_size=30), st.sampled_from(Kind), st.integers(0, 5))
def test_a_column_is_cleaned_as_each_of_its_cells(
    cells: list[str | None], kind: Kind, skip: int
) -> None:
    cells = (cells * (_MANY + skip))[: max(len(cells), _MANY) + skip]
    cells = [None if c is None else c.encode(errors="ignore").decode() for c in cells]
    column = pa.array(cells, pa.string())[skip:]  # an offset must not matter
    expected = [None if c is None else clean_text(c, kind) for c in cells[skip:]]
    assert clean(column, kind).values.to_pylist() == expected


@given(st.lists(_CELLS, max_size=6), st.sampled_from(Kind))
def test_a_few_cells_are_cleaned_as_many_are(cells: list[str | None], kind: Kind) -> None:
    cells = [None if c is None else c.encode(errors="ignore").decode() for c in cells]
    few = clean(pa.array(cells, pa.string()), kind)
    many = clean(pa.array([*cells, *["x"] * _MANY], pa.string()), kind)
    assert few.values.to_pylist() == many.values.to_pylist()[: len(cells)]
    assert few.nothings == many.nothings


@pytest.mark.parametrize("others", [0, _MANY])
def test_words_for_nothing_are_reported_as_spelt(others: int) -> None:
    column = pa.array(["NULL", "none", "x", " NULL ", "(null)"] + ["y"] * others)
    assert clean(column, Kind.TEXT).nothings == {"NULL", "none"}
