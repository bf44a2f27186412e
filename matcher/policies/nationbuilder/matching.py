"""The single person of whom all criteria of a ``match`` hold (NB-18).

Each combination of criteria that is asked for has an index of its own, made when the first such
request comes: of the thousands who may share a switchboard's number nobody is gone through.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from functools import cache
from itertools import combinations

from matcher.policies.contacts import Contact
from matcher.policies.nationbuilder.asking import Asked
from matcher.policies.nationbuilder.finding import lookups, name_of
from matcher.policies.nationbuilder.settings import Settings
from matcher.policies.people import Lookups, Made, Person

#: Of more nobody wants to know how many.
MOST = 20
_DIALLED = ("phone", "mobile")


def matching(
    contact: Contact, asked: Asked, people: Lookups, settings: Settings
) -> Sequence[Person] | None:
    """Everybody whom all criteria hold of, but no more than one beyond ``MOST``.

    ``phone`` and ``mobile`` are two criteria; in our own profile either finds both.

    Returns:
        ``None`` where there is no criterion.
    """
    emails = [each.address for each in asked.emails()]
    phones = _phones(asked)
    parts = lookups(*name_of(contact))
    if emails:  # one person has it at most
        return [
            person
            for person in people.by_email(emails[0])
            if _holds_all(person, emails, parts) and _dials(person, phones, settings)
        ]
    name = parts[0] if parts else None
    if phones:
        made, numbers = _index(phones, name, settings)
        return people.by_made(made, (numbers, name), MOST + 1)
    return None if name is None else people.by_key(name, MOST + 1)


def _phones(asked: Asked) -> dict[str, str]:
    """The numbers by field; one that names no field is the first that is free."""
    phones = {field: each.number for field, each in asked.phones.items() if field in _DIALLED}
    for field, each in zip(_DIALLED, asked.loose, strict=False):
        phones.setdefault(field, each.number)
    return phones


def _holds_all(person: Person, emails: Sequence[str], parts: Sequence[str]) -> bool:
    held = {each.address for each in person.emails}
    return held.issuperset(emails) and all(part in person.lookup for part in parts)


def _dials(person: Person, phones: Mapping[str, str], settings: Settings) -> bool:
    if settings.native:
        return {each.number for each in person.phones}.issuperset(phones.values())
    held = {(each.kind, each.number) for each in person.phones}
    return held.issuperset(phones.items())


def _index(
    phones: Mapping[str, str], name: str | None, settings: Settings
) -> tuple[Made, tuple[str, ...]]:
    """The index for these criteria, and the numbers as it has them."""
    part = name and name[:2]
    if settings.native:
        numbers = tuple(sorted(set(phones.values())))
        return _numbers(len(numbers), part), numbers
    fields = tuple(field for field in _DIALLED if field in phones)
    return _fields(fields, part), tuple(phones[field] for field in fields)


@cache
def _numbers(count: int, part: str | None) -> Made:
    """Any so many numbers of a person, with that part of the name."""

    def made(person: Person) -> Collection[Hashable]:
        found = combinations(sorted({each.number for each in person.phones}), count)
        return [(numbers, name) for numbers in found for name in _names(person, part)]

    return made


@cache
def _fields(fields: tuple[str, ...], part: str | None) -> Made:
    """The numbers that a person has in these fields, with that part of the name."""

    def made(person: Person) -> Collection[Hashable]:
        held = {each.kind: each.number for each in person.phones}
        if not all(field in held for field in fields):
            return ()
        numbers = tuple(held[field] for field in fields)
        return [(numbers, name) for name in _names(person, part)]

    return made


def _names(person: Person, part: str | None) -> Sequence[str | None]:
    return (None,) if part is None else [name for name in person.lookup if name[:2] == part]
