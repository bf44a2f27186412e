"""Whom a contact concerns: by match ids (NB-20) and by import (2B).

An email and a match id are on one person at most: a row that would put one on a second person is
refused. So each finds one person or nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from matcher.policies.contacts import ORGANIZATION, PERSON, Contact, Email, Identifier
from matcher.policies.nationbuilder.asking import Asked
from matcher.policies.nationbuilder.columns import MATCH_IDS, OWN, SOCIAL
from matcher.policies.people import Lookups, Person

#: Holders of one phone who are gone through one by one.
MOST_HOLDERS = 20
_TYPES = (PERSON, ORGANIZATION)


class Hit(NamedTuple):
    """One id or email of a contact that a person holds already.

    Attributes:
        key: the field: ``external_id``, ``email``.
        value: the id or address.
        person: who holds it.
    """

    key: str
    value: str
    person: Person


def key_of(system: str) -> str:
    """The field that holds an id of a system."""
    if system.partition("/")[0] == OWN:
        return "nationbuilder_id"
    return MATCH_IDS.get(system, f"{system}_id")


def hits(asked: Asked, people: Lookups, *, own: bool, further: bool) -> list[Hit]:
    """The match ids that somebody holds, then the email if it is held.

    Args:
        asked: what the contact asks for.
        people: the people so far.
        own: whether NationBuilder's own id counts; in a push it does not.
        further: whether ids beyond the match ids count; in an import they do.
    """
    found = []
    if asked.identifiers:
        found = [
            Hit(key_of(each.system), each.id, holder)
            for each in asked.identifiers
            if _counts(each.system, own=own, further=further)
            for holder in people.by_identifier(each)
        ]
    # Only what is written as email is a match id; where no column is, any address is that one.
    keyed: Sequence[Email] = (asked.email,) if asked.email is not None else asked.emails()
    for email in keyed:
        for person in people.by_email(email.address):
            found.append(Hit("email", email.address, person))
    return found


def _counts(system: str, *, own: bool, further: bool) -> bool:
    if system in MATCH_IDS:
        return True
    return own if system.partition("/")[0] == OWN else further


def taken(asked: Asked, person: Person | None, people: Lookups) -> list[Hit]:
    """The match ids and emails of a contact that somebody other than ``person`` holds."""
    own = person.person_id if person is not None else None
    found = [
        Hit(key_of(each.system), each.id, holder)
        for each in asked.identifiers
        if each.system in MATCH_IDS
        for holder in people.by_identifier(each)
        if holder.person_id != own
    ]
    for email in asked.emails():
        found += [
            Hit("email", email.address, holder)
            for holder in people.by_email(email.address)
            if holder.person_id != own
        ]
    return found


def believed(found: Sequence[Hit], precedence: Sequence[str]) -> Person | None:
    """Whom the hits name: the one person, or by the order in which ids are believed.

    Returns:
        The person; ``None`` where nothing hit, or where the hits name several and no order was
        asked for.
    """
    if not found:
        return None
    first = found[0].person
    if all(hit.person.person_id == first.person_id for hit in found):
        return first
    ranked = [hit for name in precedence for hit in found if hit.key == name]
    return ranked[0].person if ranked else None


def vetoes(asked: Asked, person: Person, found: Sequence[Hit]) -> list[Identifier]:
    """Record ids that contradict a person who was found by nothing but the email (NB-20)."""
    if any(hit.key != "email" for hit in found):
        return []
    return [each for each in disagreeing(asked, person) if each.system not in SOCIAL]


def disagreeing(asked: Asked, person: Person) -> list[Identifier]:
    """The match ids of a contact whose value on the person is another one."""
    if not asked.identifiers or not person.identifiers:
        return []
    held = {each.system: each.id for each in person.identifiers}
    return [
        each
        for each in asked.identifiers
        if each.system in MATCH_IDS and held.get(each.system, each.id) != each.id
    ]


def by_phone_and_name(contact: Contact, asked: Asked, people: Lookups) -> Person | None:
    """Who has one of the phones and the same name, the oldest first; as imports find people."""
    first, last = name_of(contact)
    key = name_key(first, last)
    types = _TYPES if asked.entity_type is None else (asked.entity_type,)
    for phone in asked.all_phones():
        held: Sequence[Person] = people.by_phone(phone.number, MOST_HOLDERS + 1)
        if len(held) > MOST_HOLDERS:
            held = _among_many(phone.number, key, types, people, named=bool(first or last))
        for person in held:
            if person.entity_type in types:
                nameless = not person.lookup or not (first or last)
                if nameless or (key is not None and key in person.lookup):
                    return person
    return None


def _among_many(
    number: str, key: str | None, types: Sequence[str], people: Lookups, *, named: bool
) -> Sequence[Person]:
    """Of hundreds who share a number those of one name, or without any, the oldest first."""
    found: list[Person] = []
    for kind in types:
        if named:
            for each in {key, None}:
                found += people.by_made(_phones_by_name, (number, kind, each), MOST_HOLDERS)
        else:
            found += people.by_made(_phones_by_type, (number, kind), MOST_HOLDERS)
    return sorted(found, key=attrgetter("number"))


def _phones_by_type(person: Person) -> list[tuple[str, str]]:
    return [(phone[0], person.entity_type) for phone in person.phones]


def _phones_by_name(person: Person) -> list[tuple[str, str, str | None]]:
    key = person.lookup[0] if person.lookup else None
    return [(phone[0], person.entity_type, key) for phone in person.phones]


def name_of(contact: Contact) -> tuple[str | None, str | None]:
    """First and last name for comparison; of the former one word: it holds middle names (NB-10)."""
    first = contact.keys.first or _folded(contact.names.first)
    last = contact.keys.last or _folded(contact.names.last)
    if first is not None and " " in first:
        first = first.split(" ", 1)[0]
    return first, last


def name_key(first: str | None, last: str | None) -> str | None:
    """The lookup of a whole name."""
    return f"n:{first}|{last}" if first and last else None


def lookups(first: str | None, last: str | None) -> tuple[str, ...]:
    """The lookups under which a name is found: whole and by either part."""
    if first and last:
        return f"n:{first}|{last}", _first_part(first), _last_part(last)
    if first:
        return (_first_part(first),)
    return (_last_part(last),) if last else ()


@lru_cache(maxsize=1 << 16)
def _first_part(name: str) -> str:
    return f"f:{name}"  # thousands share a name: they can share the text of its key


@lru_cache(maxsize=1 << 16)
def _last_part(name: str) -> str:
    return f"l:{name}"


def _folded(text: str | None) -> str | None:
    return text.casefold() if text else None
