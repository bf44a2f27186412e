"""Record ids: the input's own where it has them, and unique in any case.

A record's id is, in this order: its ``record_id``; the value of a column that plainly numbers the
rows (``id``, ``rec_id``, ``unique_id``); ``source:source_record_id``; ``source:row number``, with
the file's name between where several files of one source count their rows. Of records of one source
with one ``record_id`` only the first stays. All else that is not unique gets ``#2``, ``#3``, ….
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from blocking.hashes import text_hashes
from matcher.reading.rejects import reject

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Claims:
    """What one input offers as ids, one element per record.

    Attributes:
        file: the input's name.
        stem: its short name.
        rows: row numbers.
        source: source names, never null.
        record_id: ids that must come back unchanged, or null.
        numbering: ids from a column that numbers the rows, or null.
        own: the vendor's own ids, or null.
    """

    file: str
    stem: str
    rows: Numbers
    source: pa.StringArray
    record_id: pa.StringArray
    numbering: pa.StringArray
    own: pa.StringArray


@dataclass(frozen=True, slots=True)
class Identities:
    """The ids of all inputs, one element per record kept.

    Attributes:
        keep: bool per record of all inputs in turn: False where it repeats a ``record_id``.
        record_id: unique ids of the records kept.
        source_record_id: ids in the source, or null.
        rejects: the records not kept.
    """

    keep: Flags
    record_id: pa.StringArray
    source_record_id: pa.StringArray
    rejects: pa.Table


def identify(claims: Sequence[Claims]) -> Identities:
    """Give every record of all inputs an id."""
    source = _stack([c.source for c in claims])
    given = _stack([c.record_id for c in claims])
    numbering = _stack([c.numbering for c in claims])
    own = _stack([c.own for c in claims])
    keep, unchanged, rejects = _given_ids(claims, given, source)
    if unchanged.all():
        return Identities(keep, given, _first_known(own, numbering, given), rejects)
    without = _none_valid(given, numbering, own)
    qualified = pc.binary_join_element_wise(source, pc.coalesce(given, own), ":")
    ids = pc.coalesce(
        pc.if_else(pa.array(unchanged), given, None),
        pc.if_else(pc.is_valid(given), qualified, None),
        _numbering_ids(numbering, source),
        qualified,
        _row_ids(claims, without),
    )
    kept = pa.array(keep)
    different = len(claims) == 1 and without.all()  # the row numbers of one input are
    return Identities(
        keep,
        ids if different else _numbered_apart(ids.filter(kept), unchanged[keep]),
        _first_known(own, numbering, given).filter(kept),
        rejects,
    )


def _given_ids(
    claims: Sequence[Claims], given: pa.StringArray, source: pa.StringArray
) -> tuple[Flags, Flags, pa.Table]:
    """Records to keep, records whose given id stays unchanged, and the others' rejects.

    The same id in another source is another record: it stays, with its source before the id.
    """
    valid: Flags = given.is_valid().to_numpy(zero_copy_only=False)
    first = _first_of_equal(given)
    repeats = valid & (first != np.arange(len(given)))
    if not repeats.any():
        return np.ones(len(given), np.bool_), valid, reject("", [], [])
    sources = source.dictionary_encode().indices.to_numpy()
    within = _first_of_equal(pc.binary_join_element_wise(source, given, "\x1f"))
    drop = valid & (within != np.arange(len(given)))
    other = repeats & ~drop & (sources != sources[first])
    return ~drop, valid & ~drop & ~other, _repeat_rejects(claims, drop, within, given)


def _repeat_rejects(
    claims: Sequence[Claims], drop: Flags, first: Numbers, given: pa.StringArray
) -> pa.Table:
    files = np.repeat(np.arange(len(claims)), [len(c.rows) for c in claims])
    rows = np.concatenate([c.rows for c in claims])
    tables = []
    for at, claim in enumerate(claims):
        here = np.flatnonzero(drop & (files == at))
        firsts = first[here]
        text = pc.binary_join_element_wise(
            "the record_id is that of row", pa.array(rows[firsts]).cast(pa.string()), " "
        )
        elsewhere = pa.array([c.file for c in claims]).take(pa.array(files[firsts]))
        full = pc.binary_join_element_wise(text, elsewhere, " of ")
        reasons = pc.if_else(pa.array(files[firsts] != at, pa.bool_()), full, text)
        values = given.take(pa.array(here))
        tables.append(reject(claim.file, rows[here], reasons, column="record_id", values=values))
    return pa.concat_tables(tables)


def _numbering_ids(numbering: pa.StringArray, source: pa.StringArray) -> pa.StringArray:
    """Ids from a numbering column; after their source where two inputs use the same numbers."""
    first = _first_of_equal(numbering)
    valid = numbering.is_valid().to_numpy(zero_copy_only=False)
    if (first[valid] == np.flatnonzero(valid)).all():
        return numbering
    return pc.binary_join_element_wise(source, numbering, ":")


def _row_ids(claims: Sequence[Claims], without: Flags) -> pa.StringArray:
    """``source:row``, or ``source:stem:row`` where several inputs of the source need such ids."""
    starts = np.cumsum([0, *(len(c.rows) for c in claims)])
    needing = [
        set(c.source.filter(pa.array(without[a:b])).unique().to_pylist())
        for c, a, b in zip(claims, starts, starts[1:], strict=False)
    ]
    shared = {s for s in set().union(*needing) if sum(s in n for n in needing) > 1}
    pieces = []
    for claim, sources in zip(claims, needing, strict=True):
        row = pa.array(claim.rows).cast(pa.string())
        plain = pc.binary_join_element_wise(claim.source, row, ":")
        if sources & shared:
            longer = pc.binary_join_element_wise(claim.source, claim.stem, row, ":")
            among = pc.is_in(claim.source, value_set=pa.array(sorted(shared), pa.string()))
            plain = pc.if_else(among, longer, plain)
        pieces.append(plain)
    return _stack(pieces)


def _numbered_apart(ids: pa.StringArray, fixed: Flags) -> pa.StringArray:
    """The ids made unique by ``#2``, ``#3``, …; those that are fixed stay as they are."""
    while True:
        encoded = ids.dictionary_encode()
        if len(encoded.dictionary) == len(ids):
            return ids
        codes = encoded.indices.to_numpy()
        order = np.lexsort((np.arange(len(ids)), ~fixed, codes))
        starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
        nth = np.empty(len(ids), np.int64)
        nth[order] = np.arange(len(ids)) - np.repeat(starts, np.diff(np.append(starts, len(ids))))
        numbered = pc.binary_join_element_wise(ids, pa.array(nth + 1).cast(pa.string()), "#")
        ids = pc.if_else(pa.array(nth > 0), numbered, ids)


