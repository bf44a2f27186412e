"""Parts of email users, from the flat buffer, against a slow obvious reference."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from scoring.emails import _IS_DIGIT, _IS_LETTER, _only


@given(st.lists(st.text("abz19.é-", max_size=8), max_size=8), st.integers(0, 3))
def test_letters_and_digits_are_what_is_left(texts: list[str], skipped: int) -> None:
    values = pa.array(texts, pa.string()).slice(min(skipped, len(texts)))
    kept = texts[skipped:]
    letters = ["".join(c for c in text if c.isalpha()) for text in kept]
    digits = ["".join(c for c in text if c.isdigit()) for text in kept]
    assert _only(values, _IS_LETTER).tolist() == letters
    assert _only(values, _IS_DIGIT).tolist() == digits
