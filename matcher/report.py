"""The report of a run: plain numbers and texts, no personal data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from matcher.pipeline import Matched
from matcher.stages import Stage
from scoring import LIKELY, odds_to_probability


def found_report(
    matched: Matched, review_band: tuple[float, float], threshold: float
) -> dict[str, Any]:
    """Counts, what was recognised, what each key cost and gave up, the fit."""
    return {
        "counts": _counts(matched, review_band),
        "expected": expected(matched),
        "options": {"threshold": threshold, "review": list(review_band)},
        "sources": [
            {**asdict(source), "columns": dict(source.columns), "notes": list(source.notes)}
            for source in matched.raw.sources
        ],
        "keys": [asdict(key) for key in matched.candidates.keys],
        "capped": _capped(matched),
        "recall": matched.candidates.recall,
        "memory": {"limit": matched.spill.limit, "in_files": dict(matched.spill.spilled)},
        "model": {
            "made_from": matched.model.weights.made_from,
            "rates": asdict(matched.model.weights.rates),
            "fit": asdict(matched.model.weights.fit),
        },
    }


def spent_report(stages: Sequence[Stage]) -> dict[str, Any]:
    """Seconds and memory."""
    return {
        "stages": [asdict(stage) for stage in stages],
        "seconds": sum(stage.seconds for stage in stages),
        "peak_mb": max((stage.peak_mb for stage in stages), default=0.0),
    }


def _counts(matched: Matched, review_band: tuple[float, float]) -> dict[str, int]:
    sizes = np.bincount(matched.clusters, minlength=max(matched.records.count, 1))
    weighed = matched.weighed
    return {
        "records": matched.records.count,
        "clusters": int((sizes > 0).sum()),
        "clusters_of_several": int((sizes > 1).sum()),
        "largest_cluster": int(sizes.max(initial=0)),
        "organisations": int(matched.records.organisation.sum()),
        "candidate_pairs": len(matched.candidates),
        "matching_pairs": len(weighed.between(LIKELY, 1.0)),
        "household_pairs": int(weighed.household.sum()),
        "review_pairs": len(weighed.between(*review_band)),
        "rejects": matched.raw.rejects.num_rows + matched.rejects.num_rows,
    }


def expected(matched: Matched) -> dict[str, float | None]:
    """Precision and recall that the probabilities of the candidate pairs promise.

    ``precision``: of the candidate pairs put together, the share that is right. ``recall``: of the
    matches among all candidate pairs, the share put together; a pair that no key proposed is in
    neither. Both hold as far as the probabilities do. ``None`` where there is nothing to share.
    """
    together, right_ones, all_right = 0, 0.0, 0.0
    pairs = matched.candidates
    for start in range(0, len(pairs.left), _PAIRS_AT_ONCE):
        place = slice(start, start + _PAIRS_AT_ONCE)
        one = matched.clusters[pairs.left[place]] == matched.clusters[pairs.right[place]]
        probability = odds_to_probability(matched.weighed.log_odds[place])
        together += int(one.sum())
        right_ones += float(probability[one].sum())
        all_right += float(probability.sum())
    return {
        "precision": _share(right_ones, float(together)),
        "recall": _share(right_ones, all_right),
    }


#: Pairs that are looked at together, which bounds memory.
_PAIRS_AT_ONCE = 1 << 20


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _capped(matched: Matched) -> list[str]:
    """One sentence per key whose oversized blocks gave pairs up."""
    return [
        f"{key.key}: {key.oversized} oversized block(s) were split by a finer key; "
        f"{key.given_up:,} pairs inside them were not compared under this key."
        for key in matched.candidates.keys
        if key.used and key.given_up
    ]
