"""Pairs of records whose values are one edit apart: a mistyped phone, a mistyped email user.

Distinct values meet through their deletion neighbourhoods (each text with one byte left out; the
idea of Mor and Fraenkel 1982), and only then the records that hold them. The neighbourhoods are
64-bit hashes, computed for all texts at once from running sums over the byte buffer.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from blocking.features import Ints, flat
from blocking.pairs import BLOCK_CAP, Entries, block_pairs, group, pack, unique_sorted, unpack

#: Shorter texts have too many neighbours one edit away.
SHORTEST = 6

#: Odd, so that it has an inverse modulo 2**64.
_BASE = 0x9E3779B97F4A7C15
_INVERSE = np.uint64(pow(_BASE, -1, 2**64))


class NearValues(NamedTuple):
    """Pairs of distinct values one edit apart, with the records that hold them.

    Attributes:
        left, right: int64 value codes.
        entries: records and their value codes, sorted by code.
        held: record pairs that joining would give.
    """

    left: Ints
    right: Ints
    entries: Entries
    held: int


def deletions(texts: pa.StringArray) -> tuple[Ints, npt.NDArray[np.uint64]]:
    """Each text whole and with one byte left out in every possible way, as 64-bit hashes.

    Two texts one substitution, insertion, deletion or neighbouring swap apart share a hash.

    Returns:
        the index of the text and the hash, one element per neighbour; texts shorter than
        ``SHORTEST`` have none.
    """
    data, starts, lengths = flat(texts)
    owner = np.repeat(np.arange(len(starts)), lengths)
    place = np.arange(len(data)) - starts[owner]
    longest = int(lengths.max()) if len(lengths) else 0
    powers = np.ones(longest + 1, np.uint64)
    powers[1:] = np.cumprod(np.full(longest, _BASE, np.uint64), dtype=np.uint64)
    terms = (data.astype(np.uint64) + np.uint64(1)) * powers[place]
    running = np.concatenate([np.zeros(1, np.uint64), np.cumsum(terms, dtype=np.uint64)])
    before, after = running[starts], running[starts + lengths]
    without = (running[:-1] - before[owner]) + (after[owner] - running[1:]) * _INVERSE
    long_enough = lengths >= SHORTEST
    chosen = long_enough[owner]
    itself = np.flatnonzero(long_enough)
    return (
        np.concatenate([owner[chosen], itself]),
        np.concatenate([without[chosen], (after - before)[itself]]),
    )


def near_values(entries: Entries, texts: pa.StringArray) -> NearValues:
    """Which distinct values are one edit apart, and what joining their records would cost.

    Args:
        entries: records and value codes.
        texts: the distinct texts by code.
    """
    ranked = np.argsort(entries.keys)
    sorted_entries = Entries(entries.rows[ranked], entries.keys[ranked])
    owner, hashes = deletions(texts)
    order = np.arange(len(texts), dtype=np.int64)
    left, right = unpack(
        block_pairs(group(Entries(owner, hashes.view(np.int64)), order), [], order).packed
    )
    counts = np.bincount(entries.keys, minlength=len(texts))
    held = int((counts[left] * counts[right]).sum())
    return NearValues(left, right, sorted_entries, held)


def near_pairs(near: NearValues) -> Ints:
    """The record pairs of near values, packed and unique.

    A pair of values that would give more record pairs than a full block is left out.
    """
    rows, codes = near.entries
    first_left = np.searchsorted(codes, near.left)
    first_right = np.searchsorted(codes, near.right)
    count_left = np.searchsorted(codes, near.left, "right") - first_left
    count_right = np.searchsorted(codes, near.right, "right") - first_right
    product = count_left * count_right
    product[product > BLOCK_CAP * (BLOCK_CAP - 1) // 2] = 0
    within = np.arange(int(product.sum())) - np.repeat(np.cumsum(product) - product, product)
    width = np.repeat(count_right, product)
    left = rows[np.repeat(first_left, product) + within // np.maximum(width, 1)]
    right = rows[np.repeat(first_right, product) + within % np.maximum(width, 1)]
    apart = left != right
    return unique_sorted(pack(left[apart], right[apart]))
