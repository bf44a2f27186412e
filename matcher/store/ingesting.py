"""Records come into a store: all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matcher.content import content_hashes
from matcher.normalise import normalise
from matcher.records import RawRecords, Records
from matcher.stages import Stages
from matcher.store.changes import Changes
from matcher.store.fingerprints import NamedRecords
from matcher.store.frozen import FrozenModel
from matcher.store.loading import come_apart, identifier_rows, record_rows, settled
from matcher.store.naming import Named, name_rows
from matcher.store.population import closed
from matcher.store.regrouping import Happened, Regrouped
from matcher.store.returning import returning
from matcher.store.saving import Counts, changes_of, save
from matcher.store.session import Session
from matcher.store.state import State
from matcher.subsets import subset

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def _nothing() -> Ints:
    return np.zeros(0, np.int64)


@dataclass(frozen=True)
class Alongside:
    """What else happens in the run of an ingest.

    Attributes:
        withdrawn: names of records that are no more; those that the store does not know are
            passed over.
        save: adds further rows for the run of this number, in the same transaction; it is also
            given the ids of the records that were turned away, being of persons forgotten.
        within: the realm that the records are named in (``matcher.store.naming``).
        named: the names of the rows, where they were made from the rows as they came and these are
            a part of them that has been worked on since.
    """

    withdrawn: Ints = field(default_factory=_nothing)
    save: Callable[[int, Sequence[str]], None] = lambda run, turned_away: None
    within: str = ""
    named: Named | None = None


#: From so many records on, a model learnt from them is better than the shipped one.
_ENOUGH_TO_LEARN = 300
_LEARN = (
    "The store weighs by the shipped model; retrain (--dry-run shows what that would change) learns"
    " from its records and tells people apart better."
)


def ingest(
    session: Session,
    raw: RawRecords,
    extra: Mapping[str, str],
    stages: Stages,
    *,
    by: str | None = None,
    note: str | None = None,
    model: FrozenModel | None = None,
    bring_back: bool = False,
    alongside: Alongside | None = None,
) -> Changes:
    """Takes in records, in one run; see ``matcher.store.Store.ingest``.

    Args:
        session: of the store.
        raw: the records as they came.
        extra: further columns to compare, and how.
        stages: tells of the progress.
        by: who does it.
        note: what to remember of it.
        model: of a new store: what it is to weigh by.
        bring_back: also takes in records of persons who were forgotten.
        alongside: what else is done in the same run.
    """
    also = alongside or Alongside()
    with session.writing():
        with stages.stage("open"):
            before = session.state.record_count
            session.model = model or session.model
            new_model = session.compare_also(extra) or model is not None
            new_model |= not session.ledger.keeps_model()
        with stages.stage("normalise"):
            named = also.named or name_rows(raw.table, also.within)
            came = _arrived(session, raw, named, bring_back)
        with stages.stage("resolve"):
            taken = _taken_in(session, came, also.withdrawn)
        with stages.stage("save"), session.ledger.transaction():
            about = session.run("ingest", by, note, came.sources, len(came.numbers))
            run = session.ledger.add_run(about)
            if new_model:
                session.ledger.add_model(session.model, run)
            _save(session, came, taken, run)
            followed = save(session, taken.regrouped, run)
            also.save(run, came.turned_away)
        records, counts = _about(came, taken)
        changes = changes_of(
            session, run, taken.regrouped, records,
            counts=counts, rejects=came.rejects, followed=followed,
        )  # fmt: skip
        return _with_advice(session, changes, before)


@dataclass(frozen=True)
class _Taken:
    """Records that have been taken into memory.

    Attributes:
        versions: of each that came.
        fresh: which of them are new.
        withdrawn: records that are no more.
        regrouped: what became of persons.
    """

    versions: Ints
    fresh: Bools
    withdrawn: Ints
    regrouped: Regrouped


def _taken_in(session: Session, came: _Arrived, names: Ints) -> _Taken:
    """Takes records in, and out those of some names; who is who now."""
    state = session.state
    fresh = came.numbers >= state.record_count
    versions = session.ledger.numbers("record", len(fresh))
    gone = state.slots(came.numbers[~fresh])
    withdrawn = state.called(names)
    gone = closed([gone, state.retire(withdrawn)])
    said = content_hashes(came.records)
    arrived = state.add(came.records, said, came.named, came.numbers, versions)
    return _Taken(versions, fresh, withdrawn, session.regroup(Happened(arrived, gone)))


def _save(session: Session, came: _Arrived, taken: _Taken, run: int) -> None:
    """Adds the rows of what came, and of what is no more."""
    add, versions = session.ledger.add, taken.versions
    add("record", record_rows(came.table, came.named, came.numbers, versions, run))
    add("identifier", identifier_rows(came.records, versions))
    add("brought_back", {"forgotten": list(came.brought_back), "run": run})
    if len(taken.withdrawn):
        add("withdrawal", _withdrawals(session, taken.withdrawn, run))


def _about(came: _Arrived, taken: _Taken) -> tuple[Ints, Counts]:
    """The records that a run is about, and how many rows were new, changed or the same."""
    counts = Counts(int(taken.fresh.sum()), int((~taken.fresh).sum()), came.same)
    return np.concatenate([came.numbers, taken.withdrawn]), counts


def _with_advice(session: Session, changes: Changes, before: int) -> Changes:
    """The changes, with the advice to learn once there is enough to learn from.

    Args:
        session: of the store.
        changes: of the run.
        before: how many records there were.
    """
    worth_telling = before < _ENOUGH_TO_LEARN <= session.state.record_count
    if worth_telling and session.model.is_shipped:
        return replace(changes, notes=[*changes.notes, _LEARN])
    return changes


def _withdrawals(session: Session, records: Ints, run: int) -> dict[str, Any]:
    """The rows of the table ``withdrawal`` that take back every version of some records."""
    found = session.ledger.rows(
        "SELECT version FROM record WHERE record IN (SELECT unnest(?::BIGINT[]))",
        [records.tolist()],
    )
    versions = np.array([version for (version,) in found], np.int64)
    return {"version": versions, "run": run, "withdrawn": True}


@dataclass(frozen=True)
class _Arrived:
    """Records that say something new.

    Attributes:
        table: as they came.
        records: normalised.
        named: of each.
        numbers: of each; those of new ones count on.
        same: how many rows said nothing new.
        rejects: rows and values that could not be used, or were turned away.
        brought_back: runs in which persons were forgotten who are back now.
        turned_away: ids of records that are not here, being of persons forgotten.
    """

    table: pa.Table
    records: Records
    named: Named
    numbers: Ints
    same: int
    rejects: pa.Table
    brought_back: Sequence[int] = ()
    turned_away: Sequence[str] = ()

    @property
    def sources(self) -> list[str]:
        """Where they come from."""
        return sorted(set(self.table["source"].unique().to_pylist()))


def _arrived(session: Session, raw: RawRecords, named: Named, bring_back: bool) -> _Arrived:
    """The rows that say something new, without those of persons who were forgotten."""
    count = session.state.record_count
    rows, numbers, named = _arrivals(session.state, named)
    table = raw.table.take(pa.array(rows)) if len(rows) < len(raw) else raw.table
    records, rejects = normalise(
        RawRecords(table), default_region=session.region, extra=session.extras,
        apart=come_apart(raw.table),
    )  # fmt: skip
    table = settled(table, records)
    rejects = pa.concat_tables([raw.rejects, rejects])
    came = _Arrived(table, records, named, numbers, len(raw) - len(rows), rejects)
    back = returning(session, table, NamedRecords(records, named.names), numbers >= count)
    if bring_back:
        return replace(came, brought_back=back.runs)
    if not len(back.rows):
        return came
    kept = np.flatnonzero(~np.isin(np.arange(len(numbers)), back.rows))
    numbers = numbers[kept]
    numbers[numbers >= count] = count + np.arange(int((numbers >= count).sum()))
    return _Arrived(
        table.take(pa.array(kept)), subset(records, kept), named.of(kept), numbers, came.same,
        pa.concat_tables([rejects, back.rejects]),
        turned_away=named.of(back.rows).record_ids.to_pylist(),
    )  # fmt: skip


def _arrivals(state: State, named: Named) -> tuple[Ints, Ints, Named]:
    """The rows that say something new, the record of each, and its name.

    Of several rows of one name the last one counts.
    """
    _, last = np.unique(named.names[::-1], return_index=True)
    rows = np.sort(len(named.names) - 1 - last)
    numbers, same = state.known(named.of(rows))
    rows, numbers = rows[~same], numbers[~same]
    fresh = numbers < 0
    numbers[fresh] = state.record_count + np.arange(int(fresh.sum()))
    return rows, numbers, named.of(rows)
