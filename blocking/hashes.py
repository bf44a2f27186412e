"""64-bit hashes of texts, for all texts at once: the same text has the same hash in every set."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from blocking.features import Ints, flat

Hashes = npt.NDArray[np.uint64]

_BASE = 0x9E3779B97F4A7C15
#: What undoes a multiplication by it.
_INVERSE = pow(_BASE, -1, 1 << 64)
_TEXTS_AT_ONCE = 1 << 12


def text_hashes(values: pa.StringArray) -> Hashes:
    """A 64-bit polynomial hash of each text, from the flat byte buffer."""
    if len(values) <= _TEXTS_AT_ONCE:
        return _polynomials(*flat(values))
    hashes = np.zeros(len(values), np.uint64)
    for start in range(0, len(values), _TEXTS_AT_ONCE):
        part = flat(values.slice(start, _TEXTS_AT_ONCE))
        hashes[start : start + len(part.starts)] = _polynomials(*part)
    return hashes


def _powers(base: int, count: int) -> Hashes:
    powers = np.full(count, base, np.uint64)
    powers[:1] = 1
    return np.cumprod(powers, dtype=np.uint64)


#: Bytes that so many texts hardly ever exceed.
_MANY = 1 << 17
_POWERS, _INVERSES = _powers(_BASE, _MANY), _powers(_INVERSE, _MANY)


def _polynomials(data: npt.NDArray[np.uint8], starts: Ints, lengths: Ints) -> Hashes:
    """The polynomial of all bytes up to each text, taken from that up to its end, moved back."""
    is_usual = len(data) < _MANY
    powers = _POWERS[: len(data)] if is_usual else _powers(_BASE, len(data))
    inverses = _INVERSES if is_usual else _powers(_INVERSE, len(data) + 1)
    running = np.zeros(len(data) + 1, np.uint64)
    np.cumsum((data + _ONE) * powers, out=running[1:])
    hashes: Hashes = (running[starts + lengths] - running[starts]) * inverses[starts]
    return hashes


_ONE = np.uint64(1)


def mixed(hashes: Hashes) -> Hashes:
    """Spreads every bit over all others (the finaliser of SplitMix64, Steele et al. 2014)."""
    out = hashes + _STEP
    for shift, factor in _ROUNDS:
        out ^= out >> shift
        out *= factor
    out ^= out >> _LAST_SHIFT
    return out


_STEP = np.uint64(_BASE)
_ROUNDS = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
)
_LAST_SHIFT = np.uint64(31)


@cache
def seed(name: str) -> np.uint64:
    """A number for a name, to keep hashes of different things apart."""
    return np.uint64(text_hashes(pa.array([name]))[0])
