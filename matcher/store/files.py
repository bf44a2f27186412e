"""Opening a store's file: made where absent, checked where it is there, one writer at a time.

DuckDB locks the file for its process, and the system drops such a lock as soon as that process
closes any handle of the file. So nothing here opens a file that this process has open already.
"""

from __future__ import annotations

import os
import re
import secrets
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, BinaryIO
from weakref import WeakSet

from matcher.errors import OptionError, StoreError, StoreLocked
from matcher.store.schema import FORMAT, INTERACTION_TABLES, TABLES, VERSION, VIEWS

if TYPE_CHECKING:
    import duckdb

#: Seconds between two looks at a file that is open elsewhere.
_PAUSE = 0.1
_HALF = "a text that was given holds half a character (a lone surrogate); give it whole."
#: What DuckDB says, in lower case, when another process has the file.
_LOCKED = ("could not set lock", "being used by another process", "conflicting lock")
#: What it says when this process has it, through another connection.
_LOCKED_HERE = "different configuration"
#: What the system says, in lower case, when there is no room.
_FULL = ("no space left", "file too large", "disk quota", "not enough space")
#: The first bytes of a DuckDB file stand here.
_MAGIC_AT, _MAGIC = 8, b"DUCK"
#: Without these DuckDB would look for an extension that reads a foreign file, even in the network.
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


@dataclass(eq=False)
class OpenFile:
    """A store's file, open.

    Attributes:
        path: as the user gave it.
        place: where it is, links followed.
        connection: to it.
        read_only: whether it is open for reading alone.
        is_new: whether it was not there before.
        held: handles that hold the lock; closing one would drop it.
    """

    path: Path
    place: Path
    connection: duckdb.DuckDBPyConnection
    read_only: bool
    is_new: bool = False
    held: list[BinaryIO] = field(default_factory=list)

    def close(self) -> None:
        """Gives the file back."""
        self.connection.close()
        for handle in self.held:
            handle.close()
        self.held.clear()
        _OPEN.discard(self)


#: What this process has open. A second writer in one process would not see what the first did.
_OPEN: WeakSet[OpenFile] = WeakSet()
_OPENING = Lock()


def open_file(
    path: Path, *, wait: float = 0.0, read_only: bool = False, region: str = "US"
) -> OpenFile:
    """Opens a store, which is created where there is none.

    Args:
        path: the file.
        wait: seconds to wait where it is open elsewhere.
        read_only: for reading alone; the file must exist. Several processes may read at a time,
            but none while one writes.
        region: of a new store: the country of phones that name none.

    Raises:
        StoreLocked: another process, or another ``Store`` of this one, has it open.
        StoreError: it is no store, damaged, of a newer version, or cannot be written.
    """
    file = connect(path, wait=wait, read_only=read_only)
    try:
        with store_errors(path):
            if not read_only:
                remove_copy(file.place)
            if not read_only and _has_no_tables(file.connection):
                _make(file, region)
            else:
                _check(file)
    except BaseException:
        file.close()
        raise
    return file


def connect(path: Path, *, wait: float = 0.0, read_only: bool = False) -> OpenFile:
    """Opens a DuckDB file, or makes one.

    Raises:
        StoreLocked: it is open elsewhere.
        StoreError: it is none, or cannot be opened.
    """
    until = time.monotonic() + wait
    while True:
        try:
            with _OPENING:
                return _connected(path, read_only)
        except StoreLocked:
            if time.monotonic() >= until:
                raise
        time.sleep(_PAUSE)


def copy_beside(place: Path) -> Path:
    """Where a file is written anew before it takes the place of another."""
    return place.with_name(f"{place.name}.rewriting")


def remove_copy(place: Path) -> None:
    """Removes what is left of writing a file anew, by this process or by one that was killed."""
    for left in (copy_beside(place), Path(f"{copy_beside(place)}.wal")):
        left.unlink(missing_ok=True)


