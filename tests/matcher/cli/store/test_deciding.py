from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import matcher

Command = Callable[..., Any]

SON = "action_network:a-3"
FATHER = "van:my_voters:MA:3100102"


def persons(store: Path) -> dict[str, str]:
    """The person of each record."""
    with matcher.open(store, read_only=True) as opened:
        return {
            str(record): str(person)
            for record, person in opened.query("SELECT record_id, person_id FROM person_record")
        }


def test_two_are_split_and_joined_again(command: Command, small: Path) -> None:
    before = persons(small)
    assert before[SON] == before[FATHER] == "P3"
    outcome = command("split", "P3", SON, "--note", "his son")
    assert outcome.code == 0
    assert "was part of P3" in outcome.stdout
    assert persons(small)[SON] != persons(small)[FATHER]
    assert command("undo", "R2", "--note", "no, the same").code == 0
    assert persons(small) == before


def test_who_did_it_and_why_is_kept(command: Command, small: Path) -> None:
    command("split", "P3", SON, "--by", "jo", "--note", "his son")
    with matcher.open(small) as store:
        assert store.query("SELECT done_by, note FROM run WHERE run = 2") == [("jo", "his son")]


def test_a_decision_joins_and_its_withdrawal_parts(command: Command, small: Path) -> None:
    pair = ("action_network:a-1", "action_network:a-2")
    told = json.loads(command("decide", *pair, "same", "--json").stdout)
    assert told["merged"] == {"P2": "P1"}
    assert persons(small)[pair[0]] == persons(small)[pair[1]]
    assert command("decide", *pair, "--withdraw").code == 0
    assert persons(small)[pair[0]] != persons(small)[pair[1]]


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        (("decide", SON, FATHER), 2, "--withdraw"),
        (("decide", SON, FATHER, "same", "--withdraw"), 2, "--withdraw"),
        (("decide", SON, FATHER, "perhaps"), 2, "perhaps"),
        (("decide", SON), 2, "two records"),
        (("decide", SON, FATHER, "same", "--file", "answers.csv"), 2, "--file"),
        (("decide", "--file", "answers.csv"), 3, "answers.csv"),
        (("decide", SON, "van:nobody", "same"), 9, "van:nobody"),
        (("decide", SON, FATHER, "--withdraw"), 7, "decided"),
        (("split", "P99", SON), 9, "P99"),
        (("split", "P3", "van:nobody"), 9, "van:nobody"),
        (("split", "P3", SON, FATHER), 7, "not all"),
        (("undo", "R99"), 9, "R99"),
        (("undo", "everything"), 9, "everything"),
    ],
)
def test_what_cannot_be_done_is_told_of_and_changes_nothing(
    line: tuple[str, ...], code: int, said: str, command: Command, small: Path
) -> None:
    before = persons(small)
    outcome = command(*line)
    assert outcome.code == code
    assert said in outcome.stderr
    assert persons(small) == before


@pytest.mark.parametrize("line", [("decide", SON, FATHER, "same"), ("split", "P3", SON)])
def test_somebody_must_have_decided(
    line: tuple[str, ...], command: Command, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MATCHER_BY")
    outcome = command(*line)
    assert outcome.code == 2
    assert "--by" in outcome.stderr


def test_there_must_be_a_store(command: Command) -> None:
    outcome = command("undo", "R1", "--store", "absent.duckdb", "--by", "maria")
    assert outcome.code == 7
    assert "there is no such store" in outcome.stderr
    assert not Path("absent.duckdb").exists()
