"""Similarities of string pairs by rapidfuzz, over object arrays, without a Python loop."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

Objects = npt.NDArray[np.object_]


def jaro_winkler(pairs: tuple[Objects, Objects], cutoff: float = 0.0) -> npt.NDArray[np.float32]:
    """Jaro–Winkler similarity of both sides, 0 to 1; below ``cutoff`` it is 0."""
    found: npt.NDArray[np.float32] = cpdist(
        *pairs, scorer=JaroWinkler.normalized_similarity, score_cutoff=cutoff, dtype=np.float32
    )
    return found


def edits(pairs: tuple[Objects, Objects], at_most: int) -> npt.NDArray[np.int32]:
    """Edits that turn one side into the other; ``at_most + 1`` stands for more.

    Optimal string alignment: substitution, insertion, deletion, and the swap of two neighbours.
    """
    found: npt.NDArray[np.int32] = cpdist(
        *pairs, scorer=OSA.distance, score_cutoff=at_most, dtype=np.int32
    )
    return found
