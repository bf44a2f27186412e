"""The people that a vendor holds, and the two lookups and writes that policies need of a list.

A ``Person`` is never changed: a policy makes a new version and the list puts it in the old one's
place. ``MemoryList`` keeps them in dictionaries; another list only has to answer the same calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from matcher.policies.contacts import (
    NO_FIELDS,
    PERSON,
    Address,
    Email,
    Identifier,
    Names,
    Phone,
)


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
    """

    person_id: str
    number: int
    entity_type: str = PERSON
    names: Names = Names()
    emails: tuple[Email, ...] = ()
    phones: tuple[Phone, ...] = ()
    addresses: tuple[Address, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    tags: tuple[str, ...] = ()
    phone_consent: str | None = None
    created: str | None = None
    fields: Mapping[str, Any] = NO_FIELDS
    lookup: tuple[str, ...] = ()


class Lookups(Protocol):
    """What a policy may ask about the people so far. Nothing here changes anything."""

    def get(self, person_id: str) -> Person | None:
        """The person of that id, or the one that it was merged into."""

    def by_email(self, address: str) -> tuple[Person, ...]:
        """Who holds a normalised address, the oldest first."""

    def by_phone(self, number: str) -> tuple[Person, ...]:
        """Who holds an E.164 number, the oldest first."""

    def by_identifier(self, identifier: Identifier) -> tuple[Person, ...]:
        """Who holds an id, the oldest first."""

    def by_key(self, key: str) -> tuple[Person, ...]:
        """Who has a key of the policy's own making, the oldest first."""

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


#: What an index holds under a key: one id, or several in order. A dict for those is what makes it
#: cheap to take one of a hundred thousand out.
_Index = dict[Any, str | dict[str, None]]


class MemoryList:
    """A list in memory: dictionaries, linear in the people."""

    def __init__(self) -> None:
        self._people: dict[str, Person] = {}
        self._merged: dict[str, str] = {}
        self._number = 1
        self._emails: _Index = {}
        self._phones: _Index = {}
        self._identifiers: _Index = {}
        self._keys: _Index = {}

    def __len__(self) -> int:
        return len(self._people)

    def get(self, person_id: str) -> Person | None:
        """The person of that id, or the one that it was merged into."""
        person = self._people.get(person_id)  # who is held was not merged away
        return person if person is not None else self._people.get(self.resolve(person_id))

    def resolve(self, person_id: str) -> str:
        """The id under which a person is held today."""
        path = []
        while person_id in self._merged:
            path.append(person_id)
            person_id = self._merged[person_id]
        for passed in path[:-1]:  # a chain of merges is walked once
            self._merged[passed] = person_id
        return person_id

    def by_email(self, address: str) -> tuple[Person, ...]:
        """Who holds a normalised address, the oldest first."""
        held = self._emails.get(address)
        return self._found(held) if held is not None else ()

    def by_phone(self, number: str) -> tuple[Person, ...]:
        """Who holds an E.164 number, the oldest first."""
        held = self._phones.get(number)
        return self._found(held) if held is not None else ()

    def by_identifier(self, identifier: Identifier) -> tuple[Person, ...]:
        """Who holds an id, the oldest first."""
        held = self._identifiers.get(identifier)
        return self._found(held) if held is not None else ()

    def by_key(self, key: str) -> tuple[Person, ...]:
        """Who has a key of the policy's own making, the oldest first."""
        held = self._keys.get(key)
        return self._found(held) if held is not None else ()

    def next_number(self) -> int:
        """The ``number`` that the next new person will have."""
        return self._number

    def save(self, person: Person) -> None:
        """Puts a version in place of the last one of the same id, or a new person in the list."""
        before = self._people.get(person.person_id)
        self._people[person.person_id] = person
        if before is None:
            self._number = max(self._number, person.number) + 1
            self._index(person)
        else:
            self._reindex(before, person)

    def merge(self, absorbed: str, survivor: str) -> None:
        """Takes one person out of the list; its id leads to the other from now on."""
        gone = self._people.pop(absorbed)
        self._reindex(gone, Person(absorbed, gone.number))
        self._merged[absorbed] = survivor

    def everyone(self) -> Iterator[Person]:
        """All people, in the order of their creation."""
        return iter(self._people.values())

    def _found(self, held: str | dict[str, None]) -> tuple[Person, ...]:
        if type(held) is str:
            return (self._people[held],)
        return tuple(self._people[person_id] for person_id in held)

    def _index(self, person: Person) -> None:
        owner = person.person_id
        for email in person.emails:
            _add(self._emails, email[0], owner)
        for phone in person.phones:
            _add(self._phones, phone[0], owner)
        for identifier in person.identifiers:
            _add(self._identifiers, identifier, owner)
        for key in person.lookup:
            _add(self._keys, key, owner)

    def _reindex(self, before: Person, after: Person) -> None:
        """Brings the indexes from one version to the next; what is the same object is skipped."""
        owner = after.person_id
        if before.emails is not after.emails:
            _swap(self._emails, [e[0] for e in before.emails], [e[0] for e in after.emails], owner)
        if before.phones is not after.phones:
            _swap(self._phones, [p[0] for p in before.phones], [p[0] for p in after.phones], owner)
        if before.identifiers is not after.identifiers:
            _swap(self._identifiers, before.identifiers, after.identifiers, owner)
        if before.lookup is not after.lookup:
            _swap(self._keys, before.lookup, after.lookup, owner)


def _swap(index: _Index, before: Iterable[Any], after: Iterable[Any], owner: str) -> None:
    old, new = dict.fromkeys(before), dict.fromkeys(after)
    for key in old:
        if key not in new:
            _drop(index, key, owner)
    for key in new:
        if key not in old:
            _add(index, key, owner)


def _add(index: _Index, key: Any, owner: str) -> None:
    held = index.setdefault(key, owner)
    if held is owner:
        return
    if type(held) is str:
        if held != owner:
            index[key] = {held: None, owner: None}
    else:
        assert isinstance(held, dict)
        held[owner] = None


def _drop(index: _Index, key: Any, owner: str) -> None:
    held = index[key]
    if type(held) is str:
        del index[key]
        return
    assert isinstance(held, dict)
    del held[owner]
    if len(held) == 1:
        (index[key],) = held
