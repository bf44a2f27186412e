"""Work on the flat bytes of texts, held equal to the same said text by text."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from matcher.normalise.flat import holding, masked, picked

TEXTS = st.lists(st.none() | st.text("a.+é", max_size=4), max_size=12)


@st.composite
def parts(draw: st.DrawFn) -> pa.StringArray:
    """Some texts out of the middle of others."""
    texts = pa.array(draw(TEXTS), pa.string())
    start = draw(st.integers(0, len(texts)))
    return texts.slice(start, draw(st.integers(0, len(texts) - start)))


@given(parts(), st.sampled_from([".", "+", "+."]))
def test_which_texts_hold_a_character(texts: pa.StringArray, characters: str) -> None:
    wanted = [any(one in (text or "") for one in characters) for text in texts.to_pylist()]
    assert holding(texts, characters).tolist() == wanted


@given(parts(), st.data())
def test_texts_that_are_not_kept_are_null(texts: pa.StringArray, data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts)))
    found = masked(texts, np.array(kept, np.bool_))
    found.validate(full=True)
    zipped = zip(texts.to_pylist(), kept, strict=True)
    assert found.to_pylist() == [text if keep else None for text, keep in zipped]


@given(parts(), st.data())
def test_texts_are_picked_by_place(texts: pa.StringArray, data: st.DataObject) -> None:
    anywhere = st.lists(st.integers(-1, len(texts) - 1), max_size=12)
    flags = st.lists(st.booleans(), min_size=len(texts), max_size=len(texts))
    own = flags.map(lambda kept: [place if keep else -1 for place, keep in enumerate(kept)])
    places = data.draw(anywhere | own)
    found = picked(texts, np.array(places, np.int64))
    found.validate(full=True)
    every = texts.to_pylist()
    assert found.to_pylist() == [None if place < 0 else every[place] for place in places]
