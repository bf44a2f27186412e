"""What of a contact counts: one email, one phone, one address, and statuses that may be set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from matcher.policies.action_network.settings import Settings
from matcher.policies.action_network.statuses import EMAIL_STATUSES, PHONE_STATUSES, settable
from matcher.policies.contacts import Address, Contact, Email, Phone
from matcher.policies.outcomes import Outcome

_Entry = TypeVar("_Entry", Email, Phone, Address)


class Note(NamedTuple):
    """An event to be, before it is known whose it is."""

    outcome: Outcome
    rule: str
    field: str | None = None
    before: str | None = None
    after: str | None = None
    note: str | None = None
    other_person_id: str | None = None
    status_code: int | None = None


class Asked(NamedTuple):
    """What a contact asks for, once all that Action Network ignores is out of it."""

    email: Email | None
    phone: Phone | None
    address: Address | None
    notes: list[Note]


def ask(contact: Contact, settings: Settings) -> Asked:
    """The one email, phone and address that count, and what was ignored."""
    notes = [
        Note(Outcome.WARNING, fault.rule, field=fault.column, note=fault.reason)
        for fault in contact.faults
    ]
    email = _one(contact.emails, "AN-09", "email", Outcome.EMAIL_DROPPED, notes)
    phone = _one(contact.phones, "AN-10", "phone", Outcome.PHONE_DROPPED, notes)
    address = _one(contact.addresses, "AN-11", "address", Outcome.ADDRESS_DROPPED, notes)
    if email is not None and email.status is not None:
        allowed = settable(email.status, EMAIL_STATUSES, contact.request, settings)
        if not allowed:
            notes.append(_refused_status("email_status", email.status))
            email = email._replace(status=None)
    if phone is not None and phone.status is not None:
        allowed = settable(phone.status, PHONE_STATUSES, contact.request, settings)
        if not allowed:
            notes.append(_refused_status("phone_status", phone.status))
            phone = phone._replace(status=None)
    return Asked(email, phone, address and _complete(address, notes), notes)


def _one(
    entries: Sequence[_Entry], rule: str, field: str, dropped: Outcome, notes: list[Note]
) -> _Entry | None:
    """The entry marked primary, or else the first; the others are ignored."""
    if len(entries) < 2:
        return entries[0] if entries else None
    marked = [entry for entry in entries if entry.primary]
    if len(marked) > 1:
        notes.append(Note(Outcome.WARNING, rule, field=field, note="multiple_primary"))
    chosen = marked[0] if marked else entries[0]
    notes += [
        Note(dropped, rule, field=field, before=_shown(entry), note="not the primary one")
        for entry in entries
        if entry is not chosen
    ]
    return chosen


def _shown(entry: Email | Phone | Address) -> str:
    return entry.line() if isinstance(entry, Address) else entry[0]


def _refused_status(field: str, status: str) -> Note:
    return Note(Outcome.WARNING, "AN-27", field=field, after=status, note="status_not_settable")


def _complete(address: Address, notes: list[Note]) -> Address:
    """One line of street (AN-12), and a country (AN-15)."""
    if address.line2 is not None:
        note = Note(
            Outcome.ADDRESS_DROPPED, "AN-12", field="address_line2", before=address.line2,
            note="only the first line is kept",
        )  # fmt: skip
        notes.append(note)
    country, assumed = address.country, False
    if country is None:
        country, assumed = "US", True
    line1, _, city, region, postal_code, *_ = address
    return Address(
        line1, None, city, region, postal_code, country, assumed, address.primary, address.kind
    )
