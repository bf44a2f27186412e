"""Folding."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.normalise.text import fold, fold_text, fold_words, fold_words_text


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("  José   Núñez ", "jose nunez"),
        ("Ｊｏｈｎ", "john"),  # full width
        ("Jоhn", "john"),  # Cyrillic o
        ("Sοphia", "sophia"),  # Greek o
        ("jo\u200bhn", "john"),  # zero-width space
        ("Straße", "strasse"),
        ("Łukasz Øre", "lukasz ore"),
        ("O’Brien", "o'brien"),
        ("ΓΙΩΡΓΟΣ", "γιωργοσ"),
        ("Иван", "иван"),
        ("李小龙", "李小龙"),
        ("がく", "がく"),  # the voicing mark is part of the letter
        ("a\tb\x00c", "a b c"),
        ("", ""),
    ],
)
def test_equal_spellings_fold_to_one(typed: str, folded: str) -> None:
    assert fold_text(typed) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)
    assert fold_words_text(fold_words_text(text)) == fold_words_text(text)


@given(st.lists(st.text(max_size=12) | st.text(alphabet="aB 1'-", max_size=8)))
def test_the_lanes_agree(texts: list[str]) -> None:
    values = pa.array(texts, pa.string())
    assert fold(values).to_pylist() == [fold_text(text) for text in texts]
    assert fold_words(values).to_pylist() == [fold_words_text(text) for text in texts]


def test_words_close_up_apostrophes_and_part_at_other_punctuation() -> None:
    assert fold_words_text("King's-Lynn, St. Mary_s (UK)") == "kings lynn st mary s uk"
