"""Names in each other's place: given and family name exchanged, a middle name used as the first."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scoring.columns import (
    Attribute,
    Bools,
    Codes,
    Ints,
    LevelNumbers,
    judge_pairs,
)
from scoring.texts import Texts


class Swaps:
    """First and last names in one numbering, to see given and family name exchanged."""

    def __init__(self, first: Attribute, last: Attribute) -> None:
        both = pa.chunked_array([first.values, last.values]).combine_chunks().dictionary_encode()
        numbers = both.indices.to_numpy(zero_copy_only=False).astype(np.int32)
        self._texts = Texts(both.dictionary)
        lead = pc.utf8_slice_codeunits(both.dictionary, 0, 1).dictionary_encode()
        self._lead = lead.indices.to_numpy()
        self._first = _Numbered(first.codes, numbers[: len(first.values)])
        self._last = _Numbered(last.codes, numbers[len(first.values) :])

    def between(self, left: Ints, right: Ints) -> Bools:
        """Pairs in which each side's first name is the other side's last name."""
        first, last = self._first.of(left), self._last.of(left)
        found: Bools = (first >= 0) & (first == self._last.of(right))
        found &= (last >= 0) & (last == self._first.of(right))
        return found

    def half(self, left: Ints, right: Ints) -> Bools:
        """Pairs in which a first name of one side is the last name of the other."""
        first, last = self._first.of(left), self._last.of(left)
        found: Bools = (first >= 0) & (first == self._last.of(right))
        found |= (last >= 0) & (last == self._first.of(right))
        return found

    def nearly(self, left: Ints, right: Ints) -> Bools:
        """Pairs in which each side's first name is like the other side's last name."""
        one, other = self._first.of(left), self._last.of(right)
        three, four = self._last.of(left), self._first.of(right)
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
            close = self._texts.similarity(left, right, _ALIKE) >= _ALIKE
            return np.where(close, 1, 2).astype(np.int8)

        alike: Bools = judge_pairs(one, other, 1, judge) == 1
        return alike


class ByMiddle:
    """First and middle names in one numbering, to see who goes by a middle name."""

    def __init__(self, first: Attribute, middle: Attribute) -> None:
        both = pa.chunked_array([first.values, middle.values]).combine_chunks().dictionary_encode()
        numbers = both.indices.to_numpy(zero_copy_only=False).astype(np.int32)
        texts = both.dictionary
        lead = pc.utf8_slice_codeunits(texts, 0, 1)
        joined = pa.chunked_array([texts, lead]).combine_chunks().dictionary_encode()
        self._initial = joined.indices.to_numpy()[len(texts) :]
        self._first = _Numbered(first.codes, numbers[: len(first.values)])
        self._middle = _Numbered(middle.codes, numbers[len(first.values) :])

    def between(self, left: Ints, right: Ints) -> tuple[Bools, Bools]:
        """Pairs in which a first name has the other's middle name as its initial, or is it."""
        initial, full = np.zeros((2, len(left)), bool)
        for one, other in ((left, right), (right, left)):
            first, middle = self._first.of(one), self._middle.of(other)
            known = (first >= 0) & (middle >= 0)
            full |= known & (first == middle)
            initial |= known & (self._initial[first] == middle)
        return initial, full


#: Similarity from which two names count as one with a slip, where given and family name cross.
_ALIKE = 0.85


class _Numbered:
    """Names of records in a numbering of several columns: by value, which are far fewer."""

    def __init__(self, codes: Codes, numbers: Codes) -> None:
        self._codes = codes
        self._numbers = np.append(numbers, np.int32(-1))  # the last for what is missing

    def of(self, rows: Ints) -> Codes:
        """The numbers of some records' names, -1 where missing."""
        return self._numbers[self._codes[rows]]
