"""Dates in ISO text: equal, read in the other order, mistyped."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from scoring.columns import (
    Attribute,
    Compared,
    Ints,
    LevelNumbers,
    SharedValues,
    judge_pairs,
    shared_exact,
)
from scoring.levels import Comparison
from scoring.texts import objects

_LENGTH = len("YYYY-MM-DD")


class DateRules:
    """The rules for one column of dates; parts that are absent (``1975``) count as unlike."""

    def __init__(self, attribute: Attribute, comparison: Comparison) -> None:
        self._attribute = attribute
        self._comparison = comparison

    def compare(self, left: Ints, right: Ints) -> Compared:
        """Levels, and each shared date."""
        codes = self._attribute.codes
        number = self._comparison.number
        levels = judge_pairs(codes[left], codes[right], number("exact"), self._judge)
        return Compared(levels, shared_exact(levels, number("exact"), codes[left]))

    @property
    def values(self) -> SharedValues:
        """The values whose rarity counts."""
        exact = self._comparison.number("exact")
        return self._attribute.shared_values(self._comparison.levels[exact - 1].u)

    @cached_property
    def _characters(self) -> npt.NDArray[np.uint8]:
        """One row of ten bytes per distinct date, padded with blanks."""
        texts = objects(self._attribute.values)
        padded = b"".join(text.encode()[:_LENGTH].ljust(_LENGTH) for text in texts)
        return np.frombuffer(padded, np.uint8).reshape(-1, _LENGTH)

    def _judge(self, one: Ints, other: Ints) -> LevelNumbers:
        number = self._comparison.number
        left, right = self._characters[one], self._characters[other]
        unlike = left != right
        slips = unlike.sum(axis=1)
        year, month, day = unlike[:, :4].any(1), unlike[:, 5:7].any(1), unlike[:, 8:].any(1)
        crossed = (left[:, 5:7] != right[:, 8:]).any(1) | (left[:, 8:] != right[:, 5:7]).any(1)
        parts_unlike = year.astype(np.int8) + month + day
        levels = np.full(len(one), number("different"), np.int8)
        years = _years(left), _years(right)
        apart = np.abs(years[0] - years[1]) >= _GENERATION
        levels[apart & (years[0] > 0) & (years[1] > 0)] = number("a generation apart")
        levels[slips == 2] = number("two characters")
        levels[parts_unlike == 1] = number("two of three parts")
        levels[slips == 1] = number("one character")
        levels[~year & ~crossed] = number("day and month swapped")
        return levels


#: Years between a parent and a child, at the least.
_GENERATION = 15


def _years(characters: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """The year in each row of characters."""
    digits = characters[:, :4].astype(np.int64) - ord("0")
    years: npt.NDArray[np.int64] = digits @ np.array([1000, 100, 10, 1])
    return years
