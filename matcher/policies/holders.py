"""Who holds an email, a number, an id or a key: an index of a list's people."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Mapping
from itertools import islice
from typing import Any

from matcher.policies.people import Person
from matcher.policies.piles import difference


class Holders:
    """The people who hold a value, by value; made when somebody first asks.

    Most policies ask about some attributes only, and what nobody asks for costs nothing. The
    oldest comes first, whoever took the value first: so the answer depends on what people hold and
    not on the way there, and a list that was read from a file answers as the one that was written.

    Args:
        values: the values of a person.
        people: everybody, by id; a person stands here before the index hears of them.
    """

    __slots__ = ("_held", "_people", "_values", "asked")

    def __init__(
        self, values: Callable[[Person], Collection[Any]], people: Mapping[str, Person]
    ) -> None:
        self._values = values
        self._people = people
        #: One id, or several behind their numbers, sorted.
        self._held: dict[Any, str | list[tuple[int, str]]] = {}
        self.asked = False

    def of(self, value: Any, most: int | None = None) -> tuple[Person, ...]:
        """Who holds a value, the oldest first; no more than ``most`` are gone through."""
        people = self._people
        if not self.asked:
            self.asked = True
            for person in people.values():
                self.add(person)
        held = self._held.get(value)
        if held is None:
            return ()
        if isinstance(held, str):
            return (people[held],)
        return tuple([people[person_id] for _, person_id in islice(held, most)])

    def add(self, person: Person) -> None:
        """Notes all that a new person holds."""
        owner = person.person_id
        for value in self._values(person):
            if self._held.setdefault(value, owner) is not owner:
                self._join(value, person)

    def swap(self, before: Person, after: Person) -> None:
        """Brings the index from one version of a person to the next."""
        owner = after.person_id
        gone, came = difference(self._values(before), self._values(after))
        for value in gone:
            self._leave(value, after)
        for value in came:
            if self._held.setdefault(value, owner) is not owner:
                self._join(value, after)

    def _join(self, value: Any, person: Person) -> None:
        held, entry = self._held[value], (person.number, person.person_id)
        if type(held) is str:
            if held != person.person_id:
                self._held[value] = sorted([(self._people[held].number, held), entry])
            return
        assert isinstance(held, list)
        if held[-1] < entry:  # a new person is the youngest
            held.append(entry)
        elif held[bisect_left(held, entry)] != entry:
            insort(held, entry)

    def _leave(self, value: Any, person: Person) -> None:
        held = self._held[value]
        if type(held) is str:
            del self._held[value]
            return
        assert isinstance(held, list)
        del held[bisect_left(held, (person.number, person.person_id))]
        if len(held) == 1:
            ((_, self._held[value]),) = held
