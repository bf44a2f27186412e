"""The perfect scorer: what the candidates would give if every pair were judged right.

True candidate pairs are joined into connected components. Precision is then 1, and what recall
lacks was lost in blocking; no scorer and no clustering can do better on the same candidates.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from matcher.clustering import components

Ints = npt.NDArray[np.int64]


def ceiling_f1(person: Ints, left: Ints, right: Ints) -> float:
    """Pairwise F1 of the perfect scorer.

    Args:
        person: int64 per record, equal where records are truly one person.
        left, right: int64 record indices of the candidate pairs.
    """
    true_pairs = _pairs(np.bincount(person))
    if not true_pairs:
        return 1.0
    same = person[left] == person[right]
    found = _pairs(np.bincount(components(len(person), left[same], right[same])))
    return 2 * found / (found + true_pairs)


def _pairs(sizes: Ints) -> int:
    return int((sizes * (sizes - 1) // 2).sum())
