"""Whether probabilities mean what they say: of the pairs given 0.95, are 95 in 100 matches?

Nearly all candidate pairs are certain non-matches, so the calibration error counts only pairs from
``COUNTED_FROM`` up; the reliability table shows all of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: Edges of the bins, narrow at both ends, where most pairs are.
EDGES = (0.0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)

#: Pairs below this are told to be different with so much certainty that they would hide the rest.
COUNTED_FROM = 0.05

#: Bins of fewer pairs are left out of plots: their share of matches is chance.
FEWEST_PLOTTED = 20


class Bin(NamedTuple):
    """The pairs whose probability lies between two edges.

    Attributes:
        low, high: the edges.
        pairs: how many.
        stated: their mean probability.
        true: the share of them that are matches.
    """

    low: float
    high: float
    pairs: int
    stated: float
    true: float


def reliability(probability: Floats, same: Bools) -> list[Bin]:
    """The bins that hold a pair.

    Args:
        probability: of each pair, that it is a match.
        same: whether it is.
    """
    place = np.clip(np.searchsorted(EDGES, probability, side="right") - 1, 0, len(EDGES) - 2)
    pairs = np.bincount(place, minlength=len(EDGES) - 1)
    stated = np.bincount(place, probability, len(EDGES) - 1)
    true = np.bincount(place, same, len(EDGES) - 1)
    return [
        Bin(EDGES[at], EDGES[at + 1], int(pairs[at]), stated[at] / pairs[at], true[at] / pairs[at])
        for at in np.flatnonzero(pairs)
    ]


def calibration_error(bins: list[Bin]) -> float:
    """Mean distance between stated and true share, over the pairs from ``COUNTED_FROM`` up.

    The expected calibration error of Naeini, Cooper and Hauskrecht (2015) over those bins.
    """
    counted = [each for each in bins if each.low >= COUNTED_FROM]
    pairs = sum(each.pairs for each in counted)
    apart = sum(each.pairs * abs(each.stated - each.true) for each in counted)
    return apart / pairs if pairs else 0.0


def rows(bins: list[Bin]) -> list[list[float]]:
    """The bins as plain numbers, ready for JSON: low, high, pairs, stated, true."""
    return [
        [each.low, each.high, each.pairs, round(each.stated, 4), round(each.true, 4)]
        for each in bins
    ]


def save_plot(name: str, table: list[list[float]], folder: Path) -> Path:
    """A reliability plot of one set as PNG: on the diagonal, probabilities are true.

    Args:
        name: the set.
        table: what ``rows`` gave.
        folder: where the picture goes.
    """
    import altair as alt

    points = [
        {"stated": stated, "true": true, "pairs": pairs}
        for _, _, pairs, stated, true in table
        if pairs >= FEWEST_PLOTTED
    ]
    share = alt.Scale(domain=[0, 1])
    base = alt.Chart(alt.InlineData(values=points), title=f"{name}: stated and true probability")
    diagonal = (
        alt.Chart(alt.InlineData(values=[{"stated": 0, "true": 0}, {"stated": 1, "true": 1}]))
        .mark_line(color="#999", strokeDash=[4, 4])
        .encode(x="stated:Q", y="true:Q")
    )
    encoded = base.encode(
        x=alt.X("stated:Q", scale=share, title="mean stated probability"),
        y=alt.Y("true:Q", scale=share, title="share of true matches"),
    )
    size = alt.Size("pairs:Q", scale=alt.Scale(type="log", range=[20, 400]), title="pairs")
    chart: Any = (
        diagonal
        + encoded.mark_line(color="#2a7f62")
        + encoded.mark_circle(color="#2a7f62", opacity=0.8).encode(size=size)
    )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name.replace('/', '-')}.png"
    chart.properties(width=360, height=360).save(str(path), scale_factor=2)
    return path
