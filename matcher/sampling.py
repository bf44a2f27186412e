"""Pairs drawn at random, the same ones whatever the order of the input."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

#: Enough to see a level that one random pair in ten thousand shows.
RANDOM_PAIRS = 100_000

_RECORDS_DRAWN_FROM = 50_000
_SEED = 20_240_611


def random_pairs(order: Ints, right_side: npt.NDArray[np.bool_] | None = None) -> tuple[Ints, Ints]:
    """Left and right record indices of about ``RANDOM_PAIRS`` pairs.

    Args:
        order: int64 per record, a content order (``matcher.content``).
        right_side: where two sets are linked, True for the records of the second; pairs then
            have one record on each side.
    """
    everyone = np.arange(len(order))
    lefts = _drawn(order, everyone if right_side is None else np.flatnonzero(~right_side))
    rights = lefts if right_side is None else _drawn(order, np.flatnonzero(right_side))
    if not len(lefts) or not len(rights):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    generator = np.random.default_rng(_SEED)
    left = lefts[generator.integers(0, len(lefts), RANDOM_PAIRS)]
    right = rights[generator.integers(0, len(rights), RANDOM_PAIRS)]
    apart = left != right
    return left[apart], right[apart]


def _drawn(order: Ints, rows: Ints) -> Ints:
    """The records with the smallest content numbers, in their order: a random draw."""
    if len(rows) > _RECORDS_DRAWN_FROM:
        rows = rows[np.argpartition(order[rows], _RECORDS_DRAWN_FROM)[:_RECORDS_DRAWN_FROM]]
    return rows[np.argsort(order[rows])]
