from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]

FEED = (
    {
        "id": "t-1",
        "contactInfo": {"phone": ["+14135550142"], "firstName": "Bob"},
        "stateCode": "MA",
        "attemptDateTime": "2026-02-19T15:30:00Z",
    },
    {
        "id": "t-2",
        "contactInfo": {"phone": ["413-555-0199"], "firstName": "Ann"},
        "stateCode": "MA",
    },
    {"id": "t-3", "contactInfo": {"firstName": "Ann"}},
)
COUNTS = "received, 2 valid, 1 linked at once, 0 linked later, 0 in review, 1 unmatched, 1 invalid"


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    path = tmp_path / "texts.ndjson"
    path.write_text("".join(json.dumps(each) + "\n" for each in FEED))
    return path


@pytest.fixture
def added(command: Command, small: Path, feed: Path) -> Path:
    """A store that has taken in the feed; ``--store`` is it."""
    assert command("interactions", "add", feed).code == 0
    return small


def test_adding_says_what_became_of_them(command: Command, small: Path, feed: Path) -> None:
    outcome = command("interactions", "add", "texts.ndjson", "--out", "bad")
    assert outcome.code == 0
    assert outcome.stdout.splitlines() == [
        "interactions: 3 received, 3 new, 0 changed, 0 as before",
        "  1 linked to a person",
        "  1 unmatched, kept for later",
        "  1 invalid",
        "rejects: 2 errors and warnings",
        "run: R2",
        f"interactions so far: 3 {COUNTS}, 1 ready for VAN",
        "Results: bad/rejects.csv",
    ]
    with Path("bad/rejects.csv").open(newline="") as file:
        told = {row["column"]: row["reason"] for row in csv.DictReader(file)}
    assert told["$.contactInfo.phone[0]"].startswith("warning: ")
    assert "IX-02" in told["$.contactInfo"]
    again = json.loads(command("interactions", "add", "texts.ndjson", "--json").stdout)
    assert (again["same"], again["counts"]["ready_for_van"]) == (3, 1)


def test_strict_and_use_channel_are_options(command: Command, small: Path, feed: Path) -> None:
    info = {"email": ["x@example.org"], "firstName": "Bob"}
    channel = {"contactInfo": info, "channel": {"value": "+14135550142"}}
    Path("channel.json").write_text(json.dumps(channel))
    told = json.loads(
        command(
            "interactions", "add", "texts.ndjson", "channel.json", "--strict", "--use-channel",
            "--json",
        ).stdout
    )  # fmt: skip
    assert (told["invalid"], told["linked"]) == (2, 2)


def test_interactions_may_come_before_people(command: Command, little: Path, feed: Path) -> None:
    assert "2 unmatched" in command("interactions", "add", feed, "--store", "new.duckdb").stdout
    ingested = command("ingest", little / "voters.csv", "--store", "new.duckdb")
    assert "interactions: 1 linked later" in ingested.stdout
    shown = command("interactions", "show", "t-1", "--store", "new.duckdb").stdout.splitlines()
    assert shown[0] == "I0 (t-1), from interactions, 2026-02-19: linked"
    assert "unmatched: nobody" in shown[1]
    assert "linked to P1" in shown[2]
    listed = command("interactions", "list", "--store", "new.duckdb").stdout
    assert "1 linked later" in listed.splitlines()[-1]


def test_linking_anew_finds_nothing_new(command: Command, added: Path) -> None:
    outcome = command("interactions", "link", "--by", "maria")
    assert outcome.stdout.startswith("interactions: 2 looked at, nothing is found differently")
    assert json.loads(command("interactions", "link", "--json").stdout)["counts"]["received"] == 3


def test_lists_are_of_a_status_or_a_person(command: Command, added: Path) -> None:
    whole = command("interactions", "list").stdout.splitlines()
    assert [line.split()[1] for line in whole[1:4]] == ["t-1", "t-2", "t-3"]
    assert "98." in whole[1] or "99." in whole[1]
    waiting = json.loads(command("interactions", "list", "--status", "unmatched", "--json").stdout)
    assert [each["interaction_id"] for each in waiting["interactions"]] == ["t-2"]
    assert waiting["counts"]["unmatched"] == 1
    of_robert = json.loads(command("interactions", "list", "--person", "P1", "--json").stdout)
    assert [each["interaction_id"] for each in of_robert["interactions"]] == ["t-1"]
    assert command("interactions", "list", "--status", "review").stdout.startswith("none\n")


