"""Files: whole or not at all, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import errno
import json
import os
import re
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import matcher
from matcher import outputs
from matcher.errors import OutputError
from matcher.normalise.flat import masked
from matcher.outputs import harmless_texts, open_folder, write_csv, write_folder


def harmless(text: str | None) -> str | None:
    found: str | None = harmless_texts(pa.array([text], pa.string()))[0].as_py()
    return found


@pytest.mark.parametrize(
    "cell",
    ["=cmd()", "=1", "+1+1", "@SUM(A1)", "-2+3", "\t=1", "\r=1", "|calc", "%x", "+1 503 x", "-a"],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(cell: str) -> None:
    assert harmless(cell) == "'" + cell


@pytest.mark.parametrize(
    "cell",
    [
        "+15035550101", "-5", "-1,234.50", "-", "+15035550101; +15035550102", "", "O'Neil", "a=b",
        "12 Elm St", "'=cmd()", "李", None,
    ],
)  # fmt: skip
def test_numbers_and_plain_text_stay_as_they_are(cell: str | None) -> None:
    assert harmless(cell) == cell


@given(st.lists(st.one_of(st.none(), st.text(max_size=6))), st.integers(0, 3))
def test_each_cell_is_judged_by_itself(cells: list[str | None], start: int) -> None:
    texts = pa.array(cells, pa.string()).slice(min(start, len(cells)))
    assert harmless_texts(texts).to_pylist() == [harmless(cell) for cell in texts.to_pylist()]


@given(st.lists(st.from_regex(r"\A[-+=]?[0-9.,; +-]{0,4}\Z"), max_size=4))
def test_numbers_are_told_from_formulas_as_by_a_rule_for_one_cell(cells: list[str]) -> None:
    number = r"[+\-]?[0-9.,]*"
    quoted = [
        f"'{cell}"
        if cell.startswith(("=", "+", "-")) and not re.fullmatch(f"{number}(; {number})*", cell)
        else cell
        for cell in cells
    ]
    assert harmless_texts(pa.array(cells, pa.string())).to_pylist() == quoted


@given(st.lists(st.sampled_from(["=1", "+15", "a", ""])), st.data())
def test_a_cell_that_is_null_stays_null_whatever_lies_under_it(
    cells: list[str], data: st.DataObject
) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=len(cells), max_size=len(cells)))
    texts = masked(pa.array(cells, pa.string()), np.array(kept, np.bool_))
    quoted = [cell.replace("=", "'=") for cell in cells]
    assert harmless_texts(texts).to_pylist() == [
        cell if keep else None for cell, keep in zip(quoted, kept, strict=True)
    ]


def rows_of(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_a_table_of_every_kind_of_column_is_written(tmp_path: Path) -> None:
    table = pa.table(
        {
            "text": pa.array(['say "hi"', "two\nlines", None]),
            "list": pa.array([["a", "b"], [], ["=c"]], pa.list_(pa.string())),
            "level": pa.array(["x", "y", None]).dictionary_encode(),
            "number": pa.array([1.5, None, -2.0]),
        }
    )
    write_csv(tmp_path / "t.csv", [partial(table.slice, 0, 2), partial(table.slice, 2)])
    assert rows_of(tmp_path / "t.csv") == [
        ["text", "list", "level", "number"],
        ['say "hi"', "a; b", "x", "1.5"],
        ["two\nlines", "", "y", ""],
        ["", "'=c", "", "-2"],
    ]


def test_a_table_without_rows_has_its_header(tmp_path: Path) -> None:
    empty = pa.table({"a": pa.array([], pa.string()), "b": pa.array([], pa.list_(pa.string()))})
    write_csv(tmp_path / "t.csv", [lambda: empty])
    assert rows_of(tmp_path / "t.csv") == [["a", "b"]]


def contents(folder: Path) -> dict[str, str]:
    return {
        path.name: "folder" if path.is_dir() else path.read_text(encoding="utf-8")
        for path in folder.iterdir()
    }


GOOD = {"a.csv": "old a", "b.csv": "old b"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with results of an earlier run."""
    for name, text in GOOD.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_new_files_replace_the_old_ones_and_nothing_else(folder: Path) -> None:
    (folder / "mine.txt").write_text("mine")
    with open_folder(folder) as fresh:
        (fresh / "a.csv").write_text("new a")
        (fresh / "c.csv").write_text("new c")
        assert contents(folder)["a.csv"] == "old a"
    expected = {"a.csv": "new a", "b.csv": "old b", "c.csv": "new c", "mine.txt": "mine"}
    assert contents(folder) == expected


