"""An open store: its file, what is in memory of it, and the one way in which both change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import RLock
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from matcher.errors import ModelError, StoreError
from matcher.records import EXTRA_PREFIX
from matcher.store.files import OpenFile, remove, store_errors
from matcher.store.foreseeing import weigh_within
from matcher.store.frozen import FrozenModel
from matcher.store.gate import Gate
from matcher.store.ledger import Ledger, Run
from matcher.store.loading import load_state
from matcher.store.regrouping import Happened, Regrouped, look_at_large, regroup
from matcher.store.state import State

if TYPE_CHECKING:
    import duckdb

    from matcher.store.interactions.contacts import Contacts
    from matcher.store.lists.kept import KeptList

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Kept:
    """The model that a store keeps.

    Attributes:
        model: in force; where it is outdated, the shipped one in its place.
        outdated: whether the kept one is of an older version of the software.
    """

    model: FrozenModel
    outdated: bool = False


def _kept(ledger: Ledger) -> Kept:
    try:
        return Kept(ledger.model())
    except ModelError:
        return Kept(ledger.in_place_of_model(), outdated=True)


class Session:
    """What every operation on an open store works with.

    Args:
        file: the store's file.
        clock: tells the time of what is done.
    """

    def __init__(self, file: OpenFile, clock: Callable[[], datetime]) -> None:
        self.file = file
        self.gate = Gate()
        self.ledger = Ledger(file.connection, file.path)
        self.region, self.salt = self.ledger.rows("SELECT region, salt FROM store")[0]
        self._kept = _kept(self.ledger)
        self.clock = clock
        self.lock = RLock()
        #: Vendors' lists that are in memory, by policy.
        self.lists: dict[str, KeptList] = {}
        self._state: State | None = None
        self._contacts: Contacts | None = None

    @property
    def model(self) -> FrozenModel:
        """What the store weighs by.

        Raises:
            StoreError: it is of an older version of the software; only ``retrain`` can go on.
        """
        if self._kept.outdated:
            raise StoreError(
                f"{self.file.path}: weighs by a model of an older campaign-matcher. Learn it anew:"
                " matcher retrain, or store.retrain(); --dry-run shows what that would change."
            )
        return self._kept.model

    @model.setter
    def model(self, model: FrozenModel) -> None:
        self._kept = Kept(model)

    @property
    def kept(self) -> Kept:
        """The model, be it outdated or not; what ``restore`` takes back."""
        return self._kept

    def restore(self, kept: Kept) -> None:
        """Weighs by an earlier model again."""
        self._kept = kept

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """To the store's file; a replacement of the file makes another one."""
        return self.file.connection

    @property
    def state(self) -> State:
        """What the file says, in memory; read when first asked for."""
        if self._state is None:
            self._state = load_state(self.ledger, self.region, self.extras)
        return self._state

    @property
    def contacts(self) -> Contacts:
        """Whom interactions were with, in memory; read when first asked for."""
        if self._contacts is None:
            from matcher.store.interactions.keeping import load_contacts

            self._contacts = load_contacts(self.ledger, self.region, self.extras)
        return self._contacts

    @property
    def extras(self) -> Mapping[str, str]:
        """Further columns that are compared, and how."""
        kinds = self._kept.model.model.extras
        return {name.removeprefix(EXTRA_PREFIX): kind for name, kind in kinds.items()}

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One at a time; where the body fails, memory is dropped and read again from the file."""
        if self.file.read_only:
            raise StoreError(
                f"{self.file.path}: is open for reading alone; open it without read_only."
            )
        with self.lock:
            kept = self._kept
            try:
                yield
            except BaseException:
                self.forget_memory()
                self._kept = kept
                raise

    @contextmanager
    def reading(self) -> Iterator[Ledger]:
        """What is committed now, for SQL alone: beside a thread that writes, and all of one moment.

        The body must not take ``lock``, nor look at ``state``.
        """
        with self.gate.passing(), store_errors(self.file.path):
            cursor = self.file.connection.cursor()
            try:
                cursor.begin()
                yield Ledger(cursor, self.file.path)
            finally:
                cursor.close()

    def use(self, file: OpenFile) -> None:
        """Goes on with another file in the place of the one until now."""
        self.file = file
        self.ledger = Ledger(file.connection, file.path)
        self._kept = _kept(self.ledger)
        self.forget_memory()

    def close(self) -> None:
        """Gives the file back, once nobody reads it."""
        with self.lock, self.gate.alone():
            self.file.close()
            self.forget_memory()

    @property
    def is_untouched(self) -> bool:
        """Whether the file was made by this session, and nothing has come into it since."""
        if not self.file.is_new:
            return False
        try:
            return not self.ledger.rows("SELECT run FROM run LIMIT 1")
        except StoreError:  # it is closed already, or beyond use
            return False

    def discard(self) -> None:
        """Gives the file back and removes it."""
        self.close()
        remove(self.file)

    def forget_memory(self) -> None:
        """What is in memory is read again from the file when it is next needed."""
        self._state = None
        self._contacts = None
        self.lists.clear()

    def compare_also(self, extra: Mapping[str, str]) -> bool:
        """Compares further columns from now on; whether that is a change.

        Raises:
            StoreError: there are records already, and they were compared without.
        """
        wanted = {EXTRA_PREFIX + name: kind for name, kind in extra.items()}
        model = self.model
        if wanted.items() <= model.model.extras.items():
            return False
        if self.state.record_count:
            raise StoreError(
                "further columns to compare are settled by the first ingest of a store; this one"
                f" compares {', '.join(sorted(self.extras)) or 'none'}."
            )
        version = model.version + self.ledger.keeps_model()
        self.model = FrozenModel(
            version, model.model.with_extras(wanted), model.records, model.chances
        )
        return True

    def regroup(self, happened: Happened) -> Regrouped:
        """Who is one person, now that something happened to records."""
        next_person = int(self.ledger.peek("person"))
        return regroup(self.state, self.model, happened, next_person)

    def prepare(self) -> None:
        """Has everything in memory that later work needs."""
        with self.lock:
            look_at_large(self.state, self.model)
            weigh_within(self.state.population, self.model, self.state.remembered)

    def run(
        self,
        kind: str,
        by: str | None = None,
        note: str | None = None,
        sources: Sequence[str] = (),
        records: int = 0,
        *,
        undoes: str | None = None,
    ) -> Run:
        """A run that happens now."""
        return Run(kind, self.clock(), by, note, sources, self._kept.model.version, records, undoes)
