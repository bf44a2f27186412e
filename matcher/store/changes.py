"""What a run changed, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from matcher import outputs
from matcher.records import empty_rejects
from matcher.store.ids import run_id

if TYPE_CHECKING:
    import pandas as pd

#: So many merges and splits are told one by one.
_NAMED_ONE_BY_ONE = 10


@dataclass(frozen=True)
class Changes:
    """What one run did to a store.

    Attributes:
        run: its number, 0 where nothing was written; the history calls it ``R12``.
        records_new: records that the store did not know.
        records_changed: records that say something new.
        records_same: rows that said nothing new.
        created: ids of new persons.
        updated: ids of persons that gained or lost a record, or of whom one says something new.
        merged: id of a person that is no more -> id of the one that it merged into.
        split: id of a new person -> id of the one that it was part of.
        emptied: ids of persons that have no record any more.
        restored: ids of persons that are there again.
        rejects: rows and values that could not be used (file, row, column, value, reason).
        notes: what the user should know, one sentence each.
        interactions: what became of interactions, in words; empty where nothing did.
    """

    run: int
    records_new: int = 0
    records_changed: int = 0
    records_same: int = 0
    created: Sequence[str] = ()
    updated: Sequence[str] = ()
    merged: Mapping[str, str] = field(default_factory=dict)
    split: Mapping[str, str] = field(default_factory=dict)
    emptied: Sequence[str] = ()
    restored: Sequence[str] = ()
    rejects: pa.Table = field(default_factory=empty_rejects)
    notes: Sequence[str] = ()
    interactions: str = ""

    @property
    def events_table(self) -> pa.Table:
        """``events`` as an Arrow table."""
        from matcher.policies.history import EVENT_SCHEMA

        return EVENT_SCHEMA.empty_table()

    @property
    def events(self) -> pd.DataFrame:
        """What a vendor's rules did with each row, where rows came in by a policy.

        ``row, outcome, rule, person_id, other_person_id, field, before, after, status_code,
        note``, as ``matcher.replay`` tells it; rows are counted from 1 through what came in this
        run, and persons are those of the vendor's list.
        """
        from matcher.policies.replayed import frame

        return frame(self.events_table)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as ``--json`` prints them; rejects as their number."""
        plain = {**asdict(self), "rejects": self.rejects.num_rows}
        return {name: list(v) if isinstance(v, tuple) else v for name, v in plain.items()}

    def table(self) -> pa.Table:
        """One row per person that changed: ``person_id, change, other_person_id``.

        The other person is the one that it merged into or was split from.
        """
        told = [
            *((person, "created", None) for person in self.created),
            *((person, "updated", None) for person in self.updated),
            *((person, "merged", into) for person, into in self.merged.items()),
            *((person, "split", of) for person, of in self.split.items()),
            *((person, "emptied", None) for person in self.emptied),
            *((person, "restored", None) for person in self.restored),
        ]
        columns = zip(*told, strict=True) if told else ((), (), ())
        names = ("person_id", "change", "other_person_id")
        return pa.table(
            {
                name: pa.array(column, pa.string())
                for name, column in zip(names, columns, strict=True)
            }
        )

    def write(self, folder: str | Path) -> Sequence[Path]:
        """Writes ``changes.csv`` and ``rejects.csv`` into a folder, all or none.

        What a vendor's rules did goes into ``events.csv``.

        Returns:
            the paths written.

        Raises:
            OutputError: the folder cannot be made or written to.
        """
        place, tables = Path(folder), self._tables()
        with outputs.open_folder(place) as fresh:
            for name, table in tables.items():
                outputs.write_csv(fresh / name, outputs.in_parts(table))
        return [place / name for name in tables]

    def _tables(self) -> dict[str, pa.Table]:
        """What ``write`` writes, by file name."""
        return {"changes.csv": self.table(), "rejects.csv": self.rejects}

    def __str__(self) -> str:
        return "\n".join([*self._told(), *self.notes])

    def _told(self) -> Iterator[str]:
        records = (self.records_new, self.records_changed, self.records_same)
        if any(records):
            yield "records: {:,} new, {:,} changed, {:,} as before".format(*records)
        counts = {
            "created": len(self.created),
            "updated": len(self.updated),
            "merged": len(self.merged),
            "split off": len(self.split),
            "emptied": len(self.emptied),
            "restored": len(self.restored),
        }
        told = ", ".join(f"{count:,} {word}" for word, count in counts.items() if count)
        yield f"persons: {told or 'as before'}"
        if len(self.merged) + len(self.split) <= _NAMED_ONE_BY_ONE:
            yield from (f"  {person} is part of {into} now" for person, into in self.merged.items())
            yield from (f"  {person} was part of {of}" for person, of in self.split.items())
        if self.interactions:
            yield f"interactions: {self.interactions}"
        if self.rejects.num_rows:
            yield f"rejects: {self.rejects.num_rows:,} rows or values could not be used"
        if self.run:
            yield f"run: {run_id(self.run)}"
