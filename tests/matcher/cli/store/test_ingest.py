from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

import matcher

Command = Callable[..., Any]


@pytest.fixture
def contacts(tmp_path: Path) -> Path:
    """Three records of two people, with ids, and a birth date that nobody has."""
    path = tmp_path / "contacts.csv"
    path.write_text(
        "source_record_id,first_name,last_name,email,phone,birth_date\n"
        "1,Robert,Okafor,rob@example.org,413-555-0142,\n"
        "2,Bob,Okafor,ROB@example.org,(413) 555-0142,\n"
        "3,Maria,Diaz,maria@example.org,,1890-45-99\n"
    )
    return path


def test_what_changed_is_told_in_words(command: Command, contacts: Path, tmp_path: Path) -> None:
    outcome = command("ingest", contacts, "--store", "identity.duckdb")
    assert outcome.code == 0
    first, second, *_ = outcome.stdout.splitlines()
    assert first == "records: 3 new, 0 changed, 0 as before"
    assert second == "persons: 2 created"
    with matcher.open(tmp_path / "identity.duckdb") as store:
        assert len(store.query("SELECT * FROM person_record")) == 3


def test_a_file_that_came_before_changes_nothing(command: Command, contacts: Path) -> None:
    command("ingest", contacts, "--store", "identity.duckdb")
    document = json.loads(
        command("ingest", contacts, "--store", "identity.duckdb", "--json").stdout
    )
    assert document["records_same"] == 3
    assert not any(document[told] for told in ("records_new", "created", "updated", "merged"))


def test_json_is_one_document(command: Command, contacts: Path) -> None:
    document = json.loads(command("ingest", contacts, "--store", "i.duckdb", "--json").stdout)
    assert document["run"] == 1
    assert len(document["created"]) == 2


def test_the_environment_may_name_the_store_and_who_does_it(
    command: Command, contacts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATCHER_STORE", "named.duckdb")
    monkeypatch.setenv("MATCHER_BY", "maria")
    assert command("ingest", contacts, "--note", "weekly").code == 0
    with matcher.open(tmp_path / "named.duckdb") as store:
        assert store.query("SELECT done_by, note FROM run") == [("maria", "weekly")]


def test_what_was_created_and_what_was_rejected_can_be_written(
    command: Command, contacts: Path, tmp_path: Path
) -> None:
    outcome = command("ingest", contacts, "--store", "i.duckdb", "--out", "said")
    assert outcome.stdout.endswith("Results: said/changes.csv, said/rejects.csv\n")
    with (tmp_path / "said/changes.csv").open(newline="") as file:
        assert [row["change"] for row in csv.DictReader(file)] == ["created", "created"]
    with (tmp_path / "said/rejects.csv").open(newline="") as file:
        assert [row["column"] for row in csv.DictReader(file)] == ["birth_date"]


def test_quiet_prints_nothing_and_progress_is_a_line_per_stage(
    command: Command, contacts: Path
) -> None:
    outcome = command("ingest", contacts, "--store", "i.duckdb", "--quiet")
    assert (outcome.code, outcome.stdout, outcome.stderr) == (0, "", "")
    told = command("ingest", contacts, "--store", "j.duckdb").stderr.splitlines()
    stages = [line.split()[2] for line in told]
    assert stages == ["read:", "open:", "normalise:", "resolve:", "save:"]
    assert not any(line.endswith(("  resolve", "  open", "  save")) for line in told)


def test_columns_can_be_mapped_and_a_file_can_name_its_source(
    command: Command, tmp_path: Path
) -> None:
    (tmp_path / "guests.csv").write_text("Rufname,Nachname,Post\nAda,Moss,ada@example.org\n")
    outcome = command(
        *("ingest", "gala=guests.csv", "--store", "i.duckdb", "--map", "first_name=Rufname"),
        *("--map", "last_name=Nachname", "--map", "email=Post"),
    )
    assert outcome.code == 0
    with matcher.open(tmp_path / "i.duckdb") as store:
        said = store.query("SELECT source, first_name, email1 FROM current_record")
    assert said == [("gala", "Ada", "ada@example.org")]


def test_a_bad_file_leaves_the_store_as_it_was(
    command: Command, contacts: Path, tmp_path: Path
) -> None:
    command("ingest", contacts, "--store", "i.duckdb")
    outcome = command("ingest", "absent.csv", "--store", "i.duckdb")
    assert outcome.code == 3
    assert "absent.csv" in one_sentence(outcome)
    with matcher.open(tmp_path / "i.duckdb") as store:
        assert store.query("SELECT count(*) FROM run") == [(1,)]


def test_rows_may_come_into_a_vendors_own_list(
    command: Command, contacts: Path, tmp_path: Path
) -> None:
    outcome = command(
        *("ingest", contacts, "--store", "i.duckdb", "--policy", "action_network"),
        *("--set", "strict=false", "--json"),
    )
    assert outcome.code == 0
    assert json.loads(outcome.stdout)["created"]
    with matcher.open(tmp_path / "i.duckdb") as store:
        assert len(store.vendor_list("action_network")) >= 2
    assert command("ingest", contacts, "--store", "i.duckdb", "--set", "strict=false").code == 2
    assert command("ingest", contacts, "--store", "i.duckdb", "--policy", "nobody").code == 2


def test_a_process_ends_without_a_word_of_the_libraries(contacts: Path, tmp_path: Path) -> None:
    arguments = ("ingest", contacts, "--store", tmp_path / "i.duckdb", "--quiet")
    ended = subprocess.run(
        [sys.executable, "-m", "matcher", *map(str, arguments), "--policy", "action_network"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(matcher.__file__).parents[1])},
    )
    assert (ended.stdout, ended.stderr) == ("", "")


