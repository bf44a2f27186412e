"""A large source taken in part by part, so that others get their turn between two of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from matcher.normalise import normalise
from matcher.records import RawRecords
from matcher.stages import Stages
from matcher.store.changes import Changes
from matcher.store.ingesting import Alongside, ingest
from matcher.store.loading import settled
from matcher.store.naming import Named, name_rows
from matcher.store.session import Session


def ingest_in_parts(
    session: Session, raw: RawRecords, size: int, by: str | None, note: str | None
) -> Iterator[Callable[[], Changes]]:
    """What takes in the parts of a source; see ``matcher.store.Store.ingest_in_parts``.

    What is day and what is month in a date, and whether it is a list of organisations, is seen by
    the whole source, and so settled before the cut; rows without an id are named by what they said
    before that, as everywhere.
    """
    named = name_rows(raw.table)
    records, _ = normalise(raw, default_region=session.region, extra=session.extras)
    table = settled(raw.table, records)
    del records
    for start in range(0, table.num_rows, size):
        part = RawRecords(table.slice(start, size).combine_chunks())
        rows = np.arange(start, start + len(part))
        yield partial(_ingest, session, part, named.of(rows), by, note)


def _ingest(
    session: Session, part: RawRecords, named: Named, by: str | None, note: str | None
) -> Changes:
    also = Alongside(named=named)
    return ingest(session, part, {}, Stages(), by=by, note=note, alongside=also)
