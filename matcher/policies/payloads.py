"""JSON payloads as contacts: read by their shape, then normalised in bulk like any table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from matcher.policies.cells import Decoded
from matcher.policies.contacts import Contact, Email, Phone
from matcher.policies.fields import Fields
from matcher.policies.json_items import Item
from matcher.policies.outcomes import Refusal
from matcher.policies.rows import CHUNK, Cleaned, clean, keys_of
from matcher.policies.shapes import Draft, Shape
from matcher.records import Column, RawRecords

_NAMES = {
    "prefix": "prefix", "first": "first_name", "middle": "middle_name", "last": "last_name",
    "suffix": "suffix", "full": "full_name", "nickname": "nickname",
    "organization": "organization",
}  # fmt: skip


def shape_of(payload: Item, shapes: Sequence[Shape]) -> Shape | None:
    """The shape of an object, or ``None`` where it is a plain row (or no object)."""
    if isinstance(payload, Refusal):
        return None
    return next((shape for shape in shapes if shape.fits(payload)), None)


@dataclass(frozen=True, slots=True)
class Drafts:
    """The payloads of one input.

    Attributes:
        drafts: one each, in order.
        cleaned: their normalised columns, row by row.
    """

    drafts: Sequence[Draft]
    cleaned: Cleaned

    def contacts(self, first_row: int) -> Iterator[Contact]:
        """The contacts in order, with normalised emails and phones.

        Args:
            first_row: what to add to their row numbers.
        """
        decoded = Decoded(self.cleaned.raw.table, self.cleaned.records)
        for start in range(0, len(self.drafts), CHUNK):
            stop = min(start + CHUNK, len(self.drafts))
            yield from self._chunk(decoded, start, stop, first_row)

    def _chunk(self, decoded: Decoded, start: int, stop: int, first_row: int) -> Iterator[Contact]:
        emails = _slots(decoded, self.cleaned.emails, start, stop)
        phones = _slots(decoded, self.cleaned.records.phones, start, stop)
        keys = keys_of(decoded, start, stop)
        countries, days = (
            decoded.clean(self.cleaned.records.get(name)).part(start, stop)
            for name in ("country", "updated_at")
        )
        for draft, addresses, numbers, key, code, day in zip(
            self.drafts[start:stop], emails, phones, keys, countries, days, strict=True
        ):
            contact = draft.contact._replace(when=day, country=code.upper() if code else None)
            yield contact._replace(
                row=contact.row + first_row,
                emails=_usable_emails(contact, addresses),
                phones=_usable_phones(contact, numbers),
                keys=key,
            )


def read_payloads(
    payloads: Sequence[tuple[int, Mapping[str, Any], Shape]],
    file: str,
    *,
    default_region: str,
    keeps_spelling: bool,
) -> Drafts:
    """Payloads by their shapes, normalised.

    Args:
        payloads: row number, object, its shape.
        file: the input, as messages name it.
        default_region: for phones that name no country.
        keeps_spelling: see ``matcher.policies.decisions.Policy``.
    """
    drafts = [shape.read(row, Fields(payload, "$", [])) for row, payload, shape in payloads]
    raw = RawRecords(_table(drafts, file))
    cleaned = clean(raw, default_region=default_region, keeps_spelling=keeps_spelling)
    return Drafts(drafts, _with_paths(cleaned, drafts))


def _table(drafts: Sequence[Draft], file: str) -> pa.Table:
    """The drafts under canonical names."""
    contacts = [draft.contact for draft in drafts]
    columns: dict[str, Any] = {
        "record_id": [str(contact.row) for contact in contacts],
        "source": ["payloads"] * len(contacts),
        "file": [file] * len(contacts),
        "entity_type": [contact.entity_type for contact in contacts],
        "updated_at": [contact.when for contact in contacts],
        "country": [contact.country for contact in contacts],
        "birth_date": [draft.birth_date for draft in drafts],
    }
    for part, name in _NAMES.items():
        columns[name] = [getattr(contact.names, part) for contact in contacts]
    for kind in ("emails", "phones"):
        most = max((len(getattr(contact, kind)) for contact in contacts), default=0)
        for place in range(most):
            held = (getattr(contact, kind) for contact in contacts)
            columns[f"{kind[:-1]}{place + 1}"] = [
                each[place].raw if place < len(each) else None for each in held
            ]
    firsts = [next(iter(contact.addresses), None) for contact in contacts]
    for part, name in (("line1", "address_line1"), ("line2", "address_line2"), ("city", "city"),
                       ("region", "region"), ("postal_code", "postal_code")):  # fmt: skip
        columns[name] = [first and getattr(first, part) for first in firsts]
    arrays = {
        name: pa.array(values, pa.string())
        for name, values in columns.items()
        if name in ("record_id", "source", "file") or any(values)
    }
    rows = pa.array([contact.row for contact in contacts], pa.int64())
    return pa.table(arrays | {"row": rows})


def _with_paths(cleaned: Cleaned, drafts: Sequence[Draft]) -> Cleaned:
    """Rejects that name the path in the payload instead of the column made of it."""
    if not cleaned.rejects.num_rows:
        return cleaned
    by_row = {draft.contact.row: draft for draft in drafts}
    named = [
        each | {"column": _path(by_row[each["row"]], each["column"])}
        for each in cleaned.rejects.to_pylist()
    ]
    rejects = pa.Table.from_pylist(named, schema=cleaned.rejects.schema)
    return Cleaned(cleaned.raw, cleaned.records, cleaned.emails, rejects)


def _path(draft: Draft, column: str) -> str:
    for kind, paths in (("email", draft.email_paths), ("phone", draft.phone_paths)):
        place = column.removeprefix(kind)
        if column.startswith(kind) and place.isdigit() and int(place) <= len(paths):
            return paths[int(place) - 1]
    return column


def _slots(
    decoded: Decoded, columns: Sequence[Column], start: int, stop: int
) -> Sequence[tuple[str | None, ...]]:
    """Per row the normalised text of each slot."""
    if not columns:
        return [()] * (stop - start)
    return list(zip(*(decoded.clean(each).part(start, stop) for each in columns), strict=True))


def _usable_emails(contact: Contact, addresses: Sequence[str | None]) -> tuple[Email, ...]:
    return tuple(
        Email(address, each.raw, each.primary, each.status, each.kind, each.when or contact.when)
        for each, address in zip(contact.emails, addresses, strict=False)
        if address is not None
    )


def _usable_phones(contact: Contact, numbers: Sequence[str | None]) -> tuple[Phone, ...]:
    return tuple(
        Phone(
            number.partition("x")[0], each.raw, each.primary, each.status, each.kind,
            each.when or contact.when, contact.country is None and each.raw[:1] != "+",
        )
        for each, number in zip(contact.phones, numbers, strict=False)
        if number is not None
    )  # fmt: skip