def test_dry_run_shows_the_use_of_columns_and_makes_no_store(
    command: Command, contacts: Path, tmp_path: Path
) -> None:
    outcome = command("ingest", contacts, "--store", "i.duckdb", "--dry-run")
    assert ["phone", "phone"] in [line.split() for line in outcome.stdout.splitlines()]
    assert not (tmp_path / "i.duckdb").exists()


def one_sentence(outcome: Any) -> str:
    """The error line of an outcome, once it is sure that there is just one."""
    lines: list[str] = [line for line in outcome.stderr.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1, outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert not outcome.stdout
    return lines[0]


def _foreign(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE prices (price INTEGER)")


def _newer(path: Path) -> None:
    matcher.open(path).close()
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE store SET version = 99")


UNUSABLE: dict[str, tuple[Callable[[Path], object], str]] = {
    "empty": (Path.touch, "is empty"),
    "a text": (lambda path: path.write_text("first_name\nAda\n" * 9), "not a DuckDB file"),
    "a folder": (Path.mkdir, "is a directory"),
    "another database": (_foreign, "not a store"),
    "of a newer version": (_newer, "update campaign-matcher"),
}


@pytest.mark.parametrize("made", UNUSABLE)
def test_what_is_no_store_is_refused_in_one_sentence(
    made: str, command: Command, contacts: Path, tmp_path: Path
) -> None:
    make, said = UNUSABLE[made]
    path = tmp_path / "other.duckdb"
    make(path)
    outcome = command("ingest", contacts, "--store", path)
    assert outcome.code == 7
    assert said in one_sentence(outcome)
    assert str(path) in outcome.stderr


def test_a_store_in_a_folder_that_is_not_there_is_refused(command: Command, contacts: Path) -> None:
    outcome = command("ingest", contacts, "--store", "nowhere/i.duckdb")
    assert outcome.code == 7
    assert "make it first" in one_sentence(outcome)


def test_no_store_named_is_a_wrong_command_line(command: Command, contacts: Path) -> None:
    outcome = command("ingest", contacts)
    assert outcome.code == 2
    assert "--store" in one_sentence(outcome)


def test_a_store_that_another_process_has_open_is_told_of(
    command: Command, contacts: Path, held: Any
) -> None:
    path, _ = held
    outcome = command("ingest", contacts, "--store", path)
    assert outcome.code == 8
    assert "--wait" in one_sentence(outcome)


def test_wait_waits_until_it_is_free(command: Command, contacts: Path, held: Any) -> None:
    path, process = held
    process.stdin.write("\n")
    process.stdin.flush()
    outcome = command("ingest", contacts, "--store", path, "--wait", "20")
    assert outcome.code == 0


def test_who_is_waited_for_is_said_before_the_waiting(
    command: Command, contacts: Path, held: Any
) -> None:
    path, process = held
    outcome = command("ingest", contacts, "--store", path, "--wait", "0.2")
    assert outcome.code == 8
    first, *_ = outcome.stderr.splitlines()
    assert str(process.pid) in first
    assert first.endswith("waiting up to 0.2 s")


def test_a_first_ingest_that_fails_leaves_no_empty_store(command: Command, tmp_path: Path) -> None:
    (tmp_path / "no.csv").write_text("a,b\n1,2\n")
    path = tmp_path / "new.duckdb"
    assert command("ingest", "no.csv", "--store", path).code == 3
    assert list(tmp_path.iterdir()) == [tmp_path / "no.csv"]


def test_an_ingest_that_fails_later_leaves_the_store(
    command: Command, contacts: Path, tmp_path: Path
) -> None:
    path = tmp_path / "new.duckdb"
    assert command("ingest", contacts, "--store", path).code == 0
    (tmp_path / "no.csv").write_text("a,b\n1,2\n")
    assert command("ingest", "no.csv", "--store", path).code == 3
    assert command("check", "--store", path).code == 0
