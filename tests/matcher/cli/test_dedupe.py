from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FILES = ("people.csv", "crosswalk.csv", "review.csv", "rejects.csv", "report.json")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_results_go_to_matched_and_are_told_in_words(
    command: Callable[..., Any], contacts: Path, tmp_path: Path
) -> None:
    outcome = command("dedupe", "contacts.csv")
    assert outcome.code == 0
    assert outcome.stdout.startswith("3 records in 1 file are 2 people.\n")
    assert sorted(path.name for path in (tmp_path / "matched").iterdir()) == sorted(FILES)
    clusters = [row["cluster_id"] for row in rows(tmp_path / "matched/crosswalk.csv")]
    assert clusters[0] == clusters[1] != clusters[2]


def test_progress_is_one_plain_line_per_stage_on_stderr(
    command: Callable[..., Any], contacts: Path
) -> None:
    stages = [line.split()[2] for line in command("dedupe", contacts).stderr.splitlines()]
    assert stages == [
        f"{stage}:"
        for stage in [
            "read",
            "normalise",
            "block",
            "compare",
            "estimate",
            "weigh",
            "cluster",
            "people",
            "write",
        ]
    ]


def test_json_is_exactly_one_document(command: Callable[..., Any], contacts: Path) -> None:
    outcome = command("dedupe", contacts, "--json", "--out", "elsewhere")
    document = json.loads(outcome.stdout)
    assert document["summary"]["people"] == 2
    assert document["report"]["counts"]["records"] == 3
    assert all(Path(path).is_file() for path in document["files"].values())
    assert set(document["files"]) == {Path(name).stem for name in FILES}


def test_quiet_prints_nothing(command: Callable[..., Any], contacts: Path) -> None:
    outcome = command("dedupe", contacts, "--quiet")
    assert (outcome.code, outcome.stdout, outcome.stderr) == (0, "", "")


def test_verbose_says_how_each_column_was_used(command: Callable[..., Any], contacts: Path) -> None:
    assert "column zip -> postal_code" in command("dedupe", contacts, "-v").stderr


def test_dry_run_shows_the_use_of_columns_and_writes_nothing(
    command: Callable[..., Any], contacts: Path, tmp_path: Path
) -> None:
    before = sorted(tmp_path.iterdir())
    outcome = command("dedupe", contacts, "--dry-run")
    assert ["zip", "postal_code"] in [line.split() for line in outcome.stdout.splitlines()]
    assert sorted(tmp_path.iterdir()) == before
    document = json.loads(command("dedupe", contacts, "--dry-run", "--json").stdout)
    assert document["sources"][0]["columns"]["zip"] == "postal_code"


def test_columns_can_be_mapped_and_repeated(command: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_text(
        "Rufname,Nachname,Post A,Post B\nAda,Moss,,ada@example.org\nBo,Li,bo@example.org,\n"
    )
    outcome = command(
        *("dedupe", "odd.csv", "--map", "first_name=Rufname", "--map", "last_name=Nachname"),
        *("--map", "email=Post A", "--map", "email=Post B"),
    )
    assert outcome.code == 0
    assert [row["email"] for row in rows(tmp_path / "matched/people.csv")] == [
        "ada@example.org",
        "bo@example.org",
    ]


def test_further_columns_are_compared(command: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "born.csv").write_text(
        "first_name,last_name,birth_place\nAda,Moss,Holyoke\nAda,Moss,Holyoke\n"
    )
    outcome = command("dedupe", "born.csv", "--extra", "birth_place=text", "--json")
    assert json.loads(outcome.stdout)["report"]["sources"][0]["columns"]["birth_place"]


def test_a_file_can_be_given_the_name_of_its_source(
    command: Callable[..., Any], contacts: Path, tmp_path: Path
) -> None:
    command("dedupe", f"gala={contacts}", "--quiet")
    assert {row["source"] for row in rows(tmp_path / "matched/crosswalk.csv")} == {"gala"}


def test_a_result_becomes_a_store(
    command: Callable[..., Any], contacts: Path, tmp_path: Path
) -> None:
    outcome = command("dedupe", contacts, "--store", "identity.duckdb", "--json")
    assert json.loads(outcome.stdout)["files"]["store"] == "identity.duckdb"
    again = command("ingest", contacts, "--store", "identity.duckdb", "--json")
    assert json.loads(again.stdout)["records_same"] == 3


def test_a_store_that_is_there_is_refused_before_the_work(
    command: Callable[..., Any], contacts: Path, tmp_path: Path
) -> None:
    (tmp_path / "identity.duckdb").write_text("mine")
    outcome = command("dedupe", contacts, "--store", "identity.duckdb")
    assert outcome.code == 7
    assert "exists already" in outcome.stderr
    assert "read:" not in outcome.stderr
    assert (tmp_path / "identity.duckdb").read_text() == "mine"


def test_two_runs_write_the_same_files(command: Callable[..., Any], tmp_path: Path) -> None:
    command("demo", "--out", "demo", "--quiet")
    exports = sorted((tmp_path / "demo/exports").iterdir())
    for folder in ("one", "two"):
        command("dedupe", *exports, "--out", folder, "--quiet")
    for name in FILES:
        one, two = (tmp_path / folder / name for folder in ("one", "two"))
        if name != "report.json":
            assert one.read_bytes() == two.read_bytes()
        else:
            assert timeless(one) == timeless(two)


def timeless(report: Path) -> dict[str, Any]:
    """A report without what a clock and a memory meter say."""
    content: dict[str, Any] = json.loads(report.read_text())
    for name in ("stages", "seconds", "peak_mb"):
        del content[name]
    return content


def test_pictures_are_drawn_beside_the_results(
    command: Callable[..., Any], contacts: Path, tmp_path: Path
) -> None:
    pytest.importorskip("altair")
    outcome = command("dedupe", contacts, "--plot")
    for name in ("weights.png", "cluster_sizes.png"):
        assert (tmp_path / "matched" / name).read_bytes().startswith(b"\x89PNG")
        assert name in outcome.stdout


def test_pictures_without_their_extra_fail_before_the_work(
    command: Callable[..., Any], contacts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matcher.cli.writing.find_spec", lambda name: None)
    outcome = command("dedupe", contacts, "--plot")
    assert outcome.code == 6
    assert "campaign-matcher[plot]" in outcome.stderr
    assert "read:" not in outcome.stderr


def test_a_known_truth_adds_recall_to_the_report(
    command: Callable[..., Any], contacts: Path, tmp_path: Path
) -> None:
    command("dedupe", contacts, "--out", "first")
    found = rows(tmp_path / "first/crosswalk.csv")
    lines = [f"{row['record_id']},{row['cluster_id']}\n" for row in found]
    (tmp_path / "truth.csv").write_text("record_id,true_id\n" + "".join(lines))
    outcome = command("dedupe", contacts, "--truth", "truth.csv", "--json")
    assert outcome.code == 0
    assert json.loads(outcome.stdout)["report"]["recall"] == 1.0
