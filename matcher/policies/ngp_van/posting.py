"""What a contact is after another one was posted into it: NG-06, NG-07, NG-09."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from matcher.policies import consent
from matcher.policies.contacts import Address, Contact, Email, Identifier, Phone, Request
from matcher.policies.ngp_van.asking import (
    COMMON_NAME,
    CONTACT_ID,
    DO_NOT_EMAIL,
    TYPE,
    Asked,
    is_nameless,
    name_key,
)
from matcher.policies.ngp_van.layering import (
    NO_NAMES,
    Notes,
    Why,
    conflict,
    identified,
    named,
    tagged,
)
from matcher.policies.ngp_van.settings import Settings
from matcher.policies.ngp_van.typed import ADDRESSES, EMAILS, PHONES, Aside, Attribute, Places
from matcher.policies.people import NO_KEYS, Lookups, Person, person_of
from matcher.policies.piles import overlaid

_Entry = TypeVar("_Entry", Email, Phone, Address)

#: The system whose ids are ``contactId``.
OWN_SYSTEM = "ngp"
#: Where ``Person.fields`` has what was set aside.
_ASIDE = "aside"
#: Fields that speak of the request, not of the contact.
_ORDERS = frozenset({TYPE, CONTACT_ID, COMMON_NAME, DO_NOT_EMAIL})
_NOTHING_ASIDE = Aside()


def posted(
    person: Person, contact: Contact, asked: Asked, people: Lookups, settings: Settings
) -> Person:
    """The person after a contact; what happened on the way is added to ``asked.notes``.

    Args:
        person: as held, or a blank one.
        contact: the row.
        asked: what of it counts.
        people: for external ids, which nobody else may hold.
        settings: which of two values stays; who calls a contact by its id means the new one.
    """
    notes = asked.notes
    case = _Case(contact.row, notes, settings.incoming_wins or contact.request is Request.UPDATE)
    aside: Aside = person.fields.get(_ASIDE, _NOTHING_ASIDE)
    emails, no_emails = _placed(EMAILS, person.emails, aside.emails, asked.emails, case)
    phones, no_phones = _placed(PHONES, person.phones, aside.phones, contact.phones, case)
    addresses, no_addresses = _placed(
        ADDRESSES, person.addresses, aside.addresses, contact.addresses, case
    )
    if no_emails or no_phones or no_addresses:
        aside = Aside(no_emails, no_phones, no_addresses)
    why = Why(case.row, "NG-04")
    return person_of(
        (
            person.person_id,
            person.number,
            person.entity_type,
            named(person.names, asked.names, notes, why, incoming_wins=case.wins),
            emails,
            phones,
            addresses,
            identified(person, own_ids(contact), people, notes, Why(case.row, "NG-07")),
            tagged(person.tags, contact),
            consent.UNSUBSCRIBED if contact.do_not_call else person.phone_consent,
            person.created,
            _fields(person.fields, contact, aside, case)
            if contact.fields or aside is not _NOTHING_ASIDE
            else person.fields,
            _lookup(person, asked, (*emails, *no_emails), (*phones, *no_phones)),
            NO_KEYS,
        )
    )


class _Case(NamedTuple):
    """What goes with every part of one contact: its row, the events, and which value stays."""

    row: int
    notes: Notes
    wins: bool


def own_ids(contact: Contact) -> tuple[Identifier, ...]:
    """The ids of a contact; a file may state its ``contactId``, which no request may."""
    told = contact.fields.get(CONTACT_ID)
    if told is None or contact.request is not Request.UPLOAD:
        return contact.identifiers
    own = Identifier(OWN_SYSTEM, str(told))
    return contact.identifiers if own in contact.identifiers else (own, *contact.identifiers)


def _placed(
    attribute: Attribute,
    held: tuple[_Entry, ...],
    aside: tuple[_Entry, ...],
    came: tuple[_Entry, ...],
    case: _Case,
) -> tuple[tuple[_Entry, ...], tuple[_Entry, ...]]:
    """The values in their places, and those set aside, after others came."""
    if not came or came == held:
        return held, aside
    if not held and len(came) == 1:
        return came, aside
    places = Places(attribute, held, aside, case.row)
    for each in came:
        places.put(each, incoming_wins=case.wins)
    case.notes.extend(places.notes)
    slots = tuple(places.slots)
    return held if slots == held else slots, tuple(places.aside)


def _fields(
    held: Mapping[str, Any], contact: Contact, aside: Aside, case: _Case
) -> Mapping[str, Any]:
    """What else is known; a held value stays unless the incoming one is to win."""
    fields: dict[str, Any] = {}
    for name, new in contact.fields.items():
        if name in _ORDERS or new is None:
            continue
        old = held.get(name, new)
        if old != new:
            why = Why(case.row, "NG-04")
            event = conflict(why, name, str(old), str(new), incoming_wins=case.wins)
            case.notes.append(event)
        fields[name] = new if case.wins else old
    if aside != _NOTHING_ASIDE:
        fields[_ASIDE] = aside
    return overlaid(held, fields)


def _lookup(
    person: Person, asked: Asked, emails: Sequence[Email], phones: Sequence[Phone]
) -> tuple[str, ...]:
    """Name and email, name and phone, of all that ever came: a key once found stays one."""
    key = asked.name_key
    if person.lookup or person.names is not NO_NAMES:
        own = (
            person.lookup[-1].partition("\t")[0]
            if person.lookup
            else name_key(person.entity_type, person.names)
        )
        key = key if is_nameless(own) else own
    made = dict.fromkeys(person.lookup)
    for email in emails:
        made[f"{key}\t{email[0]}"] = None
    for phone in phones:
        made[f"{key}\t{phone[0]}"] = None
    return person.lookup if len(made) == len(person.lookup) else tuple(made)