def _first_of_equal(texts: pa.StringArray) -> Numbers:
    """For each element the position of the first equal one; null is like no other."""
    hashes = text_hashes(texts.drop_null())
    hashes.sort()
    if not (hashes[1:] == hashes[:-1]).any():  # as ids should be; a dictionary takes far longer
        return np.arange(len(texts))
    codes = texts.dictionary_encode().indices.fill_null(-1).to_numpy().astype(np.int64)
    first = np.full(int(codes.max(initial=-1)) + 1, -1, np.int64)
    first[codes[codes >= 0][::-1]] = np.flatnonzero(codes >= 0)[::-1]
    found = np.arange(len(codes))
    found[codes >= 0] = first[codes[codes >= 0]]
    return found


def _first_known(*columns: pa.StringArray) -> pa.StringArray:
    """The first value of each record; no copy where one column has them all."""
    known = [column for column in columns if column.null_count < len(column)]
    return pc.coalesce(*known) if len(known) > 1 else (known or columns)[0]


def _none_valid(*columns: pa.StringArray) -> Flags:
    nothing: Flags = pc.is_null(pc.coalesce(*columns)).to_numpy(zero_copy_only=False)
    return nothing


def _stack(pieces: Sequence[pa.StringArray]) -> pa.StringArray:
    return pa.concat_arrays([piece.cast(pa.string()) for piece in pieces])
