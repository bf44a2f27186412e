"""What a contact asks to be written, under NationBuilder's own names.

Emails and phones come normalised but without the column that they stood in; that column is carried
as text in ``Contact.fields``, and the two are brought together here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from matcher.normalise import normalise_email, normalise_phone
from matcher.policies.contacts import Address, Contact, Email, Identifier, Phone
from matcher.policies.nationbuilder import addresses
from matcher.policies.nationbuilder.columns import (
    BAD_FLAGS,
    EMAIL_SLOTS,
    FURTHER_IDS,
    KEPT,
    OWN,
    PHONES,
    PROFILE,
    READ_ONLY,
)
from matcher.policies.nationbuilder.flags import (
    Flag,
    flags_in,
    speaks_of_flags,
    statuses_in,
    truth_of,
)
from matcher.policies.nationbuilder.settings import Settings
from matcher.policies.outcomes import Event, Outcome
from matcher.policies.spelling import spelt

_Entry = TypeVar("_Entry", Email, Phone)


class Asked(NamedTuple):
    """What a contact asks for.

    Attributes:
        email: what is written as ``email``.
        slots: what is written into a slot of its own, by slot.
        further: emails that name no slot.
        bad: what ``emailN_is_bad`` says, by slot.
        primary: what ``primary_email_id`` says.
        phones: by field: ``phone``, ``mobile``, ``work_phone_number``.
        loose: phones that name no field.
        addresses: with their type as ``kind``.
        primary_address: what the row shows as primary, which cannot be written.
        identifiers: the nation's own ids under its own system.
        entity_type: the type that the row states; ``None`` where it states none.
        flags: what it says of consent.
        kept: what a person keeps as it came.
        notes: events to be, whose person is not yet known.
    """

    email: Email | None
    slots: Mapping[int, Email]
    further: Sequence[Email]
    bad: Mapping[int, bool]
    primary: int | None
    phones: Mapping[str, Phone]
    loose: Sequence[Phone]
    addresses: Sequence[Address]
    primary_address: Address | None
    identifiers: tuple[Identifier, ...]
    entity_type: str | None
    flags: Mapping[str, Flag]
    kept: Mapping[str, Any]
    notes: list[Event]

    @property
    def has_more_emails(self) -> bool:
        """Whether there are emails beside the one that is a match id."""
        return self.email is not None and bool(self.slots or self.further)

    def emails(self) -> Sequence[Email]:
        """All emails, ``email`` first."""
        if not self.slots and not self.further:
            return () if self.email is None else (self.email,)
        first = [] if self.email is None else [self.email]
        return [*first, *self.slots.values(), *self.further]

    def all_phones(self) -> list[Phone]:
        """All phones."""
        return [*self.phones.values(), *self.loose]


#: Said of most contacts.
NOTHING: Mapping[Any, Any] = MappingProxyType({})

#: The API's name of a column outranks that of the export, so it comes last.
_PHONE_FIELDS = {name: field for field, names in PHONES.items() for name in reversed(names)}


class _Spoken(NamedTuple):
    """Which of NationBuilder's columns a contact has; nearly all of a file have the same ones."""

    slots: tuple[tuple[int, str], ...]
    bad: bool
    phones: tuple[tuple[str, str], ...]
    read_only: tuple[str, ...]
    addresses: tuple[str, ...]
    ids: bool
    typed: bool
    flags: bool
    kept: tuple[str, ...]


@lru_cache(maxsize=4096)
def _spoken(names: tuple[str, ...]) -> _Spoken:
    return _Spoken(
        tuple((slot, name) for slot, name in enumerate(EMAIL_SLOTS, 1) if name in names),
        any(name in names for name in BAD_FLAGS),
        tuple((name, field) for name, field in _PHONE_FIELDS.items() if name in names),
        tuple(name for name in READ_ONLY if name in names),
        addresses.kinds_of(names),
        any(name in names for name in FURTHER_IDS),
        "signup_type" in names or "entity_type" in names,
        speaks_of_flags(names),
        tuple(name for name in KEPT if name in names),
    )


def ask(contact: Contact, settings: Settings) -> Asked:
    """What a contact asks for."""
    notes: list[Event] = []
    fields = contact.fields
    spoken = _spoken(tuple(fields))
    email, slots, further = _emails(contact, spoken, settings)
    phones, loose = _phones(contact, spoken, settings)
    if spoken.read_only:
        notes += [_warning(contact, "NB-08", name, "not_writable") for name in spoken.read_only]
    written, shown = addresses.asked(contact, spoken.addresses, notes)
    return Asked(
        email,
        slots,
        further,
        _bad_flags(contact, notes) if spoken.bad else NOTHING,
        _primary(contact, notes) if "primary_email_id" in fields else None,
        phones,
        loose,
        written,
        shown,
        _identifiers(contact, spoken, settings) if contact.identifiers or spoken.ids else (),
        _entity_type(contact, notes) if spoken.typed else None,
        flags_in(contact, notes) if spoken.flags else statuses_in(contact),
        _kept(fields, spoken),
        notes,
    )


