from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import matcher
from matcher.report import expected


def matched(probability: list[float], together: list[bool]) -> Any:
    """Pairs (0, 1), (2, 3), …, each in one cluster or in two."""
    left, chance = np.arange(len(probability)) * 2, np.array(probability)
    clusters = np.arange(2 * len(probability))
    clusters[left[together] + 1] = left[together]
    return SimpleNamespace(
        candidates=SimpleNamespace(left=left, right=left + 1),
        weighed=SimpleNamespace(log_odds=np.log2(chance / (1.0 - chance))),
        clusters=clusters,
    )


def test_expected_shares_follow_the_probabilities() -> None:
    found = expected(matched([0.9, 0.7, 0.4], [True, True, False]))
    assert found["precision"] == pytest.approx(0.8)
    assert found["recall"] == pytest.approx(1.6 / 2.0)


def test_with_nothing_put_together_there_is_no_precision() -> None:
    assert expected(matched([0.2], [False])) == {"precision": None, "recall": 0.0}
    assert expected(matched([], [])) == {"precision": None, "recall": None}


def test_the_report_says_what_to_expect() -> None:
    person = {"first_name": "Ada", "last_name": "Okafor", "email": "ada@example.org"}
    found = matcher.dedupe([person, dict(person)]).report["expected"]
    assert 0.9 < found["precision"] <= 1.0
    assert found["recall"] == pytest.approx(1.0)
