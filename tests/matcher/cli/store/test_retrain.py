from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matcher

Command = Callable[..., Any]


def models(store: Path) -> int:
    with matcher.open(store) as opened:
        ((count,),) = opened.query("SELECT count(DISTINCT model) FROM model")
    return int(count)


def test_dry_run_tells_and_writes_nothing(command: Command, store: Path) -> None:
    before = store.read_bytes()
    told = json.loads(command("retrain", "--dry-run", "--json").stdout)
    assert told["run"] == 0
    assert store.read_bytes() == before


def test_what_dry_run_tells_comes_true(command: Command, store: Path) -> None:
    before = models(store)
    told = json.loads(command("retrain", "--dry-run", "--json").stdout)
    done = json.loads(command("retrain", "--json").stdout)
    assert {**told, "run": 2} == done
    assert models(store) == before + 1


def test_it_tells_of_its_stages_and_of_what_changed(command: Command, store: Path) -> None:
    outcome = command("retrain", "--note", "first large ingest")
    assert outcome.stdout.startswith("persons: ")
    assert [line.split()[2] for line in outcome.stderr.splitlines()] == [
        *("open:", "learn:", "resolve:", "save:")
    ]
