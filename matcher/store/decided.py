"""What people said of pairs of records, and what evidence counts beside it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from blocking.pairs import unique_sorted, unpack
from matcher.clustering import PairEvidence

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: log2 odds of a pair that a person has called the same: more than any evidence.
_DECIDED = 1e6
#: What evidence against a pair still counts where decisions put it together.
_OVERRULED = -4.0


class Verdict(Enum):
    """What a person says of two records."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Decided:
    """The decisions in force, by slots. Where they contradict each other, ``different`` holds.

    Attributes:
        same: packed pairs of slots, sorted.
        different: packed pairs of slots, sorted.
    """

    same: Ints
    different: Ints

    def same_around(self, slots: Ints) -> Ints:
        """The pairs called the same that touch any of the slots."""
        if not len(self.same):
            return self.same
        left, right = unpack(self.same)
        return self.same[np.isin(left, slots) | np.isin(right, slots)]

    def inside(self, slots: Ints) -> Ints:
        """The pairs decided on of which both records are among the slots, sorted."""
        both = np.concatenate([self.same, self.different])
        if not len(both):
            return both
        left, right = unpack(both)
        return unique_sorted(both[np.isin(left, slots) & np.isin(right, slots)])

    def linking(self, found: PairEvidence, packed: Ints, threshold: float) -> Bools:
        """Which pairs hang together, by evidence or because somebody called them the same."""
        by_evidence = self.forbidding(found, packed)
        return self.is_same(packed) | ((by_evidence.log_odds > threshold) & ~by_evidence.veto)

    def forbidding(self, found: PairEvidence, packed: Ints) -> PairEvidence:
        """The evidence of pairs, of which those called different may never be together."""
        if not len(self.different):
            return found
        return found._replace(veto=found.veto | self.is_different(packed))

    def outranking(self, found: PairEvidence, packed: Ints) -> PairEvidence:
        """The evidence of pairs, where what people said counts more than all else.

        A contradiction like Jr against Sr still speaks against a pair; only a decision forbids it.
        """
        same, different = self.is_same(packed), self.is_different(packed)
        against = np.where(found.veto, np.minimum(found.log_odds, _OVERRULED), found.log_odds)
        return PairEvidence(
            np.where(same, _DECIDED, against),
            np.where(same, 0.0, found.contradiction),
            different,
            found.namesakes & ~same,
        )

    def is_same(self, packed: Ints) -> Bools:
        """Which pairs were called the same."""
        return _among(packed, self.same)

    def is_different(self, packed: Ints) -> Bools:
        """Which pairs were called different."""
        return _among(packed, self.different)


NOTHING_DECIDED = Decided(np.zeros(0, np.int64), np.zeros(0, np.int64))


def _among(values: Ints, ordered: Ints) -> Bools:
    """Which values are in a sorted list."""
    if not len(ordered):
        return np.zeros(len(values), np.bool_)
    place = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    found: Bools = ordered[place] == values
    return found
