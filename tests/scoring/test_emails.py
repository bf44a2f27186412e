"""Parts of email users, from the flat buffer, against a slow obvious reference."""

from __future__ import annotations

from itertools import product

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import CONTACT_MODEL
from scoring.emails import _IS_DIGIT, _IS_LETTER, EmailRules, _only


@given(st.lists(st.text("abz19.é-", max_size=8), max_size=8), st.integers(0, 3))
def test_letters_and_digits_are_what_is_left(texts: list[str], skipped: int) -> None:
    values = pa.array(texts, pa.string()).slice(min(skipped, len(texts)))
    kept = texts[skipped:]
    letters = ["".join(c for c in text if c.isalpha()) for text in kept]
    digits = ["".join(c for c in text if c.isdigit()) for text in kept]
    assert _only(values, _IS_LETTER).tolist() == letters
    assert _only(values, _IS_DIGIT).tolist() == digits


USERS = st.text("annab19.", min_size=1, max_size=9) | st.text(min_size=1, max_size=4)


@given(st.lists(USERS, min_size=2, max_size=8, unique=True))
def test_a_few_emails_of_many_are_judged_the_same_and_none_too_soon(users: list[str]) -> None:
    texts = [f"{user.replace('@', '')}@{place}.org" for place, user in enumerate(users)]
    one, other = (
        np.array(side) for side in zip(*product(range(len(texts)), repeat=2), strict=True)
    )
    others = [f"other{number}@example.org" for number in range(40 * len(texts) ** 2)]
    comparison = CONTACT_MODEL.comparison("email")
    few, many, all_looked_at = (
        EmailRules([np.arange(len(values), dtype=np.int32)], pa.array(values), comparison)
        for values in (texts, [*texts, *others], texts)
    )
    levels = few._judge(one, other).tolist()
    assert many._judge(one, other).tolist() == levels
    assert "_all_users" not in vars(many)
    letters = [set("abcdefghijklmnopqrstuvwxyz") & set(text.split("@")[0]) for text in texts]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            all_looked_at,
            "_worth_a_look",
            lambda *pairs: np.array(
                [len(letters[i] ^ letters[j]) <= 5 for i, j in zip(*pairs, strict=True)]
            ),
        )
        assert all_looked_at._judge(one, other).tolist() == levels
