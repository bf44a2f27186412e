from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

import matcher
from benchmarks.contacts import generate

JUDGED = 50


@pytest.fixture(scope="module")
def contacts() -> tuple[Any, pd.DataFrame]:
    made, truth = generate(3_000, 5)
    return made, truth.to_pandas()


@pytest.fixture(scope="module")
def result(contacts: tuple[Any, pd.DataFrame]) -> matcher.Result:
    return matcher.dedupe(contacts[0])


@pytest.fixture(scope="module")
def pairs(result: matcher.Result) -> pd.DataFrame:
    return result.review.head(JUDGED)


@pytest.fixture(scope="module")
def labels(pairs: pd.DataFrame, contacts: tuple[Any, pd.DataFrame]) -> list[bool]:
    person = contacts[1].set_index("record_id")["true_id"]
    return [
        person[one] == person[other]
        for one, other in zip(pairs["record_id_left"], pairs["record_id_right"], strict=True)
    ]


def shares(model: matcher.Model) -> Iterator[float]:
    for comparison in model.weights.comparisons:
        yield from (level.m for level in comparison.levels)


def test_fifty_answers_cost_next_to_nothing(
    result: matcher.Result,
    pairs: pd.DataFrame,
    labels: list[bool],
    contacts: tuple[Any, pd.DataFrame],
) -> None:
    made, truth = contacts
    fitted = matcher.Model.fit(pairs, labels)
    people = truth[["record_id", "true_id"]]
    before = matcher.evaluate(result.clusters, people).f1
    after = matcher.evaluate(matcher.dedupe(made, model=fitted).clusters, people).f1
    assert after > before - 0.005


def test_a_frame_of_pairs_knows_its_model(
    result: matcher.Result, pairs: pd.DataFrame, labels: list[bool]
) -> None:
    fitted = matcher.Model.fit(pairs, labels)
    named = matcher.Model.fit(pairs, labels, start=result.model)
    assert fitted == named
    assert fitted.weights.rates == result.model.weights.rates
    assert fitted.weights.made_from.endswith(f"; {JUDGED} labelled pairs")
    bare = pairs.copy()
    bare.attrs.clear()
    assert matcher.Model.fit(bare, labels).weights.rates == matcher.Model.shipped().weights.rates


def test_answers_in_words_by_pair_and_in_any_order_are_the_same(
    result: matcher.Result, pairs: pd.DataFrame, labels: list[bool]
) -> None:
    plain = matcher.Model.fit(pairs, labels)
    words = matcher.Model.fit(pairs, ["same" if label else " Different" for label in labels])
    table = pd.DataFrame(
        {
            "record_id_left": pairs["record_id_right"].to_numpy(),
            "record_id_right": pairs["record_id_left"].to_numpy(),
            "same": labels,
        }
    )
    looked_up = matcher.Model.fit(result.pairs, table.iloc[::-1])
    assert words == plain
    assert np.allclose([*shares(looked_up)], [*shares(plain)])


def test_what_was_not_answered_is_passed_over(pairs: pd.DataFrame, labels: list[bool]) -> None:
    unsure: list[Any] = [*labels[:10], *["unsure", None, float("nan"), "", pd.NA] * 8]
    some = matcher.Model.fit(pairs, unsure)
    assert [*shares(some)] == [*shares(matcher.Model.fit(pairs.head(10), labels[:10]))]


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        (lambda pairs: (pairs, [True]), "50 pairs and 1 labels"),
        (lambda pairs: (pairs.head(1), ["maybe"]), "'maybe'"),
        (lambda pairs: (pairs.drop(columns="probability").head(1), [True]), "probability"),
        (lambda pairs: (pairs.head(1).assign(suffix="odd"), [True]), "no level 'odd'"),
        (lambda pairs: (pairs, pd.DataFrame({"same": [True]})), "record_id_left"),
        (
            lambda pairs: (
                pairs,
                [{"record_id_left": "x", "record_id_right": "y", "same": True}],
            ),
            "x and y",
        ),
    ],
)
def test_what_does_not_fit_is_named(spoilt: Any, said: str, pairs: pd.DataFrame) -> None:
    with pytest.raises(matcher.OptionError, match=said):
        matcher.Model.fit(*spoilt(pairs))


def test_vectors_sum_to_the_weight(result: matcher.Result) -> None:
    vectors = result.comparison_vectors()
    numbers = vectors.drop(columns=["record_id_left", "record_id_right"])
    names = [comparison.name for comparison in result.model.weights.comparisons]
    assert list(numbers.columns) == names
    assert (vectors["record_id_left"] == result.pairs["record_id_left"]).all()
    assert np.allclose(numbers.sum(axis=1), result.pairs["weight"])
    missing = result.pairs[names] == "missing"
    assert (numbers.to_numpy()[missing.to_numpy()] == 0).all()