@contextmanager
def store_errors(path: Path) -> Iterator[None]:
    """What DuckDB says of the file, in one sentence that says what to do.

    Raises:
        StoreError: it cannot be read or written, or the disk is full.
        OptionError: a text that was given holds half a character.
    """
    import duckdb

    try:
        yield
    except duckdb.ConnectionException:
        raise StoreError(f"{path}: is closed; open the store again.") from None
    except UnicodeEncodeError:
        raise OptionError(_HALF) from None
    except duckdb.InvalidInputException as error:
        if "surrogate" in str(error):
            raise OptionError(_HALF) from None
        raise
    except duckdb.Error as error:
        if _is_of_the_file(error):
            raise _failed(path, error) from None
        raise


def _is_of_the_file(error: Exception) -> bool:
    """Whether an error is about the file, and not about the query."""
    import duckdb

    kinds = (
        duckdb.IOException, duckdb.FatalException, duckdb.TransactionException,
        duckdb.SerializationException, duckdb.OutOfMemoryException, duckdb.InternalException,
    )  # fmt: skip
    damaged = type(error) is duckdb.Error  # a wrong checksum has no kind of its own
    return damaged or isinstance(error, kinds) or "read-only" in str(error)


def _is_absent(path: Path, read_only: bool) -> bool:
    try:
        size = path.stat().st_size if not path.is_dir() else -1
    except FileNotFoundError:
        if read_only:
            raise StoreError(f"{path}: there is no such store; matcher ingest makes one.") from None
        if not path.parent.is_dir():
            raise StoreError(
                f"{path}: the directory {path.parent} does not exist; make it first."
            ) from None
        return True
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be looked at ({error.strerror}); check the permissions of"
            f" {path.parent}."
        ) from None
    if size < 0:
        raise StoreError(f"{path}: is a directory; give the path of a file.")
    if not size:
        raise StoreError(f"{path}: is empty; delete it, and the next ingest makes a store there.")
    return False


def _has_handle(path: Path) -> bool:
    """Whether this process has the file open, through a store or otherwise."""
    wanted = path.stat()
    if sys.platform == "win32":  # it has no such locks
        return False
    for handle in Path("/dev/fd").iterdir():
        with suppress(OSError):  # the listing's own one is closed already
            if os.path.samestat(os.fstat(int(handle.name)), wanted):
                return True
    return False


def _is_duckdb(path: Path, read_only: bool) -> bool:
    """Whether a file begins like one of DuckDB, which would also open a CSV file, and others."""
    try:
        with path.open("rb") as file:
            return file.read(_MAGIC_AT + len(_MAGIC))[_MAGIC_AT:] == _MAGIC
    except PermissionError:
        raise _forbidden(path, read_only) from None
    except OSError as error:
        raise StoreError(f"{path}: cannot be read ({error.strerror}).") from None


def _connected(path: Path, read_only: bool) -> OpenFile:
    """One attempt; of the threads of this process one at a time."""
    import duckdb

    place = path.resolve()
    is_here = not _is_absent(path, read_only)
    if _open_here(place, read_only):
        raise StoreLocked(_TWICE.format(path=path))
    if is_here and not _has_handle(path) and not _is_duckdb(path, read_only):
        raise StoreError(f"{path}: is not a DuckDB file, so it is no store; give another path.")
    try:
        connection = duckdb.connect(str(place), read_only=read_only, config=_CONFIG)
    except duckdb.Error as error:
        raise _unopened(path, error, read_only) from None
    file = OpenFile(path, place, connection, read_only, is_new=not is_here)
    _OPEN.add(file)
    return file


_TWICE = "{path}: this process has the store open already; use that one, or close it."


def _open_here(place: Path, read_only: bool) -> bool:
    """Whether this process has the file open in a way that excludes this one."""
    return any(file.place == place and not (file.read_only and read_only) for file in list(_OPEN))


def _process(said: str) -> str:
    """The number of the process that DuckDB names, in brackets."""
    found = re.search(r"\(PID (\d+)\)", said)
    return f" ({found[1]})" if found else ""


