from __future__ import annotations

import json
from pathlib import Path

import pytest

from matcher.cli.boundary import run

ROWS = """nationbuilder_id,first_name,last_name,email,phone_number
7,Ada,Quartermaine,ada.quartermaine@example.org,+12025550171
12,Ada,Quartermaine,ada.quartermaine@example.org,+12025550171
"""
FILES = {"van_merges", "nationbuilder_merges", "action_network_todo", "skipped"}


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "people.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def test_the_files_are_written_and_told_of(
    export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["actions", str(export), "--review", "0.1", "0.5"]) == 0
    assert {path.stem for path in Path("actions").iterdir()} == FILES
    assert "NationBuilder: 1 merge: nationbuilder_merges.csv." in capsys.readouterr().out


def test_json_is_one_document(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["actions", str(export), "--review", "0.1", "0.5", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    counts = {"van": 0, "nationbuilder": 1, "action_network": 0, "skipped": 0}
    assert document["counts"] == counts
    assert set(document["files"]) == FILES


def test_what_was_done_is_not_done_again(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["actions", str(export), "--review", "0.1", "0.5", "--quiet"]) == 0
    line = ["actions", str(export), "--out", "next", "--done", "actions", "--json"]
    assert run(line) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["nationbuilder"] == 0


def test_a_wrong_folder_is_told_of(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["actions", str(export), "--done", "nowhere"]) == 3
    assert "van_merges.csv" in capsys.readouterr().err
    assert not Path("actions").exists()
