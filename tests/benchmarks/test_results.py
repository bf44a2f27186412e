from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import results


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(results, "_FOLDER", tmp_path)
    return tmp_path


def test_a_plain_run_leaves_the_frozen_result_alone(folder: Path) -> None:
    path = results.save("quality", {"a": 1}, freeze=False)
    assert path == folder / "results" / "quality.json"
    assert path.read_text() == '{\n  "a": 1\n}\n'
    assert results.frozen("quality") == {}


def test_freezing_some_sets_keeps_the_others() -> None:
    results.save("quality", {"a": 1, "b": 1}, freeze=True)
    results.save("quality", {"b": 2}, freeze=True)
    assert results.frozen("quality") == {"a": 1, "b": 2}
