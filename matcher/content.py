"""A number for each record that depends on what it says and not on where it stands.

It orders records wherever an order is needed (ties, samples, oversized blocks), so that the same
records in any row order give the same result.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matcher.normalise.flat import flat
from matcher.records import Column, RawRecords, Records

Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]

_BASE = 0x9E3779B97F4A7C15
_STEP = np.uint64(0xD1B54A32D192ED03)
#: Where a record stands, not what it says.
_PLACE = frozenset({"file", "row"})
_TEXTS_AT_ONCE = 1 << 16


def content_order(records: Records, raw: RawRecords) -> Ints:
    """An int64 per record, each different, from its normalised values.

    Where these are equal, what was typed decides, then the ``record_id``.
    """
    said = np.zeros(records.count, np.uint64)
    for name, column in _columns(records):
        present = column.codes >= 0
        value_hashes = _mixed(_text_hashes(column.values) ^ _seed(name))
        said[present] += value_hashes[column.codes[present]]
    said = _mixed(said)
    ranked = np.argsort(said)
    tied = np.flatnonzero(_ties(said[ranked]))
    if len(tied):
        rows = ranked[tied]
        typed, ids = _typed_hashes(raw.table, np.sort(rows))
        places = np.searchsorted(np.sort(rows), rows)
        ranked[tied] = rows[np.lexsort((ids[places], typed[places], said[rows]))]
    return _numbered(said, ranked)


def _columns(records: Records) -> Iterator[tuple[str, Column]]:
    for name in sorted(records.columns):
        yield name, records.columns[name]
    for column in records.emails:
        yield "email", column
    for column in records.phones:
        yield "phone", column
    for name in sorted(records.external_ids):
        yield f"id:{name}", records.external_ids[name]


def _typed_hashes(table: pa.Table, rows: Ints) -> tuple[Hashes, Hashes]:
    """Hashes of all that was typed in some records, and of their ids."""
    typed = np.zeros(len(rows), np.uint64)
    ids = typed
    for name in sorted(set(table.column_names) - _PLACE):
        texts = table.column(name).take(pa.array(rows)).fill_null("").combine_chunks()
        hashes = _mixed(_text_hashes(texts) ^ _seed(name))
        if name == "record_id":
            ids = hashes
        else:
            typed += hashes
    return typed, ids


def _seed(name: str) -> np.uint64:
    return np.uint64(_text_hashes(pa.array([name]))[0])


def _text_hashes(values: pa.StringArray) -> Hashes:
    """A 64-bit polynomial hash of each text, from the flat byte buffer."""
    hashes = np.zeros(len(values), np.uint64)
    for start in range(0, len(values), _TEXTS_AT_ONCE):
        part = values.slice(start, _TEXTS_AT_ONCE)
        hashes[start : start + len(part)] = _polynomials(*flat(part))
    return hashes


def _polynomials(offsets: npt.NDArray[np.int32], data: npt.NDArray[np.uint8]) -> Hashes:
    data = data[offsets[0] :]
    offsets = offsets - offsets[0]
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


def _ties(ordered: Hashes) -> npt.NDArray[np.bool_]:
    """True for every element that equals a neighbour."""
    same = ordered[1:] == ordered[:-1]
    ties = np.zeros(len(ordered), np.bool_)
    ties[1:] |= same
    ties[:-1] |= same
    return ties


def _numbered(hashes: Hashes, ranked: Ints) -> Ints:
    """The hashes with equal ones told apart by counting them in the order given."""
    ordered = hashes[ranked]
    fresh = np.ones(len(ordered), np.bool_)
    fresh[1:] = ordered[1:] != ordered[:-1]
    starts = np.flatnonzero(fresh)
    place = np.arange(len(ordered)) - np.repeat(starts, np.diff(np.append(starts, len(ordered))))
    out = np.empty_like(hashes)
    out[ranked] = ordered + place.astype(np.uint64) * _STEP
    return out.view(np.int64)
