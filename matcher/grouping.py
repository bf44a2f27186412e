"""Records by cluster, and the questions that choosing one value of several asks of them.

Most clusters hold one record and most others two or three, so the work is done only for the
records whose cluster leaves a choice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matcher.pipeline import Matched
from matcher.ranking import sorted_places
from matcher.records import Codes, Column, Records

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.signedinteger[Any]]

#: ``score`` and a place share one int64: 32 bits for the place, 31 for the score.
_PLACE_BITS = np.int64(32)
_SCORE_LIMIT = 2**31


class Contest(NamedTuple):
    """The records of all clusters that have at least so many.

    Attributes:
        places: int64, places in ``Groups.rows``, ascending.
        clusters: int64, the numbers of these clusters, ascending.
        starts: int64 per cluster, where its places begin.
        owner: int64 per place, the number of its cluster.
    """

    places: Ints
    clusters: Ints
    starts: Ints
    owner: Ints


class Gathered(NamedTuple):
    """All distinct values of each cluster, in order of preference.

    Attributes:
        offsets: int64, where the values of each cluster begin, and the end.
        rows: int64 per value, the record that it comes from.
        slots: int64 per value, the position inside that record.
    """

    offsets: Ints
    rows: Ints
    slots: Ints


@dataclass(frozen=True)
class Groups:
    """Records by cluster, inside each the most recent first and then by content.

    Clusters are numbered in the order of their first record in the input.

    Attributes:
        rows: int64 record indices.
        starts: int64, where each cluster begins in ``rows``, and the end.
    """

    rows: Ints
    starts: Ints

    def __len__(self) -> int:
        return len(self.starts) - 1

    def part(self, start: int, stop: int) -> tuple[Ints, Groups]:
        """The records of some clusters, and these clusters by themselves.

        Their records are numbered by their place in the first.
        """
        starts = self.starts[start : stop + 1]
        rows = self.rows[starts[0] : starts[-1]]
        return rows, Groups(np.arange(len(rows)), starts - starts[0])

    @cached_property
    def sizes(self) -> Ints:
        """How many records each cluster has."""
        return np.diff(self.starts)

    @cached_property
    def first(self) -> Ints:
        """The most recent record of each cluster."""
        return self.rows[self.starts[:-1]]

    @cached_property
    def several(self) -> Contest:
        """The clusters of two and more: there is something to choose."""
        return self._contest(2)

    @cached_property
    def majority(self) -> Contest:
        """The clusters of three and more: one value can be more frequent than another."""
        return self._contest(3)

    def _contest(self, size: int) -> Contest:
        clusters = np.flatnonzero(self.sizes >= size)
        owner = np.repeat(clusters, self.sizes[clusters])
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(self.sizes[clusters])[:-1]])
        places = np.arange(len(owner)) + np.repeat(
            self.starts[clusters] - starts[: len(clusters)], self.sizes[clusters]
        )
        return Contest(places, clusters, starts[: len(clusters)], owner)

    def best(self, usable: Bools, score: Ints) -> Ints:
        """The record of each cluster with the highest score, the first of equals.

        Args:
            usable: bool per record.
            score: int64 per place of ``several``, at least 0.

        Returns:
            int64 record indices, -1 where no record of the cluster is usable.
        """
        chosen = np.where(usable[self.first], self.first, np.int64(-1))
        places, clusters, starts, _ = self.several
        if len(clusters):
            order = np.int64(len(self.rows)) - places
            packed = (np.minimum(score, _SCORE_LIMIT - 1) << _PLACE_BITS) | order
            packed[~usable[self.rows[places]]] = 0
            best = np.maximum.reduceat(packed, starts) & np.int64(2**32 - 1)
            none = best == 0
            best[none] = len(self.rows)
            chosen[clusters] = np.where(none, np.int64(-1), self.rows[len(self.rows) - best])
        return chosen

    def frequency(self, codes: Codes) -> Ints:
        """How many records of its cluster share the value of each place of ``several``.

        0 in clusters of two, where it decides nothing.

        Args:
            codes: int32 per record.
        """
        out = np.zeros(len(self.several.places), np.int64)
        places, _, _, owner = self.majority
        out[np.searchsorted(self.several.places, places)] = shared(owner, codes[self.rows[places]])
        return out

    def gather(
        self,
        slots: Sequence[Column],
        preference: Callable[[Ints, Codes, Ints], Ints] | None = None,
    ) -> Gathered:
        """The distinct values of each cluster: weak ones last, then the most recent first.

        Args:
            slots: columns that share their values, the preferred one first.
            preference: a number for each value, by its cluster, code and record; where given,
                the greater goes before the more recent.
        """
        width = len(slots)
        codes = np.stack([slot.codes[self.rows] for slot in slots], axis=1).ravel()
        elements = np.flatnonzero(codes >= 0)
        codes = codes[elements]
        owner = np.repeat(np.arange(len(self)), self.sizes)[elements // width]
        if preference is not None:
            number = preference(owner, codes, self.rows[elements // width])
            ranked = np.lexsort((-number, owner))
            elements, codes, owner = elements[ranked], codes[ranked], owner[ranked]
        kept = self._first_of_equal(owner, codes)
        elements, codes, owner = elements[kept], codes[kept], owner[kept]
        weak = slots[0].weak
        if weak is not None and weak.any():
            ranked = np.argsort(owner * 2 + weak[codes], kind="stable")
            elements = elements[ranked]
        offsets = np.concatenate(
            [np.zeros(1, np.int64), np.cumsum(np.bincount(owner, minlength=len(self)))]
        )
        return Gathered(offsets, self.rows[elements // width], elements % width)

    def _first_of_equal(self, owner: Ints, codes: Codes) -> Bools:
        """True for the first of equal codes of one cluster; a record holds none twice."""
        kept = np.ones(len(owner), np.bool_)
        several = np.flatnonzero(self.sizes[owner] > 1)
        keys = (owner[several] << np.int64(32)) | codes[several]
        ranked = np.argsort(keys, kind="stable")
        kept[several[ranked[~_changes(keys[ranked])]]] = False
        return kept


def group_records(clusters: Ints, order: Ints, records: Records) -> Groups:
    """The records of each cluster.

    Args:
        clusters: int64 per record, the index of one record of its cluster.
        order: int64 per record, a content order.
        records: normalised; ``updated_at`` says which is the most recent.
    """
    count = len(clusters)
    places = np.arange(count, dtype=_narrow(count))
    first = np.empty_like(places)
    first[clusters[::-1]] = places[::-1]  # the last one written stays
    first = first[clusters]
    number = (np.cumsum(first == places, dtype=places.dtype) - places.dtype.type(1))[first]
    del first, places
    sizes = np.bincount(number)
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    rows = np.empty(count, np.int64)
    alone = np.flatnonzero((sizes == 1)[number])
    rows[starts[number[alone]]] = alone
    several = np.flatnonzero((sizes > 1)[number])
    ranked = sorted_places(_with_age(number[several], records, several), order[several])
    rows[np.repeat(sizes > 1, sizes)] = several[ranked]
    return Groups(rows, starts)


def _narrow(count: int) -> type[np.signedinteger[Any]]:
    """What holds the indices of so many records: of ten million every copy counts."""
    return np.int32 if count < 2**31 else np.int64


def _with_age(number: Indices, records: Records, rows: Ints) -> Ints:
    """A number for each cluster and age of a record in it, in the order of both."""
    age = _age(records, rows)
    span = age.max(initial=0) + 1
    age += number * span
    return age


def _age(records: Records, rows: Ints) -> Ints:
    """How many dates are later than that of each of some records; those without come last."""
    column = records.columns.get("updated_at")
    if column is None or not len(column.values):
        return np.zeros(len(rows), np.int64)
    rank = pc.rank(column.values).to_numpy().astype(np.int64)
    last, codes = np.int64(len(rank)), column.codes[rows]
    return np.where(codes >= 0, last - rank[codes], last)


def shared(owner: Ints, codes: Codes) -> Ints:
    """How often each pair of a cluster and a code is there; codes are -1 or more."""
    keys = (owner << np.int64(32)) | (codes.astype(np.int64) + 1)
    ranked = np.argsort(keys)
    starts = np.flatnonzero(_changes(keys[ranked]))
    sizes = np.diff(np.append(starts, len(keys)))
    out = np.empty(len(keys), np.int64)
    out[ranked] = np.repeat(sizes, sizes)
    return out


def _changes(ordered: Ints) -> Bools:
    """True where a value differs from the one before it, and at the start."""
    changes = np.ones(len(ordered), np.bool_)
    changes[1:] = ordered[1:] != ordered[:-1]
    return changes


def cluster_ids(matched: Matched) -> pa.Array:
    """The id of each record's cluster: the smallest ``record_id`` in it, as text."""
    ids = matched.raw.table.column("record_id").combine_chunks()
    clusters = matched.clusters
    several = np.bincount(clusters, minlength=len(clusters)) > 1
    rows = np.flatnonzero(several[clusters])
    named = np.arange(len(clusters), dtype=_narrow(len(clusters)))
    if len(rows):
        rank = pc.rank(ids.take(pa.array(rows)), tiebreaker="first").to_numpy().astype(named.dtype)
        smallest = np.full(len(clusters), len(rows) + 1, named.dtype)
        np.minimum.at(smallest, clusters[rows], rank)
        by_rank = np.empty(len(rows) + 1, named.dtype)
        by_rank[rank] = rows
        named[rows] = by_rank[smallest[clusters[rows]]]
    return ids.take(pa.array(named))
