"""A file is written anew without some of its rows, so that no byte of it holds what was in them.

DuckDB leaves deleted rows in free blocks. So what remains is copied into a new file beside the old
one, what is to be said of it is added there, and the new file takes the place of the old one in one
step: before it, nothing has happened; after it, everything has. The new file is locked before it
gets the name, so no other process comes in between.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pyarrow as pa

from matcher.errors import StoreError
from matcher.store.files import OpenFile, connect, copy_beside, remove_copy, store_errors

if TYPE_CHECKING:
    import duckdb

    from matcher.store.session import Session

#: How the copy is called while it is attached.
_COPY = "the_copy_without"

#: Table -> what stays of it; ``gone_version``, ``gone_hash``, ``gone_person``,
#: ``gone_vendor_person``, ``gone_interaction`` and ``kept_text`` are what to leave out and what to
#: put in its place.
_STAYS = {
    "record": "SELECT * FROM {it} ANTI JOIN gone_version USING (version)",
    "identifier": "SELECT * FROM {it} ANTI JOIN gone_version USING (version)",
    "frequency": "SELECT * FROM {it} ANTI JOIN gone_hash USING (hash)",
    "contact": "SELECT * FROM {it} ANTI JOIN gone_interaction USING (version)",
    "interaction_identifier": "SELECT * FROM {it} ANTI JOIN gone_interaction USING (version)",
    "interaction": """SELECT it.* REPLACE (
            CASE WHEN gone.version IS NULL THEN it.content ELSE 0 END AS content,
            CASE WHEN gone.version IS NULL THEN it.interaction_id END AS interaction_id,
            CASE WHEN gone.version IS NULL THEN it.file END AS file,
            CASE WHEN gone.version IS NULL THEN it.line END AS line,
            CASE WHEN gone.version IS NULL THEN it.occurred_at END AS occurred_at,
            CASE WHEN gone.version IS NULL THEN it.state_code END AS state_code,
            CASE WHEN gone.version IS NULL THEN it.person_ids END AS person_ids,
            CASE WHEN gone.version IS NULL THEN it.handles END AS handles,
            CASE WHEN gone.version IS NULL THEN it.channel_type END AS channel_type,
            CASE WHEN gone.version IS NULL THEN it.channel_value END AS channel_value,
            CASE WHEN gone.version IS NULL THEN it.raw END AS raw)
        FROM {it} AS it LEFT JOIN gone_interaction AS gone USING (version) ORDER BY it.version""",
    "vendor_person": """SELECT it.* REPLACE (
            CASE WHEN gone.number IS NULL THEN it.person_id END AS person_id,
            CASE WHEN gone.number IS NULL THEN it.content END AS content)
        FROM {it} AS it LEFT JOIN gone_vendor_person AS gone
        ON it.policy = gone.policy AND it.number = gone.number ORDER BY it.run, it.number""",
    "vendor_activity": """SELECT it.* REPLACE (
            CASE WHEN gone.number IS NULL AND gone_person.person IS NULL THEN it.content END
            AS content)
        FROM {it} AS it LEFT JOIN gone_vendor_person AS gone
        ON it.policy = gone.policy AND it.number = gone.number
        LEFT JOIN gone_person ON it.person = gone_person.person ORDER BY it.run""",
    "run": """SELECT it.* REPLACE (
            CASE WHEN kept.run IS NULL THEN it.note ELSE kept.note END AS note,
            CASE WHEN kept.run IS NULL THEN it.done_by ELSE kept.done_by END AS done_by)
        FROM {it} AS it LEFT JOIN kept_text AS kept USING (run) ORDER BY it.run""",
}


@contextmanager
def rewritten(session: Session, without: Mapping[str, pa.Table]) -> Iterator[None]:
    """The body adds rows to a copy that lacks some, and then the copy becomes the store's file.

    Args:
        session: of the store; it goes on with the new file.
        without: ``gone_version`` (version), ``gone_hash`` (hash), ``gone_person`` (person),
            ``gone_vendor_person`` (policy, number), ``gone_interaction`` (version) and
            ``kept_text`` (run, note, done_by).

    Raises:
        StoreError: the copy cannot be written; the store is as it was.
    """
    file = session.file
    copy = copy_beside(file.place)
    with session.gate.alone(), store_errors(file.path):
        remove_copy(file.place)
        try:
            with _attached(file.connection, copy, without):
                yield
            handle = _sealed(file, copy)
        except BaseException:
            remove_copy(file.place)
            raise
        session.use(_replaced(file, copy, handle))


@contextmanager
def _attached(
    connection: duckdb.DuckDBPyConnection, copy: Path, without: Mapping[str, pa.Table]
) -> Iterator[None]:
    """What remains is in the copy, and every statement of the body is about the copy."""
    connection.execute("CHECKPOINT")  # empties the log beside the file
    main = _quoted(str(_value(connection, "SELECT current_database()")))
    place = str(copy).replace("'", "''")  # no statement that attaches takes a bound value in 1.4
    connection.execute(f"DETACH DATABASE IF EXISTS {_COPY}")
    connection.execute(f"ATTACH '{place}' AS {_COPY}")
    try:
        connection.execute(f"COPY FROM DATABASE {main} TO {_COPY} (SCHEMA)")
        _fill(connection, main, without)
        connection.execute(f"USE {_COPY}")
        yield
        connection.execute(f"CHECKPOINT {_COPY}")
        connection.execute(f"USE {main}")
        connection.execute(f"DETACH {_COPY}")
    except BaseException:
        for statement in ("ROLLBACK", f"USE {main}", f"DETACH {_COPY}"):
            with suppress(Exception):
                connection.execute(statement)
        raise


def _fill(
    connection: duckdb.DuckDBPyConnection, main: str, without: Mapping[str, pa.Table]
) -> None:
    """Copies the rows that remain."""
    for name, rows in without.items():
        connection.register(name, rows)
    found = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()"
    ).fetchall()
    connection.execute("BEGIN")
    for (name,) in found:
        table = _quoted(name)
        stays = _STAYS.get(name, "FROM {it}").format(it=f"{main}.{table}")
        connection.execute(f"INSERT INTO {_COPY}.{table} {stays}")
    connection.execute("COMMIT")
    for name in without:
        connection.unregister(name)


def _sealed(file: OpenFile, copy: Path) -> BinaryIO:
    """The copy, whole on the disk, with the permissions of the file, and locked by this process."""
    if any(Path(f"{place}.wal").exists() for place in (file.place, copy)):
        raise StoreError(f"{file.path}: could not be written anew; open it again and repeat.")
    shutil.copymode(file.place, copy)
    handle = copy.open("r+b")
    try:
        os.fsync(handle.fileno())
        if sys.platform != "win32":
            import fcntl

            with suppress(PermissionError):  # only the superuser may give a file away
                held = file.place.stat()
                os.chown(copy, held.st_uid, held.st_gid)
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BaseException:
        handle.close()
        raise
    return handle


def _replaced(file: OpenFile, copy: Path, handle: BinaryIO) -> OpenFile:
    """The copy in the place of the file, open."""
    if sys.platform == "win32":  # an open file keeps its name there, and its lock
        handle.close()
        file.close()
        copy.replace(file.place)
        return connect(file.path)
    copy.replace(file.place)
    folder = os.open(file.place.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    file.connection.execute("PRAGMA disable_checkpoint_on_shutdown")  # it has no name to write to
    file.close()
    again = connect(file.path)
    again.held.append(handle)
    return again


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _value(connection: duckdb.DuckDBPyConnection, query: str) -> object:
    row = connection.execute(query).fetchone()
    if row is None:
        raise StoreError("the store's file says nothing of itself; open it again.")
    return row[0]
