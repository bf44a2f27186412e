"""From key values to candidate pairs: grouping, oversized blocks, and each pair once.

A pair is packed into one int64, ``left << 32 | right`` with ``left < right``, so that sorting and
comparing neighbours makes a set of pairs unique.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from blocking.features import Feature, Ints

#: Blocks of more records are split by a finer key.
BLOCK_CAP = 120

#: In a block that no finer key splits, each record meets this many neighbours in content order.
NEIGHBOURS = 2

_LOW_BITS = np.int64((1 << 32) - 1)

Keep = Callable[[Ints, Ints], npt.NDArray[np.bool_]]


class Entries(NamedTuple):
    """Which record has which key value; a record may have several.

    Attributes:
        rows: int64, the index of a record.
        keys: the key value; any integers, equal where records share a block.
    """

    rows: Ints
    keys: npt.NDArray[np.signedinteger]


@dataclass(frozen=True, slots=True)
class Grouped:
    """Entries in blocks: ``rows[start : start + size]`` is one block.

    Attributes:
        rows: int64 record indices, block by block.
        starts: int64, where each block of two or more records begins.
        sizes: int64, its number of records.
    """

    rows: Ints
    starts: Ints
    sizes: Ints

    @property
    def pair_count(self) -> int:
        """Pairs that the blocks hold, each block by itself."""
        return int((self.sizes * (self.sizes - 1) // 2).sum())


@dataclass(frozen=True, slots=True)
class BlockPairs:
    """The pairs of one key.

    Attributes:
        packed: int64, sorted and unique.
        oversized: blocks above the cap.
        given_up: pairs of those blocks that no finer key proposed.
    """

    packed: Ints
    oversized: int
    given_up: int


def pack(left: Ints, right: Ints) -> Ints:
    """One int64 per pair, the smaller index in the upper half."""
    packed: Ints = (np.minimum(left, right) << np.int64(32)) | np.maximum(left, right)
    return packed


def unpack(packed: Ints) -> tuple[Ints, Ints]:
    """The left and right record indices of packed pairs."""
    return packed >> np.int64(32), packed & _LOW_BITS


def unique_sorted(packed: Ints) -> Ints:
    """Sorts in place and drops repeats (several times faster than ``numpy.unique``)."""
    packed.sort()
    if len(packed) < 2:
        return packed
    fresh = np.empty(len(packed), bool)
    fresh[0] = True
    np.not_equal(packed[1:], packed[:-1], out=fresh[1:])
    return packed[fresh]


def absent_from(packed: Ints, known: Ints) -> Ints:
    """The pairs of ``packed`` that ``known`` lacks; both sorted and unique."""
    if not len(known):
        return packed
    place = np.minimum(np.searchsorted(known, packed), len(known) - 1)
    fresh: Ints = packed[known[place] != packed]
    return fresh


def group(entries: Entries, order: Ints) -> Grouped:
    """Blocks of two or more records, the records of each in the given content order.

    Args:
        entries: records and key values.
        order: int64 per record; ties inside a block are broken by it, so that the pairs of a
            block that is too large do not depend on the order of the input.
    """
    ranked = np.argsort(entries.keys)
    keys, rows = entries.keys[ranked], entries.rows[ranked]
    if not len(keys):
        return Grouped(rows, rows, rows)
    edges = np.flatnonzero(keys[1:] != keys[:-1]) + 1
    starts = np.concatenate([np.zeros(1, np.int64), edges])
    sizes = np.diff(np.append(starts, len(keys)))
    shared = sizes > 1
    starts, sizes = starts[shared], sizes[shared]
    for start, size in zip(starts[sizes > BLOCK_CAP], sizes[sizes > BLOCK_CAP], strict=True):
        block = rows[start : start + size]
        block[:] = block[np.argsort(order[block], kind="stable")]
    return Grouped(rows, starts, sizes)


def all_pairs(grouped: Grouped, fits: npt.NDArray[np.bool_]) -> Ints:
    """Every pair inside the chosen blocks, packed; repeats and self-pairs may occur."""
    starts, sizes = grouped.starts[fits], grouped.sizes[fits]
    within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    position = np.repeat(starts, sizes) + within
    last = np.repeat(starts + sizes - 1, sizes)
    found = []
    distance = 1
    while True:
        reach = position + distance <= last
        position, last = position[reach], last[reach]
        if not len(position):
            break
        found.append(pack(grouped.rows[position], grouped.rows[position + distance]))
        distance += 1
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def neighbours(grouped: Grouped, chosen: npt.NDArray[np.bool_]) -> Ints:
    """Each record of the chosen blocks with the next few in content order, packed.

    Linear in the size of the block, and enough for records of equal content to hang together.
    """
    found = [np.zeros(0, np.int64)]
    for start, size in zip(grouped.starts[chosen], grouped.sizes[chosen], strict=True):
        rows = grouped.rows[start : start + size]
        found += [pack(rows[:-d], rows[d:]) for d in range(1, NEIGHBOURS + 1)]
    return np.concatenate(found)


def block_pairs(
    grouped: Grouped,
    finer: Sequence[Feature],
    order: Ints,
    keep: Keep | None = None,
    cap: int | None = None,
) -> BlockPairs:
    """The candidate pairs of one key.

    Blocks above ``BLOCK_CAP`` are split by the finer features, one after the other; records
    without that feature stay together as one part. What is still too large gives only neighbours
    in content order.

    Args:
        grouped: the blocks of the key.
        finer: features that split an oversized block, the most telling first.
        order: int64 per record, a content order.
        keep: mask of the pairs (left, right) that may be proposed at all.
        cap: records from which on a block is too large, where ``BLOCK_CAP`` would be too many.
    """
    cap = BLOCK_CAP if cap is None else cap
    large = grouped.sizes > cap
    if cap < BLOCK_CAP:
        _in_content_order(grouped, large & (grouped.sizes <= BLOCK_CAP), order)
    found = [all_pairs(grouped, ~large)]
    oversized = int(large.sum())
    held = int((grouped.sizes[large] * (grouped.sizes[large] - 1) // 2).sum())
    proposed = 0
    if oversized:
        parts = _split(grouped, large, finer, order)
        proposed = len(parts)
        found.append(parts)
    packed = np.concatenate(found)
    left, right = unpack(packed)
    wanted = left != right
    if keep is not None:
        wanted &= keep(left, right)
    return BlockPairs(unique_sorted(packed[wanted]), oversized, max(held - proposed, 0))


def _in_content_order(grouped: Grouped, chosen: npt.NDArray[np.bool_], order: Ints) -> None:
    """Puts the records of some blocks into content order, in place."""
    starts, sizes = grouped.starts[chosen], grouped.sizes[chosen]
    within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    places = np.repeat(starts, sizes) + within
    rows = grouped.rows[places]
    grouped.rows[places] = rows[np.lexsort((order[rows], np.repeat(starts, sizes)))]


def _split(
    grouped: Grouped,
    large: npt.NDArray[np.bool_],
    finer: Sequence[Feature],
    order: Ints,
) -> Ints:
    """Unique packed pairs of the large blocks, by the first finer feature and then the others."""
    linked = neighbours(grouped, large)
    if not finer:
        return unique_sorted(linked)
    starts, sizes = grouped.starts[large], grouped.sizes[large]
    within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    rows = grouped.rows[np.repeat(starts, sizes) + within]
    block = np.repeat(np.arange(len(starts)), sizes)
    feature = finer[0]
    parts = group(Entries(rows, block * (feature.size + 1) + feature.of(rows) + 1), order)
    still = parts.sizes > BLOCK_CAP
    found = [linked, all_pairs(parts, ~still)]
    if still.any():
        found.append(_split(parts, still, finer[1:], order))
    return unique_sorted(np.concatenate(found))
