"""Records come into a store: all of them or none."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matcher.content import content_hashes
from matcher.normalise import normalise
from matcher.records import RawRecords
from matcher.stages import Stages
from matcher.store.changes import Changes
from matcher.store.frozen import FrozenModel
from matcher.store.loading import identifier_rows, record_rows, with_settled_dates
from matcher.store.naming import Named, name_rows
from matcher.store.regrouping import Happened
from matcher.store.session import Counts, Session
from matcher.store.state import State

Ints = npt.NDArray[np.int64]


def ingest(
    session: Session,
    raw: RawRecords,
    extra: Mapping[str, str],
    stages: Stages,
    *,
    by: str | None = None,
    note: str | None = None,
    model: FrozenModel | None = None,
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
    """
    with session.writing():
        with stages.stage("open"):
            state = session.state
            session.model = model or session.model
            new_model = session.compare_also(extra) or model is not None
        with stages.stage("normalise"):
            rows, numbers, named = _arrivals(state, raw.table)
            table = raw.table.take(pa.array(rows)) if len(rows) < len(raw) else raw.table
            records, rejects = normalise(
                RawRecords(table), default_region=session.region, extra=session.extras
            )
            table = with_settled_dates(table, records)
        fresh = numbers >= state.record_count
        versions = session.ledger.numbers("record", len(rows))
        with stages.stage("resolve"):
            gone = state.slots(numbers[~fresh])
            arrived = state.add(records, content_hashes(records), named, numbers, versions)
            regrouped = session.regroup(Happened(arrived, gone))
        with stages.stage("save"):
            sources = sorted(set(table["source"].unique().to_pylist()))
            with session.ledger.transaction():
                run = session.ledger.add_run(session.run("ingest", by, note, sources, len(rows)))
                if new_model:
                    session.ledger.add_model(session.model, run)
                session.ledger.add("record", record_rows(table, named, numbers, versions, run))
                session.ledger.add("identifier", identifier_rows(records, versions))
                session.save(regrouped, run)
        counts = Counts(int(fresh.sum()), int((~fresh).sum()), len(raw) - len(rows))
        rejects = pa.concat_tables([raw.rejects, rejects])
        return session.changes(run, regrouped, numbers, counts, rejects)


def _arrivals(state: State, table: pa.Table) -> tuple[Ints, Ints, Named]:
    """The rows that say something new, the record of each, and its name.

    Of several rows of one name the last one counts.
    """
    named = name_rows(table)
    _, last = np.unique(named.names[::-1], return_index=True)
    rows = np.sort(len(named.names) - 1 - last)
    numbers, same = state.known(named.of(rows))
    rows, numbers = rows[~same], numbers[~same]
    fresh = numbers < 0
    numbers[fresh] = state.record_count + np.arange(int(fresh.sum()))
    return rows, numbers, named.of(rows)
