"""Names are shown as somebody typed them, and nothing but the name is shown."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from matcher.normalise.text import fold_words_text
from matcher.records import Column
from matcher.spelling import mixed_case, spelt, write_names


def folded(text: str) -> str:
    return fold_words_text(text).replace(" ", "")


@pytest.mark.parametrize(
    ("typed", "name", "shown"),
    [
        ("McDonald", "mcdonald", "McDonald"),
        ("Dr. Ronald McDonald III", "mcdonald", "McDonald"),
        ("Dr. Ronald McDonald III", "ronald", "Ronald"),
        ("Dr. Ronald McDonald III", "iii", "III"),
        ("van der Berg, Anna", "vanderberg", "van der Berg"),
        ("Mary O'Brien-Smith", "obrien smith", "O'Brien-Smith"),
        ("José García", "garcia", "García"),
        ('Robert "Bob" Li', "bob", "Bob"),
        ("=cmd()", "cmd", "=cmd()"),
        ("李 小龙", "小龙", "小龙"),
        ("Bob", "robert", "Robert"),
        (None, "mary ann", "Mary Ann"),
        (None, "iii", "III"),
        ("", "jr", "Jr"),
    ],
)
def test_the_words_that_are_the_name_are_shown(typed: str | None, name: str, shown: str) -> None:
    assert spelt(typed, name) == shown


@given(st.text(max_size=60), st.text(alphabet="abc ", min_size=1, max_size=10))
def test_whatever_was_typed_only_the_name_is_shown(typed: str, name: str) -> None:
    assert folded(spelt(typed, name)) == folded(name)


@given(st.text(alphabet="xyz .-", max_size=20), st.text(alphabet="abC-'", min_size=1, max_size=9))
def test_a_name_among_other_words_keeps_its_spelling(before: str, name: str) -> None:
    assume(folded(name))
    assert spelt(f"x {before}, {name}", folded(name)) == name


def test_an_endless_cell_costs_little() -> None:
    assert spelt("word " * 1_000_000, "jane") == "Jane"


def test_names_are_written_for_rows_with_and_without_one() -> None:
    names = Column(np.array([0, 1, -1, 1], np.int32), pa.array(["ann", "oneil"]))
    typed = pa.array(["ANN", "Dr. O'Neil", "??", None])
    shown = write_names(names, typed, np.array([0, 1, 2, 3, -1]))
    assert shown.to_pylist() == ["ANN", "O'Neil", None, "Oneil", None]


def test_mixed_case_is_how_careful_people_write() -> None:
    texts = pa.array(["Ann", "ANN", "ann", "O'Neil", "Élodie", "ÉLODIE", "", "李", None])
    assert mixed_case(texts).tolist() == [
        True, False, False, True, True, False, False, False, False,
    ]  # fmt: skip
