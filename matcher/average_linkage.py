"""Average linkage: clusters join, the best average of their pairs first, until none is good enough.

Sokal and Michener (1958), over all pairs of a small component or over the known pairs of a large
one.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def average_linkage(sums: Floats, threshold: float) -> Ints:
    """Joins the best average first, in a batch of components of one size.

    Args:
        sums: float64 (batch, size, size), symmetric pair values, -inf on the diagonal; changed.
        threshold: joining stops when the best average is not above it.

    Returns:
        int64 (batch, size), the position of the first member of each one's cluster.
    """
    batch, size, _ = sums.shape
    if batch <= _FEW:
        return np.stack([_linkage_of_one(each, threshold) for each in sums])
    weights = np.ones((batch, size))
    owner = np.tile(np.arange(size), (batch, 1))
    averages, active = sums.copy(), np.arange(batch)
    for _ in range(size - 1):
        best = averages.reshape(len(active), -1).argmax(axis=1)
        each = np.arange(len(active))
        joins = averages.reshape(len(active), -1)[each, best] > threshold
        if not joins.all():
            active, best, averages = active[joins], best[joins], averages[joins]
            each = each[: len(active)]
        if not len(active):
            break
        into, gone = np.minimum(best // size, best % size), np.maximum(best // size, best % size)
        together = sums[active, into] + sums[active, gone]
        together[each, into] = together[each, gone] = -np.inf
        sums[active, into], sums[active, :, into] = together, together
        sums[active, gone], sums[active, :, gone] = -np.inf, -np.inf
        weights[active, into] += weights[active, gone]
        average = together / (weights[active] * weights[active, into][:, None])
        averages[each, into], averages[each, :, into] = average, average
        averages[each, gone], averages[each, :, gone] = -np.inf, -np.inf
        moved = owner[active] == gone[:, None]
        owner[active] = np.where(moved, into[:, None], owner[active])
    return owner


#: So few components are sooner joined one after the other.
_FEW = 3


def _linkage_of_one(sums: Floats, threshold: float) -> Ints:
    """The same in one component: int64 per member."""
    size = len(sums)
    weights, owner, averages = np.ones(size), np.arange(size), sums.copy()
    for _ in range(size - 1):
        into, gone = divmod(int(averages.argmax()), size)  # the first, so above the diagonal
        if not averages[into, gone] > threshold:
            break
        together = sums[into] + sums[gone]
        together[into] = together[gone] = -np.inf
        sums[into] = sums[:, into] = together
        sums[gone] = sums[:, gone] = -np.inf
        weights[into] += weights[gone]
        average = together / (weights * weights[into])
        averages[into] = averages[:, into] = average
        averages[gone] = averages[:, gone] = -np.inf
        owner[owner == gone] = into
    return owner


def sparse_linkage(sums: list[dict[int, tuple[float, int]]], threshold: float) -> list[int]:
    """Joins the best average first, over known pairs alone, with a heap of the best averages.

    Args:
        sums: of each record, neighbour -> (what the pairs between both count, how many they are);
            symmetric; changed.
        threshold: joining stops when the best average is not above it.

    Returns:
        of each record, the position of the first member of its cluster.
    """
    heap = [
        (-total / pairs, one, other, pairs)
        for one, near in enumerate(sums)
        for other, (total, pairs) in near.items()
        if one < other and total / pairs > threshold
    ]
    heapify(heap)
    parent = list(range(len(sums)))
    while heap:
        negative, one, other, pairs = heappop(heap)
        current = sums[one].get(other)
        if current is None or current[1] != pairs or -current[0] / pairs != negative:
            continue
        parent[other] = one
        for near, (total, number) in sums[other].items():
            del sums[near][other]
            if near == one:
                continue
            before = sums[one].get(near, (0.0, 0))
            merged = (before[0] + total, before[1] + number)
            sums[one][near] = sums[near][one] = merged
            if merged[0] / merged[1] > threshold:
                low, high = min(one, near), max(one, near)
                heappush(heap, (-merged[0] / merged[1], low, high, merged[1]))
        sums[other] = {}
    for position in range(len(parent)):
        parent[position] = parent[parent[position]]
    return parent
