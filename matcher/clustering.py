"""Scored pairs in, clusters out: connected components, repaired by average linkage.

Pairs above the threshold make components; chains of weak links would make one person of a whole
family. So inside each component the groups whose records agree best *on average* join first, and
joining stops when the average evidence turns negative. The partition is a function of the
component alone: the order of the input does not matter.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from blocking.pairs import unpack
from matcher.average_linkage import average_linkage, sparse_linkage
from matcher.ranking import sorted_places
from matcher.threads import workers

Ints = npt.NDArray[np.int64]
#: Record indices, as narrow as they come.
Rows = npt.NDArray[np.signedinteger[Any]]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: In components up to this size every pair is weighed, also those that no key proposed.
WHOLE_COMPONENT = 400

#: Larger components lose their weakest links, by these steps of log2 odds, until they are small.
CUTS = (2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0, 18.0, 20.0)

#: A pair without positive evidence counts at least this much where nothing contradicts …
_SILENT_FLOOR = -0.5
#: … which is so when its negative weights sum to more than this …
_SILENT_ABOVE = -4.0
#: … and at least this much otherwise, so that one damaged field does not outvote the others.
_CONTRADICTED_FLOOR = -5.0
#: Two namesakes of one household count this much: what tells a father from his son is one field in
#: a few of their records, and the others, like either, would outvote it.
_NAMESAKES = -20.0

_VETO = -1e9
#: Of the tables that a thread works on; few, as the pairs in them that no key proposed are compared
#: at once, which takes far more memory than the tables.
_CELLS_AT_ONCE = 400_000
#: Of tables of several sizes whose pairs are weighed at once; few, so that both threads have some.
_CELLS_WEIGHED_AT_ONCE = 500_000


class PairEvidence(NamedTuple):
    """What clustering needs to know of pairs.

    Attributes:
        log_odds: float64, log2 odds that the pair is one person.
        contradiction: float64, the sum of its negative weights in bits, at most 0.
        veto: True where the two may never be in one cluster.
        namesakes: True where the two bear one first name, and are yet more likely two people of
            one household.
    """

    log_odds: Floats
    contradiction: Floats
    veto: Bools
    namesakes: Bools

    def of(self, chosen: Bools | Ints) -> PairEvidence:
        """That of some of the pairs."""
        return PairEvidence(
            self.log_odds[chosen],
            self.contradiction[chosen],
            self.veto[chosen],
            self.namesakes[chosen],
        )


#: Weighs pairs of records, given as left and right indices.
WeighPairs = Callable[[Ints, Ints], PairEvidence]


@dataclass(frozen=True)
class Linkage:
    """The known pairs of a set, and a way to weigh the others.

    Attributes:
        count: records.
        left: record indices; pairs are sorted by (left, right), left below right.
        right: record indices.
        evidence: of these pairs.
        weigh: of any other pair.
        order: int64 per record, a content order that breaks ties.
        threshold: log2 odds from which pairs link and groups join.
    """

    count: int
    left: Rows
    right: Rows
    evidence: PairEvidence
    weigh: WeighPairs
    order: Ints
    threshold: float = 0.0

    def of(self, rows: Ints, labels: Ints) -> Linkage:
        """That of some parts alone, without the links between parts.

        Args:
            rows: the records of the parts, in ascending order; they are numbered anew.
            labels: the part of each record of all (``parts``).
        """
        place = np.full(self.count, -1)
        place[rows] = np.arange(len(rows))
        left, right = place[self.left], place[self.right]
        kept = (left >= 0) & (right >= 0) & (labels[self.left] == labels[self.right])
        return Linkage(
            len(rows),
            left[kept],
            right[kept],
            self.evidence.of(kept),
            lambda one, other: self.weigh(rows[one], rows[other]),
            self.order[rows],
            self.threshold,
        )


def cluster(linkage: Linkage) -> Ints:
    """The cluster of each record, as the index of one of its records.

    Returns:
        int64 per record; equal where records are one person.
    """
    members, starts, sizes = grouped(_narrow_parts(linkage), linkage.order)
    out, pairs = np.arange(linkage.count), sizes == 2
    out[members[starts[pairs] + 1]] = members[starts[pairs]]
    known = _Known.of(linkage)
    del linkage  # which, where nobody else has it, takes far more memory than what is known now
    with workers(len(out)) as pool:  # each batch has records of its own
        small = _together(_batches(members, starts, sizes))
        deque(pool.map(lambda tables: _join_small(tables, known, out), small), 0)
    large = sizes > WHOLE_COMPONENT
    for start, size in zip(starts[large], sizes[large], strict=True):
        _join_large(members[start : start + size], known, out)
    return out


class _Known(NamedTuple):
    """What joining needs of a linkage.

    Attributes:
        packed: int64, the known pairs, sorted.
        values: what each of them counts.
        weigh: of any other pair.
        threshold: log2 odds from which groups join.
    """

    packed: Ints
    values: Floats
    weigh: WeighPairs
    threshold: float

    @classmethod
    def of(cls, linkage: Linkage) -> _Known:
        """That of a linkage."""
        packed = linkage.left.astype(np.int64)
        packed <<= np.int64(32)
        packed |= linkage.right
        return cls(packed, pair_values(linkage.evidence), linkage.weigh, linkage.threshold)


def _batches(members: Ints, starts: Ints, sizes: Ints) -> Iterator[Ints]:
    """Components of one size, one a row, of those that are weighed whole."""
    for size in np.unique(sizes[(sizes > 2) & (sizes <= WHOLE_COMPONENT)]):
        batch = max(_CELLS_AT_ONCE // int(size) ** 2, 1)
        at = starts[sizes == size]
        for begin in range(0, len(at), batch):
            yield members[at[begin : begin + batch, None] + np.arange(size)]


def _together(batches: Iterator[Ints]) -> Iterator[list[Ints]]:
    """Batches of several sizes, of which all pairs are weighed at once, which is sooner done."""
    together: list[Ints] = []
    cells = 0
    for rows in batches:
        more = rows.size * rows.shape[1]
        if together and cells + more > _CELLS_WEIGHED_AT_ONCE:
            yield together
            together, cells = [], 0
        together.append(rows)
        cells += more
    if together:
        yield together


def parts(linkage: Linkage) -> Ints:
    """The part of each record, as the index of one of its records: who is in another never joins.

    Clustering the records of one part alone, or of parts between which no pair is known, says of
    them what clustering all does.
    """
    return _narrow_parts(linkage).astype(np.int64)


def _narrow_parts(linkage: Linkage) -> Rows:
    """The same, as narrow as record indices can be: of ten million every copy counts."""
    links = linkage.evidence.log_odds > linkage.threshold
    links &= ~linkage.evidence.veto
    places = np.flatnonzero(links)
    labels = _components(linkage.count, linkage.left[places], linkage.right[places])
    return _cut_oversized(linkage, labels, links)


def pair_values(evidence: PairEvidence) -> Floats:
    """What each pair counts in an average: its log2 odds with floors, or a veto."""
    values = np.where(evidence.contradiction > _SILENT_ABOVE, _SILENT_FLOOR, _CONTRADICTED_FLOOR)
    np.maximum(evidence.log_odds, values, out=values)
    values[evidence.namesakes] = np.minimum(evidence.log_odds[evidence.namesakes], _NAMESAKES)
    values[evidence.veto] = _VETO
    return values


_LARGEST_NARROW = 2**31 - 1


def components(count: int, left: Rows, right: Rows) -> Ints:
    """The smallest index of each record's connected component.

    Labels travel along links and are shortened by pointer jumping until nothing changes (in the
    manner of Shiloach and Vishkin 1982).
    """
    return _components(count, left, right).astype(np.int64)


def _components(count: int, left: Rows, right: Rows) -> Rows:
    """The same, as narrow as it can be."""
    labels: Rows = np.arange(count, dtype=np.int32 if count <= _LARGEST_NARROW else np.int64)
    while True:
        before = labels[left]
        other = labels[right]
        unequal = np.flatnonzero(before != other)
        if not len(unequal):
            return labels
        left, right = left[unequal], right[unequal]
        before, other = before[unequal], other[unequal]
        np.minimum.at(labels, np.maximum(before, other), np.minimum(before, other))
        while True:
            jumped = labels[labels]
            if np.array_equal(jumped, labels):
                break
            labels = jumped


def _cut_oversized(linkage: Linkage, labels: Rows, links: Bools) -> Rows:
    """Breaks components that are too large at their weakest links, step by step.

    A component that a cut would shatter, because its links are all alike, stays as it is. Changes
    ``labels``, the smallest index of each component.
    """
    count, odds = linkage.count, linkage.evidence.log_odds
    whole = np.zeros(count, np.bool_)
    for cut in CUTS:
        large = (_oversized(labels) & ~whole)[labels]
        if not large.any():
            break
        inside = np.flatnonzero(links & large[linkage.left])
        strong = inside[odds[inside] > linkage.threshold + cut]
        apart = _components(count, linkage.left[strong], linkage.right[strong])
        members = np.flatnonzero(large)
        alone = members[np.bincount(apart[members])[apart[members]] == 1]
        lost = np.bincount(labels[alone], minlength=count)
        whole |= 2 * lost > np.bincount(labels[members], minlength=count)
        members = members[~whole[labels[members]]]
        labels[members] = apart[members]
    return labels


def _moved(labels: Rows) -> Ints:
    """The records of each component but its first, which gives it its label."""
    return np.flatnonzero(labels != np.arange(len(labels), dtype=labels.dtype))


def _oversized(labels: Rows) -> Bools:
    """Which labels are those of components that are too large."""
    oversized: Bools = np.bincount(labels[_moved(labels)], minlength=len(labels)) >= WHOLE_COMPONENT
    return oversized


def grouped(labels: Rows, order: Ints) -> tuple[Ints, Ints, Ints]:
    """Records of components of two or more, component by component, each in content order.

    Args:
        labels: the component of each record, as the index of one of its records.
        order: int64 per record, a content order.
    """
    several, moved = np.zeros(len(labels), np.bool_), _moved(labels)
    several[moved] = several[labels[moved]] = True
    rows = np.flatnonzero(several)
    rows = rows[sorted_places(labels[rows].astype(np.int64), order[rows])]
    fresh = np.ones(len(rows), np.bool_)
    fresh[1:] = labels[rows[1:]] != labels[rows[:-1]]
    starts = np.flatnonzero(fresh)
    return rows, starts, np.diff(np.append(starts, len(rows)))


def _join_small(tables: Sequence[Ints], known: _Known, out: Ints) -> None:
    """Average linkage in many components.

    Args:
        tables: record indices, one component per row; the components of a table are of one size.
        known: what some pairs count, and how to weigh the others.
        out: the cluster of each record, filled in.
    """
    found = [_looked_up(rows, known) for rows in tables]
    others = np.concatenate([unknown for _, _, unknown in found])
    counted = np.zeros(0)
    if len(others):
        counted = pair_values(known.weigh(*unpack(others)))
    del others
    for rows, (counts, places, _) in zip(tables, found, strict=True):
        counts.reshape(-1)[places], counted = counted[: len(places)], counted[len(places) :]
        batch, size = rows.shape
        first, second = _sides(np.argsort(rows, axis=1))
        sums = np.full((batch, size, size), -np.inf)
        each = np.arange(batch)[:, None]
        sums[each, first, second] = counts
        sums[each, second, first] = counts
        owner = average_linkage(sums, known.threshold)
        out[rows] = np.take_along_axis(rows, owner, axis=1)


def _looked_up(rows: Ints, known: _Known) -> tuple[Floats, Ints, Ints]:
    """What the pairs of some components of one size count.

    Returns:
        what each counts, as far as it is known, a component per row, the pairs in ascending order
        (which are found several times faster); the places of the others in that, flattened; and
        these others, packed.
    """
    one, other = _sides(np.sort(rows, axis=1))
    packed = (one << np.int64(32)) | other
    place = np.minimum(np.searchsorted(known.packed, packed), len(known.packed) - 1)
    found = known.packed[place] == packed
    unknown = np.flatnonzero(~found)
    return np.where(found, known.values[place], 0.0), unknown, packed.reshape(-1)[unknown]


def _sides(rows: Ints) -> tuple[Ints, Ints]:
    """Both sides of all pairs in each row of a table, the first members first."""
    first, second = np.triu_indices(rows.shape[1], 1)
    return rows[:, first], rows[:, second]


def _join_large(rows: Ints, known: _Known, out: Ints) -> None:
    """Average linkage over the known pairs alone, for a component too large to weigh whole."""
    rank = np.full(len(out), -1)
    rank[rows] = np.arange(len(rows))
    left, right = (rank[side] for side in unpack(known.packed))
    sums: list[dict[int, tuple[float, int]]] = [{} for _ in rows]
    for pair in np.flatnonzero((left >= 0) & (right >= 0)).tolist():
        one, other = int(left[pair]), int(right[pair])
        sums[one][other] = sums[other][one] = (float(known.values[pair]), 1)
    owner = sparse_linkage(sums, known.threshold)
    out[rows] = rows[owner]
