"""Names of persons and organisations: first, middle, last, suffix."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scoring.columns import (
    Attribute,
    Bools,
    Codes,
    Compared,
    Ints,
    Judge,
    LevelNumbers,
    judge_pairs,
    share_chance,
)
from scoring.levels import Comparison
from scoring.strings import jaro_winkler

#: Name -> formal names that it stands for, itself included where it is formal.
Nicknames = Mapping[str, Collection[str]]

#: Shorter parts of a surname say little when contained in another.
_SHORTEST_PART = 3


class NameParts(NamedTuple):
    """What rules know of each distinct name: its length in bytes, first byte, and initial-ness."""

    initial: Bools
    first_byte: Ints


def name_parts(attribute: Attribute) -> NameParts:
    """Per distinct value: whether it is a single letter, and its first byte."""
    values = attribute.values
    initial = pc.equal(pc.utf8_length(values), 1).to_numpy(zero_copy_only=False)
    lead = pc.binary_slice(values.cast(pa.binary()), 0, 1)
    bytes_ = np.frombuffer(b"".join(lead.fill_null(b" ").to_pylist()), np.uint8)
    return NameParts(initial, bytes_.astype(np.int64))


def nickname_pairs(attribute: Attribute, nicknames: Nicknames) -> Ints:
    """Packed, sorted pairs (smaller code first) of values that stand for one formal name."""
    by_formal: dict[str, list[int]] = {}
    for code, text in enumerate(attribute.texts):
        for formal in nicknames.get(text, ()):
            by_formal.setdefault(formal, []).append(code)
    packed = {
        (low << 32) | high
        for codes in by_formal.values()
        for position, low in enumerate(codes)
        for high in codes[position + 1 :]
    }
    return np.array(sorted(packed), np.int64)


def is_member(packed: Ints, members: Ints) -> Bools:
    """Which of ``packed`` are among the sorted ``members``."""
    if not len(members):
        return np.zeros(len(packed), bool)
    place = np.minimum(np.searchsorted(members, packed), len(members) - 1)
    found: Bools = members[place] == packed
    return found


class NameRules:
    """The rules for one name column."""

    def __init__(
        self, attribute: Attribute, comparison: Comparison, nicknames: Nicknames | None = None
    ) -> None:
        self.attribute = attribute
        self.comparison = comparison
        self._parts = name_parts(attribute)
        self._nicknames = nickname_pairs(attribute, nicknames) if nicknames else None

    def levels(self, left: Ints, right: Ints, judge: Judge) -> LevelNumbers:
        """Levels of pairs of records."""
        codes = self.attribute.codes
        return judge_pairs(codes[left], codes[right], self.comparison.number("exact"), judge)

    @property
    def initial(self) -> Bools:
        """Per distinct value, whether it is a single letter."""
        return self._parts.initial

    def with_chance(self, levels: LevelNumbers, left: Ints) -> Compared:
        """Adds the rarity of each shared name."""
        exact = self.comparison.number("exact")
        rows = np.flatnonzero(levels == exact)
        chance = np.full(len(levels), np.nan)
        chance[rows] = share_chance(self.attribute, left[rows], self.comparison.levels[exact - 1].u)
        return Compared(levels, chance)

    def first(self, one: Ints, other: Ints) -> LevelNumbers:
        """Levels of distinct unequal first names."""
        number = self.comparison.number
        texts = self.attribute.texts
        similarity = jaro_winkler(texts[one], texts[other], cutoff=0.72)
        levels = np.full(len(one), number("different"), np.int8)
        levels[similarity >= 0.72] = number("somewhat similar")
        levels[similarity >= 0.84] = number("similar")
        levels[similarity >= 0.92] = number("very similar")
        levels[self._prefix(one, other)] = number("prefix")
        levels[self._initial(one, other)] = number("initial")
        if self._nicknames is not None:
            packed = (np.minimum(one, other) << np.int64(32)) | np.maximum(one, other)
            levels[is_member(packed, self._nicknames)] = number("nickname")
        return levels

    def last(self, one: Ints, other: Ints) -> LevelNumbers:
        """Levels of distinct unequal last names."""
        number = self.comparison.number
        texts = self.attribute.texts
        similarity = jaro_winkler(texts[one], texts[other], cutoff=0.75)
        levels = np.full(len(one), number("different"), np.int8)
        levels[similarity >= 0.75] = number("somewhat similar")
        levels[self._contains(one, other, similarity < 0.94)] = number("one contains the other")
        levels[similarity >= 0.87] = number("similar")
        levels[similarity >= 0.94] = number("very similar")
        return levels

    def middle(self, one: Ints, other: Ints) -> LevelNumbers:
        """Levels of distinct unequal middle names; a single letter stands for the name."""
        number = self.comparison.number
        texts = self.attribute.texts
        levels = np.full(len(one), number("different"), np.int8)
        initials = self._parts.initial[one] | self._parts.initial[other]
        same_letter = self._parts.first_byte[one] == self._parts.first_byte[other]
        full = np.flatnonzero(~initials)
        close = jaro_winkler(texts[one[full]], texts[other[full]], cutoff=0.84) >= 0.84
        levels[full[close]] = number("similar")
        levels[initials] = number("different initial")
        levels[initials & same_letter] = number("same initial")
        return levels

    def organisation(self, one: Ints, other: Ints) -> LevelNumbers:
        """Levels of distinct unequal names of organisations."""
        number = self.comparison.number
        texts = self.attribute.texts
        similarity = jaro_winkler(texts[one], texts[other], cutoff=0.86)
        levels = np.full(len(one), number("different"), np.int8)
        levels[similarity >= 0.86] = number("similar")
        levels[similarity >= 0.94] = number("very similar")
        return levels

    def _initial(self, one: Ints, other: Ints) -> Bools:
        parts = self._parts
        either = parts.initial[one] | parts.initial[other]
        agree: Bools = either & (parts.first_byte[one] == parts.first_byte[other])
        return agree

    def _prefix(self, one: Ints, other: Ints) -> Bools:
        """One name begins with the other, of two letters or more."""
        found = np.zeros(len(one), bool)
        likely = np.flatnonzero(self._parts.first_byte[one] == self._parts.first_byte[other])
        texts = self.attribute.texts
        for row in likely:
            left, right = texts[one[row]], texts[other[row]]
            short, long = (left, right) if len(left) < len(right) else (right, left)
            found[row] = len(short) > 1 and long.startswith(short)
        return found

    def _contains(self, one: Ints, other: Ints, wanted: Bools) -> Bools:
        """A part of a double-barrelled name is the other name, or one name holds the other."""
        found = np.zeros(len(one), bool)
        texts = self.attribute.texts
        for row in np.flatnonzero(wanted):
            left, right = texts[one[row]], texts[other[row]]
            short, long = (left, right) if len(left) < len(right) else (right, left)
            found[row] = len(short) >= _SHORTEST_PART and (
                short in long or not set(short.split()).isdisjoint(long.split())
            )
        return found


class Swaps:
    """First and last names in one numbering, to see given and family name exchanged."""

    def __init__(self, first: Attribute, last: Attribute) -> None:
        both = pa.chunked_array([first.values, last.values]).combine_chunks().dictionary_encode()
        numbers = both.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        self._first = _spread(first.codes, numbers[: len(first.values)])
        self._last = _spread(last.codes, numbers[len(first.values) :])

    def between(self, left: Ints, right: Ints) -> Bools:
        """Pairs in which each side's first name is the other side's last name."""
        found: Bools = (
            (self._first[left] >= 0)
            & (self._last[left] >= 0)
            & (self._first[left] == self._last[right])
            & (self._last[left] == self._first[right])
        )
        return found


def _spread(codes: Codes, numbers: Ints) -> Ints:
    out = np.full(len(codes), -1, np.int64)
    out[codes >= 0] = numbers[codes[codes >= 0]]
    return out


def compare_suffix(
    attribute: Attribute, left: Ints, right: Ints, comparison: Comparison
) -> Compared:
    """Generational suffixes: ``jr`` and ``ii`` are one, ``sr`` contradicts every other."""
    ranks = np.array([_GENERATION.get(text, 0) for text in attribute.texts] + [0], np.int64)
    one, other = ranks[attribute.codes[left]], ranks[attribute.codes[right]]
    levels = np.zeros(len(left), np.int8)
    known = (one > 0) & (other > 0)
    levels[known & (one == other)] = comparison.number("same")
    levels[known & (one != other)] = comparison.number("contradicts")
    return Compared(levels, np.full(len(left), np.nan))


_GENERATION = {"sr": 1, "i": 1, "jr": 2, "ii": 2, "iii": 3, "iv": 4, "v": 5}
