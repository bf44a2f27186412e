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
    assert run["stage_peak_mb"] == {"read": 1}
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


def test_splink_is_run_in_turn_and_judged_by_its_stages(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    turns: list[str] = []

    def ours(contacts: Path, *, judge: bool) -> dict[str, float]:
        turns.append("ours")
        return {"seconds": 2.0 / len(turns)}

    def theirs(peer: str, given: Path, keys: str, limit: float) -> dict[str, object]:
        turns.append(peer)
        return {"seconds": 99.0, "stages": {"train": 3.0, "predict": 10.0 / len(turns)}}

    monkeypatch.setattr(speed, "measure", ours)
    monkeypatch.setattr("benchmarks.speed.running.run", theirs)
    monkeypatch.setattr(speed, "_f1", lambda groups, truth: 0.5)
    found = speed.compared(folder / "contacts.csv", 2, splink=True)
    assert turns == ["ours", "splink_fast", "splink_careful"] * 2
    assert found["seconds"] == 0.5
    assert found["splink"] == {
        "seconds": 5.0, "f1": 0.5, "stages": {"train": 3.0, "predict": 2.0}
    }  # fmt: skip
    assert found["splink_careful"]["seconds"] == pytest.approx(3 + 10 / 6, abs=0.001)
    assert "splink" not in speed.compared(folder / "contacts.csv", 1, splink=False)


def test_a_splink_that_is_not_done_is_an_error(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setattr("benchmarks.speed.running.run", lambda *given: {"unfinished": "at 900 s"})
    with pytest.raises(RuntimeError, match="unfinished"):
        speed.measure_splink(folder / "contacts.csv", "splink_fast")


def test_answers_are_judged_by_the_truth(folder: Path, tmp_path: Path) -> None:
    truth = tmp_path / "truth.csv"
    truth.write_text("record_id,true_id\n1,a\n2,a\n3,b\n")
    groups = tmp_path / "groups.csv"
    groups.write_text("record_id,cluster_id\n1,x\n2,x\n3,x\n")
    assert speed._f1(groups, truth) == 0.5


def test_a_run_has_bytecode_like_any_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    speed.as_installed.cache_clear()
    assert "PYTHONDONTWRITEBYTECODE" not in speed.as_installed()
    assert Path(speed.__file__).parents[1].joinpath("matcher/__pycache__").is_dir()
