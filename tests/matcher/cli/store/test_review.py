from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

import matcher

Command = Callable[..., Any]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Says what is typed at each question in turn."""

    def say(*answers: str) -> None:
        waiting = list(answers)
        monkeypatch.setattr(typer, "prompt", lambda *_, **__: waiting.pop(0))

    return say


def decided(store: Path) -> list[str]:
    with matcher.open(store) as opened:
        return [verdict for (verdict,) in opened.query("SELECT verdict FROM decision")]


def test_doubtful_pairs_are_shown_with_what_was_compared(command: Command, store: Path) -> None:
    outcome = command("review", "--limit", "2")
    first, second = outcome.stdout.strip().split("\n\n")
    assert outcome.code == 0
    assert "  ~  " in first
    assert "last_name" in second
    pairs = json.loads(command("review", "--limit", "2", "--json").stdout)
    assert first.startswith(pairs[0]["record_id_left"])
    assert f"probability {pairs[0]['probability']:.2f}" in first


def test_where_nothing_is_doubtful_it_says_so(command: Command, small: Path) -> None:
    assert command("review").stdout == "nothing to review\n"


def test_a_file_filled_in_is_decided(command: Command, store: Path, tmp_path: Path) -> None:
    assert command("review", "--limit", "5", "--out", "review.csv").stdout == (
        "Results: review.csv\n"
    )
    path = tmp_path / "review.csv"
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 5
    assert {row["verdict"] for row in rows} == {""}
    rows[0]["verdict"], rows[3]["verdict"] = "different", "unsure"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert command("decide", "--file", "review.csv").code == 0
    assert sorted(decided(store)) == ["different", "unsure"]


def test_the_review_of_a_dedupe_can_be_filled_in_too(
    command: Command, store: Path, exports: list[Path], tmp_path: Path
) -> None:
    assert command("dedupe", *exports, "--out", "matched", "--quiet").code == 0
    with (tmp_path / "matched/review.csv").open(newline="") as file:
        # rows without an id of their own are named by their place in a dedupe, not in a store
        row = next(row for row in csv.DictReader(file) if "signup_sheet" not in str(row))
    with (tmp_path / "answers.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, [*row, "verdict"])
        writer.writeheader()
        writer.writerow(row | {"verdict": "different"})
    assert command("decide", "--file", "answers.csv").code == 0
    assert decided(store) == ["different"]


def test_answers_that_are_typed_are_kept_at_once(
    command: Command, store: Path, typed: Callable[..., None]
) -> None:
    typed("d", "what?", "", "Unsure", "q")
    outcome = command("review", "--ask")
    assert outcome.stdout.rstrip().endswith("2 decided")
    assert decided(store) == ["different", "unsure"]


@pytest.mark.parametrize("more", [("--json",), ("--out", "x.csv"), ("--by", "")])
def test_asking_needs_a_name_and_a_terminal(
    command: Command, store: Path, more: tuple[str, ...]
) -> None:
    outcome = command("review", "--ask", *more)
    assert outcome.code == 2
    assert "--ask" in outcome.stderr
