"""Decisions that cannot all be true: pure.

Records that are the same as one record are the same as each other; where two of them are called
different, somebody erred.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

Pair = tuple[int, int]
Ints = npt.NDArray[np.int64]


def contradictions(
    decisions: Mapping[Pair, str], is_live: Callable[[Ints], npt.NDArray[np.bool_]]
) -> set[Pair]:
    """The pairs called different that others make the same.

    Args:
        decisions: (left record, right record) -> verdict.
        is_live: which records count; a record that is withdrawn ties nobody together.
    """
    if not decisions:
        return set()
    pairs = np.array(list(decisions), np.int64)
    live = is_live(pairs[:, 0]) & is_live(pairs[:, 1])
    lead: dict[int, int] = {}
    for place in np.flatnonzero(live).tolist():
        one, other = pairs[place].tolist()
        if decisions[one, other] == "same":
            lead[_leader(lead, one)] = _leader(lead, other)
    return {
        pair
        for pair, counts in zip(decisions, live.tolist(), strict=True)
        if counts
        and decisions[pair] == "different"
        and _leader(lead, pair[0]) == _leader(lead, pair[1])
    }


def _leader(lead: dict[int, int], record: int) -> int:
    """The record that stands for all that are the same."""
    while (above := lead.get(record, record)) != record:
        lead[record] = lead.get(above, above)
        record = above
    return record
