"""The identity store: people that stay the same next week, in one DuckDB file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from matcher.errors import StoreError
from matcher.pipeline import Matched
from matcher.stages import Progress, Stages
from matcher.store import people
from matcher.store.backing_up import backup
from matcher.store.changes import Changes
from matcher.store.checking import Report, check
from matcher.store.files import open_file
from matcher.store.frozen import FrozenModel
from matcher.store.ingesting import ingest
from matcher.store.methods.decisions import DecisionMethods
from matcher.store.methods.history import HistoryMethods
from matcher.store.methods.interactions import InteractionMethods
from matcher.store.methods.lists import ListMethods
from matcher.store.methods.people import PeopleMethods
from matcher.store.methods.records import RecordMethods
from matcher.store.methods.resolving import ResolveMethods
from matcher.store.session import Session


def _now() -> datetime:
    return datetime.now(UTC)


class Store(
    RecordMethods,
    ResolveMethods,
    DecisionMethods,
    PeopleMethods,
    HistoryMethods,
    ListMethods,
    InteractionMethods,
):
    """People, their records and their history, in one file.

    One process may have it open for writing; threads of it may share it. Use it as a context
    manager, or call ``close``. ``matcher.open`` makes one.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        wait: float = 0.0,
        read_only: bool = False,
        default_region: str = "US",
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self.path = Path(path)
        file = open_file(self.path, wait=wait, read_only=read_only, region=default_region)
        try:
            self._session = Session(file, clock)
        except BaseException:
            file.close()
            raise

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None and self._session.is_untouched:
            self._session.discard()  # a mistake at the first ingest leaves no empty file behind
        else:
            self.close()

    def prepare(self) -> None:
        """Reads into memory what lookups and ingests need, which the first of them does otherwise.

        Worth calling where many small ones follow and the first should be as quick as the others.

        Raises:
            StoreError: the file cannot be read, or its model is of an older version.
        """
        self._session.prepare()

    def close(self) -> None:
        """Gives the file back; the store cannot be used any more."""
        with self._session.lock:
            self._session.close()

    def stats(self) -> dict[str, Any]:
        """Counts of persons, records, versions, runs, events, decisions and interactions.

        Also the version of the model, the time of the last run, and the bytes of the file.
        """
        return people.stats(self._session)

    def backup(self, path: str | Path) -> Path:
        """Copies the whole store while it is open, and opens the copy to see that it is whole.

        Args:
            path: of the copy, where nothing is as yet; it appears when it is whole.

        Returns:
            the path.

        Raises:
            OutputError: there is something already, or the copy cannot be written.
            StoreError: the store cannot be read, or the disk is full.
        """
        return backup(self._session, Path(path))

    def check(self, *, deep: bool = False) -> Report:
        """Looks whether the store holds what it should; changes nothing.

        Each live record is on exactly one person; the history gives the present state; nobody
        whom a decision keeps apart is together; no address may be used against a refusal; nothing
        that was erased is there; numbers are unique and refer to what there is.

        Args:
            deep: also resolves all records anew and compares, which takes as long as taking them
                in did.

        Returns:
            the problems, each with the rule, the ids at fault and what to do; ``report.ok`` where
            there is none.
        """
        return check(self._session, deep=deep)

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a query over the documented views (``docs/store.md``), for reading.

        Args:
            sql: one SELECT, with ``?`` where a value goes.
            values: bound to the ``?``, never written into the text.
        """
        with self._session.reading() as ledger:
            return ledger.rows(sql, values)


def check_new(path: Path) -> None:
    """That a store can be made there, as far as it can be told before.

    Raises:
        StoreError: there is a file already, or no folder to put it.
    """
    if path.exists():
        raise StoreError(
            f"{path}: exists already; give a new path, or take the files into that store with"
            " matcher ingest."
        )
    if not path.parent.is_dir():
        raise StoreError(f"{path}: the directory {path.parent} does not exist; make it first.")


def save(matched: Matched, path: str | Path, progress: Progress | None = None) -> Changes:
    """Makes a store of a run; see ``matcher.Result.save``."""
    path = Path(path)
    check_new(path)
    model = FrozenModel.learnt(1, matched.scale, matched.model.extras)
    with Store(path, default_region=matched.region) as store:
        return ingest(store._session, matched.raw, {}, Stages(progress), model=model)
