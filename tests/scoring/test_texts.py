"""What tells cheaply that two texts are unlike never says so of two that a measure calls alike."""

from __future__ import annotations

from itertools import product

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.strings import edits, jaro_winkler
from scoring.texts import Texts, character_sets, some_objects

#: Digits beyond what a tally counts, letters of several bytes, and texts that are nearly alike.
SPELT = (
    st.text("abé 1", min_size=1, max_size=9)
    | st.text("0123456789", min_size=1, max_size=18)
    | st.text("12", min_size=14, max_size=20)
    | st.text(min_size=1, max_size=6)
)
several = st.lists(SPELT, min_size=1, max_size=8, unique=True)


def all_pairs(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    one, other = zip(*product(range(len(texts)), repeat=2), strict=True)
    return np.array(one), np.array(other)


@given(several, st.sampled_from([0.0, 0.5, 0.6, 0.75, 0.85, 0.93, 1.0]))
def test_similarities_are_those_of_the_measure(texts: list[str], cutoff: float) -> None:
    values, pairs = Texts(pa.array(texts)), all_pairs(texts)
    expected = jaro_winkler(values.texts(*pairs), cutoff)
    assert values.similarity(*pairs, cutoff).tolist() == expected.tolist()


@given(several, st.integers(0, 3))
def test_edits_are_those_of_the_measure(texts: list[str], at_most: int) -> None:
    values, pairs = Texts(pa.array(texts)), all_pairs(texts)
    expected = edits(values.texts(*pairs), at_most)
    assert values.edits(*pairs, at_most).tolist() == expected.tolist()


@given(several, st.sampled_from([0.6, 0.85, 0.93]), st.integers(0, 3))
def test_a_few_texts_of_many_are_looked_through_by_themselves(
    texts: list[str], cutoff: float, at_most: int
) -> None:
    pairs = all_pairs(texts)
    others = [f"other {number}" for number in range(20 * len(texts) ** 2)]
    few, many = (Texts(pa.array(values)) for values in (texts, [*texts, *others]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scoring.texts._FEW_PAIRS", 0)
        assert many.similarity(*pairs, cutoff).tolist() == few.similarity(*pairs, cutoff).tolist()
        assert many.edits(*pairs, at_most).tolist() == few.edits(*pairs, at_most).tolist()
    assert "letters" not in vars(many)


@pytest.mark.parametrize(("left", "right"), [("14155550100", "14155550199"), ("smith", "smyth")])
def test_what_is_nearly_alike_is_measured(left: str, right: str) -> None:
    one, other = np.array([0]), np.array([1])
    values = Texts(pa.array([left, right]))
    assert values.similarity(one, other, 0.85)[0] > 0.85
    assert values.edits(one, other, 2)[0] <= 2


def test_a_few_pairs_of_many_texts_are_measured_at_once() -> None:
    texts = [f"name{number}" for number in range(100)]
    values, pairs = Texts(pa.array(texts)), (np.array([3]), np.array([33]))
    assert values.similarity(*pairs, 0.5).tolist() == [pytest.approx(29 / 30)]
    assert values.edits(*pairs, 2).tolist() == [1]
    assert "letters" not in vars(values)


def test_many_texts_give_the_same_strings(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["anna", "bob", "carla"]
    pairs = np.array([0, 2, 2]), np.array([1, 1, 0])
    kept = [side.tolist() for side in Texts(pa.array(texts)).texts(*pairs)]
    monkeypatch.setattr("scoring.texts._FEW", 2)
    made = [side.tolist() for side in Texts(pa.array(texts)).texts(*pairs)]
    assert made == kept == [["anna", "carla", "carla"], ["bob", "bob", "anna"]]
    assert some_objects(pa.array(texts), pairs[0]).tolist() == ["anna", "carla", "carla"]


@given(st.lists(st.text("abé1 ", max_size=5), max_size=12), st.integers(0, 3))
def test_texts_are_looked_through_in_parts(texts: list[str], start: int) -> None:
    values = pa.array(texts, pa.string())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scoring.texts._AT_ONCE", 2)
        parts = character_sets(values.slice(start))
    assert parts.tolist() == character_sets(values)[start:].tolist()
    for text, letters in zip(texts[start:], parts.tolist(), strict=True):
        assert bool(letters & 1) == ("a" in text)
