from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]

SON = "action_network:a-3"
FATHER = "van:my_voters:MA:3100102"


def test_the_life_of_a_person_is_told(command: Command, small: Path) -> None:
    command("split", "P3", FATHER, "--by", "jo", "--note", "his father")
    outcome = command("history", "P3")
    assert outcome.code == 0
    lines = outcome.stdout.splitlines()
    assert lines[0].split()[:4] == ["when", "run", "event", "kind"]
    assert " created " in lines[1]
    assert FATHER in lines[1]
    assert " split " in lines[2]
    assert "his father" in lines[2]


def test_history_names_what_can_be_undone(command: Command, small: Path) -> None:
    command("split", "P3", FATHER)
    told = json.loads(command("history", "P3", "--json").stdout)
    (event,) = [each["event"] for each in told if each["kind"] == "split"]
    assert command("undo", event).code == 0
    assert command("person", "P3").stdout.startswith("P3, person, 2 records")


def test_a_person_can_be_seen_as_it_was(command: Command, small: Path) -> None:
    told = json.loads(command("history", "P3", "--json").stdout)
    command("split", "P3", FATHER)
    then = command("person", "P3", "--as-of", told[0]["when"])
    assert then.stdout.startswith("P3, person, 2 records")
    assert command("person", "P3").stdout.startswith("P3, person, 1 record\n")


def test_the_evidence_on_two_records_is_shown(command: Command, small: Path) -> None:
    outcome = command("why", SON, FATHER)
    assert outcome.code == 0
    levels = [line.split()[:2] for line in outcome.stdout.splitlines()]
    assert ["phone", "exact"] in levels
    document = json.loads(command("why", SON, FATHER, "--json").stdout)
    assert document["persons"] == ["P3", "P3"]
    assert "phone" in document["keys"]


def test_the_steps_to_a_person_are_shown(command: Command, small: Path) -> None:
    outcome = command("how", "P3")
    assert outcome.code == 0
    assert SON in outcome.stdout
    (step,) = json.loads(command("how", "P3", "--json").stdout)["steps"]
    assert {*step["left"], *step["right"]} == {SON, FATHER}


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        (("history", "P99"), 9, "P99"),
        (("how", "P99"), 9, "P99"),
        (("why", SON, "van:nobody"), 9, "van:nobody"),
        (("why", SON, SON), 2, SON),
        (("person", "P3", "--as-of", "2020-01-01"), 9, "P3"),
        (("person", "P3", "--as-of", "yesterday"), 2, "yesterday"),
        (("person", "P3", "--as-of", "2020-01-01", "--consent"), 2, "one of"),
    ],
)
def test_what_is_not_known_is_told_of(
    line: tuple[str, ...], code: int, said: str, command: Command, small: Path
) -> None:
    outcome = command(*line)
    assert outcome.code == code
    assert said in outcome.stderr
