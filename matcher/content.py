"""A number for each record that depends on what it says and not on where it stands.

It orders records wherever an order is needed (ties, samples, oversized blocks), so that the same
records in any row order give the same result.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matcher.records import Column, Records

Hashes = npt.NDArray[np.uint64]

_BASE = 0x9E3779B97F4A7C15
_STEP = np.uint64(0xD1B54A32D192ED03)


def content_order(records: Records) -> npt.NDArray[np.int64]:
    """An int64 per record from its normalised values.

    Records that say the same get numbers of their own too, by how many of them there are; which
    of them gets which does not matter, as nothing tells them apart.
    """
    total = np.zeros(records.count, np.uint64)
    for place, (name, column) in enumerate(_columns(records)):
        seed = text_hashes(pa.array([f"{name}:{place if name in _SLOTTED else ''}"]))[0]
        present = column.codes >= 0
        value_hashes = _mixed(text_hashes(column.values) ^ seed)
        total[present] += value_hashes[column.codes[present]]
    return _numbered(_mixed(total)).view(np.int64)


_SLOTTED = frozenset({"email", "phone"})


def _columns(records: Records) -> Iterator[tuple[str, Column]]:
    for name in sorted(records.columns):
        yield name, records.columns[name]
    for column in records.emails:
        yield "email", column
    for column in records.phones:
        yield "phone", column
    for name in sorted(records.external_ids):
        yield name, records.external_ids[name]


def text_hashes(values: pa.StringArray) -> Hashes:
    """A 64-bit polynomial hash of each text, from the flat byte buffer."""
    if not len(values):
        return np.zeros(0, np.uint64)
    offsets = np.frombuffer(values.buffers()[1], np.int32)
    offsets = offsets[values.offset : values.offset + len(values) + 1].astype(np.int64)
    data = np.frombuffer(values.buffers()[2] or b"", np.uint8)[offsets[0] : offsets[-1]]
    offsets -= offsets[0]
    lengths = np.diff(offsets)
    place = np.arange(len(data)) - np.repeat(offsets[:-1], lengths)
    powers = np.ones(int(lengths.max(initial=0)) + 1, np.uint64)
    powers[1:] = np.cumprod(np.full(len(powers) - 1, _BASE, np.uint64), dtype=np.uint64)
    terms = (data.astype(np.uint64) + np.uint64(1)) * powers[place]
    running = np.concatenate([np.zeros(1, np.uint64), np.cumsum(terms, dtype=np.uint64)])
    hashes: Hashes = running[offsets[1:]] - running[offsets[:-1]]
    return hashes


def _mixed(hashes: Hashes) -> Hashes:
    """Spreads every bit over all others (the finaliser of SplitMix64, Steele et al. 2014)."""
    out = hashes + np.uint64(_BASE)
    out = (out ^ (out >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    out = (out ^ (out >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return out ^ (out >> np.uint64(31))


def _numbered(hashes: Hashes) -> Hashes:
    """Tells equal hashes apart by counting them."""
    ranked = np.argsort(hashes, kind="stable")
    ordered = hashes[ranked]
    fresh = np.ones(len(ordered), bool)
    fresh[1:] = ordered[1:] != ordered[:-1]
    starts = np.flatnonzero(fresh)
    place = np.arange(len(ordered)) - np.repeat(starts, np.diff(np.append(starts, len(ordered))))
    out = np.empty_like(hashes)
    out[ranked] = ordered + place.astype(np.uint64) * _STEP
    return out
