from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]


def test_a_person_is_shown_with_where_each_value_is_from(command: Command, small: Path) -> None:
    outcome = command("person", "P1")
    assert outcome.code == 0
    lines = [line.split() for line in outcome.stdout.splitlines()]
    assert ["P1,", "person,", "2", "records"] in lines
    assert any(line[:3] == ["email", "rob@example.org", "action_network:a-1"] for line in lines)


def test_a_person_is_one_json_document(command: Command, small: Path) -> None:
    document = json.loads(command("person", "P1", "--json").stdout)
    assert document["person_id"] == "P1"
    assert len(document["records"]) == 2


def test_what_was_said_about_each_address_is_shown(command: Command, small: Path) -> None:
    outcome = command("person", "P2", "--consent", "--json")
    said = {row["address"]: row["said"] for row in json.loads(outcome.stdout)}
    assert said["maria@example.org"] == "unsubscribed"
    assert "maria@example.org" in command("person", "P2", "--consent").stdout


def test_what_a_merge_would_do_is_shown_and_not_done(command: Command, small: Path) -> None:
    assert "P1 and P2 as one person" in command("person", "P1", "--with", "P2").stdout
    assert json.loads(command("person", "P2", "--json").stdout)["person_id"] == "P2"


def test_the_id_of_a_merged_person_shows_the_survivor(command: Command, small: Path) -> None:
    command("decide", "action_network:a-1", "action_network:a-2", "same")
    assert command("person", "P2").stdout.startswith("P1, person, 3 records")


def test_people_are_found_by_what_is_true_of_them(command: Command, small: Path) -> None:
    assert command("find", "--email", "ROB@example.org").stdout == "P1\n"
    assert command("find", "--phone", "(413) 555-0163").stdout == "P2\n"
    assert command("find", "--id", "action_network:a-3").stdout == "P3\n"
    assert command("find", "--name", "Walsh", "--json").stdout == '[\n  "P3"\n]\n'
    assert command("find", "--name", "Nobody").stdout == "nobody\n"


def test_who_may_be_written_to(command: Command, small: Path) -> None:
    people = json.loads(command("contactable", "--channel", "email", "--json").stdout)
    assert [row["address"] for row in people] == ["rob@example.org", "john@example.org"]
    assert "maria" not in command("contactable", "--channel", "email").stdout
    assert command("contactable", "--channel", "phone").stdout == "nobody\n"


def test_who_may_be_written_to_goes_into_a_file(
    command: Command, small: Path, tmp_path: Path
) -> None:
    outcome = command("contactable", "--channel", "email", "--out", "lists/mail.csv")
    assert outcome.stdout == "Results: lists/mail.csv\n"
    with (tmp_path / "lists/mail.csv").open(newline="") as file:
        assert [row["person_id"] for row in csv.DictReader(file)] == ["P1", "P3"]


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        (("person", "P99"), 9, "P99"),
        (("person", "Robert"), 9, "P123"),
        (("person", "P1", "--with", "P1"), 2, "already"),
        (("find",), 2, "whom"),
        (("find", "--email", "nothing"), 2, "nothing"),
        (("contactable", "--channel", "pigeon"), 2, "pigeon"),
        (("contactable",), 2, "--channel"),
        (("person", "P1", "--store", "absent.duckdb"), 7, "no such store"),
    ],
)
def test_what_cannot_be_told_is_said(
    line: tuple[str, ...], code: int, said: str, command: Command, small: Path
) -> None:
    outcome = command(*line)
    assert outcome.code == code
    assert said in outcome.stderr
    assert not outcome.stdout
