"""The words of the model: a comparison is a list of levels, a level holds three shares.

Each level says how often it occurs among pairs of the same person (``m``), among two people of
one household (``h``), and among unrelated people (``u``); Fellegi and Sunter (1969) with a third
class. The weight of a level is ``log2(m / u)``; a missing value (level 0) weighs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from math import log2
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

#: The level number of a pair in which a side has no value.
MISSING = 0


class Frequency(StrEnum):
    """How the rarity of a value that both records share replaces a level's ``u``."""

    NONE = "none"
    #: An unrelated record has the value with its share of all records (names, dates, ZIP codes).
    SHARE = "share"
    #: Of the other holders of the value a fixed share is unrelated (emails, phones, addresses):
    #: random pairs that agree on these are mostly matches, so counting them would mislead.
    HOLDERS = "holders"


@dataclass(frozen=True, slots=True)
class Level:
    """One outcome of a comparison.

    Attributes:
        name: the outcome in words.
        m: share among pairs of the same person.
        u: share among pairs of unrelated people.
        h: share among pairs of two people of one household.
        frequency: whether the rarity of the shared value replaces ``u``.
        context: levels of one context exclude those of the others; shares add up to about 1
            inside a context.
    """

    name: str
    m: float
    u: float
    h: float
    frequency: Frequency = Frequency.NONE
    context: str = ""

    @property
    def weight(self) -> float:
        """log2 evidence for the same person against unrelated people."""
        return log2(self.m / self.u)

    @property
    def household_weight(self) -> float:
        """log2 evidence for one household against unrelated people."""
        return log2(self.h / self.u)


class LogShares(NamedTuple):
    """log2 shares by level number; 0 for missing, and for shares that rarity replaces."""

    m: npt.NDArray[np.float64]
    h: npt.NDArray[np.float64]
    u: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Comparison:
    """How one attribute of a pair is judged.

    Attributes:
        name: the attribute.
        levels: the outcomes, the strongest agreement first; the number of a level in the data is
            its place here plus one.
        holders_unrelated: with ``Frequency.HOLDERS``, the share of the other holders of a value
            who are unrelated.
        household_fixed: the household shares are not learnt (learnt, the household class turns
            into a second class of matches with a damaged name).
        household_floor: two people of one household share a value at least this often, however
            rare it is; 0 where their share does not depend on the value.
    """

    name: str
    levels: tuple[Level, ...]
    holders_unrelated: float = 0.0
    household_fixed: bool = False
    household_floor: float = 0.0

    def number(self, level_name: str) -> int:
        """The number of a level by its name.

        Raises:
            KeyError: no level has that name.
        """
        return self._numbers[level_name]

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        """Of equal names the first counts."""
        backwards = reversed(list(enumerate(self.levels, start=1)))
        return {level.name: number for number, level in backwards}

    def label(self, number: int) -> str:
        """The name of a level by its number; ``missing`` for 0."""
        return "missing" if number == MISSING else self.levels[number - 1].name

    @cached_property
    def logs(self) -> LogShares:
        """What each level number is worth; nobody writes to it."""
        found = np.zeros((3, len(self.levels) + 1))
        for number, level in enumerate(self.levels, start=1):
            by_rarity = level.frequency is not Frequency.NONE
            floored = by_rarity and self.household_floor > 0
            found[0, number] = np.log2(level.m)
            found[1, number] = 0.0 if floored else np.log2(level.h)
            found[2, number] = 0.0 if by_rarity else np.log2(level.u)
        return LogShares(*found)

    @cached_property
    def against(self) -> npt.NDArray[np.float64]:
        """The weight in bits of each level number that speaks against one person; 0 for others."""
        found = np.zeros(len(self.levels) + 1)
        for number, level in enumerate(self.levels, start=1):
            if level.frequency is Frequency.NONE:
                found[number] = min(level.weight, 0.0)
        return found


@dataclass(frozen=True, slots=True)
class Rates:
    """How common links are, which sets the prior.

    Attributes:
        matches: other records of the same person that a record has, on average.
        household: records of other people of its household that a record has, on average.
    """

    matches: float = 0.7
    household: float = 0.5


@dataclass(frozen=True, slots=True)
class Fit:
    """How the estimation went; shown in the report.

    Attributes:
        rounds: EM rounds run; 0 where the shipped shares were used as they are.
        change: largest change of any share in the last round.
        converged: the change fell below the tolerance.
        pairs: candidate pairs that the estimate rests on.
        patterns: distinct combinations of levels among them.
    """

    rounds: int = 0
    change: float = 0.0
    converged: bool = True
    pairs: int = 0
    patterns: int = 0


@dataclass(frozen=True, slots=True)
class Weights:
    """A model: the comparisons with their shares, and the rates.

    Attributes:
        comparisons: in the order in which levels are stored.
        rates: the prior.
        made_from: which data and seed made the shares, in words.
        fit: how the last estimation went.
    """

    comparisons: tuple[Comparison, ...]
    rates: Rates = field(default_factory=Rates)
    made_from: str = ""
    fit: Fit = field(default_factory=Fit)

    def comparison(self, name: str) -> Comparison:
        """The comparison of that name.

        Raises:
            KeyError: there is none.
        """
        for comparison in self.comparisons:
            if comparison.name == name:
                return comparison
        raise KeyError(name)


def level(
    name: str,
    m: float,
    weight: float,
    household: float = 0.0,
    frequency: Frequency = Frequency.NONE,
    *,
    context: str = "",
) -> Level:
    """A level from its match share and its weights in bits, the form that people read.

    Args:
        name: the outcome in words.
        m: share among pairs of the same person.
        weight: log2(m / u).
        household: log2(h / u); by default two people of one household agree no more often than
            unrelated ones.
        frequency: whether the rarity of the shared value replaces ``u``.
        context: see ``Level``.
    """
    u = min(m / 2.0**weight, _LARGEST_SHARE)
    h = min(u * 2.0**household, _LARGEST_SHARE)
    return Level(name, m, u, h, frequency, context)


#: Round weights may imply a share of a little over 1.
_LARGEST_SHARE = 0.99
