"""A large source cut into parts, so that others get their turn between two of them."""

from __future__ import annotations

from collections.abc import Iterator

from matcher.normalise import normalise
from matcher.records import RawRecords
from matcher.store.loading import with_settled_dates
from matcher.store.session import Session


def parts(session: Session, raw: RawRecords, size: int) -> Iterator[RawRecords]:
    """Records in parts; see ``matcher.store.Store.parts``.

    What day and month are in a date is seen by the whole source, so it is settled before the cut.
    """
    records, _ = normalise(raw, default_region=session.region, extra=session.extras)
    table = with_settled_dates(raw.table, records)
    del records
    for start in range(0, table.num_rows, size):
        yield RawRecords(table.slice(start, size).combine_chunks())
