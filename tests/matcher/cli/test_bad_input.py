"""Bad input: one clear sentence, the documented exit code, no traceback, nothing half written."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HEADER = "first_name,last_name,email\n"
ADA = "Ada,Moss,ada@example.org\n"
GOOD = HEADER + ADA

UNREADABLE: dict[str, tuple[bytes, str]] = {
    "empty.csv": (b"", "empty"),
    "header_only.csv": (HEADER.encode(), "no rows"),
    "useless.csv": (b"colour,size\nred,3\n", "--map"),
    "junk.csv": (bytes(range(256)) * 40, "binary"),
    "not_utf16.csv": (b"\xff\xfef\x00i\x00r\x00s\x00t\x00\x00\xd8,\x00", "not_utf16.csv"),
}


def one_sentence(outcome: Any) -> str:
    """The error line of an outcome, once it is sure that there is just one."""
    lines: list[str] = [line for line in outcome.stderr.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1, outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert not outcome.stdout
    return lines[0]


@pytest.fixture
def good_output(command: Callable[..., Any], tmp_path: Path) -> dict[str, bytes]:
    """An earlier good result in ./matched."""
    (tmp_path / "good.csv").write_text(GOOD)
    assert command("dedupe", "good.csv").code == 0
    return contents(tmp_path / "matched")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_used_is_refused_by_name(
    name: str, command: Callable[..., Any], good_output: dict[str, bytes], tmp_path: Path
) -> None:
    content, said = UNREADABLE[name]
    (tmp_path / name).write_bytes(content)
    outcome = command("dedupe", name)
    assert outcome.code == 3
    sentence = one_sentence(outcome)
    assert name in sentence
    assert said in sentence
    assert contents(tmp_path / "matched") == good_output


def test_a_missing_file_suggests_its_neighbour(
    command: Callable[..., Any], good_output: dict[str, bytes], tmp_path: Path
) -> None:
    outcome = command("dedupe", "goood.csv")
    assert outcome.code == 3
    assert "good.csv" in one_sentence(outcome).removeprefix("error: goood.csv")
    assert contents(tmp_path / "matched") == good_output


def test_a_directory_is_no_file(command: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    outcome = command("dedupe", "exports")
    assert outcome.code == 3
    assert "exports: is a directory" in one_sentence(outcome)


def test_a_folder_that_is_a_file_is_refused_before_the_work(
    command: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "good.csv").write_text(GOOD)
    (tmp_path / "taken").write_text("mine")
    outcome = command("dedupe", "good.csv", "--out", "taken/inside")
    assert outcome.code == 4
    assert "taken" in one_sentence(outcome)
    assert "read:" not in outcome.stderr
    assert (tmp_path / "taken").read_text() == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_refused(
    command: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "good.csv").write_text(GOOD)
    (tmp_path / "locked").mkdir(mode=0o500)
    outcome = command("dedupe", "good.csv", "--out", "locked")
    assert outcome.code == 4
    assert "locked" in one_sentence(outcome)


def test_a_failure_at_the_end_leaves_no_partial_output(
    command: Callable[..., Any], good_output: dict[str, bytes], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("matcher.outputs.write_csvs", full)
    outcome = command("dedupe", "good.csv")
    assert outcome.code == 4
    assert "no space left" in one_sentence(outcome)
    assert contents(tmp_path / "matched") == good_output


REJECTED: dict[str, tuple[str, int, str]] = {
    "ragged.csv": (GOOD + "Bo,Li\n" + "Cy,Ash,cy@example.org\n", 2, "fields"),
    "quotes.csv": (GOOD + '"Bo,Li,bo@example.org\nCy,Ash,cy@example.org\n', 2, "quote"),
    "huge.csv": (GOOD + f"Bo,{'x' * 10_000_000},bo@example.org\n", 2, "longer"),
    "twice.csv": (
        "record_id,first_name,last_name\n7,Ada,Moss\n8,Bo,Li\n7,Cy,Ash\n", 3, "record_id",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REJECTED)
def test_what_cannot_be_used_in_part_becomes_a_line_in_rejects(
    name: str, command: Callable[..., Any], tmp_path: Path
) -> None:
    content, row, reason = REJECTED[name]
    (tmp_path / name).write_text(content)
    outcome = command("dedupe", name)
    assert outcome.code == 0
    assert "rejects.csv" in outcome.stdout
    with (tmp_path / "matched/rejects.csv").open(newline="") as file:
        rejects = list(csv.DictReader(file))
    assert [(each["file"], each["row"]) for each in rejects] == [(name, str(row))]
    assert reason in rejects[0]["reason"]


def test_another_encoding_is_read(command: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "latin.csv").write_bytes((HEADER + "José,Muñoz,jm@example.org\n").encode("cp1252"))
    assert command("dedupe", "latin.csv").code == 0
    assert "José" in (tmp_path / "matched/people.csv").read_text(encoding="utf-8")


def test_a_formula_is_written_harmlessly(command: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "formula.csv").write_text(HEADER + "=cmd(),Moss,ada@example.org\n")
    assert command("dedupe", "formula.csv").code == 0
    with (tmp_path / "matched/people.csv").open(newline="") as file:
        assert [row["first_name"] for row in csv.DictReader(file)] == ["'=cmd()"]
