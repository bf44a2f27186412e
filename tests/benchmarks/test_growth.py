from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks import growth, results, speed


def run(seconds: float, peak_mb: float) -> dict[str, Any]:
    return {
        "seconds": seconds,
        "cpu_seconds": seconds,
        "peak_mb": peak_mb,
        "stages": {"read": seconds / 2, "weigh": 0.0},
        "stage_peak_mb": {"read": peak_mb / 2, "weigh": peak_mb},
    }


SMALL_FIRST = growth.by_size({"1000": run(10.0, 400), "10": run(0.2, 80), "100": run(1.0, 100)})


def test_sizes_are_put_in_order() -> None:
    assert list(SMALL_FIRST) == [10, 100, 1000]


def test_every_stage_and_the_whole_process_is_a_point() -> None:
    found = list(growth.points(growth.by_size({"10": run(4.0, 80)})))
    assert [(point["stage"], point["seconds"], point["peak_mb"]) for point in found] == [
        ("read", 2.0, 40),
        ("weigh", 0.001, 80),
        (growth.WHOLE, 4.0, 80),
    ]


def test_growth_is_judged_by_the_two_largest() -> None:
    assert growth.exponent(SMALL_FIRST, "seconds") == pytest.approx(1.0)
    assert growth.exponent(SMALL_FIRST, "peak_mb") == pytest.approx(0.602, abs=0.001)
    assert growth.exponent({10: run(1.0, 1)}, "seconds") is None


def test_the_line_of_linear_growth_ends_where_the_stages_do() -> None:
    few, many = growth._linear(SMALL_FIRST, "peak_mb")
    assert many == {"rows": 1000, "peak_mb": 400}
    assert few == {"rows": pytest.approx(100), "peak_mb": pytest.approx(40)}


def test_a_picture_is_drawn_of_frozen_and_new_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("altair")
    monkeypatch.setattr(results, "_FOLDER", tmp_path)
    results.save("growth", {"10": run(0.2, 80)}, freeze=True)
    monkeypatch.setattr(speed, "contacts_file", lambda rows: tmp_path / str(rows))
    monkeypatch.setattr(speed, "compared", lambda contacts, runs, splink: run(1.0, 100))
    growth.main(["--rows", "100", "--plot", str(tmp_path / "growth.svg")])
    assert list(results.frozen("growth")) == ["10"]
    assert "whole process" in (tmp_path / "growth.svg").read_text(encoding="utf-8")
    assert "1 is linear: seconds 0.70" in capsys.readouterr().out
