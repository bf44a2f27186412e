"""What is to be replayed, as batches of contacts: tables by columns, payloads by their shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from matcher.policies.contacts import Contact
from matcher.policies.decisions import Policy
from matcher.policies.rows import REQUEST_COLUMNS, Cleaned, clean, contacts_of
from matcher.reading import read
from matcher.reading.headers import header_key
from matcher.reading.inputs import Input, inputs_of, read_inputs
from matcher.records import SourceReport

Columns = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Batch:
    """One input, ready to be replayed.

    Attributes:
        cleaned: its rows.
        first_row: what was counted before it; its own first row is the next.
    """

    cleaned: Cleaned
    first_row: int

    @property
    def reports(self) -> Sequence[SourceReport]:
        """What was recognised in it."""
        return self.cleaned.raw.sources

    @property
    def rejects(self) -> list[pa.Table]:
        """Rows and values that could not be used."""
        return [self.cleaned.raw.rejects, self.cleaned.rejects]

    def contacts(self, carries: Sequence[str]) -> Iterator[Contact]:
        """Its contacts in order."""
        return contacts_of(self.cleaned, self.first_row, carries)


def batches(
    rows: Any, *, columns: Columns | None, default_region: str, policy: Policy
) -> Iterator[Batch]:
    """Every input in turn, its rows counted on from those of the one before."""
    first_row = 0
    for each in inputs_of(rows):
        raw = read(
            each.value,
            columns=columns,
            extra=_present(each, (*REQUEST_COLUMNS, *policy.carries)),
            source_name=each.source,
        )
        cleaned = clean(raw, default_region=default_region, keeps_spelling=policy.keeps_spelling)
        yield Batch(cleaned, first_row)
        first_row += sum(report.rows for report in raw.sources)


def _present(source: Input, wanted: Sequence[str]) -> dict[str, str]:
    """Which of these columns an input has, as reading wants to hear of them."""
    (sheet,) = read_inputs([source])
    keys = {header_key(header) for header in sheet.headers}
    return {name: "exact" for name in wanted if header_key(name) in keys}
