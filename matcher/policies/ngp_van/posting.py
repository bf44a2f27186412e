"""What a contact is after another one was posted into it: NG-06, NG-07, NG-09."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

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
from matcher.policies.ngp_van.layering import Notes, Why, conflict, identified, named, tagged
from matcher.policies.ngp_van.settings import Settings
from matcher.policies.ngp_van.typed import ADDRESSES, EMAILS, PHONES, Aside, Places
from matcher.policies.people import Lookups, Person

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
    row, notes = contact.row, asked.notes
    wins = settings.incoming_wins or contact.request is Request.UPDATE
    aside: Aside = person.fields.get(_ASIDE, _NOTHING_ASIDE)
    emails = Places(EMAILS, person.emails, aside.emails, row)
    phones = Places(PHONES, person.phones, aside.phones, row)
    addresses = Places(ADDRESSES, person.addresses, aside.addresses, row)
    after = person._replace(
        names=named(person.names, asked.names, notes, Why(row, "NG-04"), incoming_wins=wins),
        emails=_placed(emails, person.emails, asked.emails, notes, wins=wins),
        phones=_placed(phones, person.phones, contact.phones, notes, wins=wins),
        addresses=_placed(addresses, person.addresses, contact.addresses, notes, wins=wins),
        identifiers=identified(person, own_ids(contact), people, notes, Why(row, "NG-07")),
        tags=tagged(person.tags, contact),
        phone_consent=consent.UNSUBSCRIBED if contact.do_not_call else person.phone_consent,
    )
    aside = Aside(tuple(emails.aside), tuple(phones.aside), tuple(addresses.aside))
    return after._replace(
        fields=_fields(person.fields, contact, aside, notes, wins=wins),
        lookup=_lookup(
            person, asked, (*emails.slots, *emails.aside), (*phones.slots, *phones.aside)
        ),
    )


def own_ids(contact: Contact) -> tuple[Identifier, ...]:
    """The ids of a contact; a file may state its ``contactId``, which no request may."""
    told = contact.fields.get(CONTACT_ID)
    if told is None or contact.request is not Request.UPLOAD:
        return contact.identifiers
    own = Identifier(OWN_SYSTEM, str(told))
    return contact.identifiers if own in contact.identifiers else (own, *contact.identifiers)


def _placed(
    places: Places[_Entry], held: tuple[_Entry, ...], came: Sequence[_Entry], notes: Notes,
    *, wins: bool,
) -> tuple[_Entry, ...]:  # fmt: skip
    if not came:
        return held
    for each in came:
        places.put(each, incoming_wins=wins)
    notes += places.notes
    slots = tuple(places.slots)
    return held if slots == held else slots


def _fields(
    held: Mapping[str, Any], contact: Contact, aside: Aside, notes: Notes, *, wins: bool
) -> Mapping[str, Any]:
    """What else is known; a held value stays unless the incoming one is to win."""
    if not contact.fields and aside is _NOTHING_ASIDE:
        return held
    fields = dict(held)
    for name, new in contact.fields.items():
        if name in _ORDERS or new is None:
            continue
        old = held.get(name, new)
        if old != new:
            why = Why(contact.row, "NG-04")
            notes.append(conflict(why, name, str(old), str(new), incoming_wins=wins))
        fields[name] = new if wins else old
    if aside != _NOTHING_ASIDE:
        fields[_ASIDE] = aside
    return held if fields == held else fields


def _lookup(
    person: Person, asked: Asked, emails: Sequence[Email], phones: Sequence[Phone]
) -> tuple[str, ...]:
    """Name and email, name and phone, of all that ever came: a key once found stays one."""
    if person.lookup:
        own = person.lookup[-1].partition("\t")[0]
    else:
        own = name_key(person.entity_type, person.names)
    key = asked.name_key if is_nameless(own) else own
    values = (*(email.address for email in emails), *(phone.number for phone in phones))
    made = dict.fromkeys((*person.lookup, *(f"{key}\t{value}" for value in values)))
    return person.lookup if len(made) == len(person.lookup) else tuple(made)
