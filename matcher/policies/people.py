"""The people that a vendor holds, and the two lookups and writes that policies need of a list.

A ``Person`` is never changed: a policy makes a new version and the list puts it in the old one's
place. ``memory_list`` keeps them in dictionaries; another list only has to answer the same calls.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from typing import Any, NamedTuple, Protocol

from matcher.policies.contacts import (
    NO_FIELDS,
    PERSON,
    Address,
    Email,
    Identifier,
    Keys,
    Names,
    Phone,
    maker,
)
from matcher.policies.piles import Values

NO_KEYS = Keys()


class Person(NamedTuple):
    """One person or organisation as the vendor holds it now.

    Attributes:
        person_id: opaque; never used again.
        number: how many were created before; the smaller is the older.
        entity_type: ``person`` or ``organization``.
        names: as written.
        emails, phones, addresses: what is kept, the preferred first.
        identifiers: ids in any system.
        tags: in the order in which they were added.
        phone_consent: what is known of ringing the person up: ``unsubscribed`` or nothing.
        created: ISO date when the vendor first heard of the person, where it is known.
        fields: custom fields and what one vendor alone knows.
        lookup: further keys, made by the policy, under which ``by_key`` finds the person.
        keys: normalised attributes, where the policy compares them.
    """

    person_id: str
    number: int
    entity_type: str = PERSON
    names: Names = Names()
    emails: tuple[Email, ...] = ()
    phones: tuple[Phone, ...] = ()
    addresses: tuple[Address, ...] = ()
    identifiers: Values[Identifier] = ()
    tags: Values[str] = ()
    phone_consent: str | None = None
    created: str | None = None
    fields: Mapping[str, Any] = NO_FIELDS
    lookup: tuple[Any, ...] = ()
    keys: Keys = NO_KEYS


#: ``Person`` of all its fourteen attributes at once, quicker than by its name: on the hot path.
person_of = maker(Person)

#: What a policy finds people by, made of a person; always the same function for the same values.
Made = Callable[[Person], Collection[Hashable]]


class Lookups(Protocol):
    """What a policy may ask about the people so far. Nothing here changes anything."""

    def get(self, person_id: str) -> Person | None:
        """The person of that id, or the one that it was merged into."""

    def by_email(self, address: str, most: int | None = None) -> tuple[Person, ...]:
        """Who holds a normalised address, the oldest first, and no more than ``most``."""

    def by_phone(self, number: str, most: int | None = None) -> tuple[Person, ...]:
        """Who holds an E.164 number, the oldest first, and no more than ``most``."""

    def by_identifier(self, identifier: Identifier) -> tuple[Person, ...]:
        """Who holds an id, the oldest first."""

    def by_key(self, key: Hashable, most: int | None = None) -> tuple[Person, ...]:
        """Who has a key of the policy's own making, the oldest first, and no more than ``most``."""

    def by_made(self, made: Made, value: Hashable, most: int) -> tuple[Person, ...]:
        """Of whom a policy's own function makes this value, and no more than ``most``.

        Unlike ``Person.lookup`` its values cost nothing until somebody asks for one.
        """

    def next_number(self) -> int:
        """The ``number`` that the next new person will have."""


class PeopleList(Lookups, Protocol):
    """A list that can also be written to."""

    def save(self, person: Person) -> None:
        """Puts a version in place of the last one of the same id, or a new person in the list."""

    def merge(self, absorbed: str, survivor: str) -> None:
        """Takes one person out of the list; its id leads to the other from now on."""

    def everyone(self) -> Iterable[Person]:
        """All people, in the order of their creation."""


def free_id(wanted: str | None, people: Lookups) -> str:
    """An id for a new person: the one wished for, else the number, and never one that is taken."""
    number = str(people.next_number())
    found = wanted if wanted is not None and people.get(wanted) is None else number
    while people.get(found) is not None:  # somebody wished for that number before
        found += "'"
    return found
