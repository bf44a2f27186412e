"""Names of persons and organisations: first, middle, last, suffix."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scoring.columns import (
    NOTHING_SHARED,
    Attribute,
    Bools,
    Codes,
    Compared,
    Ints,
    Judge,
    LevelNumbers,
    SharedValues,
    judge_pairs,
    objects,
    shared_exact,
    texts_of,
)
from scoring.levels import Comparison
from scoring.name_tokens import SMALL_WORDS
from scoring.strings import jaro_winkler

#: Name -> formal names that it stands for, itself included where it is formal.
Nicknames = Mapping[str, Collection[str]]

#: One unrelated pair of names in ten is this much alike, by accident; of names that somebody
#: typed badly, most are. Where a list is clean the two levels below come out equal.
_FAINTLY_ALIKE = 0.6

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
        similarity = jaro_winkler(self.attribute.texts(one, other), cutoff=_FAINTLY_ALIKE)
        levels = np.full(len(one), number("different"), np.int8)
        levels[similarity >= _FAINTLY_ALIKE] = number("faintly similar")
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
        similarity = jaro_winkler(self.attribute.texts(one, other), cutoff=_FAINTLY_ALIKE)
        levels = np.full(len(one), number("different"), np.int8)
        levels[similarity >= _FAINTLY_ALIKE] = number("faintly similar")
        levels[similarity >= 0.75] = number("somewhat similar")
        levels[self._contains(one, other, similarity < 0.94)] = number("one contains the other")
        levels[similarity >= 0.87] = number("similar")
        levels[similarity >= 0.94] = number("very similar")
        return levels

    def middle(self, one: Ints, other: Ints) -> LevelNumbers:
        """Levels of distinct unequal middle names; a single letter stands for the name."""
        number = self.comparison.number
        levels = np.full(len(one), number("different"), np.int8)
        initials = self._parts.initial[one] | self._parts.initial[other]
        same_letter = self._parts.first_byte[one] == self._parts.first_byte[other]
        full = np.flatnonzero(~initials)
        texts = self.attribute.texts(one[full], other[full])
        close = jaro_winkler(texts, cutoff=0.84) >= 0.84
        levels[full[close]] = number("similar")
        levels[initials] = number("different initial")
        levels[initials & same_letter] = number("same initial")
        return levels

    def organisation(self, one: Ints, other: Ints) -> LevelNumbers:
        """Levels of distinct unequal names of organisations."""
        number = self.comparison.number
        similarity = jaro_winkler(self.attribute.texts(one, other), cutoff=0.86)
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


class Swaps:
    """First and last names in one numbering, to see given and family name exchanged."""

    def __init__(self, first: Attribute, last: Attribute) -> None:
        both = pa.chunked_array([first.values, last.values]).combine_chunks().dictionary_encode()
        numbers = both.indices.to_numpy(zero_copy_only=False).astype(np.int32)
        self._texts = both.dictionary
        lead = pc.utf8_slice_codeunits(self._texts, 0, 1).dictionary_encode()
        self._lead = lead.indices.to_numpy()
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

    def half(self, left: Ints, right: Ints) -> Bools:
        """Pairs in which a first name of one side is the last name of the other."""
        first, last = self._first, self._last
        found: Bools = ((first[left] >= 0) & (first[left] == last[right])) | (
            (last[left] >= 0) & (last[left] == first[right])
        )
        return found

    def nearly(self, left: Ints, right: Ints) -> Bools:
        """Pairs in which each side's first name is like the other side's last name."""
        one, other = self._first[left], self._last[right]
        three, four = self._last[left], self._first[right]
        lead = self._lead
        likely = (one >= 0) & (other >= 0) & (three >= 0) & (four >= 0)
        likely &= (lead[one] == lead[other]) & (lead[three] == lead[four])
        rows = np.flatnonzero(likely)
        alike = self._alike(one[rows], other[rows]) & self._alike(three[rows], four[rows])
        found = np.zeros(len(left), bool)
        found[rows[alike]] = True
        return found

    def _alike(self, one: Codes, other: Codes) -> Bools:
        def judge(left: Ints, right: Ints) -> LevelNumbers:
            texts = texts_of(self._texts, left, right)
            close = jaro_winkler(texts, cutoff=_ALIKE) >= _ALIKE
            return np.where(close, 1, 2).astype(np.int8)

        alike: Bools = judge_pairs(one, other, 1, judge) == 1
        return alike


#: Similarity from which two names count as one with a slip, where given and family name cross.
_ALIKE = 0.85


def _spread(codes: Codes, numbers: Codes) -> Codes:
    out = np.full(len(codes), -1, np.int32)
    out[codes >= 0] = numbers[codes[codes >= 0]]
    return out


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

    def compare(self, left: Ints, right: Ints) -> Compared:
        """Levels; the rarity of a suffix does not count."""
        codes = self._attribute.codes
        one, other = self._ranks[codes[left]], self._ranks[codes[right]]
        levels = np.zeros(len(left), np.int8)
        known = (one > 0) & (other > 0)
        levels[known & (one == other)] = self._comparison.number("same")
        levels[known & (one != other)] = self._comparison.number("contradicts")
        return Compared(levels, NOTHING_SHARED)


_GENERATION = {"sr": 1, "i": 1, "jr": 2, "ii": 2, "iii": 3, "iv": 4, "v": 5}
