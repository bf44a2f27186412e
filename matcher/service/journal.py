"""What must outlast the service and is none of the store's: what was accepted, and what was said.

It stands beside the store, in a file of its own (``identity.duckdb.service``) that is its owner's
alone: answers by idempotency key, jobs, and what of their files could not be used. A change is on
disk when it is done, and what is taken out is overwritten, so that nobody's data stays behind.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from matcher.errors import StoreError
from matcher.service.logs import tell_error
from matcher.service.problems import busy
from matcher.service.worker import Kind, Worker

Done = TypeVar("Done")
#: Something to do with the file; several are done in one transaction.
Work = Callable[[sqlite3.Connection], Done]

_VERSION = 1
#: Changes that may wait, and that go together.
_MOST_WAITING, _AT_ONCE = 1024, 64
_PRAGMAS = (
    "locking_mode = EXCLUSIVE",
    "journal_mode = TRUNCATE",
    "synchronous = EXTRA",
    "secure_delete = ON",
)
_TABLES = (
    # ``status`` is null while the request is being carried out, ``body`` once it may not be shown.
    """CREATE TABLE IF NOT EXISTS answer (
    name TEXT PRIMARY KEY,
    asked BLOB NOT NULL,
    at REAL NOT NULL,
    status INTEGER,
    headers TEXT,
    body BLOB
) WITHOUT ROWID""",
    # ``told`` is what a client is told; ``still`` what is needed to do it, while it is not done.
    """CREATE TABLE IF NOT EXISTS job (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    told TEXT NOT NULL,
    still TEXT
)""",
    """CREATE TABLE IF NOT EXISTS reject (
    job TEXT NOT NULL,
    number INTEGER NOT NULL,
    told TEXT NOT NULL,
    PRIMARY KEY (job, number)
) WITHOUT ROWID""",
)


class Journal:
    """The service's own file.

    Args:
        store: the store's; this one stands beside it.

    Raises:
        StoreError: it cannot be had, or is none.
    """

    def __init__(self, store: Path) -> None:
        self.path = store.with_name(f"{store.name}.service")
        self._connection = _opened(self.path)
        self._worker = Worker("matcher-journal", _MOST_WAITING)
        self._kind: Kind[Work[Any], Any] = Kind("journal", self._together, most=_AT_ONCE)

    async def do(self, work: Work[Done]) -> Done:
        """Does something with the file; it is on disk when this returns.

        Raises:
            Problem: too much waits, or the file cannot be written.
        """
        done: Done = await self._worker.do(self._kind, work)
        return done

    def submit(self, work: Work[Done]) -> Future[Done]:
        """The same for threads, which wait if they like."""
        return self._worker.submit(self._kind, work)

    def close(self) -> None:
        """Does what waits, and closes the file."""
        self._worker.close()
        self._connection.close()

    def _together(self, works: Sequence[Work[Any]]) -> list[Any]:
        """Does several things in one transaction: all, or none."""
        connection = self._connection
        try:
            connection.execute("BEGIN")
            done = [work(connection) for work in works]
            connection.execute("COMMIT")
        except BaseException as error:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                tell_error(error)
                raise busy("What must be kept cannot be written just now.", 30) from error
            raise
        return done


def _opened(path: Path) -> sqlite3.Connection:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{path}: the service's own file cannot be opened ({error}).") from None
    try:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version not in (0, _VERSION):
            raise sqlite3.DatabaseError("it is of another version of campaign-matcher")
        for table in _TABLES:
            connection.execute(table)
        connection.execute(f"PRAGMA user_version = {_VERSION}")
    except sqlite3.Error as error:
        connection.close()
        raise StoreError(
            f"{path}: is no file of the service's that can be used ({error}); the store is whole"
            " without it: move it away, and what was accepted and not yet done is lost with it."
        ) from None
    return connection
