"""Sets with known truth at default settings, where their folder is: floors, not figures.

The figures are frozen by ``benchmarks.quality``; here only what no change may fall below.
"""

from __future__ import annotations

import pytest

from benchmarks.datasets import load, shared_folder
from benchmarks.quality import measure

pytestmark = pytest.mark.skipif(shared_folder() is None, reason="the shared sets are not here")

FLOORS = {
    "contacts": 0.95,
    "febrl3": 0.98,
    "febrl4": 0.98,
    "fake_1000": 0.90,
    "crm": 0.95,
    "kyc": 0.92,
}


@pytest.mark.parametrize("name", FLOORS)
def test_nothing_configured_is_enough(name: str) -> None:
    (dataset,) = load(name)
    figures, _ = measure(dataset)
    assert figures["f1"] >= FLOORS[name]
    assert figures["blocking_recall"] >= 0.9
