"""Visitors: records that are held against those of a store and do not come in.

Each is looked up as if it came alone: visitors do not see each other, and what they share with the
store changes nothing between the records there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from blocking import pairs as blocks
from blocking.hashes import Hashes
from blocking.pairs import Entries, unique_sorted, unpack
from matcher.clustering import PairEvidence
from matcher.content import content_hashes
from matcher.pipeline import Scale
from matcher.records import Records
from matcher.store.frozen import FrozenModel
from matcher.store.population import KeyValues, Population, closed, meet
from matcher.subsets import stacked
from scoring import Evidence, Weighed

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Visitors:
    """Records from outside.

    Attributes:
        records: normalised.
        said: hashes of what each says.
        ties: hashes of which record it is, to order those that say the same.
    """

    records: Records
    said: Hashes
    ties: Hashes

    @classmethod
    def of(cls, records: Records, names: Ints) -> Visitors:
        """Records and their names (``matcher.store.naming``)."""
        return cls(records, content_hashes(records), names.view(np.uint64))


@dataclass(frozen=True)
class Near:
    """Visitors and the live records that they share a blocking key with, compared.

    Attributes:
        rows: int64 per pair, the visitor; ascending.
        slots: int64 per pair, the record.
        evidence: of each pair.
        weighed: of each pair.
        found: what clustering needs to know of each.
    """

    rows: Ints
    slots: Ints
    evidence: Evidence
    weighed: Weighed
    found: PairEvidence

    @property
    def links(self) -> Bools:
        """Which pairs are more likely than not one person."""
        links: Bools = (self.found.log_odds > 0.0) & ~self.found.veto
        return links


@dataclass(frozen=True)
class Gathering:
    """Some records of a store and all visitors, to be compared with each other.

    Attributes:
        slots: int64, ascending; of the records.
        scale: weighs pairs of all of them: first the records, then the visitors.
    """

    slots: Ints
    scale: Scale

    @classmethod
    def of(
        cls, population: Population, model: FrozenModel, slots: Ints, visitors: Records
    ) -> Gathering:
        """Those of some slots, given in ascending order."""
        parts = [population.records(slots), visitors] if len(slots) else [visitors]
        return cls(slots, model.scale(stacked(parts)))

    def places(self, slots: Ints) -> Ints:
        """Where the records of some slots are."""
        return np.searchsorted(self.slots, slots)

    def visitors(self, rows: Ints) -> Ints:
        """Where some visitors are."""
        return len(self.slots) + rows


def near(gathering: Gathering, rows: Ints, slots: Ints) -> Near:
    """Compares visitors with records."""
    scale = gathering.scale
    evidence = scale.comparer.compare(gathering.places(slots), gathering.visitors(rows))
    weighed = scale.weigh(evidence)
    return Near(rows, slots, evidence, weighed, scale.pair_evidence(evidence, weighed))


def met(population: Population, visitors: Visitors) -> tuple[Ints, Ints]:
    """Each visitor with each live record that it shares a blocking key with.

    Returns:
        visitors and slots, sorted by visitor, then slot.
    """
    made = KeyValues(visitors.records)
    names = [name for name, entries in made.entries.items() if len(entries.rows)]
    stops = np.cumsum([len(made.entries[name].rows) for name in names])
    asked = _together([made.entries[name] for name in names])
    held = population.holders({name: closed([made.entries[name].keys]) for name in names})
    shared = meet(asked, held, _repeats(asked))
    found = [(shared.rows << np.int64(32)) | shared.slots]
    for place in shared.crowded.tolist():
        name = names[int(np.searchsorted(stops, place, "right"))]
        row, key = asked.rows[place], asked.keys[place]
        block = held.rows[held.keys == key]
        count = int(((asked.rows == row) & (asked.keys == key)).sum())
        finer = [made.finer[feature][row] for feature in population.finer_names(name)]
        crowd = _Crowd.of(population, name, block, finer)
        mates = crowd.mates(visitors.said[row], visitors.ties[row], count)
        found.append((row << np.int64(32)) | mates)
    packed = unique_sorted(np.concatenate(found))
    rows, slots = unpack(packed)
    fits = visitors.records.organisation[rows] == population.is_organisation(slots)
    return rows[fits], slots[fits]


def _together(entries: Sequence[Entries]) -> Entries:
    """Entries of several keys, whose values differ."""
    nothing = np.zeros(0, np.int64)
    rows, keys = [each.rows for each in entries], [each.keys for each in entries]
    return Entries(np.concatenate([nothing, *rows]), np.concatenate([nothing, *keys]))


def _repeats(entries: Entries) -> Ints:
    """How often each entry is there: a record may have one value of a key several times."""
    ranked = np.lexsort((entries.rows, entries.keys))
    rows, keys = entries.rows[ranked], entries.keys[ranked]
    fresh = np.ones(len(rows), np.bool_)
    fresh[1:] = (rows[1:] != rows[:-1]) | (keys[1:] != keys[:-1])
    starts = np.flatnonzero(fresh)
    sizes = np.diff(np.append(starts, len(rows)))
    repeats = np.empty(len(rows), np.int64)
    repeats[ranked] = np.repeat(sizes, sizes)
    return repeats


@dataclass(frozen=True)
class _Crowd:
    """A block that is too large for all its pairs, and what splits it.

    Attributes:
        slots: int64, its live records; one that has the value twice is there twice.
        said: of each.
        ties: of each.
        finer: per feature, a hash of each record; the most telling first.
        wanted: the same of a visitor.
    """

    slots: Ints
    said: Hashes
    ties: Hashes
    finer: list[Hashes]
    wanted: list[np.uint64]

    @classmethod
    def of(cls, population: Population, key: str, slots: Ints, wanted: list[np.uint64]) -> _Crowd:
        """The block of one value of a key."""
        said, ties = population.said(slots), population.ties(slots)
        return cls(slots, said, ties, population.finer(key, slots), wanted)

    def mates(self, said: np.uint64, ties: np.uint64, count: int) -> Ints:
        """The records that a visitor meets in the block, as ``blocking.pairs`` splits it.

        Args:
            said: of the visitor.
            ties: of the visitor.
            count: how often it has the value.
        """
        slots = np.concatenate([self.slots, np.full(count, _VISITOR)])
        ranked = np.lexsort(
            (
                np.concatenate([self.ties, np.full(count, ties)]),
                np.concatenate([self.said, np.full(count, said)]),
            )
        )
        found = [_beside(slots[ranked])]
        for hashes, wanted in zip(self.finer, self.wanted, strict=True):
            alike = np.concatenate([hashes == wanted, np.ones(count, np.bool_)])
            ranked = ranked[alike[ranked]]
            if len(ranked) <= blocks.BLOCK_CAP:
                found.append(slots[ranked])
                break
            found.append(_beside(slots[ranked]))
        mates = closed(found)
        others: Ints = mates[mates != _VISITOR]
        return others


_VISITOR = -1


def _beside(ranked: Ints) -> Ints:
    """Who stands next to the visitor, in content order."""
    at = np.flatnonzero(ranked == _VISITOR)
    reach = np.arange(-blocks.NEIGHBOURS, blocks.NEIGHBOURS + 1)
    places = closed([(at[:, None] + reach).ravel()])
    found: Ints = ranked[places[(places >= 0) & (places < len(ranked))]]
    return found
