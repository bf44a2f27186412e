"""The fast lane for names agrees with the rules."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from matcher.normalise.name_lane import Part, split_plain_names
from matcher.normalise.names import Name, split_full, split_given, split_surname

_RULES = {"first": split_given, "last": split_surname, "whole": split_full}
_WORDS = st.sampled_from(
    ("Ann", "smith", "LEE", "Bo", "q", "x", "v", "jr", "md", "de", "van", "st", "saint", "mr",
     "dr", "no", "name", "not", "provided", "test", "na", "friend", "first", "and", "o", "ii")
)  # fmt: skip
_NAMES = st.lists(_WORDS, min_size=1, max_size=4).flatmap(
    lambda words: st.sampled_from([" ".join(words), "-".join(words), ", ".join(words),
                                   words[0] + ", " + " ".join(words[1:])])
)  # fmt: skip


def lane_of(texts: list[str], part: Part) -> list[bool]:
    lane, parts = split_plain_names(pa.array(texts, pa.string()), np.ones(len(texts), bool), part)
    found = {name: column.to_pylist() for name, column in parts.items()}
    for i, text in enumerate(texts):
        made = Name(**{name: column[i] for name, column in found.items()})
        assert made == (_RULES[part](text) if lane[i] else Name())
    return [bool(plain) for plain in lane]


@given(
    st.lists(_NAMES | st.text(max_size=8), max_size=8), st.sampled_from(("first", "last", "whole"))
)
@example(["Not Provided", "No Name", "lady of the house"], "whole")
@settings(max_examples=200, deadline=None)
def test_the_lane_splits_as_the_rules_do(texts: list[str], part: Part) -> None:
    lane_of(texts, part)


@pytest.mark.parametrize(
    ("part", "typed"),
    [
        ("first", "Ann"), ("first", "Mary-Ann"), ("last", "Garcia Lopez"), ("whole", "Ann Lee"),
        ("whole", "Ann Q Lee"), ("whole", "Lee, Ann"), ("whole", "Lee, Ann Q"),
    ],
)  # fmt: skip
def test_the_lane_takes_ordinary_names(part: Part, typed: str) -> None:
    assert lane_of([typed], part) == [True]
