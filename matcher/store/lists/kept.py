"""A vendor's list in memory that knows what changed since it was last saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from matcher.policies.memory_list import MemoryList
from matcher.policies.people import Person
from matcher.store.lists.rules import Rules


class Version(NamedTuple):
    """What a list says of one of its people now.

    Attributes:
        number: of the person in the list.
        person_id: its id there.
        person: as held; ``None`` where it was merged away or dropped.
        merged_into: the number of the person that it was merged into.
    """

    number: int
    person_id: str
    person: Person | None
    merged_into: int | None = None


class KeptList(MemoryList):
    """A list of which the changes are to be saved.

    Attributes:
        numbers: id of each person there is or was -> its number.
        rows: how many rows it has taken in.
        rules: those that it was last saved by, where it was.
    """

    def __init__(self) -> None:
        super().__init__()
        self.numbers: dict[str, int] = {}
        self.rows = 0
        self.rules: Rules | None = None
        self._before: dict[str, Person | None] = {}

    def take_over(self, people: Iterable[Person], merged: Mapping[str, str], number: int) -> None:
        """Begins with what was saved; nothing of it counts as changed."""
        super().take_over(people, merged, number)
        self.numbers.update((person.person_id, person.number) for person in self.everyone())

    def save(self, person: Person) -> None:
        """As of any list; the version of before is remembered."""
        person_id = person.person_id
        if person_id not in self._before:
            self._before[person_id] = self._people.get(person_id)
            self.numbers[person_id] = person.number
        super().save(person)

    def merge(self, absorbed: str, survivor: str) -> None:
        """As of any list; the person of before is remembered."""
        self._before.setdefault(absorbed, self._people[absorbed])
        super().merge(absorbed, survivor)

    def drop(self, person_ids: Iterable[str]) -> None:
        """Takes people out of the list altogether."""
        for person_id in person_ids:
            gone = self._people.pop(person_id)
            self._before.setdefault(person_id, gone)
            self._reindex(gone, Person(person_id, gone.number))

    def changed(self) -> list[Version]:
        """Everybody of whom it says something else than when it was last saved."""
        versions = []
        for person_id, before in self._before.items():
            person, number = self._people.get(person_id), self.numbers[person_id]
            if person is None:
                into = self.numbers[self.resolve(person_id)]
                merged_into = into if into != number else None
                versions.append(Version(number, person_id, None, merged_into))
            elif person != before:
                versions.append(Version(number, person_id, person))
        return versions

    def mark_saved(self) -> None:
        """Says that all of it is in the file."""
        self._before.clear()
