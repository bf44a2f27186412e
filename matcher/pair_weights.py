"""What was found about each candidate pair, without an array for everything that may be asked.

Of sixty million pairs, each number of each pair is half a gigabyte. The log2 odds are kept, which
all that follows needs; weights and household probabilities, which a few pairs are shown with, are
worked out again for the pairs asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring import Evidence, Weighed, odds_to_probability

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Steps = npt.NDArray[np.int8]

#: Pairs that are worked out at once.
_AT_ONCE = 1 << 20


@dataclass(frozen=True)
class PairWeights:
    """The weights and probabilities of the candidate pairs.

    Attributes:
        log_odds: float64 per pair, log2 odds that it is one person.
        household_steps: int8 per pair, how many of the probabilities that something depends on
            the one that it is two people of one household reaches.
        evidence: of the pairs.
        weigher: makes what weighs evidence as it was weighed for ``log_odds``.
        settled: where the pairs of a record competed, what came of it: then it is as it is.
    """

    log_odds: Floats
    household_steps: Steps
    evidence: Evidence
    weigher: Callable[[], Callable[[Evidence], Weighed]]
    settled: Weighed | None = None

    def __len__(self) -> int:
        return len(self.log_odds)

    @property
    def household(self) -> Bools:
        """Where two people of one household are the likeliest explanation."""
        return self.household_steps > 0

    @property
    def probability(self) -> Floats:
        """The probability of each pair that it is one person."""
        out = np.empty(len(self))
        for place in self.evidence.slices(_AT_ONCE):
            out[place] = odds_to_probability(self.log_odds[place])
        return out

    @property
    def weight(self) -> Floats:
        """log2 evidence of each pair for one person against unrelated people."""
        return self._gathered("weight")

    @property
    def household_probability(self) -> Floats:
        """The probability of each pair that it is two people of one household."""
        return self._gathered("household_probability")

    def of(self, places: Ints) -> Weighed:
        """All about some pairs."""
        if self.settled is not None:
            return Weighed(*(values[places] for values in self.settled))
        return self.weigher()(self.evidence.chosen(places))

    def between(self, low: float, high: float) -> Ints:
        """The places of the pairs with such a probability, both ends included."""
        found = [np.zeros(0, np.int64)]
        for place in self.evidence.slices(_AT_ONCE):
            probability = odds_to_probability(self.log_odds[place])
            inside = (probability >= low) & (probability <= high)
            found.append(np.flatnonzero(inside) + place.start)
        return np.concatenate(found)

    def _gathered(self, name: str) -> Floats:
        if self.settled is not None:
            found: Floats = getattr(self.settled, name)
            return found
        out, weigh = np.empty(len(self)), self.weigher()
        for place in self.evidence.slices(_AT_ONCE):
            out[place] = getattr(weigh(self.evidence.part(place)), name)
        return out
