"""Features: integer codes that records must share to be worth comparing.

A feature is made from the distinct texts of a column and spread to the records by their codes, so
its cost follows the number of distinct texts. All work is on the flat byte buffer of the texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.signedinteger]

#: Consonants that sound alike share a class; 0 is silent or a vowel inside a name.
_SOUND_CLASSES = {1: "bpfvw", 2: "cgjkqsxz", 3: "dt", 4: "l", 5: "mn", 6: "r"}
_VOWEL_AT_START = 7
_LARGEST_NARROW = 2**31 - 1
_LARGEST_TABLE = 1 << 24
_SOUNDS_KEPT = 4


class Column(Protocol):
    """What this package needs of a dictionary-encoded column."""

    @property
    def codes(self) -> npt.NDArray[np.int32]:
        """int32 per record, an index into ``values``, -1 where missing."""

    @property
    def values(self) -> pa.StringArray:
        """The distinct texts."""

    @property
    def weak(self) -> Bools | None:
        """Per value, True where it must not block."""


class Feature(NamedTuple):
    """One code per record.

    Attributes:
        held: per record a code, or where ``by_value`` is given the value that it holds; -1 for
            none.
        size: all codes are below it.
        by_value: the code of each value, and last the -1 of what is missing. A feature of records
            is much larger than one of their values, and it is needed for one key at a time.
    """

    held: Codes
    size: int
    by_value: Codes | None = None

    @property
    def codes(self) -> Codes:
        """Per record, at least 0, or -1 where the record has none; int32 where they fit."""
        return self.held if self.by_value is None else self.by_value[self.held]

    def of(self, rows: Codes) -> Codes:
        """The codes of some records."""
        return self.held[rows] if self.by_value is None else self.by_value[self.held[rows]]


class Texts(NamedTuple):
    """The flat view of a string array: bytes, and where each text starts."""

    data: npt.NDArray[np.uint8]
    starts: Ints
    lengths: Ints


def flat(values: pa.StringArray) -> Texts:
    """The UTF-8 bytes of all texts and the start and length of each."""
    if len(values) == 0:
        nothing = np.zeros(0, np.int64)
        return Texts(np.zeros(0, np.uint8), nothing, nothing)
    _, offsets_buffer, data_buffer = values.buffers()
    offsets = np.frombuffer(offsets_buffer, np.int32)[
        values.offset : values.offset + len(values) + 1
    ]
    first, last = int(offsets[0]), int(offsets[-1])
    data = np.frombuffer(data_buffer, np.uint8)[first:last] if last else np.zeros(0, np.uint8)
    bounds: Ints = offsets.astype(np.int64) - first
    lengths: Ints = bounds[1:] - bounds[:-1]
    return Texts(data, bounds[:-1], lengths)


def spread(column: Column, value_codes: Ints, size: int) -> Feature:
    """A feature from one code per distinct value (-1 for none)."""
    narrow = np.int32 if size <= _LARGEST_NARROW else np.int64
    by_value: Codes = np.append(value_codes, -1).astype(narrow)  # the last for what is missing
    return Feature(column.codes, max(size, 1), by_value)


def numbered(feature: Feature) -> Feature:
    """The same feature of values with its codes numbered through, so that keys stay small."""
    assert feature.by_value is not None
    kept, codes = np.unique(feature.by_value, return_inverse=True)
    by_value = (codes - 1).astype(np.int32)  # what is missing came first
    return Feature(feature.held, max(len(kept) - 1, 1), by_value)


def whole(column: Column) -> Feature:
    """The value itself; weak values do not count."""
    if column.weak is None:
        return Feature(column.codes, max(len(column.values), 1))
    value_codes = np.arange(len(column.values), dtype=np.int64)
    value_codes[column.weak] = -1
    return spread(column, value_codes, len(column.values))


def held_by(slots: Sequence[Feature], rows: Codes) -> list[Feature]:
    """Features in one numbering with the codes alone that some of the given records hold.

    Of codes too large for a table all are left.
    """
    size = max((slot.size for slot in slots), default=0)
    if size > _LARGEST_TABLE:
        return list(slots)
    held = np.zeros(size + 1, np.bool_)
    for slot in slots:
        held[slot.of(rows)] = True
    held[-1] = False  # where the codes of what is missing went

    def narrowed(slot: Feature) -> Feature:
        by_value = slot.by_value
        if by_value is None:
            by_value = np.append(np.arange(slot.size, dtype=np.int32), np.int32(-1))
        return slot._replace(by_value=np.where(held[by_value], by_value, by_value.dtype.type(-1)))

    return [narrowed(slot) for slot in slots]


def prefix(column: Column, length: int) -> Feature:
    """The first ``length`` bytes of each text, shorter texts whole."""
    texts = flat(column.values)
    codes = np.zeros(len(texts.starts), np.int64)
    for position in range(length):
        codes *= 256
        inside = texts.lengths > position
        codes[inside] += texts.data[texts.starts[inside] + position]
    return spread(column, np.where(texts.lengths > 0, codes, -1), 256**length)


def day_month(column: Column) -> Feature:
    """Month and day of ISO dates; dates without both have none."""
    return _recoded(column, pc.utf8_slice_codeunits(column.values, 5, 10))[0]


def sound(column: Column) -> Feature:
    """How a name sounds: the class of its first letter and of up to four further consonants.

    In the manner of Soundex (Russell 1918), but the first letter is classed too, so that
    ``Kathryn`` meets ``Catherine``. Names without a Latin letter have no sound.
    """
    texts = flat(column.values)
    table = np.zeros(256, np.int8)
    for sound_class, letters in _SOUND_CLASSES.items():
        table[list(letters.encode())] = sound_class
    classes = table[texts.data]
    owner = np.repeat(np.arange(len(texts.starts)), texts.lengths)
    first = np.zeros(len(classes), bool)
    filled = texts.lengths > 0
    first[texts.starts[filled]] = True
    is_letter = (texts.data >= ord("a")) & (texts.data <= ord("z"))
    classes[first & is_letter & (classes == 0)] = _VOWEL_AT_START
    heard = np.flatnonzero(classes > 0)
    repeats = np.zeros(len(heard), bool)
    repeats[1:] = (
        (classes[heard[1:]] == classes[heard[:-1]])
        & (heard[1:] == heard[:-1] + 1)
        & (owner[heard[1:]] == owner[heard[:-1]])
    )
    heard = heard[~repeats]
    place = np.arange(len(heard)) - np.searchsorted(owner[heard], owner[heard])
    heard, place = heard[place <= _SOUNDS_KEPT], place[place <= _SOUNDS_KEPT]
    codes = np.zeros(len(texts.starts), np.int64)
    np.add.at(codes, owner[heard], classes[heard].astype(np.int64) * 8**place)
    return spread(column, np.where(codes > 0, codes, -1), 8 ** (_SOUNDS_KEPT + 1))


def user(column: Column) -> tuple[Feature, pa.StringArray]:
    """The part of an email before the ``@``, and the distinct texts by code."""
    return _recoded(column, pc.list_element(pc.split_pattern(column.values, "@", max_splits=1), 0))


def day_month_folded(column: Column) -> Feature:
    """ISO dates with day and month in ascending order: a date meets its swapped reading."""
    return _recoded(column, folded_days(column.values))[0]


def folded_days(dates: pa.StringArray) -> pa.StringArray:
    """ISO dates with day and month in ascending order; other texts are empty."""
    parts = pc.split_pattern(dates, "-")
    full = pc.equal(pc.list_value_length(parts), 3)
    parts = pc.if_else(full, parts, pa.scalar(["", "", ""], parts.type))
    second, third = pc.list_element(parts, 1), pc.list_element(parts, 2)
    low = pc.if_else(pc.less(second, third), second, third)
    high = pc.if_else(pc.less(second, third), third, second)
    folded = pc.binary_join_element_wise(pc.list_element(parts, 0), low, high, "-")
    return pc.if_else(full, folded, "")


def _recoded(column: Column, texts: pa.Array) -> tuple[Feature, pa.StringArray]:
    encoded = texts.dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    dictionary = encoded.dictionary
    blank = pc.index(dictionary, "").as_py() if len(dictionary) else -1
    codes[codes == blank] = -1
    if column.weak is not None:
        codes[column.weak] = -1
    return spread(column, codes, len(dictionary)), dictionary


def joint(left: Column, right: Column) -> tuple[Feature, Feature]:
    """The values of two columns in one numbering, so that a first name can meet a last name."""
    numbers = pa.chunked_array([left.values, right.values]).combine_chunks()
    if isinstance(numbers, pa.ChunkedArray):
        numbers = pa.array([], pa.string())
    encoded = numbers.dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    size = len(encoded.dictionary)
    return (
        spread(left, codes[: len(left.values)], size),
        spread(right, codes[len(left.values) :], size),
    )


def either_order(one: Feature, other: Feature) -> Feature:
    """Both codes as a set: two records meet also when one has them swapped.

    Both features must share one numbering.
    """
    first, second = one.codes, other.codes
    codes = np.minimum(first, second).astype(np.int64)
    unknown = codes < 0
    codes *= one.size
    codes += np.maximum(first, second)
    codes[unknown] = -1
    return Feature(codes, one.size * other.size)
