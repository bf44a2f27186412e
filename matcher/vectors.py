"""Comparison vectors: the evidence of each pair as numbers, for classifiers from elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matcher.pipeline import Matched
from scoring.columns import Shared
from scoring.levels import Comparison, Frequency


def comparison_vectors(matched: Matched) -> pa.Table:
    """``record_id_left, record_id_right``, then per comparison its weight in bits, 0 if missing.

    The rarity of shared values is in the weights; a row sums to the pair's ``weight``.
    """
    ids = matched.raw.table.column("record_id").combine_chunks()
    columns: dict[str, Any] = {
        "record_id_left": ids.take(pa.array(matched.candidates.left)),
        "record_id_right": ids.take(pa.array(matched.candidates.right)),
    }
    chance = matched.scale.frequencies.chance
    for place, comparison in enumerate(matched.model.weights.comparisons):
        columns[comparison.name] = _weights(
            comparison,
            matched.evidence.levels_of(place),
            matched.evidence.shared[place],
            chance.get(comparison.name),
        )
    return pa.table(columns)


def _weights(
    comparison: Comparison,
    levels: npt.NDArray[np.int8],
    shared: Shared,
    chance: npt.NDArray[np.float64] | None,
) -> npt.NDArray[np.float64]:
    lookup = np.zeros(len(comparison.levels) + 1)
    for number, level in enumerate(comparison.levels, start=1):
        by_rarity = level.frequency is not Frequency.NONE
        lookup[number] = np.log2(level.m) if by_rarity else level.weight
    weights: npt.NDArray[np.float64] = lookup[levels]
    if chance is not None and len(shared.rows):
        weights[shared.rows] -= np.log2(chance)[shared.codes]
    return weights
