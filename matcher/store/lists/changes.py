"""What a run changed in a vendor's list, and by that in the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from matcher.policies.history import EVENT_SCHEMA
from matcher.policies.outcomes import MAIN
from matcher.policies.replayed import Replay
from matcher.store.changes import Changes


def _from_one(table: pa.Table, rows_before: int) -> pa.Table:
    rows = pc.subtract(table["row"], rows_before)
    return table.set_column(table.column_names.index("row"), "row", rows)


@dataclass(frozen=True)
class ListChanges(Changes):
    """What one run did to a vendor's list, and to the store.

    Its records are the people of the list that say something new; ``rejects`` names the vendor's
    rule too.

    Attributes:
        policy: the list.
        vendor_events: ``events`` as an Arrow table.
    """

    policy: str = ""
    vendor_events: pa.Table = field(default_factory=EVENT_SCHEMA.empty_table)

    @classmethod
    def of(cls, changes: Changes, told: Replay, rows_before: int) -> ListChanges:
        """The changes in the store, with what is told of the list.

        Args:
            changes: in the store.
            told: what became of the rows.
            rows_before: how many the list had taken in before these, which are counted from 1.
        """
        held = {each.name: getattr(changes, each.name) for each in fields(changes)}
        rejects = [_from_one(told.rejects_table(), rows_before), changes.rejects]
        held["rejects"] = pa.concat_tables(rejects, promote_options="default")
        events = _from_one(told.events_table(), rows_before)
        return cls(**held, policy=told.policy, vendor_events=events)

    @property
    def events_table(self) -> pa.Table:
        """``events`` as an Arrow table."""
        return self.vendor_events

    def to_dict(self) -> dict[str, Any]:
        """Plain values; rejects and events as their numbers."""
        return super().to_dict() | {"policy": self.policy, "vendor_events": len(self.vendor_events)}

    def _tables(self) -> dict[str, pa.Table]:
        return super()._tables() | {"events.csv": self.vendor_events}

    def _told(self) -> Iterator[str]:
        outcomes = Counter(self.vendor_events["outcome"].to_pylist())
        told = [f"{outcomes[word]:,} {word}" for word in sorted(MAIN) if outcomes[word]]
        yield f"rows of {self.policy}: {', '.join(told) or 'none'}"
        yield from super()._told()
