from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

import matcher

Command = Callable[..., Any]


def test_a_store_that_is_well_is_said_to_be(command: Command, store: Path) -> None:
    outcome = command("check", "--deep")
    assert (outcome.code, outcome.stderr) == (0, "")
    assert outcome.stdout.startswith("all is well: 354 records of ")
    assert json.loads(command("check", "--json").stdout)["ok"] is True


def test_what_is_broken_is_told_and_has_a_code_of_its_own(command: Command, small: Path) -> None:
    with duckdb.connect(str(small)) as connection:
        connection.execute("INSERT INTO membership SELECT record, 77, run FROM membership LIMIT 1")
    outcome = command("check")
    assert outcome.code == 10
    assert "broken" in outcome.stdout
    document = json.loads(command("check", "--json").stdout)
    assert document["ok"] is False
    assert document["problems"]


def test_what_a_store_holds_is_counted(command: Command, small: Path) -> None:
    told = dict(line.split(": ", 1) for line in command("stats").stdout.splitlines())
    assert told["persons"] == "3"
    assert told["records by source"] == "action_network 3, van 2"
    assert json.loads(command("stats", "--json").stdout)["records"] == 5


def test_people_and_crosswalk_go_out(command: Command, small: Path, tmp_path: Path) -> None:
    outcome = command("export", "--out", "out")
    assert outcome.stdout == "Results: out/people.csv, out/crosswalk.csv\n"
    with (tmp_path / "out/people.csv").open(newline="") as file:
        assert [row["person_id"] for row in csv.DictReader(file)] == ["P1", "P2", "P3"]
    files = json.loads(command("export", "--format", "parquet", "--json").stdout)["files"]
    assert pq.read_table(files["crosswalk"]).num_rows == 5


def test_a_backup_is_a_store(command: Command, small: Path, tmp_path: Path) -> None:
    assert command("backup", "copy.duckdb").stdout == "Results: copy.duckdb\n"
    with matcher.open(tmp_path / "copy.duckdb") as copy:
        assert copy.check(deep=True).ok
        assert copy.stats()["persons"] == 3
    outcome = command("backup", "copy.duckdb")
    assert outcome.code == 4
    assert "exists already" in outcome.stderr


def test_questions_leave_the_file_as_it_is(command: Command, small: Path) -> None:
    before = small.read_bytes()
    for line in (("check",), ("stats",), ("export",), ("backup", "b.duckdb"), ("person", "P1")):
        assert command(*line).code == 0
    assert small.read_bytes() == before


@pytest.mark.parametrize("held", [True], indirect=True)
def test_two_processes_may_read(command: Command, held: tuple[Path, Any]) -> None:
    path, _ = held
    assert command("stats", "--store", path).code == 0
    outcome = command("split", "P3", "action_network:a-3", "--by", "jo", "--store", path)
    assert outcome.code == 8


def test_nobody_reads_while_another_process_may_write(
    command: Command, held: tuple[Path, Any]
) -> None:
    path, _ = held
    outcome = command("stats", "--store", path)
    assert outcome.code == 8
    assert "--wait" in outcome.stderr


def test_a_vendors_list_goes_out_by_itself(command: Command, small: Path, tmp_path: Path) -> None:
    rows = "First name,Email\nJo,jo@example.org\n=1+1,jo2@example.org\n"
    (tmp_path / "signups.csv").write_text(rows)
    assert command("ingest", "signups.csv", "--policy", "action_network").code == 0
    outcome = command("export", "--out", "out", "--policy", "action_network")
    assert outcome.stdout == "Results: out/action_network.csv\n"
    with (tmp_path / "out/action_network.csv").open(newline="") as file:
        assert [row["first_name"] for row in csv.DictReader(file)] == ["Jo", "'=1+1"]


@pytest.mark.parametrize(
    ("more", "code"),
    [(("--policy", "action_network", "--format", "parquet"), 2), (("--policy", "ngp_van"), 9)],
)
def test_a_list_that_cannot_go_out_says_why(
    command: Command, small: Path, more: tuple[str, ...], code: int
) -> None:
    outcome = command("export", "--out", "out", *more)
    assert outcome.code == code
    assert outcome.stderr
