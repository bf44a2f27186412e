"""Columns compared on request."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.normalise.extras import clean_exact, clean_genders, clean_numbers, normalise_number
from matcher.normalise.faults import Fault


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1200", "1200"), ("$1,200.50", "1200.5"), ("007", "7"), ("-0", "0"), ("1e3", "1000"),
        ("0.10", "0.1"), ("１２", "12"), ("nan", None), ("infinity", None), ("ten", None),
        ("", None),
    ],
)  # fmt: skip
def test_numbers(typed: str, number: str | None) -> None:
    assert normalise_number(typed) == number


@given(st.lists(st.integers().map(str) | st.decimals().map(str) | st.text(max_size=6)))
def test_the_lanes_agree(texts: list[str]) -> None:
    numbers, faults = clean_numbers(pa.array(texts, pa.string()))
    assert numbers.to_pylist() == [normalise_number(text) for text in texts]
    for text, number, fault in zip(texts, numbers.to_pylist(), faults, strict=True):
        assert (fault == Fault.NOT_A_NUMBER) == (number is None and bool(text.strip()))


def test_a_number_of_absurd_size_is_none() -> None:
    assert normalise_number("1e999999999") is None


def test_exact_and_gender() -> None:
    assert clean_exact(pa.array([" AB-1 ", "ab-1", "Ä"])).to_pylist() == ["ab-1", "ab-1", "ä"]
    typed = ["M", "Female", "non-binary", "unknown", "woman", ""]
    assert clean_genders(pa.array(typed)).to_pylist() == ["m", "f", "x", None, "f", None]
