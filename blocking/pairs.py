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
        rows: int64 record indices, block by block, of blocks of two or more records.
        starts: int64, where each block begins.
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
    return packed if fresh.all() else packed[np.flatnonzero(fresh)]


def absent_from(packed: Ints, known: Ints) -> Ints:
    """The pairs of ``packed`` that ``known`` lacks; both sorted and unique."""
    if not len(known):
        return packed
    place = np.minimum(np.searchsorted(known, packed), len(known) - 1)
    fresh: Ints = packed[known[place] != packed]
    return fresh


def group(entries: Entries, order: Ints) -> Grouped:
    """Blocks of two or more records, the records of each in ascending order.

    Records of a block above ``BLOCK_CAP`` are in the given content order.

    Args:
        entries: records and key values.
        order: int64 per record, a content order.
    """
    grouped = blocks(entries)
    _in_content_order(grouped, grouped.sizes > BLOCK_CAP, order)
    return grouped


def blocks(entries: Entries) -> Grouped:
    """Blocks of two or more records, the records of each in ascending order.

    A key value and its record share one int64, which sorts three times as fast as an index of the
    keys.
    """
    bits = np.int64(int(entries.rows.max(initial=0)).bit_length())
    packed = _narrow(entries.keys, 63 - int(bits)) << bits
    packed |= entries.rows
    packed.sort()
    same = np.zeros(len(packed) + 1, np.bool_)  # as the one before it
    if len(packed):
        np.less((packed[1:] ^ packed[:-1]) >> bits, 1, out=same[1:-1])
    first = np.flatnonzero(~same[:-1] & same[1:])
    sizes = np.flatnonzero(same[:-1] & ~same[1:]) - first + 1
    rows = packed[np.flatnonzero(same[:-1] | same[1:])] & ((np.int64(1) << bits) - 1)
    return Grouped(rows, np.cumsum(sizes) - sizes, sizes)


def _narrow(keys: npt.NDArray[np.signedinteger], bits: int) -> Ints:
    """The keys, renumbered where they are not counts of so many bits."""
    if len(keys) and (int(keys.min()) < 0 or int(keys.max()) >> bits):
        keys = np.unique(keys, return_inverse=True)[1]
    return keys.astype(np.int64, copy=False)


def all_pairs(grouped: Grouped, fits: npt.NDArray[np.bool_]) -> Ints:
    """Every pair inside the chosen blocks, packed; repeats and self-pairs may occur.

    Args:
        grouped: blocks, the records of each chosen one in ascending order.
        fits: which blocks; none of them above ``BLOCK_CAP``.
    """
    starts, sizes = grouped.starts[fits], grouped.sizes[fits]
    starts = starts[np.argsort(sizes.astype(np.uint16), kind="stable")]
    found = [np.zeros(0, np.int64)]
    counts = np.bincount(sizes)
    for size in np.flatnonzero(counts).tolist():
        here, starts = starts[: counts[size]], starts[counts[size] :]
        block = grouped.rows[here + np.arange(size)[:, None]]
        one, other = np.triu_indices(size, 1)
        pairs = (block << np.int64(32))[one]
        pairs |= block[other]
        found.append(pairs.reshape(-1))
    return np.concatenate(found)


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
        grouped: the blocks of the key; the records of those that are too large are put into
            content order.
        finer: features that split an oversized block, the most telling first.
        order: int64 per record, a content order; ties inside a block are broken by it, so that the
            pairs of a block that is too large do not depend on the order of the input.
        keep: mask of the pairs (left, right) that may be proposed at all.
        cap: records from which on a block is too large, where ``BLOCK_CAP`` would be too many.
    """
    large = grouped.sizes > (BLOCK_CAP if cap is None else cap)
    _in_content_order(grouped, large, order)
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
    if not wanted.all():
        packed = packed[np.flatnonzero(wanted)]
    return BlockPairs(unique_sorted(packed), oversized, max(held - proposed, 0))


def _in_content_order(grouped: Grouped, chosen: npt.NDArray[np.bool_], order: Ints) -> None:
    """Puts the records of some blocks into content order, in place."""
    if not chosen.any():
        return
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