def _kept(fields: Mapping[str, Any], spoken: _Spoken) -> Mapping[str, Any]:
    """What a person keeps as it came."""
    if not spoken.kept and PROFILE not in fields:
        return NOTHING
    return {**fields.get(PROFILE, {}), **{name: fields[name] for name in spoken.kept}}


def _emails(
    contact: Contact, spoken: _Spoken, settings: Settings
) -> tuple[Email | None, dict[int, Email], Sequence[Email]]:
    entries, fields = contact.emails, contact.fields
    if not entries or not fields:
        return None, {}, entries
    normalised = _mailbox if settings.native else spelt
    slots = {}
    for slot, name in spoken.slots:
        found = _named(fields[name], entries, normalised)
        if found is not None:
            slots[slot] = found
    email = _named(fields["email"], entries, normalised) if "email" in fields else None
    if email is not None and len(entries) == 1:
        return email, slots, ()
    claimed = {email, *slots.values()}
    return email, slots, [each for each in entries if each not in claimed]


def _phones(
    contact: Contact, spoken: _Spoken, settings: Settings
) -> tuple[Mapping[str, Phone], Sequence[Phone]]:
    entries, fields = contact.phones, contact.fields
    if not entries or not spoken.phones:
        return NOTHING, entries
    if len(entries) == len(spoken.phones) == 1:
        ((name, field),) = spoken.phones
        if entries[0].raw == fields[name]:
            return {field: entries[0]}, ()
    texts = {field: fields[name] for name, field in spoken.phones}
    region = contact.country or settings.default_region

    def normalised(text: str) -> str | None:
        number = normalise_phone(text, region).text
        return number and number.partition("x")[0]

    found = {
        field: entry
        for field, text in texts.items()
        if (entry := _named(text, entries, normalised)) is not None
    }
    claimed = set(found.values())
    return found, [each for each in entries if each not in claimed]


def _named(
    text: str, entries: Sequence[_Entry], normalised: Callable[[str], str | None]
) -> _Entry | None:
    """The entry that a cell holds. Only a text that was rewritten needs a second look."""
    for entry in entries:
        if entry.raw == text:
            return entry
    value = normalised(text)
    return next((entry for entry in entries if entry[0] == value), None)


@lru_cache(maxsize=4096)
def _mailbox(text: str) -> str | None:
    return normalise_email(text)


def _bad_flags(contact: Contact, notes: list[Event]) -> Mapping[int, bool]:
    """What ``emailN_is_bad`` says."""
    found = {}
    for slot, name in enumerate(BAD_FLAGS, 1):
        text = contact.fields.get(name)
        if text is None:
            continue
        value = truth_of(text)
        if value is None:
            notes.append(_warning(contact, "NB-03", name, "not true or false"))
        else:
            found[slot] = value
    return found


def _primary(contact: Contact, notes: list[Event]) -> int | None:
    text = contact.fields["primary_email_id"].removesuffix(".0")
    if text in ("1", "2", "3", "4"):
        return int(text)
    notes.append(_warning(contact, "NB-03", "primary_email_id", "must be 1, 2, 3 or 4"))
    return None


def _identifiers(contact: Contact, spoken: _Spoken, settings: Settings) -> tuple[Identifier, ...]:
    """The ids; those of a nation under that nation's name (NB-14)."""
    fields = contact.fields
    found = contact.identifiers
    if spoken.ids:
        written = {
            system: Identifier(system, fields[name])
            for name, system in FURTHER_IDS.items()
            if fields.get(name) not in (None, "0")
        }
        found = (*(written.pop(each.system, each) for each in found), *written.values())
    own = own_system(contact, settings)
    if own == OWN or not found:
        return found
    return tuple(each._replace(system=own) if each.system == OWN else each for each in found)


def own_system(contact: Contact, settings: Settings) -> str:
    """The system of the nation's own ids: ``nationbuilder/foobar`` where the nation is known."""
    nation = contact.fields.get("nation", settings.nation)
    return OWN if nation is None else f"{OWN}/{nation}"


#: NB-11: the type as the API writes it, and as tables do.
_TYPES = {
    "0": "person", "person": "person", "individual": "person",
    "1": "organization", "organization": "organization", "organisation": "organization",
}  # fmt: skip


def _entity_type(contact: Contact, notes: list[Event]) -> str | None:
    text = contact.fields.get("signup_type", contact.fields.get("entity_type"))
    assert text is not None
    kind = _TYPES.get(text.lower().removesuffix(".0"))
    if kind is None:
        notes.append(_warning(contact, "NB-11", "signup_type", "must be 0 or 1"))
    return kind


def _warning(contact: Contact, rule: str, field: str, note: str) -> Event:
    return Event(contact.row, Outcome.WARNING, rule, field=field, note=note)
