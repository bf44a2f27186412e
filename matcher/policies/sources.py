"""What is to be replayed, input by input: tables by columns, payloads by their shape."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from matcher.errors import InputError
from matcher.policies.contacts import Contact
from matcher.policies.decisions import Policy
from matcher.policies.json_items import Item, checked, json_items
from matcher.policies.outcomes import Refusal
from matcher.policies.payloads import Drafts, read_payloads, shape_of
from matcher.policies.rows import REQUEST_COLUMNS, Cleaned, clean, contacts_of
from matcher.policies.shapes import Shape, shapes
from matcher.reading import read
from matcher.reading.inputs import Input, inputs_of
from matcher.reading.tables import is_table
from matcher.records import RawRecords, SourceReport

Columns = Mapping[str, str | Sequence[str]]

_NOTHING_KNOWN = Refusal("$", None, "has no field that any rule knows", "payload")


class Unreadable(NamedTuple):
    """A payload that cannot be looked at, and why."""

    row: int
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Batch:
    """One input, ready to be replayed.

    Attributes:
        name: of the input, for messages.
        count: its rows.
        first_row: what was counted before it; its own first row is the next.
        cleaned: its plain rows, if there are any.
        drafts: its payloads, if there are any.
        unreadable: what is neither.
        reports: what was recognised in it.
    """

    name: str
    count: int
    first_row: int
    cleaned: Cleaned | None
    drafts: Drafts | None
    unreadable: Sequence[Unreadable]
    reports: Sequence[SourceReport]

    @property
    def rejects(self) -> list[pa.Table]:
        """Rows and values that reading and normalising could not use, by row of the input."""
        tables = [self.cleaned.raw.rejects, self.cleaned.rejects] if self.cleaned else []
        return [*tables, self.drafts.cleaned.rejects] if self.drafts else tables

    def contacts(self, carries: Sequence[str]) -> Iterator[Contact | Unreadable]:
        """Its contacts in order."""
        streams: list[Iterator[Contact | Unreadable]] = []
        if self.cleaned is not None:
            streams.append(iter(contacts_of(self.cleaned, self.first_row, carries)))
        if self.drafts is not None:
            streams.append(self.drafts.contacts(self.first_row))
        if self.unreadable:
            shifted = (Unreadable(row + self.first_row, why) for row, why in self.unreadable)
            streams.append(iter(sorted(shifted)))
        return streams[0] if len(streams) == 1 else heapq.merge(*streams, key=attrgetter("row"))


def batches(
    rows: Any, *, columns: Columns | None, default_region: str, policy: Policy, first_row: int = 0
) -> Iterator[Batch]:
    """Every input in turn, its rows counted on from those of the one before.

    Args:
        rows: the inputs.
        columns: canonical name -> column(s), for what is not recognised.
        default_region: for phones that name no country.
        policy: whose shapes and columns are read.
        first_row: how many rows came before all of these.

    Raises:
        InputError: an input cannot be read or has no usable column.
        OptionError: ``rows`` cannot be meant.
    """
    reader = _Reader(columns, default_region, policy)
    for place, each in enumerate(_inputs(rows), 1):
        batch = reader.batch(each, first_row, place)
        yield batch
        first_row += batch.count


@dataclass(frozen=True, slots=True)
class _Reader:
    columns: Columns | None
    region: str
    policy: Policy

    def batch(self, source: Input, first_row: int, place: int) -> Batch:
        """One input: all plain rows, or payloads, which plain rows may stand between."""
        items = [checked(item) for item in _items(source) or ()]
        known = shapes(self.policy.shape) if items else ()
        shaped = [(item, shape_of(item, known)) for item in items]
        if not any(shape is not None or isinstance(item, Refusal) for item, shape in shaped):
            raw = self._read(source)
            count = sum(report.rows for report in raw.sources)
            name = raw.sources[0].name
            return Batch(name, count, first_row, self._clean(raw), None, (), raw.sources)
        name = str(source.value) if isinstance(source.value, Path) else f"payloads {place}"
        return self._mixed(shaped, name, first_row)

    def _mixed(
        self, shaped: Sequence[tuple[Item, Shape | None]], name: str, first_row: int
    ) -> Batch:
        numbered = list(enumerate(shaped, 1))
        drafts = read_payloads(
            [
                (row, item, shape)
                for row, (item, shape) in numbered
                if shape is not None and not isinstance(item, Refusal)
            ],
            name,
            default_region=self.region,
            keeps_spelling=self.policy.keeps_spelling,
        )
        broken = [Unreadable(row, item) for row, (item, _) in numbered if isinstance(item, Refusal)]
        plain = [
            (row, item)
            for row, (item, shape) in numbered
            if shape is None and not isinstance(item, Refusal)
        ]
        cleaned: Cleaned | None = None
        notes: Sequence[str] = ()
        if plain:
            try:
                raw = self._read(Input([dict(item) for _, item in plain]))
            except InputError:  # the payloads beside them go on
                broken += [Unreadable(row, _NOTHING_KNOWN) for row, _ in plain]
            else:
                cleaned = self._clean(_renumbered(raw, [row for row, _ in plain], name))
                notes = tuple(note for report in raw.sources for note in report.notes)
        report = SourceReport(name, "payloads", "JSON payloads", len(shaped), {}, notes)
        return Batch(name, len(shaped), first_row, cleaned, drafts, broken, (report,))

    def _read(self, source: Input) -> RawRecords:
        carry = (*REQUEST_COLUMNS, *self.policy.carries)
        return read(source.value, columns=self.columns, carry=carry, source_name=source.source)

    def _clean(self, raw: RawRecords) -> Cleaned:
        return clean(raw, default_region=self.region, keeps_spelling=self.policy.keeps_spelling)


def _inputs(rows: Any) -> Sequence[Input]:
    """The inputs; a list that holds any object is a list of payloads, whatever else is in it."""
    if isinstance(rows, list) and any(isinstance(row, Mapping) for row in rows):
        named = (isinstance(v, Path) or is_table(v) for row in rows for v in _values(row))
        if not any(named):
            return [Input(rows)]
    return inputs_of(rows)


def _values(row: Any) -> Iterable[Any]:
    return row.values() if isinstance(row, Mapping) else ()


def _items(source: Input) -> Sequence[object] | None:
    """The objects of an input, where it is a list of dicts or a JSON file."""
    if isinstance(source.value, Path):
        return json_items(source.value)
    return source.value if isinstance(source.value, list) else None


def _renumbered(raw: RawRecords, rows: Sequence[int], name: str) -> RawRecords:
    """Records and rejects under the row numbers, and the name, of the whole input."""
    numbers = np.array([0, *rows], np.int64)

    def moved(table: pa.Table) -> pa.Table:
        where = table.column_names.index("row")
        row = pa.array(numbers[table.column("row").to_numpy()])
        file = pa.array([name] * table.num_rows, pa.string())
        table = table.set_column(where, "row", row)
        return table.set_column(table.column_names.index("file"), "file", file)

    return RawRecords(moved(raw.table), moved(raw.rejects), raw.sources)
