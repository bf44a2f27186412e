"""Distinct texts, and how alike two of them are.

A string measure reads Python strings and costs a hundred nanoseconds a pair. What letters a text
holds, how it begins and how long it is tells of most pairs, for all at once, that the measure
could not call them alike; only the others are measured.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from scoring.strings import Objects, edits, jaro_winkler

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
AnyCodes = npt.NDArray[np.signedinteger[Any]]
Codes = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Bits = npt.NDArray[np.uint64]

#: Of so many distinct texts each stays a Python string.
_FEW = 1 << 16
#: For fewer pairs than one in so many texts, the texts that they need are looked through alone …
TEXTS_A_PAIR = 16
#: … and these few are measured sooner than anything is looked through.
_FEW_PAIRS = 256
#: Texts that are looked through at once, which bounds memory.
_AT_ONCE = 1 << 16

_SYMBOLS = b"abcdefghijklmnopqrstuvwxyz 0123456789"
_OTHERS = 40
#: The bits of letters, digits and blanks, each of which stands for one character.
_ONE_CHARACTER = np.uint64((1 << len(_SYMBOLS)) - 1)
_FIRST_FOUR = np.arange(4, dtype=np.int32)
_NO_DIGIT = np.uint64((1 << 27) - 1 | 1 << _OTHERS)
#: The lowest bit of each digit's tally, and characters of a text that four bits can tally.
_LOWEST = np.uint64(0x1111111111)
_LONGEST_TALLY = 15

#: Similarities are rounded.
ROUNDING = 1e-6


class Texts:
    """Distinct texts with what rules derive from them, made once."""

    def __init__(self, values: pa.StringArray) -> None:
        self.values = values

    def texts(self, one: AnyCodes, other: AnyCodes) -> tuple[Objects, Objects]:
        """The texts of both sides of some pairs as Python strings in object arrays."""
        if len(self.values) <= _FEW:
            return self._strings[one], self._strings[other]
        found = some_objects(self.values, np.concatenate([one, other]))
        return found[: len(one)], found[len(one) :]

    def similarity(self, one: AnyCodes, other: AnyCodes, cutoff: float) -> npt.NDArray[np.float32]:
        """Jaro–Winkler similarity of pairs of codes, 0 to 1; below ``cutoff`` it is 0."""
        if len(one) * TEXTS_A_PAIR < len(self.values):
            if len(one) < _FEW_PAIRS:
                return jaro_winkler(self.texts(one, other), cutoff)
            few, one, other = self._needed(one, other)
            return few.similarity(one, other, cutoff)
        rows = np.flatnonzero(self._at_most(one, other) >= cutoff - ROUNDING)
        found = np.zeros(len(one), np.float32)
        found[rows] = jaro_winkler(self.texts(one[rows], other[rows]), cutoff)
        return found

    def edits(self, one: AnyCodes, other: AnyCodes, at_most: int) -> npt.NDArray[np.int32]:
        """Edits between pairs of codes; ``at_most + 1`` stands for more."""
        if len(one) * TEXTS_A_PAIR < len(self.values):
            if len(one) < _FEW_PAIRS:
                return edits(self.texts(one, other), at_most)
            few, one, other = self._needed(one, other)
            return few.edits(one, other, at_most)
        rows = np.flatnonzero(self._at_least(one, other) <= at_most)
        found = np.full(len(one), at_most + 1, np.int32)
        found[rows] = edits(self.texts(one[rows], other[rows]), at_most)
        return found

    def _needed(self, one: AnyCodes, other: AnyCodes) -> tuple[Texts, Codes, Codes]:
        """The texts of some pairs by themselves, and both sides numbered among them."""
        values, places = some_values(self.values, np.concatenate([one, other]))
        return Texts(values), places[: len(one)], places[len(one) :]

    def _at_most(self, one: AnyCodes, other: AnyCodes) -> npt.NDArray[np.float64]:
        """A similarity that no pair exceeds."""
        lengths = self.lengths[one], self.lengths[other]
        jaro = jaro_at_most(self.letters[one], self.letters[other], *lengths)
        unlike = self._starts[one] ^ self._starts[other]
        alike = sum((unlike < 1 << bits).astype(np.float64) for bits in (0, 8, 16, 24))
        bound: npt.NDArray[np.float64] = jaro + 0.1 * alike * (1.0 - jaro)
        return bound

    def _at_least(self, one: AnyCodes, other: AnyCodes) -> npt.NDArray[np.float64]:
        """Edits that every pair needs: one puts at most one character in the place of another."""
        left, right = self.lengths[one], self.lengths[other]
        apart = np.bitwise_count((self.letters[one] ^ self.letters[other]) & _NO_DIGIT)
        tallied = np.maximum(left, right) <= _LONGEST_TALLY
        apart += np.bitwise_count(self._tallies[one] ^ self._tallies[other]) * tallied
        bound: npt.NDArray[np.float64] = np.maximum(apart / 2.0, np.abs(left - right))
        return bound

    @cached_property
    def letters(self) -> Bits:
        """Which characters each text holds, as a bit set."""
        return character_sets(self.values)

    @cached_property
    def _strings(self) -> Objects:
        return objects(self.values)

    @property
    def first_bytes(self) -> Ints:
        """The first byte of each text, 0 for an empty one."""
        found: Ints = (self._starts >> np.uint32(24)).astype(np.int64)
        return found

    @cached_property
    def lengths(self) -> npt.NDArray[np.float64]:
        """Characters of each text, at least 1."""
        return np.maximum(text_lengths(self.values), 1).astype(np.float64)

    @cached_property
    def _starts(self) -> npt.NDArray[np.uint32]:
        """The first four bytes of each text as one number, the first of them foremost."""
        starts = np.zeros((len(self.values), 4), np.uint8)
        for begin in range(0, len(starts), _AT_ONCE):
            data, offsets = _flat(self.values.slice(begin, _AT_ONCE))
            places = offsets[:-1, None] + _FIRST_FOUR
            here = starts[begin : begin + _AT_ONCE]
            if len(data):
                data.take(places, out=here, mode="clip")
            here[places >= offsets[1:, None]] = 0
        found: npt.NDArray[np.uint32] = starts.view(">u4").reshape(-1).astype(np.uint32)
        return found

    @cached_property
    def _tallies(self) -> Bits:
        """Whether each digit is there once, twice or three times, one bit each.

        Only of texts in which no digit can be there too often to be tallied in four bits.
        """
        table = np.zeros(256, np.uint64)
        for place in range(10):
            table[ord("0") + place] = 1 << 4 * place
        tally = _by_byte(self.values, table, np.add)
        twice, four = tally >> np.uint64(1), tally >> np.uint64(2) | tally >> np.uint64(3)
        three = (tally & twice | four) & _LOWEST
        unary = (tally | twice | four) & _LOWEST
        unary |= ((twice | four) & _LOWEST) << np.uint64(1) | three << np.uint64(2)
        return unary


def jaro_at_most(
    left: Bits, right: Bits, left_length: Floats, right_length: Floats
) -> npt.NDArray[np.float64]:
    """A Jaro similarity that no pair of texts exceeds, from what characters they hold.

    A letter that the other side lacks matches none there, and nothing matches better than
    characters in one order.

    Args:
        left, right: the character set of each text.
        left_length, right_length: its characters, at least 1.
    """
    matching = np.minimum(
        left_length - np.bitwise_count(left & ~right & _ONE_CHARACTER),
        right_length - np.bitwise_count(right & ~left & _ONE_CHARACTER),
    )
    bound: npt.NDArray[np.float64] = (matching / left_length + matching / right_length + 1.0) / 3.0
    return bound


def objects(values: pa.StringArray) -> Objects:
    """Python strings in an object array."""
    found: Objects = np.asarray(values.to_numpy(zero_copy_only=False), dtype=object)
    return found


def some_objects(values: pa.StringArray, codes: AnyCodes) -> Objects:
    """The texts of some codes as Python strings in an object array.

    A text becomes a string once a call, and none stays: all distinct phones of a large set, as
    strings, are larger than the set.
    """
    needed, places = some_values(values, codes)
    found: Objects = objects(needed)[places]
    return found


def some_values(values: pa.StringArray, codes: AnyCodes) -> tuple[pa.StringArray, Codes]:
    """The texts of some codes, each once, and for each code its place among them."""
    needed = pa.array(codes).dictionary_encode()
    return values.take(needed.dictionary), needed.indices.to_numpy()


def text_lengths(values: pa.StringArray) -> Ints:
    """Characters of each text."""
    lengths: Ints = pc.utf8_length(values).to_numpy(zero_copy_only=False).astype(np.int64)
    return lengths


def character_sets(values: pa.StringArray) -> Bits:
    """Which letters, digits and blanks each text holds, one bit each; others share a bit.

    Comparing two sets is a cheap way to drop pairs that no string measure would call alike.
    """
    table = np.full(256, 1 << _OTHERS, np.uint64)
    for place, symbol in enumerate(_SYMBOLS):
        table[symbol] = 1 << place
    return _by_byte(values, table, np.bitwise_or)


def _flat(values: pa.StringArray) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int32]]:
    """The bytes of texts, and where in them each begins and the last ends."""
    offsets = np.frombuffer(values.buffers()[1], np.int32)[values.offset :][: len(values) + 1]
    return np.frombuffer(values.buffers()[2] or b"", np.uint8), offsets


_NO_BITS = np.zeros(1, np.uint64)


def _by_byte(values: pa.StringArray, table: Bits, joined: np.ufunc) -> Bits:
    """What a table says of all bytes of each text, joined; 0 for an empty text."""
    found = np.zeros(len(values), np.uint64)
    for start in range(0, len(values), _AT_ONCE):
        data, offsets = _flat(values.slice(start, _AT_ONCE))
        first, last = int(offsets[0]), int(offsets[-1])
        bits = np.concatenate([table[data[first:last]], _NO_BITS])
        here = found[start : start + _AT_ONCE]
        here[:] = joined.reduceat(bits, offsets[:-1] - first)
        here[offsets[:-1] == offsets[1:]] = 0
    return found
