from __future__ import annotations

from benchmarks import labels
from benchmarks.contacts import generate
from benchmarks.datasets import Dataset


def test_truthful_answers_never_cost_much() -> None:
    contacts, truth = generate(2_000, 3)
    figures = labels.measure(Dataset("a set", contacts, truth.to_pandas()))
    assert set(figures) == {"f1", "50", "200"}
    assert figures["f1"] > 0.9
    assert figures["50"] > -0.005
    assert figures["200"] > -0.005
