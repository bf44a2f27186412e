"""The fast lane for lines of a street address: ``split_line`` for the plain ones, by columns.

A line is plain where it is words, perhaps after a house number, perhaps before ``apt 5``, ``# 5``
or a bare number at the end. Boxes, floors, numbered roads, fractions and whatever else asks for
judgement is left to ``split_line``; a property test holds the two equal.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matcher.normalise.address_lines import GLUED_UNIT, ORDINAL, UNIT_VALUE
from matcher.normalise.flat import Offsets, flat, unflat
from matcher.normalise.lanes import Mask, among, any_of, mask
from matcher.normalise.street_words import (
    DIRECTIONS,
    ENDS_STREET,
    FLOORS,
    KEPT_UNITS,
    LONE_UNITS,
    NUMBERED_ROAD_NAMES,
    NUMBERED_ROADS,
    SHORT,
    STRONG_UNITS,
    WEAK_UNITS,
)

_Ints = npt.NDArray[np.int64]


class PlainLines(NamedTuple):
    """What the lane made of each line; the parts mean nothing where ``plain`` is False."""

    plain: Mask
    house: pa.StringArray
    street: pa.StringArray
    unit: pa.StringArray


def split_plain_lines(values: pa.StringArray) -> PlainLines:
    """House number, street and unit of the plain ones among distinct lines without nulls."""
    words = _words(values)
    if not len(words.codes):
        nothing = pa.nulls(len(values), pa.string())
        return PlainLines(np.zeros(len(values), np.bool_), nothing, nothing, nothing)
    count = np.diff(words.starts)
    last = words.starts[1:] - 1
    plain = mask(pc.string_is_ascii(values)) & (count > 0)
    plain &= ~any_of(_odd_words(words), words.starts)
    cut, judged = _unit_starts(words, count, last)
    plain &= judged & ~any_of(_odd_pairs(words), words.starts)
    numbered = _has_house_number(words, cut)
    begins = words.starts[:-1]
    street = _joined(words, begins + numbered, begins + cut)
    return PlainLines(
        plain,
        _word_at(words, begins, numbered),
        street,
        _word_at(words, last, cut < count),
    )


class _Words(NamedTuple):
    """All words of all lines, in order.

    Attributes:
        starts: int64, where each line's words start; one more than there are lines.
        codes: int32 per word, an index into ``texts``.
        texts: distinct words.
        short: the distinct words in short form.
        line: the line that each word belongs to.
    """

    starts: _Ints
    codes: Offsets
    texts: pa.StringArray
    short: pa.StringArray
    line: _Ints

    def among(self, spellings: set[str] | frozenset[str]) -> Mask:
        """Per word, whether it is one of the given."""
        return among(self.texts, spellings)[self.codes]

    def short_among(self, spellings: set[str] | frozenset[str]) -> Mask:
        """Per word, whether its short form is one of the given."""
        return among(self.short, spellings)[self.codes]

    def like(self, pattern: str) -> Mask:
        """Per word, whether it matches the pattern."""
        return mask(pc.match_substring_regex(self.texts, f"^(?:{pattern})$"))[self.codes]


def _words(values: pa.StringArray) -> _Words:
    lists = pc.ascii_split_whitespace(pc.ascii_trim_whitespace(_without_punctuation(values)))
    starts = lists.offsets.to_numpy().astype(np.int64)
    encoded = lists.flatten().dictionary_encode()
    texts = encoded.dictionary
    at = pc.index_in(texts, pa.array(list(SHORT), pa.string()))
    short = pc.coalesce(pa.array(list(SHORT.values()), pa.string()).take(at), texts)
    ordinal = pc.match_substring_regex(texts, f"^{ORDINAL.pattern}$")
    short = pc.if_else(ordinal, pc.utf8_slice_codeunits(texts, 0, -2), short)
    line = np.repeat(np.arange(len(values), dtype=np.int64), np.diff(starts))
    return _Words(starts, encoded.indices.to_numpy(), texts, short, line)


_KEPT = np.full(256, ord(" "), np.uint8)
_KEPT[[*range(ord("a"), ord("z") + 1), *range(ord("0"), ord("9") + 1), *b"#-/"]] = [
    *range(ord("a"), ord("z") + 1),
    *range(ord("0"), ord("9") + 1),
    *b"#-/",
]


def _without_punctuation(values: pa.StringArray) -> pa.StringArray:
    """Lower case; full stops and apostrophes gone, ``#`` apart, other punctuation a blank.

    A hyphen or slash stays between two digits. Bytes beyond ASCII become blanks.
    """
    lowered = pc.ascii_lower(values)
    _, typed = flat(lowered)
    for mark, instead in ((".", ""), ("'", ""), ("`", ""), ("#", " # ")):
        if (typed == ord(mark)).any():
            lowered = pc.replace_substring(lowered, mark, instead)
    offsets, data = flat(lowered)
    data = _KEPT[data]
    joins = np.flatnonzero((data == ord("-")) | (data == ord("/")))
    if joins.size:
        digit = np.zeros(len(data) + 2, np.bool_)
        digit[1:-1] = (data - np.uint8(ord("0"))) < 10
        # The neighbour across the border of two lines is no neighbour.
        at_start = np.isin(joins, offsets[:-1])
        at_end = np.isin(joins + 1, offsets[1:])
        data[joins[~(digit[joins] & digit[joins + 2]) | at_start | at_end]] = ord(" ")
    return unflat(offsets, data)


def _odd_words(words: _Words) -> Mask:
    """Per word, whether its line asks for judgement."""
    roads = {first for first, _ in NUMBERED_ROADS} - {"st"}
    odd = words.among(
        {*FLOORS, *LONE_UNITS, *KEPT_UNITS, *WEAK_UNITS, *NUMBERED_ROAD_NAMES, *roads}
    )
    odd |= words.like(f"|p|po|post|pob.*|.*/.*|{GLUED_UNIT.pattern}")
    return odd


def _odd_pairs(words: _Words) -> Mask:
    """Per word, whether it and the word after it in its line stand for one."""
    together = np.append(words.line[1:] == words.line[:-1], False)
    after = {second for first, second in NUMBERED_ROADS if first == "st"}
    pairs = words.short_among({"st"}) & _next(words.short_among(after))
    pairs |= words.short_among({"n", "s"}) & _next(words.short_among({"e", "w"}))
    pairs |= words.like("[0-9]") & _next(words.like("[0-9]"))
    odd: Mask = pairs & together
    return odd


def _next(per_word: Mask) -> Mask:
    return np.append(per_word[1:], False)


def _at(per_word: Mask, positions: _Ints) -> Mask:
    """What is marked at a position of each line; the caller checks that the line is so long."""
    found: Mask = np.take(per_word, positions, mode="clip")
    return found


def _unit_starts(words: _Words, count: _Ints, last: _Ints) -> tuple[_Ints, Mask]:
    """Per line, how many words come before the unit, and whether that is beyond doubt."""
    strong = words.among(STRONG_UNITS)
    before = np.zeros(len(strong) + 1, np.int64)
    np.cumsum(strong, out=before[1:])
    designators = before[words.starts[1:]] - before[words.starts[:-1]]
    value = _at(words.like(UNIT_VALUE.pattern), last)
    one_back = _at(strong, last - 1) & (count > 1)
    two_back = _at(strong, last - 2) & (count > 2)
    labelled = value & one_back & (designators == 1) & (count > 2)
    labelled_twice = value & one_back & two_back & (designators == 2) & (count > 3)
    ends_street = words.short_among(ENDS_STREET)
    bare = value & (designators == 0) & (count > 3) & _at(ends_street, last - 1)
    bare &= ~_at(words.among(DIRECTIONS), last)
    cut = np.where(labelled, count - 2, np.where(labelled_twice, count - 3, count - bare))
    return cut, labelled | labelled_twice | (designators == 0)


def _has_house_number(words: _Words, cut: _Ints) -> Mask:
    """Per line, whether its first word is a house number."""
    first = words.starts[:-1]
    number = words.like(".*[0-9].*") & ~words.like(ORDINAL.pattern)
    numbered_street = (cut == 2) & _at(words.short_among({"st", "ave"}), first + 1)
    starts_with_number: Mask = _at(number, first) & ~numbered_street
    return starts_with_number


def _joined(words: _Words, begins: _Ints, ends: _Ints) -> pa.StringArray:
    """The short words of each line from ``begins`` up to ``ends``, null where there are none."""
    lengths = np.maximum(ends - begins, 0)
    position = np.arange(len(words.codes), dtype=np.int64)
    inside = (position >= begins[words.line]) & (position < ends[words.line])
    offsets = np.zeros(len(lengths) + 1, np.int32)
    np.cumsum(lengths, out=offsets[1:])
    texts = words.short.take(pa.array(words.codes[inside]))
    joined = pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets), texts), " ")
    return pc.if_else(pa.array(lengths > 0), joined, None)


def _word_at(words: _Words, positions: _Ints, where: Mask) -> pa.StringArray:
    """The word at a position of each line, null except where marked."""
    codes = np.take(words.codes, positions, mode="clip")
    return words.texts.take(pa.array(codes, mask=~where))
