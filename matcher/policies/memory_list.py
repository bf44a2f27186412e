"""A vendor's list in memory."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping

from matcher.policies.contacts import Identifier
from matcher.policies.holders import Holders
from matcher.policies.people import Made, Person


class MemoryList:
    """A list in memory: dictionaries, linear in the people."""

    def __init__(self) -> None:
        self._people: dict[str, Person] = {}
        self._merged: dict[str, str] = {}
        self._number = 1
        people = self._people
        self._emails = Holders(lambda person: [email[0] for email in person.emails], people)
        self._phones = Holders(lambda person: [phone[0] for phone in person.phones], people)
        self._identifiers = Holders(lambda person: person.identifiers, people)
        self._keys = Holders(lambda person: person.lookup, people)
        self._made: dict[Made, Holders] = {}

    def take_over(self, people: Iterable[Person], merged: Mapping[str, str], number: int) -> None:
        """Begins with what a list held before.

        Args:
            people: in the order of their creation.
            merged: id of a person merged away -> that of the one that it was merged into.
            number: the ``number`` that the next new person will have.
        """
        self._people.update((person.person_id, person) for person in people)
        self._merged.update(merged)
        self._number = number

    def __len__(self) -> int:
        return len(self._people)

    def get(self, person_id: str) -> Person | None:
        """The person of that id, or the one that it was merged into."""
        person = self._people.get(person_id)
        if person is None and person_id in self._merged:  # who is held was not merged away
            return self._people.get(self.resolve(person_id))
        return person

    def resolve(self, person_id: str) -> str:
        """The id under which a person is held today."""
        path = []
        while person_id in self._merged:
            path.append(person_id)
            person_id = self._merged[person_id]
        for passed in path[:-1]:  # a chain of merges is walked once
            self._merged[passed] = person_id
        return person_id

    def by_email(self, address: str, most: int | None = None) -> tuple[Person, ...]:
        """Who holds a normalised address, the oldest first."""
        return self._emails.of(address, most)

    def by_phone(self, number: str, most: int | None = None) -> tuple[Person, ...]:
        """Who holds an E.164 number, the oldest first."""
        return self._phones.of(number, most)

    def by_identifier(self, identifier: Identifier) -> tuple[Person, ...]:
        """Who holds an id, the oldest first."""
        return self._identifiers.of(identifier)

    def by_key(self, key: Hashable, most: int | None = None) -> tuple[Person, ...]:
        """Who has a key of the policy's own making, the oldest first."""
        return self._keys.of(key, most)

    def by_made(self, made: Made, value: Hashable, most: int) -> tuple[Person, ...]:
        """Of whom a policy's own function makes this value."""
        holders = self._made.get(made)
        if holders is None:
            holders = self._made[made] = Holders(made, self._people)
        return holders.of(value, most)

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

    def _index(self, person: Person) -> None:
        if person.emails and self._emails.asked:
            self._emails.add(person)
        if person.phones and self._phones.asked:
            self._phones.add(person)
        if person.identifiers and self._identifiers.asked:
            self._identifiers.add(person)
        if person.lookup and self._keys.asked:
            self._keys.add(person)
        for holders in self._made.values():
            holders.add(person)

    def _reindex(self, before: Person, after: Person) -> None:
        """Brings the indexes from one version to the next; what is the same object is skipped."""
        if self._emails.asked and before.emails is not after.emails:
            self._emails.swap(before, after)
        if self._phones.asked and before.phones is not after.phones:
            self._phones.swap(before, after)
        if self._identifiers.asked and before.identifiers is not after.identifiers:
            self._identifiers.swap(before, after)
        if self._keys.asked and before.lookup is not after.lookup:
            self._keys.swap(before, after)
        for holders in self._made.values():
            holders.swap(before, after)
