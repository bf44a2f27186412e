"""One person, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

_WIDEST = 48


@dataclass(frozen=True, slots=True)
class Told:
    """A value, and which record tells it.

    Attributes:
        field: ``first_name``, ``email``, ``van_id``, and so on.
        value: as it is shown.
        record_id: the record.
        source: where that comes from.
        updated_at: the record's own date, ISO text; ``None`` where it has none.
        came_at: when it came into the store.
    """

    field: str
    value: str
    record_id: str
    source: str
    updated_at: str | None
    came_at: datetime


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """A record of a person.

    Attributes:
        record_id: what it is called.
        source: where it comes from.
        source_record_id: its id there, where known.
        updated_at: its own date, ISO text; ``None`` where it has none.
        came_at: when this version of it came into the store.
    """

    record_id: str
    source: str
    source_record_id: str | None
    updated_at: str | None
    came_at: datetime


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field on which the records of a person disagree.

    Attributes:
        field: its name.
        told: what each record says, one per record.
    """

    field: str
    told: Sequence[Told]


@dataclass(frozen=True, slots=True)
class Person:
    """A person as a store knows it. Prints as a table.

    Attributes:
        person_id: its id; of the survivor where the one asked for has merged.
        entity_type: ``person`` or ``organization``.
        values: the golden record: the best value of each field and the record it comes from.
        emails: all addresses, the best first.
        phones: all numbers, the best first.
        addresses: all postal addresses, the most recent first.
        ids: all identifiers that systems gave.
        records: its records, in the order in which they came.
        conflicts: fields on which they disagree.
    """

    person_id: str
    entity_type: str
    values: Sequence[Told]
    emails: Sequence[Told]
    phones: Sequence[Told]
    addresses: Sequence[Told]
    ids: Sequence[Told]
    records: Sequence[HeldRecord]
    conflicts: Sequence[Conflict]

    @property
    def golden(self) -> Mapping[str, str]:
        """Field -> best value."""
        return {told.field: told.value for told in self.values}

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON but for the times, which are ``datetime``."""
        return asdict(self)

    def __str__(self) -> str:
        count = f"{len(self.records):,} record{'s' if len(self.records) != 1 else ''}"
        lines = [f"{self.person_id}, {self.entity_type}, {count}", ""]
        lines += _table(("field", "value", "record", "source", "date"), map(_row, self._told()))
        for conflict in self.conflicts:
            lines += ["", f"disagree on {conflict.field}:"]
            lines += [f"  {_shortened(told.value)}: {told.record_id}" for told in conflict.told]
        lines += ["", "records:"]
        lines += [f"  {record.record_id} ({record.source})" for record in self.records]
        return "\n".join(lines)

    def _told(self) -> Iterator[Told]:
        """The golden record, then what else there is of emails, phones, addresses and ids."""
        shown = {(told.field, told.value) for told in self.values}
        yield from self.values
        for told in (*self.emails, *self.phones, *self.addresses, *self.ids):
            if (told.field, told.value) not in shown:
                yield told


def _row(told: Told) -> tuple[str, ...]:
    day = told.updated_at or f"came {told.came_at.date()}"
    return told.field, _shortened(told.value), told.record_id, told.source, day


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> list[str]:
    every = [head, *rows]
    widths = [max(len(row[place]) for row in every) for place in range(len(head))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in every
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return lines


def _shortened(text: str) -> str:
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"
