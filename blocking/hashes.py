"""64-bit hashes of texts, for all texts at once: the same text has the same hash in every set."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from blocking.features import Ints, flat

Hashes = npt.NDArray[np.uint64]

_BASE = 0x9E3779B97F4A7C15
_TEXTS_AT_ONCE = 1 << 16


def text_hashes(values: pa.StringArray) -> Hashes:
    """A 64-bit polynomial hash of each text, from the flat byte buffer."""
    if len(values) <= _TEXTS_AT_ONCE:
        return _polynomials(*flat(values))
    hashes = np.zeros(len(values), np.uint64)
    for start in range(0, len(values), _TEXTS_AT_ONCE):
        part = flat(values.slice(start, _TEXTS_AT_ONCE))
        hashes[start : start + len(part.starts)] = _polynomials(*part)
    return hashes


def _powers(most: int) -> Hashes:
    powers = np.ones(most + 1, np.uint64)
    powers[1:] = np.cumprod(np.full(most, _BASE, np.uint64), dtype=np.uint64)
    return powers


#: Most texts are at most so long.
_SHORT = 128
_SHORT_POWERS = _powers(_SHORT)


def _polynomials(data: npt.NDArray[np.uint8], starts: Ints, lengths: Ints) -> Hashes:
    place = np.arange(len(data)) - np.repeat(starts, lengths)
    longest = int(lengths.max(initial=0))
    powers = _SHORT_POWERS if longest <= _SHORT else _powers(longest)
    terms = (data.astype(np.uint64) + np.uint64(1)) * powers[place]
    running = np.concatenate([np.zeros(1, np.uint64), np.cumsum(terms, dtype=np.uint64)])
    hashes: Hashes = running[starts + lengths] - running[starts]
    return hashes


def mixed(hashes: Hashes) -> Hashes:
    """Spreads every bit over all others (the finaliser of SplitMix64, Steele et al. 2014)."""
    out = hashes + np.uint64(_BASE)
    out = (out ^ (out >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    out = (out ^ (out >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return out ^ (out >> np.uint64(31))


@cache
def seed(name: str) -> np.uint64:
    """A number for a name, to keep hashes of different things apart."""
    return np.uint64(text_hashes(pa.array([name]))[0])
