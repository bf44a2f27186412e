"""The golden record: for each cluster one value per attribute, and the record it comes from.

Names: the fullest spelling that most records of the cluster give. Birth date: the most frequent.
Address: all parts from one record, the most recent that has a street. Email and phone: the most
recent usable one first, all others kept beside it. Whatever ties, goes by date and then by
content, never by the order of the input.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matcher.pipeline import Matched
from matcher.records import CONSENT_COLUMNS, EXTERNAL_ID_COLUMNS, Column

Ints = npt.NDArray[np.int64]

#: Between the values of a list in one cell.
LIST_SEPARATOR = "; "

_ADDRESS = ("address_line1", "address_line2", "city", "region", "postal_code", "country")
_SPELT = ("prefix", "first_name", "middle_name", "last_name", "suffix", "nickname", "organization")
_NO_ROW = np.int64(-1)


@dataclass(frozen=True)
class Groups:
    """Records by cluster, and inside each the most recent first.

    Attributes:
        rows: int64 record indices.
        starts: int64, where each cluster begins in ``rows``.
        owner: int64 per element of ``rows``, the number of its cluster.
    """

    rows: Ints
    starts: Ints
    owner: Ints

    @property
    def count(self) -> int:
        """How many clusters there are."""
        return len(self.starts)


def group_records(matched: Matched) -> Groups:
    """Records by cluster; clusters in the order of their first record in the input."""
    clusters = matched.clusters
    first = np.full(len(clusters), len(clusters), np.int64)
    np.minimum.at(first, clusters, np.arange(len(clusters)))
    recent = _recency(matched)
    rows = np.lexsort((matched.order, -recent, first[clusters]))
    labels = clusters[rows]
    fresh = np.ones(len(rows), bool)
    fresh[1:] = labels[1:] != labels[:-1]
    return Groups(rows, np.flatnonzero(fresh), np.cumsum(fresh) - 1)


def _recency(matched: Matched) -> Ints:
    """Rank of each record's date; records without one come last."""
    column = matched.records.columns.get("updated_at")
    if column is None:
        return np.zeros(matched.records.count, np.int64)
    rank = pc.rank(column.values).to_numpy().astype(np.int64)
    return np.where(column.codes >= 0, rank[column.codes], 0)


