"""A person from its live records: what each tells, and where they disagree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from matcher.golden import GoldenRecords
from matcher.golden_rules import NAME_FIELDS, GoldenRule
from matcher.normalise.emails import repaired
from matcher.records import EXTRA_PREFIX, Column
from matcher.spelling import spelt
from matcher.store.holding import Held
from matcher.store.person import Conflict, HeldRecord, Person, Told

_ADDRESS = (
    "street_number", "address_line1", "address_line2", "city", "region", "postal_code", "country",
)  # fmt: skip


def tell(held: Held, came: Mapping[int, datetime], rules: Mapping[str, GoldenRule]) -> Person:
    """The person whose records these are.

    Args:
        held: all live records of one person.
        came: run -> when it happened.
        rules: for the golden record.
    """
    return _Teller(held, came).person(rules)


def conflicts(held: Held, came: Mapping[int, datetime]) -> tuple[Conflict, ...]:
    """Where some records would disagree if they were one person's.

    Args:
        held: the records.
        came: run -> when it happened.
    """
    return tuple(_Teller(held, came).conflicts())


class _Teller:
    def __init__(self, held: Held, came: Mapping[int, datetime]) -> None:
        self._held = held
        self._rows: list[dict[str, Any]] = held.raw.table.to_pylist()
        self._came = [came[run] for run in held.runs.tolist()]
        dates = _texts(held.records.get("updated_at"))
        self._records = [
            HeldRecord(row["record_id"], row["source"], row["source_record_id"], day, when)
            for row, day, when in zip(self._rows, dates, self._came, strict=True)
        ]
        self._by_id = {record.record_id: record for record in self._records}
        #: Places of records, the most recent first.
        self._recent = sorted(
            range(len(self._rows)), key=lambda row: (dates[row] or "", row), reverse=True
        )

    def person(self, rules: Mapping[str, GoldenRule]) -> Person:
        held = self._held
        golden = GoldenRecords(held, held.person_ids, rules, "person_id").table().to_pylist()[0]
        return Person(
            person_id=golden["person_id"],
            entity_type=golden["entity_type"],
            values=list(self._golden(golden)),
            emails=_led(self._contacts("email", held.records.emails), golden.get("emails")),
            phones=_led(self._contacts("phone", held.records.phones), golden.get("phones")),
            addresses=list(_distinct(self._addresses())),
            ids=list(_distinct(self._ids())),
            records=self._records,
            conflicts=list(self.conflicts()),
        )

    def _golden(self, golden: Mapping[str, Any]) -> Iterator[Told]:
        for field, value in golden.items():
            record_id = golden.get(f"{field}_from")
            if record_id is not None and value is not None:
                yield _told(field, value, self._by_id[record_id])

    def _contacts(self, name: str, slots: Sequence[Column]) -> list[Told]:
        """All emails or phones, each as its most recent record tells it."""
        found: dict[str, Told] = {}
        columns = [_texts(slot) for slot in slots]
        typed = self._held.raw.repeated(name)
        for row in self._recent:
            for slot, column in enumerate(columns):
                value = column[row]
                if value is not None and value not in found:
                    written = _sendable(self._rows[row][typed[slot]]) if name == "email" else value
                    found[value] = _told(name, written, self._records[row])
        return list(found.values())

    def _addresses(self) -> Iterator[Told]:
        for row in self._recent:
            parts = [self._rows[row].get(name) for name in _ADDRESS]
            if parts[0] and parts[1]:  # a house number in a column of its own
                parts[:2] = [f"{parts[0]} {parts[1]}"]
            text = ", ".join(part for part in parts if part)
            if text:
                yield _told("address", text, self._records[row])

    def _ids(self) -> Iterator[Told]:
        for system, column in self._held.records.external_ids.items():
            texts = _texts(column)
            for row in self._recent:
                if (value := texts[row]) is not None:
                    yield _told(system, value, self._records[row])

    def conflicts(self) -> Iterator[Conflict]:
        """Fields of which a person has one value, where the records tell several."""
        columns, ids = self._held.records.columns, self._held.records.external_ids
        extras = [name for name in columns if name.startswith(EXTRA_PREFIX)]
        for name in (*NAME_FIELDS, "birth_date", "gender", "address", *extras):
            if name in columns:
                yield from self._conflict(name, _texts(columns[name]))
        for system, column in ids.items():
            yield from self._conflict(system, _texts(column))

    def _conflict(self, name: str, values: Sequence[str | None]) -> Iterator[Conflict]:
        told = {value for value in values if value is not None}
        whole = {
            one for one in told if not any(_begins(other, one) for other in told if other != one)
        }
        if len(whole) > 1:
            field = name.removeprefix(EXTRA_PREFIX)
            yield Conflict(
                field,
                [
                    _told(field, self._written(name, row, value), self._records[row])
                    for row in self._recent
                    if (value := values[row]) is not None
                ],
            )

    def _written(self, name: str, row: int, value: str) -> str:
        raw = self._rows[row]
        if name in NAME_FIELDS:
            return spelt(raw.get(name) or raw.get("full_name"), value)
        if name == "address":
            return ", ".join(raw[part] for part in _ADDRESS[1:3] if raw.get(part)) or value
        return str(raw.get(name) or value)


def _sendable(typed: str) -> str:
    """An email as it was typed, without what some type around it."""
    clean = repaired(typed)
    return typed if clean is None or clean == typed.lower() else clean


def _begins(text: str, initial: str) -> bool:
    """Whether one is no more than an initial of the other: that is no disagreement."""
    return len(initial) == 1 and text.startswith(initial)


def _told(field: str, value: str, record: HeldRecord) -> Told:
    return Told(field, value, record.record_id, record.source, record.updated_at, record.came_at)


def _distinct(every: Iterator[Told]) -> Iterator[Told]:
    """The first of those that tell the same."""
    seen = set()
    for told in every:
        key = (told.field, told.value.casefold())
        if key not in seen:
            seen.add(key)
            yield told


def _led(found: Sequence[Told], order: Sequence[str] | None) -> list[Told]:
    """In the order of the golden record, where it tells one."""
    places = {text.casefold(): place for place, text in enumerate(order or ())}
    return sorted(found, key=lambda told: places.get(told.value.casefold(), len(places)))


def _texts(column: Column) -> list[str | None]:
    texts: pa.Array = column.texts()
    return list(texts.to_pylist())
