from __future__ import annotations

import asyncio
import sqlite3
import stat
from pathlib import Path

import pytest

from matcher.errors import StoreError
from matcher.service.journal import Journal
from matcher.service.problems import Problem

PUT = "INSERT INTO answer (name, asked, at, body) VALUES (?, x'00', 1, ?)"


def held(path: Path) -> list[str]:
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT name FROM answer ORDER BY name").fetchall()
    connection.close()
    return [name for (name,) in rows]


def test_what_is_done_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    for name in ("a", "b"):
        journal = Journal(tmp_path / "x.duckdb")
        asyncio.run(journal.do(lambda file, name=name: file.execute(PUT, (name, b"")).rowcount))
        journal.close()
    assert journal.path == tmp_path / "x.duckdb.service"
    assert held(journal.path) == ["a", "b"]
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600


def test_one_that_fails_does_not_take_others_with_it(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "x.duckdb")
    works = [journal.submit(lambda file, n=n: file.execute(PUT, (n, b"")).rowcount) for n in "aab"]
    assert works[0].result() == works[2].result() == 1
    with pytest.raises(Problem) as told:
        works[1].result()
    assert told.value.status == 503
    journal.close()
    assert held(journal.path) == ["a", "b"]


def test_what_is_taken_out_is_overwritten(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "x.duckdb")
    journal.submit(lambda file: file.execute(PUT, ("a", b"okafor")).rowcount).result()
    assert b"okafor" in journal.path.read_bytes()
    journal.submit(lambda file: file.execute("UPDATE answer SET body = NULL").rowcount).result()
    journal.close()
    assert all(b"okafor" not in path.read_bytes() for path in tmp_path.iterdir())


@pytest.mark.parametrize("content", [b"no file of ours, but some text " * 50, "version"])
def test_a_file_that_is_none_is_told_of_and_left_alone(
    tmp_path: Path, content: bytes | str
) -> None:
    path = tmp_path / "x.duckdb.service"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA user_version = 99")
        connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="no file of the service's"):
        Journal(tmp_path / "x.duckdb")
    assert path.read_bytes() == before
