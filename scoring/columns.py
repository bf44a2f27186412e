"""What this package needs of normalised records, and how a rule reaches each distinct pair once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
LevelNumbers = npt.NDArray[np.int8]
Objects = npt.NDArray[np.object_]

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
    def external_ids(self) -> Mapping[str, Any]:
        """Identifiers that systems gave, by id system; values are ``Column``."""


class Compared(NamedTuple):
    """The outcome of one comparison over pairs.

    Attributes:
        levels: int8 per pair, 0 where a side is missing.
        chance: float64 per pair, how often unrelated people share this very value; NaN where the
            level's own share counts.
    """

    levels: LevelNumbers
    chance: Floats


class Attribute:
    """One column with everything that rules derive from its distinct values, made once."""

    def __init__(self, column: Column) -> None:
        self.codes = column.codes
        self.values = column.values

    @cached_property
    def texts(self) -> Objects:
        """The distinct values as Python strings in an object array."""
        found: Objects = np.asarray(self.values.to_numpy(zero_copy_only=False), dtype=object)
        return found

    @cached_property
    def holders(self) -> Floats:
        """How many records hold each value."""
        return holders_of([self.codes], len(self.values))


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


def share_chance(attribute: Attribute, rows: Ints, usual: float) -> Floats:
    """The share of all records that hold the value of each given record.

    Args:
        attribute: the column.
        rows: record indices; none of them is missing.
        usual: share of the usual value in the shipped model; it carries the estimate where there
            are few rows.
    """
    holders = attribute.holders[attribute.codes[rows]]
    shares: Floats = (holders + _PRIOR_RECORDS * usual) / (len(attribute.codes) + _PRIOR_RECORDS)
    return shares


#: Records that the shipped share of a value counts for.
_PRIOR_RECORDS = 100.0


def holders_chance(holders: Floats, codes: Codes, count: int, unrelated: float) -> Floats:
    """How often unrelated people share an identifier that so many records hold.

    Args:
        holders: records that hold each value.
        codes: value codes, all present.
        count: records in all.
        unrelated: share of the other holders who are unrelated.
    """
    chance: Floats = unrelated * np.maximum(holders[codes] - 1.0, 1.0) / max(count, 1)
    return chance


def nothing(count: int) -> Compared:
    """All pairs missing."""
    return Compared(np.zeros(count, np.int8), np.full(count, np.nan))
