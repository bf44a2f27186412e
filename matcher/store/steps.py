"""The order in which average linkage joins records: pure.

``matcher.clustering`` joins many components at once and tells only who ended up together. What two
groups say of each other does not depend on third groups, so joining the records of one cluster
alone takes the same steps as joining all.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


class Join(NamedTuple):
    """Two groups that became one.

    Attributes:
        left: places of the records of one, ascending.
        right: places of the records of the other.
        average: what their pairs count on average, in bits.
    """

    left: tuple[int, ...]
    right: tuple[int, ...]
    average: float


def joins_by_average(values: Floats, threshold: float = 0.0) -> list[Join]:
    """Joins the groups that agree best on average, as long as that is above the threshold.

    Args:
        values: float64 (size, size), symmetric, what each pair counts in an average; places are
            in content order, which breaks ties.
        threshold: joining stops when the best average is not above it.
    """
    sums = values.astype(np.float64, copy=True)
    np.fill_diagonal(sums, -np.inf)
    groups: list[tuple[int, ...]] = [(place,) for place in range(len(sums))]
    sizes = np.ones(len(sums))
    made: list[Join] = []
    while len(made) + 1 < len(sums):
        averages = sums / (sizes[:, None] * sizes[None, :])
        best = int(averages.argmax())
        one, other = sorted(divmod(best, len(sums)))
        average = float(averages[one, other])
        if average <= threshold:
            break
        made.append(Join(groups[one], groups[other], average))
        groups[one] = tuple(sorted(groups[one] + groups[other]))
        sizes[one] += sizes[other]
        sums[one] += sums[other]
        sums[:, one] = sums[one]
        sums[one, one] = sums[other] = sums[:, other] = -np.inf
    return made


def joins_by_strength(values: Floats) -> list[Join]:
    """Joins along the strongest pairs, the strongest first, until all are one (Kruskal 1956).

    Args:
        values: float64 (size, size), symmetric, what each pair counts.
    """
    left, right = np.triu_indices(len(values), 1)
    ranked = np.argsort(-values[left, right], kind="stable")
    group: dict[int, tuple[int, ...]] = {place: (place,) for place in range(len(values))}
    made = []
    for one, other in zip(left[ranked].tolist(), right[ranked].tolist(), strict=True):
        mine, others = group[one], group[other]
        if mine == others:
            continue
        made.append(Join(mine, others, float(values[one, other])))
        together = tuple(sorted(mine + others))
        group.update(dict.fromkeys(together, together))
    return made
