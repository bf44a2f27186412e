"""All that happened in a replay: events as columns, and which row went to whom."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from matcher.policies.decisions import Decision
from matcher.policies.outcomes import Event, Refusal

#: Events turned into columns at a time; as tuples they need ten times the memory.
_CHUNK = 100_000

_WORD = pa.dictionary(pa.int32(), pa.string())
EVENT_SCHEMA = pa.schema(
    [
        ("row", pa.int64()),
        ("outcome", _WORD),
        ("rule", _WORD),
        ("person_id", pa.string()),
        ("other_person_id", pa.string()),
        ("field", _WORD),
        ("before", pa.string()),
        ("after", pa.string()),
        ("status_code", pa.int64()),
        ("note", _WORD),
    ]
)


class History:
    """Grows while a replay runs.

    Attributes:
        rows: the rows that are part of a person, in order.
        owners: whose each of them was when it came; merges since are not applied.
        refusals: rows that are part of no person, and values that could not be used, and why.
    """

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.owners: list[str] = []
        self.refusals: list[tuple[int, Refusal]] = []
        self._open: list[Event] = []
        self._closed: list[pa.Table] = []

    def add(self, row: int, decision: Decision, faults: Sequence[Refusal] = ()) -> None:
        """Notes what became of one row, and which of its values could not be used."""
        if faults:
            self.refusals += [(row, fault) for fault in faults]
        if decision.person_id is not None:
            self.rows.append(row)
            self.owners.append(decision.person_id)
        if decision.refusal is not None:
            self.refusals.append((row, decision.refusal))
        self._open += decision.events
        if len(self._open) >= _CHUNK:
            self._close()

    def events(self) -> pa.Table:
        """All events in order (``EVENT_SCHEMA``)."""
        self._close()
        if not self._closed:
            return EVENT_SCHEMA.empty_table()
        return pa.concat_tables(self._closed).unify_dictionaries()

    def _close(self) -> None:
        if not self._open:
            return
        columns = zip(*self._open, strict=True)
        arrays = [
            pa.array(values, pa.string()).dictionary_encode()
            if field.type == _WORD
            else pa.array(values, field.type)
            for values, field in zip(columns, EVENT_SCHEMA, strict=True)
        ]
        self._closed.append(pa.table(arrays, schema=EVENT_SCHEMA))
        self._open = []
