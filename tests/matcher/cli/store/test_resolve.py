from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]

SAMANTHA = ("--name", "Samantha Davis", "--email", "samantha.davis@example.com")


def test_a_record_in_options_is_told_with_its_evidence(command: Command, store: Path) -> None:
    outcome = command("resolve", *SAMANTHA)
    assert outcome.code == 0
    person, best, *_ = outcome.stdout.splitlines()
    assert person.startswith("P")
    assert f"  {person}  " in best
    assert "email exact" in best


def test_nobody_is_an_answer_too(command: Command, store: Path) -> None:
    outcome = command("resolve", "--email", "stranger@example.org", "--is", "van_id=9")
    assert (outcome.code, outcome.stdout) == (0, "nobody in the store\n")


def test_nothing_is_written(command: Command, store: Path) -> None:
    before = store.read_bytes()
    command("resolve", *SAMANTHA)
    assert store.read_bytes() == before


def test_json_of_one_record_is_one_object(command: Command, store: Path) -> None:
    document = json.loads(command("resolve", *SAMANTHA, "--json").stdout)
    assert document["person_id"] == document["candidates"][0]["person_id"]


def test_each_record_of_a_file_is_looked_up(
    command: Command, store: Path, exports: list[Path]
) -> None:
    sheet = next(path for path in exports if path.name == "signup_sheet.csv")
    answers = json.loads(command("resolve", sheet, "--json").stdout)
    assert len(answers) == 56
    assert all(answer["person_id"] for answer in answers)
    assert answers[0]["record_id"] == "signup_sheet:1"
    told = command("resolve", sheet).stdout
    assert told.startswith(f"signup_sheet:1: {answers[0]['person_id']}\n")


def test_records_may_come_as_json_on_standard_input(
    command: Command, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"Full name": "Samantha Davis", "zip": "1060"}'))
    (answer,) = json.loads(command("resolve", "-", "--json").stdout)
    assert answer["person_id"]


@pytest.mark.parametrize("given", ['{"a', "3", "[]", "[3]"])
def test_what_is_no_record_on_standard_input_is_told_of(
    given: str, command: Command, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(given))
    outcome = command("resolve", "-")
    assert outcome.code == 3
    assert "error: standard input: " in outcome.stderr


@pytest.mark.parametrize(
    "line", [(), ("people.csv", "--email", "a@example.org"), ("--is", "van_id")]
)
def test_what_cannot_be_meant_is_told_of(
    line: tuple[str, ...], command: Command, store: Path
) -> None:
    assert command("resolve", *line).code == 2


def test_there_must_be_a_store(command: Command) -> None:
    outcome = command("resolve", *SAMANTHA, "--store", "absent.duckdb")
    assert outcome.code == 7
    assert "there is no such store" in outcome.stderr
