"""The identity store: people that stay the same next week, in one DuckDB file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matcher.content import content_hashes
from matcher.errors import StoreError
from matcher.normalise import normalise
from matcher.reading import read
from matcher.records import EXTRA_PREFIX
from matcher.stages import Progress, Stages
from matcher.store.changes import Changes
from matcher.store.files import open_file
from matcher.store.frozen import FrozenModel
from matcher.store.ids import person_id
from matcher.store.ledger import Ledger, Run
from matcher.store.loading import identifier_rows, load_state, record_rows, with_settled_dates
from matcher.store.naming import Named, name_rows
from matcher.store.regrouping import Regrouped, regroup
from matcher.store.state import State

Ints = npt.NDArray[np.int64]
Columns = Mapping[str, str | Sequence[str]]


class Store:
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
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.path = Path(path)
        self._connection = open_file(
            self.path, wait=wait, read_only=read_only, region=default_region
        )
        self._ledger = Ledger(self._connection)
        self._region = str(self._ledger.rows("SELECT region FROM store")[0][0])
        self._clock = clock
        self._lock = RLock()
        self._model = self._ledger.model()
        self._loaded: State | None = None

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Gives the file back; the store cannot be used any more."""
        with self._lock:
            self._connection.close()
            self._loaded = None

    def ingest(
        self,
        source: Any,
        columns: Columns | None = None,
        extra: Mapping[str, str] | None = None,
        *,
        by: str | None = None,
        note: str | None = None,
        progress: Progress | None = None,
    ) -> Changes:
        """Takes in records: all of them or none, durable when it returns.

        A record is named by its source and its id there, or, without an id, by what it says.
        What came before unchanged is passed over, so a repeated ingest does nothing; a record
        that says something new gets a new version, and only the people it touches are looked at.

        Args:
            source: as for ``matcher.dedupe``.
            columns: canonical name -> column(s) of the input, for what is not recognised.
            extra: further columns to compare -> ``text``, ``exact``, ``date`` or ``number``.
            by: who does it, for the history.
            note: what to remember of it.
            progress: called with the name of each stage.

        Raises:
            InputError: the input cannot be read or has no usable column.
            StoreError: the file cannot be written.
        """
        stages = Stages(progress)
        with stages.stage("read"):
            raw = read(source, columns=columns, extra=extra)
        with self._lock, self._writing():
            with stages.stage("open"):
                state = self._state
                model = self._with_extras(extra or {})
            with stages.stage("normalise"):
                named = name_rows(raw.table)
                rows, numbers = _arrivals(state, named)
                chosen = raw.table.take(pa.array(rows))
                records, rejects = normalise(
                    type(raw)(chosen), default_region=self._region, extra=self._kinds(model)
                )
                chosen = with_settled_dates(chosen, records)
                named = _taken(named, rows)
            fresh = numbers >= state.record_count
            versions = self._ledger.numbers("record", len(rows))
            with stages.stage("resolve"):
                gone = state.slots(numbers[~fresh])
                arrived = state.add(records, content_hashes(records), named, numbers, versions)
                regrouped = self._regroup(model, arrived, gone, np.zeros(0, np.int64))
            with stages.stage("save"):
                run = self._run("ingest", by, note, model, chosen)
                with self._ledger.transaction():
                    number = self._ledger.add_run(run)
                    if model is not self._model:
                        self._ledger.add_model(model, number)
                    table = record_rows(chosen, named, numbers, versions, number)
                    self._ledger.add("record", table)
                    self._ledger.add("identifier", identifier_rows(records, versions))
                    self._save(regrouped, number)
                self._model = model
            return self._changes(
                number,
                regrouped,
                numbers,
                records_new=int(fresh.sum()),
                records_changed=int((~fresh).sum()),
                records_same=len(raw) - len(rows),
                rejects=pa.concat_tables([raw.rejects, rejects]),
            )

    @property
    def _state(self) -> State:
        if self._loaded is None:
            self._loaded = load_state(self._ledger, self._region, self._kinds(self._model))
        return self._loaded

    def _writing(self) -> _Undone:
        return _Undone(self)

    def _kinds(self, model: FrozenModel) -> dict[str, str]:
        extras = model.model.extras
        return {name.removeprefix(EXTRA_PREFIX): kind for name, kind in extras.items()}

    def _with_extras(self, extra: Mapping[str, str]) -> FrozenModel:
        """The model with comparisons of further columns: a new version where it had not all."""
        wanted = {EXTRA_PREFIX + name: kind for name, kind in extra.items()}
        if wanted.items() <= self._model.model.extras.items():
            return self._model
        if self._state.record_count:
            raise StoreError(
                "further columns to compare are settled by the first ingest of a store; this one"
                f" compares {sorted(self._kinds(self._model)) or 'none'}."
            )
        return FrozenModel(
            self._model.version,
            self._model.model.with_extras(wanted),
            self._model.records,
            self._model.chances,
        )

    def _regroup(self, model: FrozenModel, arrived: Ints, gone: Ints, touched: Ints) -> Regrouped:
        return regroup(self._state, model, arrived, gone, touched, self._next_person)

    def _next_person(self) -> int:
        return int(self._ledger.rows("SELECT coalesce(max(person), 0) + 1 FROM event")[0][0])

    def _run(
        self, kind: str, by: str | None, note: str | None, model: FrozenModel, rows: pa.Table
    ) -> Run:
        sources = sorted(rows["source"].unique().to_pylist()) if rows.num_rows else []
        return Run(kind, self._clock(), by, note, sources, model.version, rows.num_rows)

    def _save(self, regrouped: Regrouped, run: int) -> None:
        """Adds who belongs to whom, and what became of persons, to the file and to memory."""
        renaming, moved = regrouped.renaming, regrouped.moved
        records, persons = regrouped.records[moved], renaming.person[moved]
        nobody = pa.array(persons, mask=persons < 0)
        self._ledger.add("membership", {"record": records, "person": nobody, "run": run})
        for kind, told in (
            ("created", dict.fromkeys(p for p in renaming.created if p not in renaming.split)),
            ("split", renaming.split),
            ("merged", renaming.merged),
            ("emptied", dict.fromkeys(renaming.emptied)),
        ):
            self._ledger.add(
                "event",
                {
                    "event": self._ledger.numbers("event", len(told)),
                    "run": run,
                    "kind": kind,
                    "person": np.fromiter(told, np.int64, len(told)),
                    "other_person": pa.array(list(told.values()), pa.int64()),
                },
            )
        self._state.set_persons(records, persons)

    def _changes(self, run: int, regrouped: Regrouped, numbers: Ints, **counts: Any) -> Changes:
        renaming = regrouped.renaming
        moved = regrouped.moved
        touched = np.concatenate(
            [self._state.persons(numbers), regrouped.before[moved], renaming.person[moved]]
        )
        ended = [*renaming.created, *renaming.merged, *renaming.emptied]
        updated = np.setdiff1d(touched[touched >= 0], np.array(ended, np.int64))
        return Changes(
            run=run,
            created=[person_id(p) for p in renaming.created if p not in renaming.split],
            updated=[person_id(p) for p in updated.tolist()],
            merged={person_id(a): person_id(b) for a, b in renaming.merged.items()},
            split={person_id(a): person_id(b) for a, b in renaming.split.items()},
            emptied=[person_id(p) for p in renaming.emptied],
            **counts,
        )


class _Undone:
    """Where writing fails, what is in memory is dropped and read again from the file."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._store._loaded = None


def _arrivals(state: State, named: Named) -> tuple[Ints, Ints]:
    """The rows that say something new, and the record of each: the last row of each name."""
    count = len(named.names)
    _, last = np.unique(named.names[::-1], return_index=True)
    rows = np.sort(count - 1 - last)
    numbers, same = state.known(_taken(named, rows))
    rows, numbers = rows[~same], numbers[~same]
    fresh = numbers < 0
    numbers[fresh] = state.record_count + np.arange(int(fresh.sum()))
    return rows, numbers


def _taken(named: Named, rows: Ints) -> Named:
    return Named(named.names[rows], named.content[rows], named.record_ids.take(pa.array(rows)))
