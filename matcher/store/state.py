"""What a store knows, in memory: its live records, who belongs to whom, and what was decided."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from blocking.index import KeyIndex
from blocking.pairs import Entries
from matcher.records import Records
from matcher.store.decided import Decided
from matcher.store.grouped import Grouped
from matcher.store.growing import Growing
from matcher.store.naming import Named
from matcher.store.population import Population
from matcher.store.remembering import Remembered

Ints = npt.NDArray[np.int64]


class State:
    """Everything that resolving needs; made from the file, and kept up with it.

    Numbers: a *record* has one or more *versions*, each with a *slot* in ``population``.
    """

    def __init__(self) -> None:
        self.population = Population()
        self.remembered = Remembered()
        self.decisions: dict[tuple[int, int], str] = {}
        self._names = KeyIndex()
        self._ids: list[tuple[int, pa.StringArray]] = []  # first slot, ids of those and on
        self._record_of = Growing(np.int64)  # by slot
        self._version_of = Growing(np.int64)  # by slot
        self._content = Growing(np.uint64)  # by slot
        self._slot_of = Growing(np.int64)  # by record: its live slot, -1 for none
        self._person_of = Grouped()  # by record

    @property
    def record_count(self) -> int:
        """Records there ever were; the number of the next one."""
        return len(self._slot_of)

    def known(self, named: Named) -> tuple[Ints, npt.NDArray[np.bool_]]:
        """The record of each row, -1 for a new one, and whether its live version says the same."""
        records = self._names.first_holders(named.names)
        slots = np.full(len(records), -1)
        slots[records >= 0] = self._slots(records[records >= 0])
        same = slots >= 0
        same[same] = self._content.values[slots[same]] == named.content[same]
        return records, same

    def called(self, names: Ints) -> Ints:
        """The live records of some names, in ascending order."""
        records = np.unique(self.holders(names))
        return records[records >= 0]

    def holders(self, names: Ints) -> Ints:
        """The live record of each name, -1 where there is none."""
        records = self._names.first_holders(names)
        known = np.flatnonzero(records >= 0)
        records[known[self.is_retired(records[known])]] = -1
        return records

    def add(
        self,
        records: Records,
        said: npt.NDArray[np.uint64],
        named: Named,
        numbers: Ints,
        versions: Ints,
    ) -> Ints:
        """Takes in versions of records, which become live.

        Args:
            records: normalised.
            said: hashes of what each says, normalised.
            named: of each.
            numbers: the record of each, each once; those not known yet count on.
            versions: the version of each.

        Returns:
            their slots.
        """
        fresh = np.ones(len(numbers), np.bool_)
        fresh[numbers < self.record_count] = (
            self._slot_of.values[numbers[numbers < self.record_count]] < 0
        )
        self.make_room(int(numbers.max(initial=-1)) + 1)
        self._names.add(Entries(numbers[fresh], named.names[fresh]))
        self._ids.append((len(self.population), named.record_ids))
        slots = self.population.add(records, said, named.names.view(np.uint64))
        self._record_of.extend(numbers)
        self._version_of.extend(versions)
        self._content.extend(named.content)
        before = self._slot_of.values[numbers]
        self.population.set_live(before[before >= 0], False)
        self._slot_of.values[numbers] = slots
        return slots

    def name(self, records: Ints, names: Ints) -> None:
        """Says by which names records are known that have no live version."""
        self._names.add(Entries(records, names))

    def make_room(self, records: int) -> None:
        """Makes place for records up to that many."""
        room = records - self.record_count
        if room > 0:
            self._slot_of.extend(np.full(room, -1))
            self._person_of.extend(room)

    def retire(self, records: Ints) -> Ints:
        """Takes records out; the slots that were live."""
        slots = self._slots(records)
        slots = slots[slots >= 0]
        self.population.set_live(slots, False)
        self._slot_of.values[records] = -1
        return slots

    def slots(self, records: Ints) -> Ints:
        """The live slots of records that have one."""
        slots = self._slots(records)
        return slots[slots >= 0]

    def is_retired(self, records: Ints) -> npt.NDArray[np.bool_]:
        """Which of the records have no live version."""
        return self._slots(records) < 0

    def is_live(self, records: Ints) -> npt.NDArray[np.bool_]:
        """Which of the records have a live version."""
        return self._slots(records) >= 0

    def records(self, slots: Ints) -> Ints:
        """The record of each slot."""
        return self._record_of.values[slots]

    def record_ids(self, slots: Ints) -> list[str]:
        """What the records in some slots are called."""
        found = []
        for slot in slots.tolist():
            start, ids = self._ids[bisect_right(self._ids, slot, key=lambda part: part[0]) - 1]
            found.append(ids[slot - start].as_py())
        return found

    def versions(self, slots: Ints) -> Ints:
        """The version of each slot."""
        return self._version_of.values[slots]

    def persons(self, records: Ints) -> Ints:
        """The person of each record, ``NOBODY`` for none."""
        return self._person_of.of(records)

    def persons_of(self, slots: Ints) -> Ints:
        """The person that the record of each slot belongs to."""
        return self.persons(self.records(slots))

    def set_components(self, records: Ints, components: Ints) -> None:
        """Says which records hang together by links; those that are not live do with none."""
        slots = self._slots(records)
        live = slots >= 0
        self.population.set_components(slots[live], components[live])

    def set_persons(self, records: Ints, persons: Ints) -> None:
        """Says who records belong to."""
        self._person_of.put(records, persons)

    def members(self, persons: Ints) -> Ints:
        """All records of some persons, in ascending order."""
        return self._person_of.members(persons)

    def decided(self) -> Decided:
        """The decisions in force, by slots."""
        by_verdict: dict[str, list[tuple[int, int]]] = {"same": [], "different": []}
        for pair, verdict in self.decisions.items():
            if verdict in by_verdict:
                by_verdict[verdict].append(pair)
        return Decided(self._packed(by_verdict["same"]), self._packed(by_verdict["different"]))

    def decided_with(self, records: Ints) -> Ints:
        """The records that a decision in force ties to any of these."""
        if not self.decisions:
            return np.zeros(0, np.int64)
        ends = np.array(list(self.decisions), np.int64)
        near = np.isin(ends, records)
        return np.unique(ends[:, ::-1][near])

    def _packed(self, pairs: list[tuple[int, int]]) -> Ints:
        if not pairs:
            return np.zeros(0, np.int64)
        slots = self._slot_of.values[np.array(pairs, np.int64)]
        slots = slots[(slots >= 0).all(axis=1)]
        low, high = slots.min(axis=1), slots.max(axis=1)
        packed: Ints = np.sort((low << np.int64(32)) | high)
        return packed

    def _slots(self, records: Ints) -> Ints:
        return self._slot_of.values[records]
