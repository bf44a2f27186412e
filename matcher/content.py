"""A number for each record that depends on what it says and not on where it stands.

It orders records wherever an order is needed (ties, samples, oversized blocks), so that the same
records in any row order give the same result.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from blocking.hashes import Hashes, mixed, seed, text_hashes
from matcher.records import Column, RawRecords, Records
from scoring.turns import in_turn

Ints = npt.NDArray[np.int64]

_STEP = np.uint64(0xD1B54A32D192ED03)
#: Where a record stands, not what it says.
_PLACE = frozenset({"file", "row"})


def content_order(records: Records, raw: RawRecords) -> Ints:
    """An int64 per record, each different, from its normalised values.

    Where these are equal, what was typed decides, then the ``record_id``.
    """
    said = content_hashes(records)
    ranked = np.argsort(said)
    tied = np.flatnonzero(_ties(said[ranked]))
    if len(tied):
        rows = ranked[tied]
        typed, ids = _typed_hashes(raw.table, np.sort(rows))
        places = np.searchsorted(np.sort(rows), rows)
        rows = rows[np.lexsort((ids[places], typed[places], said[rows]))]
        said[rows] = _told_apart(said[rows])
    return said.view(np.int64)


def content_hashes(records: Records) -> Hashes:
    """A uint64 per record from its normalised values alone."""
    columns = list(_columns(records))
    said = np.zeros(records.count, np.uint64)
    hashed = in_turn if records.count >= _WORTH_THREADS else map
    for hashes in hashed(_attribute_hashes, columns):
        said += hashes
    return mixed(said)


#: The values of fewer records are hashed sooner than a thread starts.
_WORTH_THREADS = 2_000


#: The last hash, for what is missing.
_MISSING = np.zeros(1, np.uint64)


def _attribute_hashes(named: tuple[str, Sequence[Column]]) -> Hashes:
    """A number for each record from what it says in some columns that share their values."""
    name, columns = named
    hashes = mixed(text_hashes(columns[0].values) ^ seed(name))
    hashes = np.concatenate([hashes, _MISSING])
    found = hashes[columns[0].codes]
    for column in columns[1:]:
        found += hashes[column.codes]
    return found


def _columns(records: Records) -> Iterator[tuple[str, Sequence[Column]]]:
    for name in sorted(records.columns):
        yield name, [records.columns[name]]
    for name, columns in (("email", records.emails), ("phone", records.phones)):
        if columns:
            yield name, columns
    for name in sorted(records.external_ids):
        yield f"id:{name}", [records.external_ids[name]]


def _typed_hashes(table: pa.Table, rows: Ints) -> tuple[Hashes, Hashes]:
    """Hashes of all that was typed in some records, and of their ids."""
    typed = np.zeros(len(rows), np.uint64)
    ids = typed
    for name in sorted(set(table.column_names) - _PLACE):
        texts = table.column(name).take(pa.array(rows)).fill_null("").combine_chunks()
        hashes = mixed(text_hashes(texts) ^ seed(name))
        if name == "record_id":
            ids = hashes
        else:
            typed += hashes
    return typed, ids


def _ties(ordered: Hashes) -> npt.NDArray[np.bool_]:
    """True for every element that equals a neighbour."""
    same = ordered[1:] == ordered[:-1]
    ties = np.zeros(len(ordered), np.bool_)
    ties[1:] |= same
    ties[:-1] |= same
    return ties


def _told_apart(ordered: Hashes) -> Hashes:
    """Sorted hashes, of which equal ones are told apart by counting them."""
    fresh = np.ones(len(ordered), np.bool_)
    fresh[1:] = ordered[1:] != ordered[:-1]
    starts = np.flatnonzero(fresh)
    place = np.arange(len(ordered)) - np.repeat(starts, np.diff(np.append(starts, len(ordered))))
    return ordered + place.astype(np.uint64) * _STEP
