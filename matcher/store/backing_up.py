"""A copy of a store while it is open, seen to be whole before it gets its name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from matcher.errors import OutputError
from matcher.store.files import open_file, store_errors
from matcher.store.ledger import Ledger
from matcher.store.session import Session

if TYPE_CHECKING:
    import duckdb

#: What the copy and, where the store is open for reading alone, the store are called meanwhile.
_COPY, _ORIGINAL = "the_backup", "the_store"
_TABLES = """SELECT table_name FROM duckdb_tables()
WHERE database_name = current_database() ORDER BY table_name"""


def backup(session: Session, path: Path) -> Path:
    """Copies a store; see ``matcher.store.Store.backup``."""
    _check_place(path)
    copy = path.with_name(f".{path.name}.writing")
    with session.lock, store_errors(path):  # nobody writes meanwhile; whoever reads goes on
        _remove(copy)
        try:
            with _source(session) as (connection, name):
                connection.execute(f"ATTACH {_text(copy)} AS {_COPY}")
                try:
                    connection.execute(f"COPY FROM DATABASE {name} TO {_COPY}")
                    connection.execute(f"CHECKPOINT {_COPY}")
                finally:
                    connection.execute(f"DETACH {_COPY}")
            _verify(session, copy)
            with copy.open("r+b") as file:
                os.fsync(file.fileno())
            copy.replace(path)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise OutputError(f"{path}: the backup cannot be written ({reason}).") from error
        finally:
            _remove(copy)
    return path


def _check_place(path: Path) -> None:
    if path.exists():
        raise OutputError(f"{path}: exists already; give another path, or delete it first.")
    if not path.parent.is_dir():
        raise OutputError(f"{path}: the directory {path.parent} does not exist; make it first.")


@contextmanager
def _source(session: Session) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
    """A connection to copy from, and the name of the store in it."""
    import duckdb

    if session.file.read_only:  # nothing can be attached there to be written to
        with duckdb.connect() as connection:
            place = _text(session.file.place)
            connection.execute(f"ATTACH {place} AS {_ORIGINAL} (READ_ONLY)")
            yield connection, _ORIGINAL
        return
    with session.connection.cursor() as cursor:
        row = cursor.execute("SELECT current_database()").fetchone()
        yield cursor, '"' + str(row[0] if row else "").replace('"', '""') + '"'


def _verify(session: Session, copy: Path) -> None:
    """Opens the copy as a store and counts the rows of each table in both.

    Raises:
        OutputError: they differ.
    """
    opened = open_file(copy, read_only=True)
    try:
        if _counts(Ledger(opened.connection, copy)) != _counts(session.ledger):
            raise OutputError(f"{copy}: the copy is not whole; nothing was kept of it. Try again.")
    finally:
        opened.close()


def _counts(ledger: Ledger) -> dict[str, int]:
    names = [row[0] for row in ledger.rows(_TABLES)]
    counts = {}
    for name in names:
        quoted = '"' + name.replace('"', '""') + '"'
        counts[name] = int(ledger.rows(f"SELECT count(*) FROM {quoted}")[0][0])  # noqa: S608 - a table's own name
    return counts


def _remove(copy: Path) -> None:
    for left in (copy, Path(f"{copy}.wal")):
        with suppress(FileNotFoundError):
            left.unlink()


def _text(place: Path) -> str:
    """A path as a text of SQL: DuckDB 1.4 binds none in the statement that attaches."""
    return "'" + str(place).replace("'", "''") + "'"
