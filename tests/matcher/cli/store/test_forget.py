from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Command = Callable[..., Any]


def test_dry_run_says_what_would_go_and_changes_nothing(command: Command, small: Path) -> None:
    before = small.read_bytes()
    outcome = command("forget", "P2", "--dry-run")
    assert outcome.code == 0
    assert "would be erased" in outcome.stdout
    assert "action_network:a-2" in outcome.stdout
    assert small.read_bytes() == before


def test_a_person_is_forgotten_and_stays_so(command: Command, small: Path, tmp_path: Path) -> None:
    receipt = json.loads(command("forget", "P2", "--reason", "a letter", "--json").stdout)
    assert receipt["records"] == ["action_network:a-2"]
    assert (receipt["by"], receipt["reason"]) == ("maria", "a letter")
    assert b"maria@example.org" not in small.read_bytes()
    again = command("ingest", "activists.csv", "--out", "said", "--json")
    assert json.loads(again.stdout)["rejects"] == 1
    assert "forgotten" in (tmp_path / "said/rejects.csv").read_text()


def test_a_person_can_be_brought_back(command: Command, small: Path) -> None:
    command("forget", "P2")
    told = json.loads(command("ingest", "activists.csv", "--bring-back", "--json").stdout)
    assert told["records_new"] == 1
    assert told["rejects"] == 0


def test_nobody_of_that_id_is_told_of(command: Command, small: Path) -> None:
    outcome = command("forget", "P99")
    assert outcome.code == 9
    assert "P99" in outcome.stderr
