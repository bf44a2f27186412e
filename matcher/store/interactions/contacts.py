"""Whom interactions were with, in memory: every contact, found by what it shares with records."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from blocking.index import KeyIndex
from blocking.pairs import Entries
from matcher.content import content_hashes
from matcher.records import Records
from matcher.store.growing import Growing
from matcher.store.identities import NOBODY
from matcher.store.population import Population, closed

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]

#: Of an interaction that nothing has been found of yet.
NO_OUTCOME, NO_STATUS = np.uint64(0), np.int8(-1)


class Contacts:
    """Interactions by number, their contacts by slot.

    An interaction has a slot for each address that it names, one where it names none.
    """

    def __init__(self) -> None:
        self.population = Population()
        self._names = KeyIndex()
        self._interaction_of = Growing(np.int64)  # by slot
        self._content = Growing(np.uint64)  # by interaction
        self._outcome = Growing(np.uint64)  # by interaction
        self._status = Growing(np.int8)  # by interaction
        self._person = Growing(np.int64)  # by interaction
        self._direct = Growing(np.int64)  # by interaction: the person, by records alone
        self._direct_record = Growing(np.int64)  # by interaction

    @property
    def count(self) -> int:
        """Interactions there ever were; the number of the next one."""
        return len(self._content)

    def known(self, names: Ints, content: Hashes) -> tuple[Ints, Bools]:
        """The interaction of each name, -1 for a new one, and whether it says the same."""
        numbers = self._names.first_holders(names)
        same = numbers >= 0
        same[same] = self._content.values[numbers[same]] == content[same]
        return numbers, same

    def name(self, numbers: Ints, names: Ints, content: Hashes) -> None:
        """Takes in interactions, or what they say now; new numbers count on."""
        fresh = numbers >= self.count
        self._names.add(Entries(numbers[fresh], names[fresh]))
        room = int(numbers.max(initial=-1)) + 1 - self.count
        if room > 0:
            self._content.extend(np.zeros(room, np.uint64))
            self._outcome.extend(np.full(room, NO_OUTCOME))
            self._status.extend(np.full(room, NO_STATUS))
            for column in (self._person, self._direct, self._direct_record):
                column.extend(np.full(room, NOBODY))
        self._content.values[numbers] = content

    def add(self, records: Records, interactions: Ints, names: Ints) -> Ints:
        """Takes in contacts.

        Args:
            records: normalised.
            interactions: whose each is.
            names: of the interaction of each.

        Returns:
            their slots.
        """
        slots = self.population.add(records, content_hashes(records), names.view(np.uint64))
        self._interaction_of.extend(interactions)
        return slots

    def retire(self, interactions: Ints) -> None:
        """Takes the contacts of some interactions out."""
        self.population.set_live(self.slots(interactions), False)

    def slots(self, interactions: Ints) -> Ints:
        """The live slots of some interactions, in ascending order."""
        wanted = np.zeros(self.count, np.bool_)
        wanted[interactions] = True
        live = self.population.live
        return live[wanted[self._interaction_of.values[live]]]

    def interactions(self, slots: Ints) -> Ints:
        """The interaction of each slot."""
        return self._interaction_of.values[slots]

    def of_slots(self, slots: Ints) -> Ints:
        """The interactions of some slots, each once, in ascending order."""
        return closed([self.interactions(slots)])

    def outcomes(self, interactions: Ints) -> Hashes:
        """What was found of each the last time, as one number."""
        return self._outcome.values[interactions]

    def statuses(self, interactions: Ints) -> npt.NDArray[np.int8]:
        """The status of each (``outcomes``); ``NO_STATUS`` for none yet."""
        return self._status.values[interactions]

    def persons(self, interactions: Ints) -> Ints:
        """The person that each is linked to; ``NOBODY`` for none."""
        return self._person.values[interactions]

    def set_outcomes(
        self,
        interactions: Ints,
        outcomes: Hashes,
        statuses: npt.NDArray[np.int8],
        persons: Ints | int = NOBODY,
    ) -> None:
        """Says what was found."""
        self._outcome.values[interactions] = outcomes
        self._status.values[interactions] = statuses
        self._person.values[interactions] = persons

    def direct(self, interactions: Ints) -> tuple[Ints, Ints]:
        """The person that records tie each to, and the record by which; ``NOBODY`` for none."""
        return self._direct.values[interactions], self._direct_record.values[interactions]

    def set_direct(self, interactions: Ints, persons: Ints | int, records: Ints | int) -> None:
        """Says which person records tie each to, and the record by which."""
        self._direct.values[interactions] = persons
        self._direct_record.values[interactions] = records

    def is_direct_slot(self) -> Bools:
        """By slot, whether records tie its interaction to a person."""
        direct: Bools = self._direct.values[self._interaction_of.values] >= 0
        return direct

    def with_status(self, *wanted: int) -> Ints:
        """The interactions of some statuses, in ascending order."""
        return np.flatnonzero(np.isin(self._status.values, wanted))
