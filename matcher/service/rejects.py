"""Rows and values of files that could not be used, for who sent them to put right.

They stand in the service's journal, by job. They are somebody's words, so those from before an
erasure are told no more.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pyarrow as pa

from matcher.service.journal import Journal

#: Rejects that are written in one go, so that others get their turn.
_PART = 5_000
#: Of a reject, what a client is told: the name that its file has here would mean nothing to it.
_COLUMNS = ["row", "column", "value", "reason"]

Reject = dict[str, Any]
#: A reject with its number in its job, from 1.
Numbered = tuple[int, Reject]


class Rejects:
    """What of files could not be used.

    Args:
        journal: keeps it.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def add(self, job: str, already: int, table: pa.Table) -> None:
        """Keeps the rejects of a part of a file; they are on disk when this returns.

        Args:
            job: whose file it is.
            already: how many of its rejects came before these.
            table: of ``REJECT_SCHEMA``.

        Raises:
            Problem: they cannot be written.
        """
        for rows in _parts(job, already, table):
            self._journal.submit(partial(_add, rows=rows)).result()

    async def page(self, job: str, after: int, limit: int) -> list[Numbered]:
        """The rejects of a job that come after so many."""
        return await self._journal.do(lambda file: _found(file, job, after, limit))

    async def first(self, jobs: Iterable[str], most: int) -> list[list[Reject]]:
        """The first rejects of each of some jobs."""
        wanted = list(jobs)
        found = await self._journal.do(lambda file: [_found(file, job, 0, most) for job in wanted])
        return [[reject for _, reject in each] for each in found]

    def clear(self, job: str) -> None:
        """Those of a job go, as its file is begun anew."""
        self._journal.submit(lambda file: file.execute(_CLEAR, (job,)).rowcount).result()

    def hide_before(self, at: float) -> None:
        """Those of files that came before a time are told no more.

        Args:
            at: when somebody was erased, in seconds since 1970.
        """
        asked = datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
        self._journal.submit(lambda file: file.execute(_HIDE, (asked,)).rowcount).result()


def _parts(job: str, already: int, table: pa.Table) -> Iterator[list[tuple[str, int, str]]]:
    told = table.select(_COLUMNS)
    for start in range(0, told.num_rows, _PART):
        rows = told.slice(start, _PART).to_pylist()
        yield [
            (job, number, json.dumps(row)) for number, row in enumerate(rows, already + start + 1)
        ]


def _add(file: sqlite3.Connection, rows: list[tuple[str, int, str]]) -> int:
    return file.executemany(_ADD, rows).rowcount


def _found(file: sqlite3.Connection, job: str, after: int, limit: int) -> list[Numbered]:
    rows = file.execute(_PAGE, (job, after, limit)).fetchall()
    return [(number, json.loads(told)) for number, told in rows]


_ADD = "INSERT INTO reject (job, number, told) VALUES (?, ?, ?)"
_PAGE = "SELECT number, told FROM reject WHERE job = ? AND number > ? ORDER BY number LIMIT ?"
_CLEAR = "DELETE FROM reject WHERE job = ?"
_HIDE = """DELETE FROM reject WHERE job IN (
    SELECT id FROM job WHERE told ->> 'asked_at' <= ?)"""