def test_a_failure_while_writing_leaves_the_old_files(folder: Path) -> None:
    with (
        pytest.raises(OutputError, match="no space left on device"),
        open_folder(folder) as fresh,
    ):
        (fresh / "a.csv").write_text("new a")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert contents(folder) == GOOD


def test_a_failure_while_moving_brings_the_old_files_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def failing(self: Path, target: Path) -> Path:
        if self.parent.name == "fresh" and self.name == "b.csv":
            raise OSError(errno.EIO, "input/output error")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(OutputError, match="input/output error"), open_folder(folder) as fresh:
        for name in ("a.csv", "aa.csv", "b.csv"):
            (fresh / name).write_text("new")
    assert contents(folder) == GOOD


def test_a_folder_in_the_place_of_a_file_is_an_error(folder: Path) -> None:
    (folder / "z.csv").mkdir()
    with pytest.raises(OutputError, match=r"z\.csv is a folder"), open_folder(folder) as fresh:
        (fresh / "a.csv").write_text("new")
        (fresh / "z.csv").write_text("new")
    assert contents(folder) == {**GOOD, "z.csv": "folder"}


def test_an_interruption_leaves_no_trace(folder: Path) -> None:
    with pytest.raises(KeyboardInterrupt), open_folder(folder) as fresh:
        (fresh / "a.csv").write_text("new")
        raise KeyboardInterrupt
    assert contents(folder) == GOOD


def test_a_file_in_the_place_of_the_folder_is_an_error(folder: Path) -> None:
    with pytest.raises(OutputError, match="Nothing was written"):
        write_folder(folder / "a.csv", {}, {})
    assert contents(folder) == GOOD


def test_a_folder_that_cannot_be_made_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(OutputError, match="permission denied"):
        write_folder(tmp_path / "new", {}, {})


def test_a_folder_and_its_parents_are_made(tmp_path: Path) -> None:
    table = pa.table({"a": ["x"]})
    paths = write_folder(tmp_path / "one/two", {"t.csv": table}, {"rows": 1})
    assert [path.name for path in paths] == ["t.csv", "report.json"]
    assert json.loads(paths[1].read_text()) == {"rows": 1}
    assert sorted(path.name for path in (tmp_path / "one/two").iterdir()) == [
        "report.json",
        "t.csv",
    ]


def test_a_result_that_fails_half_way_leaves_the_earlier_one(
    found: matcher.Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found.write(tmp_path)
    before = contents(tmp_path)
    append = outputs._append

    def failing(path: Path, *part: Any) -> None:
        if path.name == "review.csv":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        append(path, *part)

    monkeypatch.setattr(outputs, "_append", failing)
    with pytest.raises(OutputError):
        found.write(tmp_path)
    assert contents(tmp_path) == before


def test_our_own_people_read_again_are_the_same_people(
    found: matcher.Result, tmp_path: Path
) -> None:
    found.write(tmp_path)
    again = matcher.dedupe(tmp_path / "people.csv", threshold=0.999999)
    one, other = found.people_table(), again.people_table()
    kept = [
        name
        for name in ("first_name", "last_name", "suffix", "email", "phone", "address_line1",
                     "city", "postal_code", "birth_date", "organization", "updated_at")
        if name in one.column_names
    ]  # fmt: skip
    assert len(kept) > 8
    before = {tuple(row.values()) for row in one.select(kept).to_pylist()}
    after = {tuple(row.values()) for row in other.select(kept).to_pylist()}
    assert after == before


def test_harmless_cells_read_again_are_as_they_were(tmp_path: Path) -> None:
    rows = [
        {"first_name": "=cmd()", "last_name": "Moss", "address_line1": "-2+3 Elm St"},
        {"first_name": "@Ann", "last_name": "+Li", "address_line1": "12 Oak Ave"},
    ]
    matcher.dedupe(rows).write(tmp_path)
    text = (tmp_path / "people.csv").read_text(encoding="utf-8")
    assert '"\'=cmd()"' in text
    people = matcher.dedupe(tmp_path / "people.csv").people
    for name in rows[0]:
        assert people[name].tolist() == [row[name] for row in rows]
