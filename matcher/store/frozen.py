"""A model that does not move: shares, rarities and sizes as they were when it was made.

In a store, weights must not depend on who has arrived so far; otherwise the order of arrival would
show in the result. So a version of the model holds the rarity of every value that more than one
record had, by the hash of its text (no text is kept), and the size of the set that it was made on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from blocking import ALWAYS, MEASURED
from blocking.hashes import Hashes, mixed, seed, text_hashes
from matcher.model import Model
from matcher.nicknames import formal_names
from matcher.pipeline import Scale
from matcher.records import Records, missing_column
from scoring import (
    NAMES_IN_USE,
    Comparer,
    Frequencies,
    Universe,
    Weights,
    holders_by_chance,
)

Floats = npt.NDArray[np.float64]

#: The set that the shipped model is taken to be of, until a store learns from its own records.
SHIPPED_RECORDS = 100_000
#: The level of two records of which neither has a value: evidence, but not worth telling.
IN_NEITHER = "in neither"

_KEYS = frozenset(
    {
        *(key.name for key in ALWAYS),
        "address",
        "ZIP + birth day and month",
        "street + ZIP",
        "birth date, day and month in either order",
    }
)
#: What two records of a store must share to be compared: the same at every size.
STORE_KEYS = tuple(key for key in (*ALWAYS, *MEASURED) if key.name in _KEYS)


@dataclass(frozen=True)
class Chances:
    """How often unrelated records hold a value, for values that several records held.

    Attributes:
        hashes: uint64, sorted; of attribute and text.
        chances: float64 per hash.
    """

    hashes: Hashes = field(default_factory=lambda: np.zeros(0, np.uint64))
    chances: Floats = field(default_factory=lambda: np.zeros(0))

    def of(self, hashes: Hashes) -> Floats:
        """The chance of each hash; NaN where it is not known."""
        if not len(self.hashes):
            return np.full(len(hashes), np.nan)
        place = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        return np.where(self.hashes[place] == hashes, self.chances[place], np.nan)


@dataclass(frozen=True)
class FrozenModel:
    """One version of a store's model.

    Attributes:
        version: counted from 1.
        model: comparisons, shares and rates.
        records: of the set that it was made on.
        chances: rarities of that set.
    """

    version: int
    model: Model
    records: int = SHIPPED_RECORDS
    chances: Chances = field(default_factory=Chances)

    @property
    def is_shipped(self) -> bool:
        """Whether it has not been learnt from any records: it knows no rarity."""
        return not len(self.chances.hashes)

    def comparer(self, records: Records) -> Comparer:
        """Compares some records, each pair alike whichever others are among them."""
        extras, weights = self.model.extras, self.model.weights
        if "suffix" not in records.columns:  # that neither has one is a level of its own
            columns = {**records.columns, "suffix": missing_column(records.count)}
            records = replace(records, columns=columns)
        return Comparer(records, weights, formal_names(), extras, self._holders(records))

    def _holders(self, records: Records) -> Mapping[str, Floats]:
        """How many records of the set that the model was made on hold each name."""
        return {
            name: holders_by_chance(
                self.chances.of(_hashed(name, name, records.columns[name].values)),
                self.model.weights.comparison(name),
                self.records,
            )
            if len(self.chances.hashes)
            else np.full(len(records.columns[name].values), np.nan)
            for name in NAMES_IN_USE
            if name in records.columns
        }

    def scale(self, records: Records) -> Scale:
        """Weighs pairs of some records as this version does."""
        comparer, weights = self.comparer(records), self.model.weights
        held = {} if self.is_shipped else _value_hashes(comparer)
        known = {
            name: np.concatenate([np.zeros(0), *(self._chances(*kind) for kind in kinds)])
            for name, kinds in held.items()
        }
        frequencies = Frequencies.frozen(comparer.shared_values(), self.records, weights, known)
        return Scale(comparer, weights, frequencies, Universe.within(self.records))

    def hashes(self, records: Records) -> Hashes:
        """The hashes under which the rarities of what some records hold are kept, each once."""
        kinds = [kind for held in _value_hashes(self.comparer(records)).values() for kind in held]
        return np.unique(np.concatenate([np.zeros(0, np.uint64), *(hashes for _, hashes in kinds)]))

    def _chances(self, lone: np.uint64, hashes: Hashes) -> Floats:
        """The chance of values of one kind; one that was not there counts as held once."""
        found = self.chances.of(hashes)
        unseen = np.isnan(found)
        if unseen.any():
            found[unseen] = self.chances.of(np.array([lone]))
        return found

    @classmethod
    def learnt(cls, version: int, scale: Scale, extras: Mapping[str, str]) -> FrozenModel:
        """The version that weighs as a batch did.

        Args:
            version: its number.
            scale: of the batch.
            extras: further columns that it compares, and how.
        """
        hashes, chances = [np.zeros(0, np.uint64)], [np.zeros(0)]
        for name, kinds in _value_hashes(scale.comparer).items():
            place, by_number = 0, scale.frequencies.chance[name]
            for lone, held in kinds:
                chance = by_number[place : place + len(held)]
                place += len(held)
                if not len(held):
                    continue
                several = chance > chance.min()
                hashes += [held[several], np.array([lone])]
                chances += [chance[several], chance.min(keepdims=True)]
        stacked = np.concatenate(hashes)
        ranked = np.argsort(stacked)
        known = Chances(stacked[ranked], np.concatenate(chances)[ranked])
        weights = scale.weights
        if not scale.comparer.compares_suffixes:
            weights = _without_word_on(weights, "suffix")
        return cls(version, Model(weights, extras), scale.universe.records, known)


def _without_word_on(weights: Weights, name: str) -> Weights:
    """Weights of a list in which nobody has a value: that neither of two has one says nothing."""
    comparison = weights.comparison(name)
    levels = tuple(
        replace(level, m=level.u, h=level.u) if level.name == IN_NEITHER else level
        for level in comparison.levels
    )
    changed = replace(comparison, levels=levels)
    return replace(
        weights,
        comparisons=tuple(changed if one is comparison else one for one in weights.comparisons),
    )


def _hashed(name: str, attribute: str, texts: pa.StringArray) -> Hashes:
    """The hash of each value of one attribute of a comparison."""
    return mixed(text_hashes(texts) ^ seed(f"{name}/{attribute}"))


def _value_hashes(comparer: Comparer) -> Mapping[str, list[tuple[np.uint64, Hashes]]]:
    """By comparison and kind of value: the hash of all that one record holds, and of each value.

    The kinds come in the order in which their values are numbered.
    """
    return {
        name: [
            (
                seed(f"held once: {name}/{attribute}"),
                _hashed(name, attribute, texts),
            )
            for attribute, texts in by_attribute.items()
        ]
        for name, by_attribute in comparer.shared_texts().items()
    }