def _unopened(path: Path, error: Exception, read_only: bool) -> StoreError:
    """Why DuckDB would not open a file."""
    said = str(error)
    if _LOCKED_HERE in said:
        return StoreLocked(_TWICE.format(path=path))
    if any(sign in said.lower() for sign in _LOCKED):
        return StoreLocked(
            f"{path}: another process{_process(said)} has the store open; close it, or wait with"
            " --wait (matcher.open(..., wait=60))."
        )
    if not path.exists():
        return StoreError(f"{path}: cannot be made; check the permissions of {path.parent}.")
    if not os.access(path, os.R_OK if read_only else os.R_OK | os.W_OK):
        return _forbidden(path, read_only)
    return _failed(path, error)


def _forbidden(path: Path, read_only: bool) -> StoreError:
    kind = "read" if read_only else "read and written"
    return StoreError(f"{path}: may not be {kind}; check its permissions.")


def _failed(path: Path, error: Exception) -> StoreError:
    said = str(error).strip().splitlines()[0]
    if any(sign in said.lower() for sign in _FULL):
        return StoreError(
            f"{path}: there is no room to write it; nothing of this was kept: make room, open the"
            " store again and repeat."
        )
    if "out of memory" in said.lower():
        return StoreError(f"{path}: there is not enough memory for it: {said}")
    if "read-only" in said.lower():
        return StoreError(f"{path}: is open for reading alone; open it without read_only.")
    if "invalidated" in said.lower():
        return StoreError(f"{path}: an earlier error ended its use; open the store again.")
    return StoreError(
        f"{path}: DuckDB cannot read or write it, so it is damaged or of a newer DuckDB: restore a"
        f" backup, or update duckdb. It says: {said}"
    )


def _has_no_tables(connection: duckdb.DuckDBPyConnection) -> bool:
    found = connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone()
    return found == (0,)


def _make(file: OpenFile, region: str) -> None:
    """Makes the tables; where that fails, a file that was not there is not there."""
    try:
        _create(file.connection, region)
    except BaseException:
        file.close()
        if file.is_new:
            remove(file)
        raise


def remove(file: OpenFile) -> None:
    """Removes a file that has been given back, and what DuckDB has put beside it."""
    for left in (file.place, Path(f"{file.place}.wal")):
        left.unlink(missing_ok=True)


def _create(connection: duckdb.DuckDBPyConnection, region: str) -> None:
    connection.begin()
    for statement in (*TABLES.values(), *VIEWS.values()):
        connection.execute(statement)
    about = [FORMAT, VERSION, secrets.token_bytes(16), region]
    connection.execute("INSERT INTO store VALUES (?, ?, ?, ?)", about)
    connection.commit()


def _check(file: OpenFile) -> None:
    import duckdb

    path, row = file.path, None
    with suppress(duckdb.CatalogException, duckdb.BinderException):
        row = file.connection.execute("SELECT format, version FROM store").fetchone()
    if row is None or row[0] != FORMAT:
        raise StoreError(f"{path}: is a DuckDB file, but not a store; give another path.")
    if row[1] > VERSION:
        raise StoreError(
            f"{path}: was written by a newer campaign-matcher (tables of version {row[1]}, this"
            f" one knows {VERSION}); update campaign-matcher."
        )
    if row[1] < VERSION and file.read_only:
        raise StoreError(
            f"{path}: was written by an older campaign-matcher; open it once for writing, which"
            " brings its tables up to date."
        )
    migrate(file.connection, row[1])


#: Version -> the statements that bring tables of the version before up to it. Views are made anew.
MIGRATIONS: Mapping[int, tuple[str, ...]] = {
    2: tuple(INTERACTION_TABLES.values()),
    3: (TABLES["vendor_activity"],),
}


def migrate(connection: duckdb.DuckDBPyConnection, version: int) -> None:
    """Brings the tables of an older version up to this one, all or nothing."""
    if version == VERSION:
        return
    connection.begin()
    try:
        for step in range(version + 1, VERSION + 1):
            for statement in MIGRATIONS[step]:
                connection.execute(statement)
        for statement in VIEWS.values():
            connection.execute(statement.replace("CREATE VIEW", "CREATE OR REPLACE VIEW", 1))
        connection.execute("UPDATE store SET version = ?", [VERSION])
        connection.commit()
    except BaseException:
        with suppress(Exception):  # a commit that failed has ended the transaction itself
            connection.rollback()
        raise
