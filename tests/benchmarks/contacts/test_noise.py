from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from benchmarks.contacts.noise import misspell, mistype_digits

texts = st.lists(st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\0")))


@pytest.mark.parametrize("edit", [misspell, mistype_digits])
@given(drawn=texts, seed=st.integers(0, 1000))
def test_one_edit_at_most(edit: type, drawn: list[str | None], seed: int) -> None:
    edited = edit(np.random.default_rng(seed), pa.array(drawn, pa.string()), 1.0).to_pylist()
    assert len(edited) == len(drawn)
    for before, after in zip(drawn, edited, strict=True):
        assert (before is None) == (after is None)
        assert before is None or OSA.distance(before, after) <= 1


@pytest.mark.parametrize("edit", [misspell, mistype_digits])
def test_the_share_is_kept(edit: type) -> None:
    before = pa.array(["1234567890"] * 10_000)
    after = edit(np.random.default_rng(1), before, 0.1)
    changed = sum(text != "1234567890" for text in after.to_pylist())
    assert 750 < changed < 1050


def test_every_kind_of_slip_occurs() -> None:
    slips = set(misspell(np.random.default_rng(1), pa.array(["solid"] * 3000), 1.0).to_pylist())
    assert {"soid", "sollid", "soild", "sokid", "so1id"} <= slips
