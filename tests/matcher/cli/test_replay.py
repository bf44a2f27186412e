from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FILES = ("events.csv", "people.csv", "rejects.csv", "report.json")


@pytest.fixture
def signups(tmp_path: Path) -> Path:
    """A mobile-only sign-up, the same phone with an email, and a name without either."""
    path = tmp_path / "signups.csv"
    path.write_text(
        "first_name,email,phone,address,zip\n"
        ",,202-555-0143,,\n"
        "Ann,ann@example.org,202-555-0143,1 Main St,20009\n"
        "Bo,,,,\n"
    )
    return path


def replay(command: Callable[..., Any], *arguments: str) -> Any:
    return command("replay", "signups.csv", "--policy", "action_network", *arguments)


def test_results_go_to_replayed_and_are_told_in_words(
    command: Callable[..., Any], signups: Path, tmp_path: Path
) -> None:
    outcome = replay(command)
    assert outcome.code == 0
    assert outcome.stdout.startswith(
        "3 rows: action_network would hold 1 person (profile document)."
    )
    assert "1 row made two records one." in outcome.stdout
    assert sorted(path.name for path in (tmp_path / "replayed").iterdir()) == sorted(FILES)
    with (tmp_path / "replayed/people.csv").open(newline="") as file:
        (person,) = csv.DictReader(file)
    assert (person["emails"], person["phones"]) == ("ann@example.org", "+12025550143")
    assert (person["rows"], person["addresses"]) == ("1; 2", "1 Main St, 20009, US")


def test_json_is_one_document(command: Callable[..., Any], signups: Path) -> None:
    document = json.loads(replay(command, "--json", "--quiet").stdout)
    assert document["report"]["counts"]["people"] == 1
    assert document["report"]["outcomes"]["merged"] == 1
    assert sorted(Path(path).name for path in document["files"].values()) == sorted(FILES)


def test_options_of_a_policy_are_set_by_name(command: Callable[..., Any], signups: Path) -> None:
    outcome = replay(command, "--set", "strict=true", "--set", "tags=member,donor", "--json")
    assert json.loads(outcome.stdout)["report"]["rules"]["AN-02"] == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--policy", "smoke_signals"), "no policy 'smoke_signals'"),
        (("--profile", "loose"), "no profile 'loose'"),
        (("--set", "strict"), "--set 'strict' is not of the form"),
        (("--set", "colour=red"), "has no option 'colour'"),
        (("--region", "USA"), "two-letter country code"),
    ],
)
def test_what_cannot_be_meant_is_one_line(
    command: Callable[..., Any], signups: Path, arguments: tuple[str, ...], said: str
) -> None:
    outcome = replay(command, *arguments)
    assert outcome.code == 2
    assert said in outcome.stderr
    assert "Traceback" not in outcome.stderr
