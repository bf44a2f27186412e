from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.peers import running


@pytest.fixture
def stub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands for a Python: a script that sees ``-m MODULE FOLDER ANSWERS``."""
    script = tmp_path / "python"
    monkeypatch.setenv("MATCHER_PEERS_PYTHON", str(script))
    return script


def written(script: Path, body: str) -> None:
    script.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    script.chmod(0o755)


def test_what_a_peer_says_comes_with_its_measure(stub: Path, tmp_path: Path) -> None:
    written(stub, """echo '{"version": "1", "pairs": 2}' > "$4/said.json" """)
    found = running.run("splink", tmp_path / "set", "plain", limit=20)
    assert (found["version"], found["pairs"]) == ("1", 2)
    assert found["seconds"] >= 0
    assert found["cpu_seconds"] >= 0
    assert found["load"] >= 0


def test_memory_of_the_benchmark_itself_is_not_counted(stub: Path, tmp_path: Path) -> None:
    written(stub, """echo '{"version": "1", "pairs": 2}' > "$4/said.json" """)
    heavy = np.ones(40_000_000)  # 320 MB of this process
    found = running.run("splink", tmp_path / "set", "plain", limit=20)
    assert heavy[-1] == 1
    assert 0 < found["peak_mb"] < 100


def test_an_old_answer_is_not_taken_for_a_new_one(stub: Path, tmp_path: Path) -> None:
    old = tmp_path / "set" / "splink-plain" / "pairs.parquet"
    old.parent.mkdir(parents=True)
    old.touch()
    written(stub, """echo '{"version": "1", "pairs": 2}' > "$4/said.json" """)
    running.run("splink", tmp_path / "set", "plain", limit=20)
    assert not old.exists()


def test_a_failure_is_told_in_its_last_words(stub: Path, tmp_path: Path) -> None:
    written(stub, "echo first; echo 'ValueError: no such field'; exit 1")
    assert running.run("splink", tmp_path, "plain", limit=20) == {
        "failed": "ValueError: no such field"
    }


def test_what_the_system_ends_is_told_with_its_memory(stub: Path, tmp_path: Path) -> None:
    written(stub, "kill -9 $$")
    found = running.run("splink", tmp_path, "plain", limit=20)
    assert found["killed"].endswith(" MB")


def test_what_takes_too_long_is_stopped(stub: Path, tmp_path: Path) -> None:
    written(stub, "sleep 30")
    assert running.run("splink", tmp_path, "plain", limit=0.3) == {"unfinished": "at 0 s"}


def test_one_peer_may_have_an_environment_of_its_own(
    stub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert running.python_of(running.OURS) == Path(sys.executable)
    monkeypatch.setenv("MATCHER_PEERS_PYTHON_DEDUPE", "/elsewhere/python")
    assert running.python_of("dedupe") == Path("/elsewhere/python")
    assert running.python_of("splink") == stub
    monkeypatch.delenv("MATCHER_PEERS_PYTHON")
    assert running.python_of("splink").parts[-3:] == (".venv-peers", "bin", "python")