def test_they_are_counted_with_the_rest_of_the_store(command: Command, added: Path) -> None:
    told = command("stats").stdout
    assert "interactions by status: invalid 1, linked 1, unmatched 1" in told


def test_one_is_shown_for_machines(command: Command, added: Path) -> None:
    told = json.loads(command("interactions", "show", "I0", "--json").stdout)
    assert (told["status"], told["person_id"], told["content"]) == ("linked", "P1", FEED[0])


@pytest.mark.parametrize("array", [(), ("--array",)])
def test_what_is_ready_for_van_is_written(
    array: tuple[str, ...], command: Command, added: Path
) -> None:
    outcome = command("interactions", "export", "--destination", "van", "--out", "to_van", *array)
    assert outcome.stdout.splitlines()[:3] == [
        "ready for VAN: 1 of 3 interactions",
        "held back: 2",
        "  1 invalid",
    ]
    name = "van.json" if array else "van.ndjson"
    assert outcome.stdout.splitlines()[-1] == f"Results: to_van/{name}, to_van/held_back.csv"
    (sent,) = json.loads(f"[{Path('to_van', name).read_text().strip().strip('[]')}]")
    assert sent == {"person": [{"type": "VAN", "id": "3100101"}], **FEED[0]}


def test_exports_speak_to_machines(command: Command, added: Path) -> None:
    for destination, ready in (("van", 1), ("json", 1), ("csv", 3)):
        line = ("interactions", "export", "--destination", destination, "--out", "o", "--json")
        told = json.loads(command(*line).stdout)
        assert told["ready"] == ready
        assert all(Path(path).is_file() for path in told["files"])
    line = ("interactions", "export", "--destination", "van", "--out", "o", "--json")
    assert json.loads(command(*line, "--instance", "my_campaign").stdout)["ready"] == 0


def test_strangers_are_listed_and_come_in_as_records(command: Command, added: Path) -> None:
    assert "U1" in command("interactions", "prospects").stdout
    (listed,) = json.loads(command("interactions", "prospects", "--json").stdout)
    assert listed["interaction_list"] == ["I1"]
    outcome = command("interactions", "prospects", "--out", "prospects.csv")
    assert outcome.stdout == "prospects: 1, of 1 interactions\nResults: prospects.csv\n"
    told = json.loads(command("interactions", "prospects", "--out", "p.csv", "--json").stdout)
    assert told["prospects"] == 1
    assert "1 linked later" in command("ingest", "prospects.csv").stdout
    assert command("interactions", "prospects").stdout == "none\n"


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        (("add", "absent.ndjson"), 3, "absent.ndjson"),
        (("add",), 2, "FILE"),
        (("show", "I99"), 9, "I99"),
        (("list", "--status", "lost"), 2, "lost"),
        (("list", "--person", "P99"), 9, "P99"),
        (("list", "--store", "absent.duckdb"), 7, "no such store"),
        (("link", "--store", "absent.duckdb"), 7, "no such store"),
        (("export", "--destination", "moon", "--out", "o"), 2, "moon"),
        (("export", "--destination", "van", "--out", "o", "--state", "ZZ"), 2, "ZZ"),
        (("export", "--destination", "van"), 2, "--out"),
    ],
)
def test_what_cannot_be_done_is_said(
    line: tuple[str, ...], code: int, said: str, command: Command, small: Path
) -> None:
    outcome = command("interactions", *line)
    assert (outcome.code, outcome.stdout) == (code, "")
    assert said in outcome.stderr


@pytest.mark.parametrize("name", ["add", "link", "list", "show", "export", "prospects"])
def test_each_command_has_examples(name: str, command: Command) -> None:
    shown = command("interactions", name, "--help").stdout
    assert f"matcher interactions {name}" in shown.split("Examples:")[1]
