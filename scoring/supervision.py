"""Learning from pairs that a person has judged.

One maximisation step of semi-supervised EM: where a label is known it takes the place of the
probability that the model had given the pair. A label that confirms the model therefore moves
nothing, one that surprises it moves the shares of the pair's levels, and it does not matter that
people are asked about doubtful pairs rather than about pairs drawn at random.

EM with some labels known: Nigam, McCallum, Thrun and Mitchell (2000).
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from scoring.columns import Floats
from scoring.estimation import DEFAULT_LEARNING, Learning, shares
from scoring.levels import Comparison, Weights

#: However much labels speak against a level, this part of what the model counted for it stays.
_KEPT = 0.2


class Labelled(NamedTuple):
    """Pairs that a person has judged.

    Attributes:
        levels: int8, one row per pair, one column per comparison; 0 where a side is missing.
        probability: float64 per pair, what the model had said of one person.
        household_probability: the same of two people of one household.
        same: bool per pair, the person's answer.
    """

    levels: npt.NDArray[np.int8]
    probability: Floats
    household_probability: Floats
    same: npt.NDArray[np.bool_]


def learn_from_labels(
    start: Weights, labelled: Labelled, learning: Learning = DEFAULT_LEARNING
) -> Weights:
    """The model with the shares of one person and of one household moved by labels.

    Unrelated shares and rates stay: judged pairs are too few and too hand-picked to tell them.

    Args:
        start: the model whose probabilities the pairs have.
        labelled: the pairs.
        learning: how many pairs the shares of ``start`` are worth.
    """
    match, household = _surprises(labelled)
    comparisons = tuple(
        _moved(comparison, labelled.levels[:, place], match, household, learning)
        for place, comparison in enumerate(start.comparisons)
    )
    return replace(start, comparisons=comparisons)


def _surprises(labelled: Labelled) -> tuple[Floats, Floats]:
    """By how much each answer differs from what the model expected of both classes.

    Of a pair that is not one person, the household keeps its odds against unrelated people.
    """
    p, h = labelled.probability, labelled.household_probability
    match = labelled.same - p
    household = np.where(labelled.same, -h, h * p / np.maximum(1.0 - p, 1e-9))
    return match, np.clip(household, -1.0, 1.0)


def _moved(
    comparison: Comparison,
    levels: npt.NDArray[np.int8],
    match: Floats,
    household: Floats,
    learning: Learning,
) -> Comparison:
    m = _shares(comparison, "m", levels, match, learning.match_pairs)
    h = _shares(comparison, "h", levels, household, learning.household_pairs)
    if comparison.household_fixed:
        h = np.array([level.h for level in comparison.levels])
    moved = tuple(
        replace(level, m=float(share_m), h=float(share_h))
        for level, share_m, share_h in zip(comparison.levels, m, h, strict=True)
    )
    return replace(comparison, levels=moved)


def _shares(
    comparison: Comparison,
    share: str,
    levels: npt.NDArray[np.int8],
    surprise: Floats,
    pseudo_pairs: float,
) -> Floats:
    """What each share is after the labels; they change it by a factor, so that none change none."""
    size = len(comparison.levels) + 1
    before = np.array([getattr(level, share) for level in comparison.levels])
    seen = np.bincount(levels, surprise, size)[1:].astype(np.float64)
    seen = np.maximum(seen, (_KEPT - 1.0) * pseudo_pairs * before)
    unmoved = shares(comparison, np.zeros(size - 1), share, pseudo_pairs)
    moved: Floats = before * shares(comparison, seen, share, pseudo_pairs) / unmoved
    return np.minimum(moved, 1.0)
