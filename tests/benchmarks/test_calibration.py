from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks import calibration


def test_drawn_from_their_own_probabilities_pairs_are_calibrated() -> None:
    generator = np.random.default_rng(1)
    probability = generator.random(200_000)
    same = generator.random(200_000) < probability
    bins = calibration.reliability(probability, same)
    assert sum(each.pairs for each in bins) == 200_000
    assert calibration.calibration_error(bins) < 0.01
    assert all(each.low <= each.stated <= each.high for each in bins)


def test_overconfidence_shows_and_certain_differences_do_not_hide_it() -> None:
    probability = np.array([0.9] * 10 + [0.001] * 1000)
    same = np.array([True] * 5 + [False] * 1005)
    found = calibration.calibration_error(calibration.reliability(probability, same))
    assert found == pytest.approx(0.4)


def test_certainty_falls_into_the_last_bin_and_nothing_gives_no_bins() -> None:
    (only,) = calibration.reliability(np.array([1.0]), np.array([True]))
    assert (only.low, only.high, only.true) == (0.99, 1.0, 1.0)
    nothing = calibration.reliability(np.zeros(0), np.zeros(0, bool))
    assert nothing == []
    assert calibration.calibration_error(nothing) == 0.0


def test_a_plot_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    table = [[0.0, 0.5, 30, 0.2, 0.3], [0.5, 1.0, 30, 0.9, 0.8]]
    path = calibration.save_plot("a/1", table, tmp_path / "plots")
    assert path.name == "a-1.png"
    assert path.read_bytes()[:4] == b"\x89PNG"
