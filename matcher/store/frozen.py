"""A model that does not move: shares, rarities and sizes as they were when it was made.

In a store, weights must not depend on who has arrived so far; otherwise the order of arrival would
show in the result. So a version of the model holds the rarity of every value that more than one
record had, by the hash of its text (no text is kept), and the size of the set that it was made on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from blocking import ALWAYS, MEASURED
from blocking.hashes import Hashes, mixed, seed, text_hashes
from matcher.model import Model
from matcher.nicknames import formal_names
from matcher.pipeline import Scale
from matcher.records import EXTRA_PREFIX, Records
from scoring import Comparer, Frequencies, Universe

Floats = npt.NDArray[np.float64]

#: The set that the shipped model is taken to be of, until a store learns from its own records.
SHIPPED_RECORDS = 100_000

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

    def comparer(self, records: Records) -> Comparer:
        """Compares some records."""
        extras = {EXTRA_PREFIX + name: kind for name, kind in self.model.extras.items()}
        return Comparer(records, self.model.weights, formal_names(), extras)

    def scale(self, records: Records) -> Scale:
        """Weighs pairs of some records as this version does."""
        comparer, weights = self.comparer(records), self.model.weights
        known = {
            name: np.concatenate([np.zeros(0), *(self.chances.of(h) for h in hashes)])
            for name, hashes in _value_hashes(comparer).items()
        }
        frequencies = Frequencies.frozen(comparer.shared_values(), self.records, weights, known)
        return Scale(comparer, weights, frequencies, Universe.within(self.records))

    @classmethod
    def learnt(cls, version: int, scale: Scale, model: Model) -> FrozenModel:
        """The version that weighs as a batch did."""
        records = scale.universe.records
        blank = Frequencies.frozen(scale.frequencies.values, records, scale.weights, {})
        hashes, chances = [np.zeros(0, np.uint64)], [np.zeros(0)]
        for name, by_attribute in _value_hashes(scale.comparer).items():
            held = scale.frequencies.chance[name]
            several = held != blank.chance[name]
            hashes.append(np.concatenate(by_attribute)[several])
            chances.append(held[several])
        stacked = np.concatenate(hashes)
        ranked = np.argsort(stacked)
        return cls(
            version, model, records, Chances(stacked[ranked], np.concatenate(chances)[ranked])
        )


def _value_hashes(comparer: Comparer) -> Mapping[str, list[Hashes]]:
    """Hashes of the values whose rarity counts, by comparison, in the order of their numbers."""
    return {
        name: [
            mixed(text_hashes(texts) ^ seed(f"{name}/{attribute}"))
            for attribute, texts in by_attribute.items()
        ]
        for name, by_attribute in comparer.shared_texts().items()
    }
