"""Opening a store's file: made where absent, checked where it is there, one writer at a time."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from matcher.errors import StoreError, StoreLocked
from matcher.store.schema import FORMAT, TABLES, VERSION, VIEWS

if TYPE_CHECKING:
    import duckdb

#: Seconds between two looks at a file that another process has open.
_PAUSE = 0.1
#: What DuckDB says, in lower case, when another process has the file.
_LOCKED = ("could not set lock", "being used by another process", "conflicting lock")
#: The first bytes of a DuckDB file stand here.
_MAGIC_AT, _MAGIC = 8, b"DUCK"


def open_file(
    path: Path, *, wait: float = 0.0, read_only: bool = False, region: str = "US"
) -> duckdb.DuckDBPyConnection:
    """A connection to a store, which is created where there is none.

    Args:
        path: the file.
        wait: seconds to wait for a process that has it open.
        read_only: for reading alone; the file must exist.
        region: of a new store: the country of phones that name none.

    Raises:
        StoreLocked: another process has it open.
        StoreError: it is no store, damaged, of a newer version, or cannot be written.
    """
    fresh = _is_new(path, read_only)
    connection = _connect(path, wait, read_only)
    try:
        if fresh:
            _create(connection, region)
        else:
            _check(path, connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _is_new(path: Path, read_only: bool) -> bool:
    if path.is_dir():
        raise StoreError(f"{path}: is a directory; give the path of a file.")
    if not path.exists():
        if read_only:
            raise StoreError(f"{path}: there is no such store; matcher ingest makes one.")
        if not path.parent.is_dir():
            raise StoreError(f"{path}: the directory {path.parent} does not exist; make it first.")
        return True
    if not path.stat().st_size:
        raise StoreError(f"{path}: is empty; delete it, and the next ingest makes a store there.")
    with path.open("rb") as file:
        head = file.read(_MAGIC_AT + len(_MAGIC))
    if head[_MAGIC_AT:] != _MAGIC:
        raise StoreError(f"{path}: is not a DuckDB file, so it is no store; give another path.")
    return False


def _connect(path: Path, wait: float, read_only: bool) -> duckdb.DuckDBPyConnection:
    import duckdb

    until = time.monotonic() + wait
    while True:
        try:
            return duckdb.connect(str(path), read_only=read_only)
        except duckdb.Error as error:
            said = str(error).lower()
            if not any(sign in said for sign in _LOCKED):
                raise _unopened(path, error) from None
        if time.monotonic() >= until:
            raise StoreLocked(
                f"{path}: another process has the store open; close it, or wait with --wait"
                " (matcher.open(..., wait=60))."
            ) from None
        time.sleep(_PAUSE)


def _unopened(path: Path, error: Exception) -> StoreError:
    if not os.access(path if path.exists() else path.parent, os.R_OK | os.W_OK):
        return StoreError(f"{path}: may not be read and written; check its permissions.")
    first = str(error).strip().splitlines()[0]
    return StoreError(
        f"{path}: DuckDB cannot open it, so it is damaged or of a newer DuckDB: restore a backup"
        f" or update duckdb. It says: {first}"
    )


def _create(connection: duckdb.DuckDBPyConnection, region: str) -> None:
    connection.begin()
    for statement in (*TABLES.values(), *VIEWS.values()):
        connection.execute(statement)
    about = [FORMAT, VERSION, secrets.token_bytes(16), region]
    connection.execute("INSERT INTO store VALUES (?, ?, ?, ?)", about)
    connection.commit()


def _check(path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    import duckdb

    try:
        row = connection.execute("SELECT format, version FROM store").fetchone()
    except duckdb.CatalogException:
        row = None
    except duckdb.Error as error:
        raise _unopened(path, error) from None
    if row is None or row[0] != FORMAT:
        raise StoreError(f"{path}: is a DuckDB file, but not a store; give another path.")
    if row[1] > VERSION:
        raise StoreError(
            f"{path}: was written by a newer campaign-matcher (tables of version {row[1]}, this"
            f" one knows {VERSION}); update campaign-matcher."
        )
    migrate(connection, row[1])


#: Version -> the statements that bring tables of the version before up to it.
MIGRATIONS: Mapping[int, tuple[str, ...]] = {}


def migrate(connection: duckdb.DuckDBPyConnection, version: int) -> None:
    """Brings the tables of an older version up to this one, all or nothing."""
    if version == VERSION:
        return
    connection.begin()
    for step in range(version + 1, VERSION + 1):
        for statement in MIGRATIONS[step]:
            connection.execute(statement)
    connection.execute("UPDATE store SET version = ?", [VERSION])
    connection.commit()
