"""Who holds an email, a number, an id or a key: an index of a list's people."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from itertools import islice
from typing import Any

from matcher.policies.people import Person
from matcher.policies.piles import difference


class Holders:
    """The ids of the people who hold a value, by value; made when somebody first asks.

    Most policies ask about some attributes only, and what nobody asks for costs nothing.

    Args:
        values: the values of a person.
    """

    __slots__ = ("_held", "_values", "asked")

    def __init__(self, values: Callable[[Person], Collection[Any]]) -> None:
        self._values = values
        #: One id, or several in order: a dict, for it gives up one of a hundred thousand at once.
        self._held: dict[Any, str | dict[str, None]] = {}
        self.asked = False

    def of(
        self, value: Any, people: Mapping[str, Person], most: int | None = None
    ) -> tuple[Person, ...]:
        """Who holds a value, the oldest first; no more than ``most`` are gone through."""
        if not self.asked:
            self.asked = True
            for person in people.values():
                self.add(person)
        held = self._held.get(value)
        if held is None:
            return ()
        if type(held) is str:
            return (people[held],)
        return tuple(people[person_id] for person_id in islice(held, most))

    def add(self, person: Person) -> None:
        """Notes all that a new person holds."""
        owner = person.person_id
        for value in self._values(person):
            if self._held.setdefault(value, owner) is not owner:
                self._join(value, owner)

    def swap(self, before: Person, after: Person) -> None:
        """Brings the index from one version of a person to the next."""
        owner = after.person_id
        gone, came = difference(self._values(before), self._values(after))
        for value in gone:
            self._leave(value, owner)
        for value in came:
            if self._held.setdefault(value, owner) is not owner:
                self._join(value, owner)

    def _join(self, value: Any, owner: str) -> None:
        held = self._held[value]
        if type(held) is str:
            if held != owner:
                self._held[value] = {held: None, owner: None}
        else:
            assert isinstance(held, dict)
            held[owner] = None

    def _leave(self, value: Any, owner: str) -> None:
        held = self._held[value]
        if type(held) is str:
            del self._held[value]
            return
        assert isinstance(held, dict)
        del held[owner]
        if len(held) == 1:
            (self._held[value],) = held
