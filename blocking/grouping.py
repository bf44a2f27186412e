"""Blocks of many entries, a part of the key values at a time.

Sorting ten million keys takes several times the memory of the keys. So many are dealt out by a hash
of the key, and each part is sorted by itself: a block lies in one part, whatever the parts.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from blocking.features import Ints
from blocking.pairs import Entries, Grouped, blocks

#: Entries that are sorted at once.
AT_ONCE = 1 << 21

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
#: Bits of the table that tells which keys one side has.
_TABLE_BITS = 22
_MOST_PARTS = 256

Bools = npt.NDArray[np.bool_]


def grouped_parts(
    entries: Entries, right_side: Bools | None = None, at_once: int = AT_ONCE
) -> list[Grouped]:
    """The blocks of two or more records, as ``blocking.pairs.blocks`` makes them, in parts.

    Args:
        entries: records and key values.
        right_side: to pair two sets, True for the records of the second: blocks with records of
            both sides alone.
        at_once: entries that may be sorted at once.
    """
    if right_side is not None:
        entries = _held_by_both(entries, right_side)
    found = [blocks(part) for part in _dealt(entries, at_once)]
    return found if right_side is None else [_across(part, right_side) for part in found]


def _hashed(keys: npt.NDArray[np.signedinteger], bits: int) -> Ints:
    """The first bits of a hash of each key."""
    spread = keys.astype(np.int64, copy=False).view(np.uint64) * _MULTIPLIER
    return (spread >> np.uint64(64 - bits)).view(np.int64)


def _dealt(entries: Entries, at_once: int) -> Iterator[Entries]:
    count = min(-(-len(entries.keys) // at_once), _MOST_PARTS)
    bits = max(count - 1, 0).bit_length()
    if not bits:
        yield entries
        return
    part_of = _hashed(entries.keys, bits).astype(np.uint8)
    for part in range(1 << bits):
        chosen = np.flatnonzero(part_of == part)
        yield Entries(entries.rows[chosen], entries.keys[chosen])


def _held_by_both(entries: Entries, right_side: Bools) -> Entries:
    """The entries whose key both sides may have; a few that one side alone has stay."""
    rows, keys = entries
    right, hashed = right_side[rows], _hashed(keys, _TABLE_BITS)
    fewer = 2 * int(right.sum()) < len(right)
    for side in (fewer, not fewer):
        seen = np.zeros(1 << _TABLE_BITS, np.bool_)
        seen[hashed[right == side]] = True
        kept = np.flatnonzero(seen[hashed])
        rows, keys, right, hashed = rows[kept], keys[kept], right[kept], hashed[kept]
    return Entries(rows, keys)


def _across(grouped: Grouped, right_side: Bools) -> Grouped:
    """The blocks with records of both sides."""
    ends = grouped.starts + grouped.sizes
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(right_side[grouped.rows])])
    right = before[ends] - before[grouped.starts]
    both = (right > 0) & (right < grouped.sizes)
    return Grouped(grouped.rows, grouped.starts[both], grouped.sizes[both])
