"""Pairs of records whose values are one edit apart: a mistyped phone, a mistyped email user.

Distinct values meet through their deletion neighbourhoods (each text with one byte left out; the
idea of Mor and Fraenkel 1982), and only then the records that hold them. The neighbourhoods are
64-bit hashes, computed for all texts at once from running sums over the byte buffer.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from blocking.features import Ints, flat
from blocking.grouping import grouped_parts
from blocking.pairs import BLOCK_CAP, Entries, block_pairs, pack, unique_sorted, unpack

#: Shorter texts have too many neighbours one edit away.
SHORTEST = 6

Hashes = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]

#: Tells which hashes are wanted.
Wanted = Callable[[Hashes], Bools]

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
        left, right: int64 value codes, the smaller one left; empty where there are too many to be
            of use.
        entries: records and their value codes, sorted by code.
        held: record pairs that joining would give, estimated where there are too many.
    """

    left: Ints
    right: Ints
    entries: Entries
    held: int


def deletions(texts: pa.StringArray, wanted: Wanted | None = None) -> Neighbourhoods:
    """Each text whole and with one byte left out in every possible way, as 64-bit hashes.

    What several deletions give is there once.

    Two texts one substitution, insertion, deletion or neighbouring swap apart share a hash. Texts
    shorter than ``SHORTEST`` have no neighbours, not even themselves.

    Args:
        texts: any.
        wanted: tells which neighbours are asked for; without it, all.
    """
    data, starts, lengths = flat(texts)
    long_enough = lengths >= SHORTEST
    # Of a run of equal bytes it does not matter which one is left out.
    chosen = np.ones(len(data), np.bool_)
    np.not_equal(data[1:], data[:-1], out=chosen[1:])
    chosen[starts[lengths > 0]] = True
    chosen &= np.repeat(long_enough, lengths)
    without, whole = _hashed(data, starts, lengths)
    places, itself = np.flatnonzero(chosen), np.flatnonzero(long_enough)
    hashes = np.concatenate([without[places], whole[itself]])
    kept = slice(None) if wanted is None else np.flatnonzero(wanted(hashes))
    # The texts of single bytes are searched for: few bytes are asked for, or all texts are few.
    places = np.concatenate([places, starts[itself]])[kept]
    owner = np.searchsorted(starts + lengths, places, "right")
    return Neighbourhoods(owner, hashes[kept], whole)


def _hashed(data: npt.NDArray[np.uint8], starts: Ints, lengths: Ints) -> tuple[Hashes, Hashes]:
    """The hash of the text around each byte without it, and of each text."""
    powers = np.ones(int(lengths.max(initial=0)) + 1, np.uint64)
    powers[1:] = np.cumprod(np.full(len(powers) - 1, _BASE, np.uint64), dtype=np.uint64)
    running = np.zeros(len(data) + 1, np.uint64)
    np.add(data, np.uint64(1), out=running[1:], dtype=np.uint64)
    running[1:] *= powers[np.arange(len(data)) - np.repeat(starts, lengths)]
    np.cumsum(running, out=running)
    before, after = running[starts], running[starts + lengths]
    without = running[:-1] - running[1:] * _INVERSE  # what follows a byte moves down a place
    without += np.repeat(after * _INVERSE - before, lengths)
    return without, after - before


def near_values(
    entries: Entries,
    texts: pa.StringArray,
    at_most: int,
    right_side: Bools | None = None,
    threads: int = 1,
) -> NearValues:
    """Which distinct values are one edit apart, and what joining their records would cost.

    Args:
        entries: records and value codes.
        texts: the distinct texts by code.
        at_most: record pairs that are worth having; far more are only estimated, from a sixteenth
            of the neighbours.
        right_side: to pair two sets, True for the records of the second: values of records on
            both sides alone.
        threads: parts of the texts that are worked on at once.
    """
    if right_side is not None:
        return _near_across(entries, texts, right_side[entries.rows], threads)
    nothing = np.zeros(0, np.int64)
    counts = np.bincount(entries.keys, minlength=len(texts))
    prints, sampled = _fingerprints(texts, threads)
    estimate = _held(counts, *unpack(_value_pairs(sampled))) << _SAMPLE_BITS
    if estimate > _SURELY_TOO_MANY * at_most:
        return NearValues(nothing, nothing, Entries(nothing, nothing), estimate)
    repeated = _repeated(prints)
    left, right = unpack(_value_pairs(_all_deletions(texts, *repeated, threads)))
    return NearValues(left, right, _by_code(entries), _held(counts, left, right))


#: Bits of the table that tells which neighbours the smaller side has.
_TABLE_BITS = 24


def _near_across(entries: Entries, texts: pa.StringArray, right: Bools, threads: int) -> NearValues:
    """Values one edit apart, of which records of one side have one and the other the other."""
    sides = [np.bincount(entries.keys[side], minlength=len(texts)) for side in (right, ~right)]
    few, many = sorted(sides, key=lambda counts: int((counts > 0).sum()))
    wanted = deletions(texts.filter(pa.array(few > 0))).hashes
    seen = np.zeros(1 << _TABLE_BITS, np.bool_)
    seen[(wanted >> np.uint64(64 - _TABLE_BITS)).view(np.int64)] = True
    left, right_values = unpack(_value_pairs(_all_deletions(texts, _TABLE_BITS, seen, threads)))
    held = few[left] * many[right_values] + many[left] * few[right_values]
    across = held > 0
    left, right_values = left[across], right_values[across]
    asked = np.zeros(len(texts), np.bool_)
    asked[left] = asked[right_values] = True
    rows = np.flatnonzero(asked[entries.keys])
    holders = _by_code(Entries(entries.rows[rows], entries.keys[rows]))
    return NearValues(left, right_values, holders, int(held.sum()))


