from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmarks import quality
from benchmarks.datasets import Dataset
from matcher.evaluation import evaluate


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (0.95, None, "new"),
        (0.95, 0.95, "+0.0000"),
        (0.949, 0.95, "-0.0010"),
        (0.947, 0.95, "FELL -0.0030"),
        (0.96, 0.95, "+0.0100"),
    ],
)
def test_a_fall_beyond_noise_is_marked(now: float, before: float | None, said: str) -> None:
    assert quality.change(now, before) == said


@pytest.mark.parametrize("linked", [False, True])
def test_a_set_is_judged_by_clusters_pairs_and_households(
    linked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    candidates = SimpleNamespace(left=np.array([0, 0]), right=np.array([1, 2]))
    weighed = SimpleNamespace(probability=np.array([0.9, 0.7]))
    result = SimpleNamespace(
        clusters=pd.DataFrame({"record_id": ["1", "2", "3", "4"], "cluster_id": [1, 1, 1, 2]}),
        matched=SimpleNamespace(candidates=candidates, weighed=weighed),
        report={"expected": {"precision": 0.8, "recall": None}},
    )

    def answer(*sources: Any, extra: Any) -> SimpleNamespace:
        asked.append((len(sources), extra))
        return result

    fake = SimpleNamespace(dedupe=answer, link=answer, evaluate=evaluate)
    monkeypatch.setattr(quality, "matcher", fake)
    truth = pd.DataFrame(
        {
            "record_id": [1, 2, 3, 4],
            "true_id": ["a", "a", "b", "a"],
            "household_id": ["h", "h", "h", "i"],
        }
    )
    frame = pd.DataFrame({"record_id": [1, 2, 3, 4]})
    right = frame if linked else None
    figures, table = quality.measure(
        Dataset("a set", frame, truth, right=right, extra={"ssn": "exact"})
    )

    assert figures["precision"] == pytest.approx(1 / 3)
    assert figures["blocking_recall"] == pytest.approx(1 / 3, abs=1e-6)
    assert figures["ceiling_f1"] == pytest.approx(2 * 1 / (1 + 3))
    assert figures["calibration_error"] == pytest.approx((0.1 + 0.7) / 2)
    assert (figures["expected_precision"], figures["expected_recall"]) == (0.8, 0.0)
    assert figures["household_pairs"] == 2
    assert table == [[0.7, 0.8, 1, 0.7, 0.0], [0.9, 0.95, 1, 0.9, 1.0]]
    assert asked == [(2 if linked else 1, {"ssn": "exact"})]


def test_seeds_are_summed_up_and_single_sets_are_not() -> None:
    measured = {"a/1": {"f1": 0.9}, "a/2": {"f1": 0.8}, "b": {"f1": 0.5}}
    assert quality.spreads(measured) == ["a, 2 seeds: F1 0.8500, from 0.8000 to 0.9000"]
