"""How right a peer's answer is: at its own threshold, and at the best that the truth can choose."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.calibration import calibration_error, reliability
from matcher.clustering import components
from matcher.evaluation import evaluate

#: The threshold that each peer's documentation starts from; none where its clusters come whole.
OWN_THRESHOLD = {"splink": 0.95, "recordlinkage": 0.5}

#: The cluster file that a peer would give by itself.
OWN_SETTING = {"dedupe": "0.5", "goldenmatch": "by-hand", "ours": "0.5"}

#: Thresholds tried: evenly, and towards 0 and 1 by half a bit of log2 odds.
_TRIED = {
    *np.round(np.arange(0.05, 1.0, 0.025), 3),
    *np.round(1 / (1 + np.exp2(-np.arange(-6.0, 30.5, 0.5))), 12),
}

Ints = npt.NDArray[np.int64]


def judge(peer: str, folder: Path, person: Ints) -> dict[str, Any]:
    """The figures at the peer's own threshold or setting, and at the best one.

    Where it gave pairs, also the share of the true ones among them, and how far off its
    probabilities are (``benchmarks.calibration``).

    Args:
        peer: its name.
        folder: where it wrote its answer.
        person: int64 per record, equal where records are truly one person.
    """
    tried = _from_clusters(folder, len(person))
    settings = list(tried)
    by_threshold: dict[float, Ints] = {}
    worth: dict[str, float] = {}
    if (folder / "pairs.parquet").exists():
        pairs = pd.read_parquet(folder / "pairs.parquet")
        worth = _worth(pairs, person)
        thresholds = sorted({*_TRIED, OWN_THRESHOLD.get(peer, 0.5)})
        by_threshold = {each: _linked(pairs, each, len(person)) for each in thresholds}
    tried |= {f"{each:.6g}": found for each, found in by_threshold.items()}
    reached = {name: _pairwise_f1(clusters, person) for name, clusters in tried.items()}
    own = OWN_SETTING.get(peer) or f"{OWN_THRESHOLD[peer]:.6g}"
    best = max(reached, key=lambda name: reached[name])
    return {
        "own": {"setting": own, **_figures(tried[own], person)} if own in tried else None,
        "best": {"setting": best, **_figures(tried[best], person)},
        "f1_of_settings": {name: round(reached[name], 4) for name in settings},
    } | worth


def _from_clusters(folder: Path, count: int) -> dict[str, Ints]:
    found = {}
    for path in sorted(folder.glob("clusters-*.parquet")):
        frame = pd.read_parquet(path)
        clusters = np.arange(count)
        first = frame.groupby("cluster")["id"].transform("min")
        clusters[frame["id"].to_numpy()] = first.to_numpy()
        found[path.stem.removeprefix("clusters-")] = clusters
    return found


def _linked(pairs: pd.DataFrame, threshold: float, count: int) -> Ints:
    """Connected components of the pairs from the threshold up."""
    linked = pairs[pairs["probability"] >= threshold]
    return components(count, linked["left"].to_numpy(np.int64), linked["right"].to_numpy(np.int64))


def _pairwise_f1(clusters: Ints, person: Ints) -> float:
    """The F1 of ``evaluate`` and no more: there are many thresholds to try."""
    both = np.sort(clusters * (person.max() + 1) + person)
    ends = np.flatnonzero(np.append(both[1:] != both[:-1], True))
    right = _pairs_in(np.diff(ends, prepend=-1))
    stated, true = _pairs_in(np.bincount(clusters)), _pairs_in(np.bincount(person))
    return 2 * right / (stated + true) if stated + true else 1.0


def _pairs_in(sizes: Ints) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def _figures(clusters: Ints, person: Ints) -> dict[str, float]:
    records = np.arange(len(person))
    stated, true = (pd.Series(each, index=records) for each in (clusters, person))
    judged = evaluate(stated, true)
    names = ("precision", "recall", "f1", "bcubed_precision", "bcubed_recall", "bcubed_f1")
    return {name: round(float(getattr(judged, name)), 4) for name in names}


def _worth(pairs: pd.DataFrame, person: Ints) -> dict[str, float]:
    """Share of the true pairs among the scored ones, and the error of the probabilities."""
    same = person[pairs["left"].to_numpy(np.int64)] == person[pairs["right"].to_numpy(np.int64)]
    true_pairs = max(_pairs_in(np.bincount(person)), 1)
    bins = reliability(pairs["probability"].to_numpy(np.float64), same)
    return {
        "blocking_recall": round(float(same.sum() / true_pairs), 4),
        "calibration_error": round(calibration_error(bins), 4),
    }
