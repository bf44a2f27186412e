"""The live records of a store in memory: normalised, and found by what they share.

Which pairs are candidates depends on the set of live records alone, never on the order in which
they came: blocks are looked up whole, so that one record at a time finds what all at once find.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from blocking import BLOCK_CAP, Key, find_candidates
from blocking.features import Feature
from blocking.hashed_keys import HashedKeys
from blocking.index import KeyIndex
from blocking.keys import KeyMaker
from blocking.pairs import Entries, block_pairs, group, pack, unique_sorted, unpack
from matcher.records import Records
from matcher.store.frozen import STORE_KEYS
from matcher.store.growing import Growing
from matcher.subsets import stacked, subset

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: From this share of all records on, looking at all of them is cheaper than looking them up.
_NEARLY_ALL = 0.25
#: Up to so many components are looked for one by one.
_FEW = 24
_UNKNOWN = -1


@dataclass(frozen=True)
class _Chunk:
    """Records that came together: those of slots ``start`` and on."""

    start: int
    records: Records


@dataclass(frozen=True)
class _Newest:
    """The key values of the records that came last: those of slots ``start`` and on."""

    start: int
    entries: Mapping[str, Entries]

    @classmethod
    def of(cls, start: int, records: Records) -> _Newest:
        """Those of records that come now."""
        made = HashedKeys(records).all(STORE_KEYS)
        return cls(start, {name: Entries(e.rows + start, e.keys) for name, e in made})


class Population:
    """Records by slot: every version of a record has a slot of its own, and one version is live."""

    def __init__(self) -> None:
        self._chunks: list[_Chunk] = []
        self._indexes: dict[str, KeyIndex] = {}
        self._newest = _Newest(0, {})
        self._said = Growing(np.uint64)
        self._ties = Growing(np.uint64)
        self._live = Growing(np.bool_)
        self._organisation = Growing(np.bool_)
        self._component = Growing(np.int64)

    def __len__(self) -> int:
        return len(self._live)

    @property
    def live(self) -> Ints:
        """The slots of all live records, in ascending order."""
        return np.flatnonzero(self._live.values)

    def is_live(self, slots: Ints) -> Bools:
        """Which of the slots hold the live version of their record."""
        return self._live.values[slots]

    def add(
        self, records: Records, said: npt.NDArray[np.uint64], ties: npt.NDArray[np.uint64]
    ) -> Ints:
        """Takes in records.

        Args:
            records: normalised.
            said: hashes of what each record says.
            ties: hashes of which record it is, to order those that say the same.

        Returns:
            their slots.
        """
        start = len(self)
        self._chunks.append(_Chunk(start, records))
        self._merge_chunks()
        self._said.extend(said)
        self._ties.extend(ties)
        self._live.extend(np.ones(records.count, np.bool_))
        self._organisation.extend(records.organisation)
        self._component.extend(np.full(records.count, _UNKNOWN))
        self._newest = _Newest.of(start, records)
        for name, entries in self._newest.entries.items():
            self._indexes.setdefault(name, KeyIndex()).add(entries)
        return np.arange(start, start + records.count)

    @contextmanager
    def visited(
        self, records: Records, said: npt.NDArray[np.uint64], ties: npt.NDArray[np.uint64]
    ) -> Iterator[Ints]:
        """Has records among the others for the time of the body, which gets their slots.

        What is made of them inside is as if they had been added; afterwards they have never been.
        """
        start, count = len(self), records.count
        newest, self._newest = self._newest, _Newest.of(start, records)
        entries = self._newest.entries
        self._chunks.append(_Chunk(start, records))
        for column, values in (
            (self._said, said), (self._ties, ties), (self._live, np.ones(count, np.bool_)),
            (self._organisation, records.organisation),
            (self._component, np.full(count, _UNKNOWN)),
        ):  # fmt: skip
            column.extend(values)
        for name, made in entries.items():
            self._indexes.setdefault(name, KeyIndex()).add_for_now(made)
        try:
            yield np.arange(start, start + count)
        finally:
            self._newest = newest
            for name, made in entries.items():
                self._indexes[name].take_back(made)
            for column in (
                self._said, self._ties, self._live, self._organisation, self._component,
            ):  # fmt: skip
                column.shorten(count)
            self._chunks.pop()

    def components(self, slots: Ints) -> Ints:
        """The component of each slot, as it was resolved last; negative where it never was."""
        return self._component.values[slots]

    def set_components(self, slots: Ints, components: Ints) -> None:
        """Says which slots hang together by links: equal numbers, at least 0."""
        self._component.values[slots] = components

    def mates(self, slots: Ints) -> Ints:
        """The live slots of all components that the slots are in."""
        wanted = closed([self._component.values[slots]])
        wanted = wanted[wanted >= 0]
        everybody = self._component.values
        if len(wanted) <= _FEW:
            mates = np.zeros(len(everybody), np.bool_)
            for component in wanted.tolist():
                mates |= everybody == component
        else:
            place = np.minimum(np.searchsorted(wanted, everybody), len(wanted) - 1)
            mates = wanted[place] == everybody
        return np.flatnonzero(mates & self._live.values)

    def set_live(self, slots: Ints, live: bool) -> None:
        """Makes versions the live ones of their records, or not so."""
        self._live.values[slots] = live

    def records(self, slots: Ints) -> Records:
        """The records of slots given in ascending order."""
        parts = []
        for chunk in self._chunks:
            stop = chunk.start + chunk.records.count
            here = slots[np.searchsorted(slots, chunk.start) : np.searchsorted(slots, stop)]
            if len(here) == chunk.records.count:
                parts.append(chunk.records)
            elif len(here):
                parts.append(subset(chunk.records, here - chunk.start))
        return stacked(parts) if parts else subset(self._chunks[0].records, slots)

    def order(self, slots: Ints) -> Ints:
        """A content order of some records: int64 per slot."""
        ranked = np.lexsort((self._ties.values[slots], self._said.values[slots]))
        order = np.empty(len(slots), np.int64)
        order[ranked] = np.arange(len(slots))
        return order

    def pairs(self, around: Ints) -> tuple[Ints, Ints]:
        """All candidate pairs of which at least one record is among the slots ``around``.

        Returns:
            left and right slots of live records, sorted, left below right.
        """
        if len(around) > _NEARLY_ALL * len(self):
            slots = self.live
            made = find_candidates(self.records(slots), self.order(slots), fixed=STORE_KEYS)
            left, right = slots[made.left], slots[made.right]
        else:
            left, right = unpack(self._block_pairs(self._touched(around), self._live.values))
        chosen = np.zeros(len(self), np.bool_)
        chosen[around] = True
        touched = chosen[left] | chosen[right]
        return left[touched], right[touched]

    def disturbed(self, arrived: Ints, gone: Ints) -> Ints:
        """The slots of pairs that became candidates, or ceased to be, as others came and went.

        Only crowded blocks can do that: one that grows beyond the cap is split by a finer key.

        Args:
            arrived: slots that are live now and were not before.
            gone: slots that were live before and are not now.
        """
        if len(arrived) + len(gone) > _NEARLY_ALL * len(self):
            return self.live
        touched = {}
        for name, values in self._touched(closed([arrived, gone])).items():
            crowded = self._indexes[name].crowded(values, BLOCK_CAP)
            if len(crowded):
                touched[name] = crowded
        if not touched:
            return np.zeros(0, np.int64)
        live = self._live.values
        after = self._block_pairs(touched, live)
        before = live.copy()
        before[arrived], before[gone] = False, True
        changed = np.setxor1d(after, self._block_pairs(touched, before))
        return closed([*unpack(changed)])

    def _touched(self, slots: Ints) -> dict[str, Ints]:
        """The values that some records have, by key."""
        if len(slots) and slots[0] >= self._newest.start:  # asked for when they have just come
            chosen = np.zeros(len(self), np.bool_)
            chosen[slots] = True
            made = {name: e.keys[chosen[e.rows]] for name, e in self._newest.entries.items()}
        else:
            hashed = HashedKeys(self.records(slots)).all(STORE_KEYS)
            made = {name: entries.keys for name, entries in hashed}
        return {name: closed([keys]) for name, keys in made.items() if len(keys)}

    def _block_pairs(self, touched: Mapping[str, Ints], live: Bools) -> Ints:
        """Packed pairs of slots of all blocks that have the values touched.

        Args:
            touched: values by key.
            live: by slot, which to count.
        """
        blocks = {}
        for name, values in touched.items():
            entries = self._indexes[name].entries(values)
            counted = live[entries.rows]
            blocks[name] = Entries(entries.rows[counted], entries.keys[counted])
        slots = closed([entries.rows for entries in blocks.values()])
        order, organisation = self.order(slots), self._organisation.values[slots]
        finer = _Finer(self, slots)
        found = [np.zeros(0, np.int64)]
        for name, entries in blocks.items():
            grouped = group(Entries(np.searchsorted(slots, entries.rows), entries.keys), order)
            crowded = bool((grouped.sizes > BLOCK_CAP).any())
            made = block_pairs(grouped, finer.of(name) if crowded else (), order)
            left, right = unpack(made.packed)
            found.append(made.packed[organisation[left] == organisation[right]])
        left, right = unpack(unique_sorted(np.concatenate(found)))
        return pack(slots[left], slots[right])

    def _merge_chunks(self) -> None:
        """Keeps the chunks few: each is larger than all that came after it."""
        while len(self._chunks) > 1:
            last, before = self._chunks[-1], self._chunks[-2]
            if before.records.count > last.records.count:
                return
            together = stacked([before.records, last.records])
            self._chunks[-2:] = [_Chunk(before.start, together)]


class _Finer:
    """Features that split crowded blocks of some records, made where there is such a block."""

    def __init__(self, population: Population, slots: Ints) -> None:
        self._population = population
        self._slots = slots

    def of(self, name: str) -> Sequence[Feature]:
        """The features that split blocks of the key of that name."""
        named = {key.name: key for key in STORE_KEYS}
        return self._maker.finer(named.get(name) or Key(name, (name,)))

    @cached_property
    def _maker(self) -> KeyMaker:
        return KeyMaker(self._population.records(self._slots))


def closed(parts: Sequence[Ints]) -> Ints:
    """Slots of several lists, each once, in ascending order."""
    return unique_sorted(np.concatenate([np.zeros(0, np.int64), *parts]))
