"""Which record a row is, and whether it says anything new: by hashes of its text.

A record is named by its source and its id there. A row without an id is named by what it says, so
that the same row is the same record whenever it comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from blocking.hashes import Hashes, mixed, seed, text_hashes

Ints = npt.NDArray[np.int64]

#: Which record a row is and where it stood, not what it says.
_NOT_CONTENT = frozenset({"record_id", "source", "source_record_id", "file", "row"})
_OWN_ID = "source_record_id"


@dataclass(frozen=True)
class Named:
    """The names of rows.

    Attributes:
        names: int64 per row, a hash of its source and id.
        content: uint64 per row, a hash of what it says.
        record_ids: text per row, the id to call the record by.
    """

    names: Ints
    content: Hashes
    record_ids: pa.StringArray

    def of(self, rows: Ints) -> Named:
        """The names of some rows."""
        ids = self.record_ids.take(pa.array(rows))
        return Named(self.names[rows], self.content[rows], ids)


def name_rows(table: pa.Table, within: str = "") -> Named:
    """Names the rows of a raw table (``matcher.records.RawRecords``).

    Args:
        table: the rows.
        within: what the names are of; equal sources and ids of two such realms are two records.
    """
    content = mixed(_said(table, [c for c in table.column_names if c not in _NOT_CONTENT]))
    stated = _array(table["source_record_id"])
    without = stated.is_null()
    digest = pa.array(
        [f"{number:016x}" for number in content[_mask(without)].tolist()], pa.string()
    )
    ids = pc.replace_with_mask(stated, without, digest) if len(digest) else stated
    names = _names(_array(table["source"]), ids, within)
    given = _array(table["record_id"])
    by_content = pc.binary_join_element_wise(table["source"], ids, ":")
    record_ids = pc.if_else(without, _array(by_content), given)
    return Named(names.view(np.int64), content, record_ids)


def names_of(source: str, source_record_ids: Sequence[str], within: str = "") -> Ints:
    """The names of records of one source by their ids there, as ``name_rows`` makes them."""
    ids = pa.array(source_record_ids, pa.string())
    return _names(pa.array([source]), ids, within).view(np.int64)


def _names(sources: pa.StringArray, ids: pa.StringArray, within: str) -> Hashes:
    (of_sources,), (of_ids,) = _hashes([sources], ["source" + within]), _hashes([ids], [_OWN_ID])
    return mixed(of_sources + of_ids)


#: Texts that are hashed at once: all of a few rows, which is sooner done.
_AT_ONCE = 10_000


def _said(table: pa.Table, names: Sequence[str]) -> Hashes:
    """The sum over columns of the hashes of what a row says."""
    said = np.zeros(table.num_rows, np.uint64)
    step = max(_AT_ONCE // max(table.num_rows, 1), 1)
    for start in range(0, len(names), step):
        some = names[start : start + step]
        said += _hashes([_array(table[name]) for name in some], some).sum(axis=0, dtype=np.uint64)
    return said


def _hashes(columns: Sequence[pa.StringArray], names: Sequence[str]) -> Hashes:
    """A row per column: a hash of each text under the name of its column; 0 for null."""
    texts = columns[0] if len(columns) == 1 else pa.concat_arrays(columns)
    seeds = np.array([seed(name) for name in names])
    hashes = mixed(text_hashes(texts).reshape(len(columns), -1) ^ seeds[:, None])
    if texts.null_count:
        hashes[_mask(texts.is_null()).reshape(hashes.shape)] = 0
    return hashes


def _array(texts: pa.Array | pa.ChunkedArray) -> pa.StringArray:
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
        if isinstance(texts, pa.ChunkedArray):
            texts = pa.concat_arrays(texts.chunks) if texts.num_chunks else pa.array([], texts.type)
    return texts.cast(pa.string())


def _mask(flags: pa.Array) -> npt.NDArray[np.bool_]:
    mask: npt.NDArray[np.bool_] = flags.to_numpy(zero_copy_only=False)
    return mask
