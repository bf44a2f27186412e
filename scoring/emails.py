"""Emails: equal, or near in a way that depends on whether the names already agree."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scoring.columns import (
    Attribute,
    Bools,
    Codes,
    Compared,
    Ints,
    LevelNumbers,
    SharedValues,
    holders_of,
    judge_pairs,
    shared_exact,
)
from scoring.levels import Comparison
from scoring.texts import (
    ROUNDING,
    AnyCodes,
    Bits,
    Texts,
    jaro_at_most,
    some_objects,
    some_values,
    text_lengths,
)

#: Users of fewer letters are too easily one edit apart.
_SHORTEST_USER = 5

#: A name of fewer letters occurs in a user by accident.
_SHORTEST_NAME = 3

#: Levels of two contexts lie this far apart.
_CONTEXT_STEP = 6


class EmailRules:
    """The rules for emails; every record may hold several."""

    def __init__(self, slots: Sequence[Codes], values: pa.StringArray, comparison: Comparison):
        self._slots = slots
        self._values = values
        self._comparison = comparison

    @property
    def values(self) -> SharedValues:
        """The emails whose rarity counts."""
        holders = holders_of(self._slots, len(self._values))
        return SharedValues(holders, np.broadcast_to(np.nan, len(holders)))

    def compare(
        self, left: Ints, right: Ints, names_agree: LevelNumbers, names: Sequence[Attribute]
    ) -> Compared:
        """The best level over all emails of both sides.

        Args:
            left: record indices.
            right: record indices of the other side.
            names_agree: how many names of the pair already agree, 0 to 2.
            names: first and last name, to tell users that are made of them.
        """
        best = np.zeros(len(left), np.int8)
        shared = np.full(len(left), -1, np.int32)
        for one in self._slots:
            for other in self._slots:
                self._take_best(best, shared, one[left], other[right])
        same_user = np.flatnonzero(best == self._comparison.number("same user, other domain"))
        if len(same_user):
            sides = left[same_user], right[same_user]
            made = [self._made_of_name(shared[same_user], side, names) for side in sides]
            best[same_user[made[0] | made[1]]] = self._comparison.number(
                "same user made of the name"
            )
        best += (best > 1) * (np.int8(_CONTEXT_STEP) * names_agree)
        return Compared(best, shared_exact(best, self._comparison.number("exact"), shared))

    def _made_of_name(self, shared: Codes, rows: Ints, names: Sequence[Attribute]) -> Bools:
        """Users without digits that spell a first name or a last name of the record."""
        found = np.zeros(len(rows), bool)
        users, held = self._among(shared)
        for attribute in names:
            codes = attribute.codes[rows]
            places = np.flatnonzero((codes >= 0) & ~found & users.letters_only[held])
            letters = some_objects(users.letters, held[places])
            spelt = some_objects(attribute.joined, codes[places])
            found[places] = [
                len(name) >= _SHORTEST_NAME and name in user
                for user, name in zip(letters, spelt, strict=True)
            ]
        return found

    def _take_best(self, best: LevelNumbers, shared: Codes, one: Codes, other: Codes) -> None:
        levels = judge_pairs(one, other, self._comparison.number("exact"), self._judge)
        better = np.flatnonzero((levels > 0) & ((best == 0) | (levels < best)))
        best[better] = levels[better]
        shared[better] = one[better]

    def _judge(self, one: Ints, other: Ints) -> LevelNumbers:
        """Levels of distinct unequal emails, as if the names differed."""
        number = self._comparison.number
        levels = np.full(len(one), number("different"), np.int8)
        rows = np.flatnonzero(self._worth_a_look(one, other))
        if not len(rows):
            return levels
        users, places = self._among(np.concatenate([one[rows], other[rows]]))
        one, other = places[: len(rows)], places[len(rows) :]
        same_user, same_letters, same_digits = (codes[one] == codes[other] for codes in users.same)
        found = levels[rows]
        fewest = np.minimum(users.letter_counts[one], users.letter_counts[other])
        likeness = users.texts.similarity(one, other, _SIMILAR)
        found[likeness >= _SIMILAR] = number("similar")
        tried = np.flatnonzero(same_digits & ~same_letters & (fewest >= _SHORTEST_USER))
        mistyped = users.letter_texts.edits(one[tried], other[tried], at_most=2) <= 2
        found[tried[mistyped]] = number("letters mistyped")
        found[same_letters & ~same_digits & (fewest >= _SHORTEST_USER)] = number("digits differ")
        alike = same_letters & same_digits & (fewest > 0)
        found[alike | same_user] = number("same user, other domain")
        levels[rows] = found
        return levels

    def _worth_a_look(self, one: Ints, other: Ints) -> Bools:
        """Drops pairs whose users share too few characters to reach any near level.

        Users without their digits are at most two edits apart where the digits are the same, and
        equal where these differ; or whole users are similar.
        """
        sets, lengths = self._characters
        left, right = sets[one], sets[other]
        apart = np.bitwise_count((left ^ right) & _LETTERS)
        likely: Bools = (left ^ right) & _DIGITS == 0
        likely &= apart <= _MOST_APART_IN_TWO_EDITS
        likely |= apart == 0
        open_ = np.flatnonzero(~likely & (apart <= _MOST_CHARACTERS_APART))
        sides = lengths[one[open_]], lengths[other[open_]]
        jaro = jaro_at_most(left[open_], right[open_], *(side.astype(np.float64) for side in sides))
        likely[open_] = jaro + _MOST_FOR_THE_START * (1.0 - jaro) >= _SIMILAR - ROUNDING
        return likely

    @cached_property
    def _characters(self) -> tuple[Bits, Codes]:
        """Which characters the user of each email holds, and how many: all that every email has."""
        sets, lengths = np.zeros(len(self._values), np.uint64), np.ones(len(self._values), np.int32)
        for start in range(0, len(self._values), _AT_ONCE):
            here = slice(start, start + _AT_ONCE)
            users = _Users(self._values.slice(start, _AT_ONCE)).texts
            sets[here], lengths[here] = users.letters, np.maximum(text_lengths(users.values), 1)
        return sets, lengths

    def _among(self, codes: AnyCodes) -> tuple[_Users, AnyCodes]:
        """The users of some emails, and the place of each among them.

        Few emails of a large set are alike enough to be looked at.
        """
        if len(codes) >= len(self._values):
            return self._all_users, codes
        values, places = some_values(self._values, codes)
        return _Users(values), places

    @cached_property
    def _all_users(self) -> _Users:
        return _Users(self._values)


class _Users:
    """What is before the @ of some emails, with its letters and digits apart, each made once."""

    def __init__(self, emails: pa.StringArray) -> None:
        self.texts = Texts(pc.list_element(pc.split_pattern(emails, "@", max_splits=1), 0))

    @cached_property
    def letters(self) -> pa.StringArray:
        """The letters of each user."""
        return _only(self.texts.values, _IS_LETTER)

    @cached_property
    def letter_texts(self) -> Texts:
        """The same, to tell how alike they are."""
        return Texts(self.letters)

    @cached_property
    def letter_counts(self) -> Ints:
        """How many letters each user has."""
        return text_lengths(self.letters)

    @cached_property
    def same(self) -> tuple[Codes, Codes, Codes]:
        """Numbers of users, of their letters and of their digits: equal where the texts are."""
        user, letters, digits = map(_numbers, (self.texts.values, self.letters, self._digits))
        return user, letters, digits

    @cached_property
    def letters_only(self) -> Bools:
        """Users without a digit."""
        without: Bools = text_lengths(self._digits) == 0
        return without

    @cached_property
    def _digits(self) -> pa.StringArray:
        return _only(self.texts.values, _IS_DIGIT)


#: Emails that are looked through at once, which bounds memory.
_AT_ONCE = 1 << 16

#: Users at least so similar are near.
_SIMILAR = 0.93
#: What Jaro and Winkler add at most, of what a Jaro similarity lacks, for an equal start.
_MOST_FOR_THE_START = 0.4

#: Digits do not count: ``anthony33`` and ``anthony73`` are to be looked at.
_LETTERS = np.uint64((1 << 26) - 1)
#: After the letters and the blank.
_DIGITS = np.uint64((1 << 10) - 1 << 27)

#: Two users as similar as the model asks differ in at most so many letters, …
_MOST_CHARACTERS_APART = 5
#: … and two users two edits apart in so many: each puts one letter in the place of another.
_MOST_APART_IN_TWO_EDITS = 4

_BYTES = np.arange(256)
_IS_DIGIT = (ord("0") <= _BYTES) & (ord("9") >= _BYTES)
#: Bytes of letters beyond ASCII count as letters.
_IS_LETTER = ((ord("a") <= _BYTES) & (ord("z") >= _BYTES)) | (_BYTES >= 128)


def _numbers(texts: pa.StringArray) -> Codes:
    """A number for each text, the same where the texts are equal."""
    numbers: Codes = texts.dictionary_encode().indices.to_numpy()
    return numbers


def _only(texts: pa.StringArray, wanted: Bools) -> pa.StringArray:
    """Each text with only the wanted bytes, by one pass over the flat buffer."""
    if not len(texts):
        return texts
    offsets = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset :][: len(texts) + 1]
    data = np.frombuffer(texts.buffers()[2] or b"", np.uint8)
    keep = wanted[data]
    kept_before = np.concatenate([np.zeros(1, np.int32), np.cumsum(keep, dtype=np.int32)])
    return pa.StringArray.from_buffers(
        len(texts), pa.py_buffer(kept_before[offsets]), pa.py_buffer(data[keep])
    )
