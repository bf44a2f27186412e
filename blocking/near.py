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

Hashes = npt.NDArray[np.uint64]

#: Odd, so that it has an inverse modulo 2**64.
_BASE = 0x9E3779B97F4A7C15
_INVERSE = np.uint64(pow(_BASE, -1, 2**64))


class Neighbourhoods(NamedTuple):
    """Texts with one byte left out, in every way.

    Attributes:
        owner: int64, the index of the text that each neighbour comes from.
        hashes: uint64, the neighbour.
        whole: uint64 per text, the text itself.
    """

    owner: Ints
    hashes: Hashes
    whole: Hashes


class NearValues(NamedTuple):
    """Pairs of distinct values one edit apart, with the records that hold them.

    Attributes:
        left, right: int64 value codes; empty where there are too many to be of use.
        entries: records and their value codes, sorted by code.
        held: record pairs that joining would give, estimated where there are too many.
    """

    left: Ints
    right: Ints
    entries: Entries
    held: int


def deletions(texts: pa.StringArray) -> Neighbourhoods:
    """Each text whole and with one byte left out in every possible way, as 64-bit hashes.

    Two texts one substitution, insertion, deletion or neighbouring swap apart share a hash. Texts
    shorter than ``SHORTEST`` have no neighbours, not even themselves.
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
    return Neighbourhoods(
        np.concatenate([owner[chosen], itself]),
        np.concatenate([without[chosen], (after - before)[itself]]),
        after - before,
    )


def near_values(entries: Entries, texts: pa.StringArray, at_most: int) -> NearValues:
    """Which distinct values are one edit apart, and what joining their records would cost.

    Args:
        entries: records and value codes.
        texts: the distinct texts by code.
        at_most: record pairs that are worth having; far more are only estimated, from a sixteenth
            of the neighbours.
    """
    near = deletions(texts)
    nothing = np.zeros(0, np.int64)
    sampled = near.hashes >> np.uint64(64 - _SAMPLE_BITS) == 0
    estimate = len(_value_pairs(near, sampled)) << _SAMPLE_BITS
    if estimate > _SURELY_TOO_MANY * at_most:
        return NearValues(nothing, nothing, Entries(nothing, nothing), estimate)
    left, right = unpack(_value_pairs(near, np.ones(len(near.hashes), bool)))
    counts = np.bincount(entries.keys, minlength=len(texts))
    held = int((counts[left] * counts[right]).sum())
    ranked = np.argsort(entries.keys)
    by_code = Entries(entries.rows[ranked], entries.keys[ranked])
    return NearValues(left, right, by_code, held)


_SAMPLE_BITS = 4

#: A pair of values may share several neighbours, so the estimate is on the high side.
_SURELY_TOO_MANY = 3


def _value_pairs(near: Neighbourhoods, chosen: npt.NDArray[np.bool_]) -> Ints:
    entries = Entries(near.owner[chosen], near.hashes[chosen].view(np.int64))
    order = near.whole.view(np.int64)
    return block_pairs(group(entries, order), [], order).packed


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
