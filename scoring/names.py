"""Names of persons and organisations: first, middle, last, suffix."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from scoring.columns import (
    NOTHING_SHARED,
    Attribute,
    Bools,
    Compared,
    Floats,
    Ints,
    Judge,
    LevelNumbers,
    SharedValues,
    judge_pairs,
    shared_exact,
)
from scoring.levels import Comparison
from scoring.name_tokens import SMALL_WORDS
from scoring.texts import objects

#: Name -> formal names that it stands for, itself included where it is formal.
Nicknames = Mapping[str, Collection[str]]

#: One unrelated pair of names in ten is this much alike, by accident; of names that somebody
#: typed badly, most are. Where a list is clean the two levels below come out equal.
_FAINTLY_ALIKE = 0.6

#: Shorter parts of a surname say little when contained in another.
_SHORTEST_PART = 3


#: A name that this many records hold is one in use, and no slip of another …
_IN_USE = 4
#: … unless the other is so common that this share of its holders may well have slipped alike.
_SLIPS = 0.01
#: Levels of names that are not alike.
_APART = ("faintly similar", "different")


class NameParts(NamedTuple):
    """What rules know of each distinct name: its length in bytes, first byte, and initial-ness."""

    initial: Bools
    first_byte: Ints


def name_parts(attribute: Attribute) -> NameParts:
    """Per distinct value: whether it is a single letter, and its first byte."""
    return NameParts(attribute.lengths == 1, attribute.first_bytes)


def nickname_pairs(attribute: Attribute, nicknames: Nicknames) -> Ints:
    """Packed, sorted pairs (smaller code first) of values that stand for one formal name."""
    by_formal: dict[str, list[int]] = {}
    for code, text in enumerate(objects(attribute.values)):
        for formal in nicknames.get(text, ()):
            by_formal.setdefault(formal, []).append(code)
    packed = {
        (low << 32) | high
        for codes in by_formal.values()
        for position, low in enumerate(codes)
        for high in codes[position + 1 :]
    }
    return np.array(sorted(packed), np.int64)


def are_listed(attribute: Attribute, nicknames: Nicknames) -> Bools:
    """Per distinct value, whether it is a name that the list of nicknames knows."""
    if not nicknames:
        return np.zeros(len(attribute.values), bool)
    return np.array([text in nicknames for text in objects(attribute.values)], bool)


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
        self,
        attribute: Attribute,
        comparison: Comparison,
        nicknames: Nicknames | None = None,
        holders: Floats | None = None,
    ) -> None:
        """Derives what the rules need of each distinct name.

        Args:
            attribute: the column.
            comparison: whose levels are given out.
            nicknames: of first names.
            holders: how many records hold each name, NaN where that is not known; needed to
                tell names in use from slips.
        """
        self.attribute = attribute
        self.comparison = comparison
        self._parts = name_parts(attribute)
        self._nicknames = nickname_pairs(attribute, nicknames) if nicknames else None
        self._listed = are_listed(attribute, nicknames or {})
        self._holders = np.full(len(attribute.values), np.nan) if holders is None else holders

    def levels(self, left: Ints, right: Ints, judge: Judge) -> LevelNumbers:
        """Levels of pairs of records."""
        codes = self.attribute.codes
        return judge_pairs(codes[left], codes[right], self.comparison.number("exact"), judge)

    @property
    def initial(self) -> Bools:
        """Per distinct value, whether it is a single letter."""
        return self._parts.initial

    @property
    def values(self) -> SharedValues:
        """The names whose rarity counts."""
        exact = self.comparison.number("exact")
        return self.attribute.shared_values(self.comparison.levels[exact - 1].u)

    def shared(self, levels: LevelNumbers, left: Ints) -> Compared:
        """Adds which name each pair shares."""
        exact = self.comparison.number("exact")
        return Compared(levels, shared_exact(levels, exact, self.attribute.codes[left]))

    def first(self, one: Ints, other: Ints) -> LevelNumbers:
        """Levels of distinct unequal first names."""
        number = self.comparison.number
        similarity = self.attribute.similarity(one, other, _FAINTLY_ALIKE)
        levels = np.full(len(one), number("different"), np.int8)
        levels[similarity >= _FAINTLY_ALIKE] = number("faintly similar")
        levels[similarity >= 0.72] = number("somewhat similar")
        levels[similarity >= 0.84] = number("similar")
        levels[similarity >= 0.92] = number("very similar")
        levels[self._prefix(one, other)] = number("prefix")
        self._mark_in_use(levels, one, other, ("prefix", "very similar", "similar"))
        levels[self._initial(one, other)] = number("initial")
        if self._nicknames is not None:
            packed = (np.minimum(one, other) << np.int64(32)) | np.maximum(one, other)
            levels[is_member(packed, self._nicknames)] = number("nickname")
        return levels

    def last(self, one: Ints, other: Ints) -> LevelNumbers:
        """Levels of distinct unequal last names."""
        number = self.comparison.number
        similarity = self.attribute.similarity(one, other, _FAINTLY_ALIKE)
        levels = np.full(len(one), number("different"), np.int8)
        levels[similarity >= _FAINTLY_ALIKE] = number("faintly similar")
        levels[similarity >= 0.75] = number("somewhat similar")
        levels[self._contains(one, other, similarity < 0.94)] = number("one contains the other")
        levels[similarity >= 0.87] = number("similar")
        levels[similarity >= 0.94] = number("very similar")
        self._mark_in_use(levels, one, other, ("very similar", "similar"))
        return levels

    def _mark_in_use(
        self, levels: LevelNumbers, one: Ints, other: Ints, alike: Collection[str]
    ) -> None:
        """Tells names that each occur too often to be a slip of the other from those that do not.

        A slip makes a name that hardly anybody has. *Carl* and *Carla* differ in a letter as
        *Carla* and *Carlla* do, and are two people. Where nobody knows how often names occur,
        those that are alike may be slips, and those that are not are in use.
        """
        number = self.comparison.number
        holders = self._holders
        fewer, more = (pick(holders[one], holders[other]) for pick in (np.minimum, np.maximum))
        in_use = (fewer >= _IN_USE) & (fewer >= _SLIPS * more)
        in_use |= self._listed[one] & self._listed[other]
        unknown = np.isnan(fewer)
        close, apart = self._are(alike)[levels], self._are(_APART)[levels]
        levels[in_use & close] = number("similar, both in use")
        levels[(in_use | unknown) & apart] = number("different, both in use")

    def _are(self, names: Collection[str]) -> Bools:
        """Which levels, by their number, have one of some names."""
        found = np.zeros(len(self.comparison.levels) + 1, np.bool_)
        found[[self.comparison.number(name) for name in names]] = True
        return found

    def middle(self, one: Ints, other: Ints) -> LevelNumbers:
        """Levels of distinct unequal middle names; a single letter stands for the name."""
        number = self.comparison.number
        levels = np.full(len(one), number("different"), np.int8)
        initials = self._parts.initial[one] | self._parts.initial[other]
        same_letter = self._parts.first_byte[one] == self._parts.first_byte[other]
        full = np.flatnonzero(~initials)
        close = self.attribute.similarity(one[full], other[full], 0.84) >= 0.84
        levels[full[close]] = number("similar")
        levels[initials] = number("different initial")
        levels[initials & same_letter] = number("same initial")
        return levels

    def organisation(self, one: Ints, other: Ints) -> LevelNumbers:
        """Levels of distinct unequal names of organisations."""
        number = self.comparison.number
        similarity = self.attribute.similarity(one, other, 0.86)
        levels = np.full(len(one), number("different"), np.int8)
        levels[similarity >= 0.86] = number("similar")
        unlike = self._within(one, other) & (similarity < 0.94)
        for row, short, long in self._by_length(one, other, unlike):
            if is_acronym(short, long):
                levels[row] = number("initials of the other")
            elif are_words_of(short, long):
                levels[row] = number("all words in the other")
        levels[similarity >= 0.94] = number("very similar")
        return levels

    def _initial(self, one: Ints, other: Ints) -> Bools:
        parts = self._parts
        either = parts.initial[one] | parts.initial[other]
        agree: Bools = either & (parts.first_byte[one] == parts.first_byte[other])
        return agree

    def _prefix(self, one: Ints, other: Ints) -> Bools:
        """One name begins with the other, of two letters or more."""
        lead = self._parts.first_byte
        found: Bools = (lead[one] == lead[other]) & self._within(one, other)
        for row, short, long in self._by_length(one, other, found):
            found[row] = len(short) > 1 and long.startswith(short)
        return found

    def _contains(self, one: Ints, other: Ints, wanted: Bools) -> Bools:
        """A part of a double-barrelled name is the other name, or one name holds the other."""
        letters = self.attribute.letters
        blanks = letters[one] & letters[other] & _BLANK
        found: Bools = wanted & (self._within(one, other) | (blanks > 0))
        for row, short, long in self._by_length(one, other, found):
            found[row] = len(short) >= _SHORTEST_PART and (
                short in long or not set(short.split()).isdisjoint(long.split())
            )
        return found

    def _by_length(self, one: Ints, other: Ints, wanted: Bools) -> Iterator[tuple[int, str, str]]:
        """Of each wanted pair its place, the shorter name and the longer one."""
        rows = np.flatnonzero(wanted)
        texts = self.attribute.texts(one[rows], other[rows])
        for row, left, right in zip(rows.tolist(), *texts, strict=True):
            yield (row, right, left) if len(right) < len(left) else (row, left, right)

    def _within(self, one: Ints, other: Ints) -> Bools:
        """All characters of one name occur in the other: what containing it asks at least."""
        left, right = self.attribute.letters[one], self.attribute.letters[other]
        both = left & right
        within: Bools = (both == left) | (both == right)
        return within


#: The bit of a blank in a character set.
_BLANK = np.uint64(1 << 26)


def is_acronym(short: str, long: str) -> bool:
    """``naacp`` for ``national association for the advancement of colored people``."""
    letters = short.replace(" ", "")
    words = long.split()
    every = "".join(word[0] for word in words)
    telling = "".join(word[0] for word in words if word not in SMALL_WORDS)
    return 2 <= len(letters) < len(long) / 2 and letters in (every, telling)


def are_words_of(short: str, long: str) -> bool:
    """Each word of the shorter name, in any order, is one of the longer, and they are two or more.

    A lone word (``church``) would be a part of too many names.
    """
    words = set(short.split()) - SMALL_WORDS
    return len(words) > 1 and words.issubset(long.split())


class MiddleRules:
    """Middle names; two equal single letters are the same initial, not the same name."""

    def __init__(self, names: NameRules) -> None:
        self._names = names
        self.values = names.values

    def compare(self, left: Ints, right: Ints) -> Compared:
        """Levels and each shared full name."""
        names = self._names
        levels = names.levels(left, right, names.middle)
        rows = np.flatnonzero(levels == names.comparison.number("exact"))
        initial = names.initial[names.attribute.codes[left[rows]]]
        levels[rows[initial]] = names.comparison.number("same initial")
        return names.shared(levels, left)


class OrganizationRules:
    """Names of organisations."""

    def __init__(self, names: NameRules) -> None:
        self._names = names
        self.values = names.values

    def compare(self, left: Ints, right: Ints) -> Compared:
        """Levels and each shared name."""
        names = self._names
        return names.shared(names.levels(left, right, names.organisation), left)


class SuffixRules:
    """Generational suffixes: ``jr`` and ``ii`` are one, ``sr`` contradicts every other."""

    values = SharedValues(np.zeros(0), np.zeros(0))

    def __init__(self, attribute: Attribute, comparison: Comparison) -> None:
        self._attribute = attribute
        self._comparison = comparison
        ranks = [_GENERATION.get(text, 0) for text in objects(attribute.values)]
        self._ranks = np.array([*ranks, 0], np.int64)

    def compare(self, left: Ints, right: Ints, name_agrees: Bools) -> Compared:
        """Levels; the rarity of a suffix does not count.

        Args:
            left: record indices.
            right: record indices of the other side.
            name_agrees: whether the first names of the pair agree: only then does it say
                anything that one of them has a suffix and the other has none.
        """
        codes = self._attribute.codes
        number = self._comparison.number
        one, other = self._ranks[codes[left]], self._ranks[codes[right]]
        levels = np.where(one == other, number("same"), number("in one")).astype(np.int8)
        levels[(one == 0) & (other == 0)] = number("in neither")
        levels[~name_agrees] = 0
        levels[(one > 0) & (other > 0) & (one != other)] = number("contradicts")
        return Compared(levels, NOTHING_SHARED)


_GENERATION = {"sr": 1, "i": 1, "jr": 2, "ii": 2, "iii": 3, "iv": 4, "v": 5}
