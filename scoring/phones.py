"""Phone numbers: equal, or a slip of the finger apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoring.columns import (
    Attribute,
    Compared,
    Ints,
    LevelNumbers,
    SharedValues,
    holders_of,
    judge_pairs,
    shared_exact,
)
from scoring.levels import Comparison


class PhoneRules:
    """The rules for phones; every record may hold several."""

    def __init__(self, slots: Sequence[Attribute], comparison: Comparison) -> None:
        self._slots = slots
        self._comparison = comparison

    @property
    def values(self) -> SharedValues:
        """The phones whose rarity counts."""
        codes = [slot.codes for slot in self._slots]
        holders = holders_of(codes, len(self._slots[0].values))
        return SharedValues(holders, np.broadcast_to(np.nan, len(holders)))

    def compare(self, left: Ints, right: Ints) -> Compared:
        """The best level over all phones of both sides."""
        best = np.zeros(len(left), np.int8)
        shared = np.full(len(left), -1, np.int32)
        for one in self._slots:
            for other in self._slots:
                codes = one.codes[left]
                levels = judge_pairs(codes, other.codes[right], 1, self._judge)
                better = np.flatnonzero((levels > 0) & ((best == 0) | (levels < best)))
                best[better], shared[better] = levels[better], codes[better]
        return Compared(best, shared_exact(best, self._comparison.number("exact"), shared))

    def _judge(self, one: Ints, other: Ints) -> LevelNumbers:
        number = self._comparison.number
        apart = self._slots[0].edits(one, other, at_most=2)
        levels = np.full(len(one), number("different"), np.int8)
        levels[apart == 2] = number("two edits")
        levels[apart == 1] = number("one edit")
        return levels
