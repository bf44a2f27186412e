"""What this package needs of normalised records, and how a rule reaches each distinct pair once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
LevelNumbers = npt.NDArray[np.int8]
Objects = npt.NDArray[np.object_]
AnyCodes = npt.NDArray[np.signedinteger[Any]]

#: Level numbers of distinct unequal values, given two arrays of value codes.
Judge = Callable[[Ints, Ints], LevelNumbers]


class Column(Protocol):
    """A dictionary-encoded attribute."""

    @property
    def codes(self) -> Codes:
        """int32 per record, an index into ``values``, -1 where missing."""

    @property
    def values(self) -> pa.StringArray:
        """The distinct texts."""


class Attributes(Protocol):
    """Normalised records."""

    @property
    def count(self) -> int:
        """The number of records."""

    @property
    def columns(self) -> Mapping[str, Any]:
        """Attributes that a record has once, by canonical name; values are ``Column``."""

    @property
    def emails(self) -> Sequence[Any]:
        """One ``Column`` per position, sharing ``values``."""

    @property
    def phones(self) -> Sequence[Any]:
        """One ``Column`` per position, sharing ``values``."""

    @property
    def organisation(self) -> Bools:
        """True where a record is an organisation."""

    @property
    def external_ids(self) -> Mapping[str, Any]:
        """Identifiers that systems gave, by id system; values are ``Column``."""


class Shared(NamedTuple):
    """Which pairs share a value whose rarity counts, and which value.

    Attributes:
        rows: int32 places of pairs, ascending.
        codes: int32, a value in the numbering of the comparison's ``SharedValues``.
    """

    rows: Codes
    codes: Codes


class Compared(NamedTuple):
    """The outcome of one comparison over pairs.

    Attributes:
        levels: int8 per pair, 0 where a side is missing.
        shared: the pairs that share a value whose rarity counts.
    """

    levels: LevelNumbers
    shared: Shared


class SharedValues(NamedTuple):
    """The values whose rarity counts in one comparison.

    Attributes:
        holders: float64, how many records hold each value.
        usual: float64, the share of the usual value in the shipped model, where the rarity is the
            value's share of all records; NaN where it is told from its other holders. It cannot
            be written to: where it is the same throughout, it is there once.
    """

    holders: Floats
    usual: Floats


class Attribute:
    """One column with everything that rules derive from its distinct values, made once."""

    def __init__(self, column: Column) -> None:
        self.codes = column.codes
        self.values = column.values

    def texts(self, one: Ints, other: Ints) -> tuple[Objects, Objects]:
        """The values of both sides of some pairs as Python strings in object arrays."""
        return texts_of(self.values, one, other)

    @cached_property
    def joined(self) -> pa.StringArray:
        """The distinct values without blanks."""
        return pc.replace_substring(self.values, " ", "")

    @cached_property
    def letters(self) -> npt.NDArray[np.uint64]:
        """Which characters each distinct value holds, as a bit set."""
        return character_sets(self.values)

    def shared_values(self, usual: float) -> SharedValues:
        """How many records hold each value, with the share of the usual one."""
        holders = holders_of([self.codes], len(self.values))
        return SharedValues(holders, np.broadcast_to(usual, len(holders)))


def objects(values: pa.StringArray) -> Objects:
    """Python strings in an object array."""
    found: Objects = np.asarray(values.to_numpy(zero_copy_only=False), dtype=object)
    return found


def some_objects(values: pa.StringArray, codes: AnyCodes) -> Objects:
    """The texts of some codes as Python strings in an object array.

    A text becomes a string once a call, and none stays: all distinct phones of a large set, as
    strings, are larger than the set.
    """
    needed = pa.array(codes).dictionary_encode()
    found: Objects = objects(values.take(needed.dictionary))[needed.indices.to_numpy()]
    return found


def texts_of(values: pa.StringArray, one: AnyCodes, other: AnyCodes) -> tuple[Objects, Objects]:
    """The texts of both sides of some pairs, as ``some_objects`` gives them."""
    found = some_objects(values, np.concatenate([one, other]))
    return found[: len(one)], found[len(one) :]


def text_lengths(values: pa.StringArray) -> Ints:
    """Characters of each text."""
    lengths: Ints = pc.utf8_length(values).to_numpy(zero_copy_only=False).astype(np.int64)
    return lengths


def character_sets(values: pa.StringArray) -> npt.NDArray[np.uint64]:
    """Which letters, digits and blanks each text holds, one bit each; others share a bit.

    Comparing two sets is a cheap way to drop pairs that no string measure would call alike.
    """
    if not len(values):
        return np.zeros(0, np.uint64)
    table = np.full(256, 1 << 40, np.uint64)
    for place, symbol in enumerate(b"abcdefghijklmnopqrstuvwxyz 0123456789"):
        table[symbol] = 1 << place
    offsets = np.frombuffer(values.buffers()[1], np.int32)[values.offset :][: len(values) + 1]
    data = np.frombuffer(values.buffers()[2] or b"", np.uint8)
    bits = np.append(table[data], np.uint64(0))
    sets: npt.NDArray[np.uint64] = np.bitwise_or.reduceat(bits, offsets[:-1])
    sets[offsets[:-1] == offsets[1:]] = 0
    return sets


def holders_of(slots: Sequence[Codes], size: int) -> Floats:
    """How many entries in all slots hold each value."""
    counts = np.zeros(size, np.float64)
    for codes in slots:
        counts += np.bincount(codes[codes >= 0], minlength=size)
    return counts


def judge_pairs(left: Codes, right: Codes, exact: int, judge: Judge) -> LevelNumbers:
    """Level numbers of pairs of value codes; ``judge`` sees each distinct unequal pair once.

    Args:
        left: int32 value codes, -1 missing.
        right: the same for the other side.
        exact: the level of equal values.
        judge: levels of distinct unequal pairs; it must be symmetric.
    """
    levels = np.zeros(len(left), np.int8)
    known = (left >= 0) & (right >= 0)
    levels[known & (left == right)] = exact
    rows = np.flatnonzero(known & (left != right))
    if not len(rows):
        return levels
    one, other = left[rows].astype(np.int64), right[rows].astype(np.int64)
    packed = (np.minimum(one, other) << np.int64(32)) | np.maximum(one, other)
    ranked = np.argsort(packed)
    packed = packed[ranked]
    fresh = np.empty(len(packed), bool)
    fresh[0] = True
    np.not_equal(packed[1:], packed[:-1], out=fresh[1:])
    distinct = packed[fresh]
    judged = judge(distinct >> np.int64(32), distinct & np.int64(2**32 - 1))
    levels[rows[ranked]] = judged[np.cumsum(fresh) - 1]
    return levels


NOTHING_SHARED = Shared(np.zeros(0, np.int32), np.zeros(0, np.int32))


def shared_exact(levels: LevelNumbers, level: int, codes: Codes) -> Shared:
    """The pairs at one level, with the value that both sides hold.

    Args:
        levels: of all pairs.
        level: the number of the level.
        codes: value code of each pair's left side.
    """
    rows = np.flatnonzero(levels == level).astype(np.int32)
    return Shared(rows, codes[rows])


def nothing(count: int) -> Compared:
    """All pairs missing."""
    return Compared(np.zeros(count, np.int8), NOTHING_SHARED)
