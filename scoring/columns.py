"""What this package needs of normalised records, and how a rule reaches each distinct pair once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from scoring.texts import Texts

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
LevelNumbers = npt.NDArray[np.int8]

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


class Attribute(Texts):
    """One column with everything that rules derive from its distinct values, made once."""

    def __init__(self, column: Column) -> None:
        super().__init__(column.values)
        self.codes = column.codes

    @cached_property
    def joined(self) -> pa.StringArray:
        """The distinct values without blanks."""
        return pc.replace_substring(self.values, " ", "")

    def shared_values(self, usual: float) -> SharedValues:
        """How many records hold each value, with the share of the usual one."""
        holders = holders_of([self.codes], len(self.values))
        return SharedValues(holders, np.broadcast_to(usual, len(holders)))


def holders_of(slots: Sequence[Codes], size: int) -> Floats:
    """How many entries in all slots hold each value."""
    counts = np.zeros(size, np.float64)
    for codes in slots:
        counts += np.bincount(codes + 1, minlength=size + 1)[1:]  # the first is what is missing
    return counts


def judge_pairs(left: Codes, right: Codes, exact: int, judge: Judge) -> LevelNumbers:
    """Level numbers of pairs of value codes; ``judge`` sees each distinct unequal pair once.

    Args:
        left: int32 value codes, -1 missing.
        right: the same for the other side.
        exact: the level of equal values.
        judge: levels of distinct unequal pairs; it must be symmetric.
    """
    equal, known = left == right, (left | right) >= 0
    levels: LevelNumbers = (known & equal).astype(np.int8) * np.int8(exact)
    rows = np.flatnonzero(known & ~equal)
    if not len(rows):
        return levels
    one, other = left[rows].astype(np.int64), right[rows].astype(np.int64)
    packed, ranked = _sorted(np.minimum(one, other), np.maximum(one, other))
    fresh = np.ones(len(packed), np.bool_)
    np.not_equal(packed[1:], packed[:-1], out=fresh[1:])
    distinct = packed[np.flatnonzero(fresh)]
    judged = judge(distinct >> np.int64(32), distinct & np.int64(2**32 - 1))
    levels[rows[ranked]] = judged[np.cumsum(fresh) - 1]
    return levels


def _sorted(low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Pairs of codes packed into one number each, sorted, and the place of each before.

    A pair and its place in one number sort three times as fast as places by pair.
    """
    bits, place_bits = np.int64(int(high.max()).bit_length()), np.int64(len(low).bit_length())
    if 2 * bits + place_bits > _MOST_BITS:
        packed = low << np.int64(32) | high
        ranked = np.argsort(packed)
        return packed[ranked], ranked
    keys = (low << bits | high) << place_bits | np.arange(len(low))
    keys.sort()
    ranked = keys & (np.int64(1) << place_bits) - 1
    keys >>= place_bits
    return keys >> bits << np.int64(32) | keys & (np.int64(1) << bits) - 1, ranked


#: Of a number that is not negative.
_MOST_BITS = 63

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
