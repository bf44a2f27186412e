from __future__ import annotations

from types import SimpleNamespace
from typing import Any

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
    result = SimpleNamespace(
        clusters=pd.DataFrame({"record_id": ["1", "2", "3", "4"], "cluster_id": [1, 1, 1, 2]}),
        pairs=pd.DataFrame({"record_id_left": ["1", "1"], "record_id_right": ["2", "3"]}),
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
    figures = quality.measure(Dataset("a set", frame, truth, right=right, extra={"ssn": "exact"}))

    assert figures["precision"] == pytest.approx(1 / 3)
    assert figures["blocking_recall"] == pytest.approx(1 / 3)
    assert figures["household_pairs"] == 2
    assert asked == [(2 if linked else 1, {"ssn": "exact"})]