class GoldenRecords:
    """Chooses the values of each cluster."""

    def __init__(self, matched: Matched) -> None:
        self._matched = matched
        self._groups = group_records(matched)
        self._table = matched.raw.table

    def table(self) -> pa.Table:
        """One row per cluster, most columns followed by ``<column>_from``, a ``record_id``."""
        groups = self._groups
        ids = self._table.column("record_id").combine_chunks()
        columns: dict[str, pa.Array] = {
            "cluster_id": cluster_ids(self._matched).take(pa.array(groups.rows[groups.starts])),
            "record_count": pa.array(np.diff(np.append(groups.starts, len(groups.rows)))),
            "sources": self._joined(["source"]),
            "entity_type": self._entity_type(),
        }
        for name, chosen, texts in self._choices():
            columns[name] = texts
            columns[f"{name}_from"] = ids.take(_indices(chosen))
            if name in ("email", "phone"):
                columns[f"{name}s"] = self._all_of(name)
        for name in (*CONSENT_COLUMNS, *EXTERNAL_ID_COLUMNS):
            if name in self._table.column_names:
                columns[name] = self._joined([name])
        return pa.table(columns)

    def _choices(self) -> Sequence[tuple[str, Ints, pa.Array]]:
        """Attribute, chosen record of each cluster (-1 for none), text."""
        made = [(name, *self._spelt(name)) for name in _SPELT if self._has(name)]
        for name in ("email", "phone"):
            if self._matched.raw.repeated(name):
                made.append((name, *self._contact(name)))
        made += self._address()
        for name in ("birth_date", "gender"):
            column = self._matched.records.columns.get(name)
            if column is not None:
                chosen = self._best(column.codes >= 0, self._frequency(column))
                made.append((name, chosen, column.texts().take(_indices(chosen))))
        return made

    def _has(self, name: str) -> bool:
        return name in self._matched.records.columns or name in self._table.column_names

    def _spelt(self, name: str) -> tuple[Ints, pa.Array]:
        """A name: the most frequent spelling, the fullest of those, in mixed case if any is."""
        column = self._matched.records.get(name)
        texts = self._display(name, column)
        letters = _lengths(column)
        full = letters > 1
        mixed = _mixed_case(texts)
        score = full * 1_000_000 + self._frequency(column) * 2_000 + letters * 2 + mixed
        if self._matched.records.organisation.any() and name != "organization":
            score = np.where(self._matched.records.organisation, 0, score)
        chosen = self._best(column.codes >= 0, score)
        return chosen, texts.take(_indices(chosen))

    def _display(self, name: str, column: Column) -> pa.Array:
        """The text as it came; a value that was read out of another column is capitalised."""
        clean = pc.utf8_title(column.texts())
        if name not in self._table.column_names:
            return clean
        raw = self._table.column(name).combine_chunks().cast(pa.string())
        return pc.if_else(pa.array(column.codes >= 0), pc.coalesce(raw, clean), None)

    def _contact(self, name: str) -> tuple[Ints, pa.Array]:
        """The most recent email or phone that can be used."""
        slots, texts = self._slots(name)
        usable = [slot.codes >= 0 for slot in slots]
        chosen = self._best(np.any(usable, axis=0), None)
        best = pa.nulls(self._matched.records.count, pa.string())
        for one, text in zip(reversed(usable), reversed(texts), strict=True):
            best = pc.if_else(pa.array(one), text, best)
        return chosen, best.take(_indices(chosen))

    def _slots(self, name: str) -> tuple[Sequence[Column], Sequence[pa.Array]]:
        """The positions of emails or phones with the text to show: emails as they came."""
        if name == "phone":
            phones = self._matched.records.phones
            return phones, [phone.texts() for phone in phones]
        emails = self._matched.records.emails
        names = self._matched.raw.repeated("email")
        raw = [self._table.column(each).combine_chunks() for each in names]
        return emails, raw

    def _all_of(self, name: str) -> pa.Array:
        """All distinct emails or phones of each cluster, the most recent first."""
        slots, texts = self._slots(name)
        groups = self._groups
        width = max(len(slots), 1)
        codes = np.stack([slot.codes[groups.rows] for slot in slots], axis=1).ravel()
        owner = np.repeat(groups.owner, width)
        filled = np.flatnonzero(codes >= 0)
        keys = (owner[filled] << np.int64(32)) | codes[filled]
        ranked = np.argsort(keys, kind="stable")
        fresh = np.ones(len(ranked), bool)
        fresh[1:] = keys[ranked][1:] != keys[ranked][:-1]
        kept = np.sort(filled[ranked[fresh]])
        taken = groups.rows[kept // width] * width + kept % width
        shown = pa.chunked_array(texts).combine_chunks() if len(texts) > 1 else texts[0]
        count = self._matched.records.count
        flat = shown.take(pa.array(taken // width + (taken % width) * count))
        return _lists(flat, owner[kept], groups.count)

    def _address(self) -> list[tuple[str, Ints, pa.Array]]:
        """The parts of one record's address: the most recent with a street, else with a place."""
        present = [name for name in _ADDRESS if name in self._table.column_names]
        if not present:
            return []
        texts = {name: self._table.column(name).combine_chunks() for name in present}
        filled = {
            name: pc.is_valid(text).to_numpy(zero_copy_only=False) for name, text in texts.items()
        }
        street = filled.get("address_line1", np.zeros(self._matched.records.count, bool))
        parts = np.sum([filled[name] for name in present], axis=0)
        chosen = self._best(parts > 0, street * 10)
        return [(name, chosen, texts[name].take(_indices(chosen))) for name in present]

    def _entity_type(self) -> pa.Array:
        organisation = self._matched.records.organisation[self._groups.rows[self._groups.starts]]
        return pa.array(np.where(organisation, "organization", "person"))

    def _joined(self, names: Sequence[str]) -> pa.Array:
        """The distinct texts of a column in each cluster, the most recent first."""
        encoded = self._table.column(names[0]).combine_chunks().dictionary_encode()
        codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        groups = self._groups
        keys = (groups.owner << np.int64(32)) | codes[groups.rows]
        ranked = np.argsort(keys, kind="stable")
        fresh = np.ones(len(ranked), bool)
        fresh[1:] = keys[ranked][1:] != keys[ranked][:-1]
        kept = np.sort(ranked[fresh & (codes[groups.rows[ranked]] >= 0)])
        flat = encoded.dictionary.take(pa.array(codes[groups.rows[kept]]))
        lists = _lists(flat, groups.owner[kept], groups.count)
        joined = pc.binary_join(lists, LIST_SEPARATOR)
        return pc.if_else(pc.equal(joined, ""), None, joined)

    def _frequency(self, column: Column) -> Ints:
        """How many records of the same cluster share the value, per record."""
        groups = self._groups
        codes = column.codes[groups.rows].astype(np.int64)
        keys = (groups.owner << np.int64(32)) | (codes + 1)
        ranked = np.argsort(keys, kind="stable")
        ordered = keys[ranked]
        fresh = np.ones(len(ordered), bool)
        fresh[1:] = ordered[1:] != ordered[:-1]
        starts = np.flatnonzero(fresh)
        sizes = np.diff(np.append(starts, len(ordered)))
        out = np.empty(len(codes), np.int64)
        out[groups.rows[ranked]] = np.repeat(sizes, sizes)
        return np.minimum(out, 499)

    def _best(self, usable: npt.NDArray[np.bool_], score: Ints | None) -> Ints:
        """The record of each cluster with the highest score, the most recent among equals."""
        groups = self._groups
        count = len(groups.rows)
        recency = np.int64(count) - 1 - np.arange(count)
        packed = recency if score is None else score[groups.rows] * np.int64(count) + recency
        packed = np.where(usable[groups.rows], packed, -1)
        best = np.maximum.reduceat(packed, groups.starts)
        place = count - 1 - best % count
        return np.where(best >= 0, groups.rows[np.minimum(place, count - 1)], _NO_ROW)


def cluster_ids(matched: Matched) -> pa.Array:
    """The id of each record's cluster: the smallest ``record_id`` in it."""
    ids = matched.raw.table.column("record_id").combine_chunks()
    clusters = matched.clusters
    sizes = np.bincount(clusters, minlength=len(clusters))
    rows = np.flatnonzero(sizes[clusters] > 1)
    named = np.arange(len(clusters))
    if len(rows):
        rank = pc.rank(ids.take(pa.array(rows)), tiebreaker="first").to_numpy().astype(np.int64)
        smallest = np.full(len(clusters), len(clusters) + 1, np.int64)
        np.minimum.at(smallest, clusters[rows], rank)
        by_rank = np.empty(len(rows) + 1, np.int64)
        by_rank[rank] = rows
        named[rows] = by_rank[smallest[clusters[rows]]]
    return ids.take(pa.array(named))


def _indices(chosen: Ints) -> pa.Array:
    return pa.array(np.maximum(chosen, 0), mask=chosen < 0)


def _lists(flat: pa.Array, owner: Ints, count: int) -> pa.ListArray:
    offsets = np.searchsorted(owner, np.arange(count + 1)).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), flat)


def _lengths(column: Column) -> Ints:
    sizes = pc.utf8_length(column.values).to_numpy(zero_copy_only=False).astype(np.int64)
    if not len(sizes):
        return np.zeros(len(column.codes), np.int64)
    return np.where(column.codes >= 0, np.minimum(sizes[column.codes], 499), 0)


def _mixed_case(texts: pa.Array) -> npt.NDArray[np.int64]:
    mixed = pc.and_(
        pc.not_equal(texts, pc.utf8_upper(texts)), pc.not_equal(texts, pc.utf8_lower(texts))
    )
    return mixed.fill_null(False).to_numpy(zero_copy_only=False).astype(np.int64)
