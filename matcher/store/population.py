"""The live records of a store in memory: normalised, and found by what they share.

Which pairs are candidates depends on the set of live records alone, never on the order in which
they came: blocks are looked up whole, so that one record at a time finds what all at once find.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from blocking import BLOCK_CAP, find_candidates
from blocking.features import Feature
from blocking.hashed_keys import HashedKeys
from blocking.hashes import Hashes
from blocking.index import KeyIndex, entries_of
from blocking.pairs import Entries, absent_from, block_pairs, group, pack, unique_sorted, unpack
from matcher.clustering import WHOLE_COMPONENT
from matcher.records import Records
from matcher.store.frozen import STORE_KEYS
from matcher.store.grouped import Grouped
from matcher.store.growing import Growing
from matcher.subsets import stacked, subset
from scoring.turns import in_turn

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: From this share of all records on, looking at all of them is cheaper than looking them up.
_NEARLY_ALL = 0.25
#: The key values of fewer records are made sooner than a thread starts.
_WORTH_THREADS = 2_000
#: What splits a crowded block of each key, the most telling first; of an id's key these four.
FINER = {key.name: tuple(name for name in key.finer if name not in key.parts) for key in STORE_KEYS}
FINER_OF_IDS = ("first name", "last name", "ZIP", "birth date")
_FEATURES = tuple(
    dict.fromkeys(name for names in (FINER_OF_IDS, *FINER.values()) for name in names)
)


@dataclass(frozen=True)
class _Chunk:
    """Records that came together: those of slots ``start`` and on."""

    start: int
    records: Records


class KeyValues:
    """What some records can be found by.

    Attributes:
        entries: by key, the rows of the records and their values.
        finer: by feature, a hash per record of what splits crowded blocks; 0 for none.
    """

    def __init__(self, records: Records) -> None:
        made = HashedKeys(records)
        self.entries: Mapping[str, Entries] = dict(made.all(STORE_KEYS))
        self.finer: Mapping[str, Hashes] = {name: made.values(name) for name in _FEATURES}


@dataclass(frozen=True)
class _Newest:
    """The key values of the records that came last: those of slots ``start`` and on."""

    start: int
    entries: Mapping[str, Entries]


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
        self._finer = {name: Growing(np.uint64) for name in _FEATURES}
        self._component = Grouped()

    def __len__(self) -> int:
        return len(self._live)

    @property
    def live(self) -> Ints:
        """The slots of all live records, in ascending order."""
        return np.flatnonzero(self._live.values)

    def is_live(self, slots: Ints) -> Bools:
        """Which of the slots hold the live version of their record."""
        return self._live.values[slots]

    def add(self, records: Records, said: Hashes, ties: Hashes) -> Ints:
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
        self._component.extend(records.count)
        self._index(records, start)
        return np.arange(start, start + records.count)

    def _index(self, records: Records, start: int) -> None:
        """Has records found by what they can be found by, those of slots ``start`` and on."""
        made = HashedKeys(records)
        each = in_turn if records.count >= _WORTH_THREADS else map

        def split(feature: str) -> None:
            self._finer[feature].extend(made.values(feature))

        def find(key: tuple[str, Callable[[], Entries | None]]) -> tuple[str, Entries] | None:
            name, found = key[0], key[1]()
            if found is None:
                return None
            entries = Entries(found.rows + start, found.keys)
            self._indexes.setdefault(name, KeyIndex()).add(entries)
            return (name, entries) if is_asked else None

        # Where most are new, all pairs are looked for at once, and not by these.
        is_asked = records.count <= _NEARLY_ALL * len(self)
        deque(each(split, _FEATURES), 0)
        found = [entry for entry in each(find, made.makers(STORE_KEYS)) if entry is not None]
        self._newest = _Newest(start if is_asked else len(self), dict(found))

    def holders(self, asked: Mapping[str, Ints]) -> Entries:
        """The live slots that have any of some different values of some keys, and which."""
        known = [(self._indexes[key], asked[key]) for key in asked if key in self._indexes]
        held = entries_of(known)
        live = self._live.values[held.rows]
        return held if live.all() else Entries(held.rows[live], held.keys[live])

    def ties(self, slots: Ints) -> npt.NDArray[np.uint64]:
        """Hashes of which records the slots hold: an order that does not depend on arrival."""
        return self._ties.values[slots]

    def said(self, slots: Ints) -> Hashes:
        """Hashes of what the records in some slots say."""
        return self._said.values[slots]

    def is_organisation(self, slots: Ints) -> Bools:
        """Which of the slots hold organisations."""
        return self._organisation.values[slots]

    @staticmethod
    def finer_names(key: str) -> tuple[str, ...]:
        """The features that split crowded blocks of a key, the most telling first."""
        return FINER.get(key, FINER_OF_IDS)

    def finer(self, key: str, slots: Ints) -> list[Hashes]:
        """A hash per slot for each feature that splits crowded blocks of a key."""
        return [self._finer[name].values[slots] for name in self.finer_names(key)]

    def components(self, slots: Ints) -> Ints:
        """The component of each slot, as it was resolved last; negative where it never was."""
        return self._component.of(slots)

    def set_components(self, slots: Ints, components: Ints) -> None:
        """Says which slots hang together by links: equal numbers, at least 0."""
        self._component.put(slots, components)

    def in_components(self, components: Ints) -> Ints:
        """The live slots of some components, in ascending order."""
        mates = self._component.members(components)
        return mates[self._live.values[mates]]

    def mates(self, slots: Ints) -> Ints:
        """The live slots of all components that the slots are in, in ascending order."""
        return self.in_components(self.components(slots))

    def in_small_components(self, slots: Ints) -> Ints:
        """The live slots of those components of some slots that are weighed whole."""
        return self.in_components(self._component.small(self.components(slots), WHOLE_COMPONENT))

    def components_above(self, size: int) -> Ints:
        """The components of more than so many records, the largest first."""
        return self._component.large(size)

    def large_components(self, slots: Ints) -> Ints:
        """The other components of some slots, ascending."""
        numbers = closed([self.components(slots)])
        small = self._component.small(numbers, WHOLE_COMPONENT)
        return absent_from(numbers[numbers >= 0], small)

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
        if not len(around):
            return around, around
        if len(around) <= _NEARLY_ALL * len(self):
            return unpack(self._pairs_of_few(closed([around])))
        slots = self.live
        made = find_candidates(self.records(slots), self.order(slots), fixed=STORE_KEYS)
        left, right = slots[made.left], slots[made.right]
        chosen = np.zeros(len(self), np.bool_)
        chosen[around] = True
        touched = chosen[left] | chosen[right]
        return left[touched], right[touched]

    def _pairs_of_few(self, around: Ints) -> Ints:
        """The same, packed, each of the slots looked up."""
        found, crowds = [np.zeros(0, np.int64)], {}
        each = in_turn if len(around) >= _WORTH_THREADS else map
        for name, asked, met in each(self._met, [*self._entries(around).items()]):
            apart = met.rows != met.slots
            found.append(pack(met.rows[apart], met.slots[apart]))
            if len(met.crowded):
                crowds[name] = closed([asked.keys[met.crowded]])
        packed = np.concatenate(found)
        left, right = unpack(packed)
        packed = packed[self.is_organisation(left) == self.is_organisation(right)]
        if crowds:
            crowded = self._block_pairs(crowds, self._live.values)
            left, right = unpack(crowded)
            packed = np.concatenate([packed, crowded[_among(left, around) | _among(right, around)]])
        return unique_sorted(packed)

    def _met(self, asked: tuple[str, Entries]) -> tuple[str, Entries, Met]:
        """Who shares a value of one key."""
        name, entries = asked
        return name, entries, meet(entries, self.holders({name: closed([entries.keys])}))

    def disturbed(self, arrived: Ints, gone: Ints) -> Ints:
        """The slots of pairs that became candidates, or ceased to be, as others came and went.

        Only crowded blocks can do that: one that grows beyond the cap is split by a finer key.

        Args:
            arrived: slots that are live now and were not before.
            gone: slots that were live before and are not now.
        """
        if not len(arrived) + len(gone):
            return arrived
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
        return {name: closed([entries.keys]) for name, entries in self._entries(slots).items()}

    def _entries(self, slots: Ints) -> dict[str, Entries]:
        """Which of some slots, in ascending order, have which values, by key."""
        if len(slots) and slots[0] >= self._newest.start:  # asked for when they have just come
            parts = self._newest.entries
            chosen = {name: _among(entries.rows, slots) for name, entries in parts.items()}
            made = {
                name: Entries(entries.rows[chosen[name]], entries.keys[chosen[name]])
                for name, entries in parts.items()
            }
        else:
            hashed = HashedKeys(self.records(slots)).all(STORE_KEYS)
            made = {name: Entries(slots[entries.rows], entries.keys) for name, entries in hashed}
        return {name: entries for name, entries in made.items() if len(entries.rows)}

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
        order, organisation = self.order(slots), self.is_organisation(slots)
        found = [np.zeros(0, np.int64)]
        for name, entries in blocks.items():
            grouped = group(Entries(np.searchsorted(slots, entries.rows), entries.keys), order)
            crowded = bool((grouped.sizes > BLOCK_CAP).any())
            finer = [_numbered(hashes) for hashes in self.finer(name, slots)] if crowded else []
            made = block_pairs(grouped, finer, order)
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


@dataclass(frozen=True)
class Met:
    """Who shares a value with whom.

    Attributes:
        rows: int64, of one that asked.
        slots: int64, of one that has a value of its.
        crowded: int64, places of what was asked whose block is too large for all its pairs.
    """

    rows: Ints
    slots: Ints
    crowded: Ints


def meet(asked: Entries, held: Entries, added: Ints | None = None) -> Met:
    """Everybody who asks with everybody who has the value, unless too many have it.

    Args:
        asked: of those who ask.
        held: of the live records, for all values asked for.
        added: int64 per entry of ``asked``, how many entries beside ``held`` are in its block.
    """
    ranked = np.argsort(held.keys)
    keys, slots = held.keys[ranked], held.rows[ranked]
    first = np.searchsorted(keys, asked.keys)
    counts = np.searchsorted(keys, asked.keys, "right") - first
    large = (counts if added is None else counts + added) > BLOCK_CAP
    counts[large] = 0
    within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    met = slots[np.repeat(first, counts) + within]
    return Met(np.repeat(asked.rows, counts), met, np.flatnonzero(large))


def _among(values: Ints, ordered: Ints) -> Bools:
    """Which values are in a sorted list that is not empty."""
    found: Bools = ordered[np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)] == values
    return found


def _numbered(hashes: Hashes) -> Feature:
    """Hashes as codes; 0 has none."""
    values, codes = np.unique(hashes, return_inverse=True)
    codes = codes.astype(np.int64) - int(values[0] == 0) if len(values) else codes
    return Feature(codes, len(values))


def closed(parts: Sequence[Ints]) -> Ints:
    """Slots of several lists, each once, in ascending order."""
    return unique_sorted(np.concatenate([np.zeros(0, np.int64), *parts]))