def _by_code(entries: Entries) -> Entries:
    ranked = np.argsort(entries.keys)
    return Entries(entries.rows[ranked], entries.keys[ranked])


def _held(counts: Ints, left: Ints, right: Ints) -> int:
    """Record pairs that joining these pairs of values gives."""
    return int((counts[left] * counts[right]).sum())


_SAMPLE_BITS = 4

#: A pair of values rarely shares more than one neighbour, so the estimate is about right.
_SURELY_TOO_MANY = 1.3

#: Texts whose neighbours are made at once, which bounds memory.
_TEXTS_AT_ONCE = 1 << 16
#: Bits of a fingerprint, and at most of the table that tells which of them occur twice: as many
#: times more places than there are such prints that few others fall into one.
_PRINT_BITS = 32
_ROOM_BITS, _MOST_TABLE_BITS = 5, 26


def _fingerprints(
    texts: pa.StringArray, threads: int
) -> tuple[list[npt.NDArray[np.uint32]], Neighbourhoods]:
    """The first bits of the hash of each neighbour, and a sixteenth of the neighbours.

    Few neighbours have another text's hash. To keep them all until they are sorted would take
    several times the memory of the texts.
    """
    prints: list[npt.NDArray[np.uint32]] = [np.zeros(0, np.uint32)]

    def sampled(hashes: Hashes) -> Bools:
        prints.append((hashes >> np.uint64(64 - _PRINT_BITS)).astype(np.uint32))
        of_sample: Bools = prints[-1] >> np.uint32(_PRINT_BITS - _SAMPLE_BITS) == 0
        return of_sample

    return prints, _gathered(texts, sampled, threads)


def _gathered(texts: pa.StringArray, wanted: Wanted, threads: int) -> Neighbourhoods:
    """The wanted neighbours of all texts, a part of the texts at a time."""

    def part(start: int) -> Neighbourhoods:
        near = deletions(texts.slice(start, _TEXTS_AT_ONCE), wanted)
        return near._replace(owner=near.owner + start)

    starts = range(0, max(len(texts), 1), _TEXTS_AT_ONCE)
    with ThreadPoolExecutor(threads) as pool:
        parts = pool.map(part, starts) if len(starts) > 1 else map(part, starts)
        return Neighbourhoods(*map(np.concatenate, zip(*parts, strict=True)))


def _repeated(prints: list[npt.NDArray[np.uint32]]) -> tuple[int, Bools]:
    """A number of bits, and for each value of these whether fingerprints that repeat begin so.

    The order of the prints does not matter; the list is empty then.
    """
    together = np.concatenate(prints)
    prints.clear()
    together.sort()
    twice = together[1:][together[1:] == together[:-1]]
    bits = min(len(twice).bit_length() + _ROOM_BITS, _MOST_TABLE_BITS)
    seen = np.zeros(1 << bits, np.bool_)
    seen[twice >> np.uint32(_PRINT_BITS - bits)] = True
    return bits, seen


def _all_deletions(
    texts: pa.StringArray, bits: int, seen: Bools, threads: int = 1
) -> Neighbourhoods:
    """The neighbours of all texts whose hashes begin with certain bits.

    Args:
        texts: the distinct texts.
        bits: how many of the first bits tell.
        seen: for each value of these, whether it is wanted.
        threads: parts of the texts that are worked on at once.
    """
    shift = np.uint64(64 - bits)
    return _gathered(texts, lambda hashes: seen[(hashes >> shift).view(np.int64)], threads)


def _value_pairs(near: Neighbourhoods) -> Ints:
    """The packed pairs of texts that share a neighbour."""
    order = near.whole.view(np.int64)
    parts = grouped_parts(Entries(near.owner, near.hashes.view(np.int64)))
    return unique_sorted(np.concatenate([block_pairs(p, [], order).packed for p in parts]))


def near_pairs(near: NearValues) -> Ints:
    """The record pairs of near values, packed and unique.

    A pair of values that would give more record pairs than a full block is left out.
    """
    rows, codes = near.entries
    counts = np.bincount(codes, minlength=int(near.right.max(initial=0)) + 1)
    first = np.cumsum(counts) - counts  # where the records of each value begin
    first_left, count_left = first[near.left], counts[near.left]
    first_right, count_right = first[near.right], counts[near.right]
    product = count_left * count_right
    product[product > BLOCK_CAP * (BLOCK_CAP - 1) // 2] = 0
    within = np.arange(int(product.sum())) - np.repeat(np.cumsum(product) - product, product)
    width = np.repeat(count_right, product)
    left = rows[np.repeat(first_left, product) + within // np.maximum(width, 1)]
    right = rows[np.repeat(first_right, product) + within % np.maximum(width, 1)]
    apart = left != right
    return unique_sorted(pack(left[apart], right[apart]))
