from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks import speed

STAND_IN = """
import json, pathlib, sys
out = pathlib.Path(sys.argv[sys.argv.index("--out") + 1])
out.mkdir()
held = bytearray(80_000_000)
report = {"stages": [{"name": "read", "seconds": 0.25, "peak_mb": 1}]}
(out / "report.json").write_text(json.dumps(report))
"""


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(speed, "_FOLDER", tmp_path / "benchmarks")
    return tmp_path


def test_a_process_of_its_own_is_measured(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(speed, "_COMMAND", (sys.executable, "-c", STAND_IN))
    run = speed.measure(folder / "contacts.csv")
    assert run["stages"] == {"read": 0.25}
    assert run["peak_mb"] > 76
    assert run["cpu_seconds"] > 0
    assert 0 < run["seconds"] < 30
    assert list((folder / "benchmarks" / "work").iterdir()) == []


def test_a_failing_command_shows_its_last_words(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setattr(speed, "_COMMAND", (sys.executable, "-c", "raise SystemExit('no rows')"))
    with pytest.raises(RuntimeError, match="exit code 1: no rows"):
        speed.measure(folder / "contacts.csv")


@pytest.mark.parametrize(
    ("now", "before", "said"), [(2, 4, "-50%"), (5, 4, "+25%"), (1, None, "new")]
)
def test_the_change_is_told_in_percent(now: float, before: float | None, said: str) -> None:
    assert speed.change(now, before) == said
