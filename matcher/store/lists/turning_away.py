"""Rows of people who were forgotten do not come into a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from matcher.policies.outcomes import Refusal
from matcher.policies.rows import Cleaned
from matcher.policies.sources import Batch
from matcher.store.fingerprints import NamedRecords
from matcher.store.naming import name_rows
from matcher.store.returning import returning
from matcher.store.session import Session

#: What stands for a rule in the events of such rows.
RULE = "forgotten"


def turned_away(session: Session, read: Sequence[Batch]) -> Mapping[int, Refusal]:
    """The rows by which somebody who was forgotten would come back, and why they are refused.

    Args:
        session: of the store.
        read: the inputs.

    Returns:
        by the row's number through all that the list has taken in.
    """
    if not session.ledger.knows_forgotten:
        return {}
    return {
        row + batch.first_row: why
        for batch in read
        for cleaned in (batch.cleaned, batch.drafts.cleaned if batch.drafts else None)
        if cleaned is not None and len(cleaned)
        for row, why in _of(session, cleaned)
    }


def _of(session: Session, cleaned: Cleaned) -> Iterator[tuple[int, Refusal]]:
    table, records = cleaned.raw.table, cleaned.records
    is_named = "source_record_id" in table.column_names  # payloads are not
    names = name_rows(table).names if is_named else np.zeros(len(cleaned), np.int64)
    named = NamedRecords(records, names)
    rejects = returning(session, table, named, np.ones(len(cleaned), np.bool_)).rejects
    for row, reason in zip(rejects["row"].to_pylist(), rejects["reason"].to_pylist(), strict=True):
        yield row, Refusal(None, None, reason, RULE)
