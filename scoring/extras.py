"""Columns that the caller asked to compare beyond the canonical ones."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from scoring.columns import (
    Attribute,
    Compared,
    Floats,
    Ints,
    LevelNumbers,
    SharedValues,
    judge_pairs,
    shared_exact,
)
from scoring.levels import Comparison
from scoring.texts import objects


class ExtraRules:
    """The rules for one further column of kind ``text``, ``exact`` or ``number``."""

    def __init__(self, attribute: Attribute, comparison: Comparison, kind: str) -> None:
        self._attribute = attribute
        self._comparison = comparison
        self._judge = {"text": self._text, "exact": self._exact, "number": self._number}[kind]

    def compare(self, left: Ints, right: Ints) -> Compared:
        """Levels, and each shared value."""
        codes = self._attribute.codes
        exact = self._comparison.number("exact")
        levels = judge_pairs(codes[left], codes[right], exact, self._judge)
        return Compared(levels, shared_exact(levels, exact, codes[left]))

    @property
    def values(self) -> SharedValues:
        """The values whose rarity counts."""
        exact = self._comparison.number("exact")
        return self._attribute.shared_values(self._comparison.levels[exact - 1].u)

    @cached_property
    def _amounts(self) -> Floats:
        """The distinct values as numbers."""
        return np.array([float(text) for text in objects(self._attribute.values)])

    def _text(self, one: Ints, other: Ints) -> LevelNumbers:
        number = self._comparison.number
        similarity = self._attribute.similarity(one, other, 0.84)
        levels = np.full(len(one), number("different"), np.int8)
        levels[similarity >= 0.84] = number("similar")
        levels[similarity >= 0.92] = number("very similar")
        return levels

    def _exact(self, one: Ints, other: Ints) -> LevelNumbers:
        number = self._comparison.number
        levels = np.full(len(one), number("different"), np.int8)
        apart = self._attribute.edits(one, other, at_most=1)
        levels[apart <= 1] = number("one edit")
        return levels

    def _number(self, one: Ints, other: Ints) -> LevelNumbers:
        number = self._comparison.number
        left, right = self._amounts[one], self._amounts[other]
        apart = np.abs(left - right) / np.maximum(np.maximum(np.abs(left), np.abs(right)), 1e-12)
        levels = np.full(len(one), number("different"), np.int8)
        levels[apart <= 0.10] = number("within 10%")
        levels[apart <= 0.01] = number("within 1%")
        return levels
