"""The whole way of a record on one screen.

``read -> normalise -> block -> candidate pairs -> compare -> weigh -> cluster``
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from blocking import Candidates, find_candidates
from matcher.clustering import Linkage, PairEvidence, cluster
from matcher.content import content_order
from matcher.model import Model
from matcher.nicknames import formal_names
from matcher.normalise import normalise
from matcher.records import EXTRA_PREFIX, RawRecords, Records
from matcher.sampling import random_pairs
from matcher.stages import Stages
from scoring import (
    Comparer,
    Evidence,
    Universe,
    Weighed,
    Weights,
    contradiction,
    count_patterns,
    estimate,
    weigh,
)

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Settings:
    """What a caller may choose.

    Attributes:
        threshold: average match probability from which groups of records are joined.
        default_region: country of phone numbers that name none.
        model: used as it is; ``None`` for the shipped model, re-estimated where the data allow.
        extras: further column -> ``text``, ``exact``, ``date`` or ``number``.
    """

    threshold: float = 0.5
    default_region: str = "US"
    model: Model | None = None
    extras: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Matched:
    """Everything that a run found, by index of record and of pair.

    Attributes:
        raw: records as they came.
        records: normalised.
        order: content order of the records.
        candidates: the pairs that were compared.
        evidence: levels and rarities of each.
        weighed: weight and probabilities of each.
        clusters: int64 per record, the index of one record of its cluster.
        comparer: compares any other pair by the same rules.
        model: as used.
        universe: how many pairs there could be.
        rejects: values that could not be used.
        right_side: where two sets were linked, True for records of the second.
    """

    raw: RawRecords
    records: Records
    order: Ints
    candidates: Candidates
    evidence: Evidence
    weighed: Weighed
    clusters: Ints
    comparer: Comparer
    model: Model
    universe: Universe
    rejects: pa.Table
    right_side: Bools | None


def match(
    raw: RawRecords,
    settings: Settings,
    stages: Stages,
    right_side: Bools | None = None,
    truth: Ints | None = None,
) -> Matched:
    """Finds which records are the same person.

    Args:
        raw: records as they came.
        settings: what the caller chose.
        stages: times the run and tells of its progress.
        right_side: to link two sets, True for the records of the second; only pairs across are
            compared.
        truth: int64 per record, equal where records are truly one person; adds the recall of
            each key to the report.
    """
    extras = _prefixed(settings.extras or {})
    with stages.stage("normalise"):
        records, rejects = normalise(
            raw, default_region=settings.default_region, extra=settings.extras or {}
        )
        order = content_order(records)
    with stages.stage("block") as detail:
        across = None if right_side is None else _across(right_side)
        candidates = find_candidates(records, order, keep=across, truth=truth, progress=detail)
    start = (settings.model or Model.shipped()).with_extras(extras)
    comparer = Comparer(records, start.weights, formal_names(), extras)
    with stages.stage("compare"):
        evidence = comparer.compare(candidates.left, candidates.right)
    universe = _universe(records, right_side)
    with stages.stage("estimate"):
        weights = start.weights
        if settings.model is None:
            random = comparer.compare(*random_pairs(order, right_side)).levels
            weights = estimate(weights, count_patterns(evidence), random, universe)
    with stages.stage("weigh"):
        weighed = weigh(evidence, weights, universe)
    with stages.stage("cluster"):
        linkage = Linkage(
            records.count,
            candidates.left,
            candidates.right,
            _pair_evidence(evidence, weighed, weights),
            lambda left, right: _weigh_more(comparer, weights, universe, left, right),
            order,
            float(np.log2(settings.threshold / (1.0 - settings.threshold))),
        )
        clusters = cluster(linkage)
    return Matched(
        raw,
        records,
        order,
        candidates,
        evidence,
        weighed,
        clusters,
        comparer,
        Model(weights, start.extras),
        universe,
        rejects,
        right_side,
    )


def _prefixed(extras: Mapping[str, str]) -> dict[str, str]:
    return {EXTRA_PREFIX + name: kind for name, kind in extras.items()}


def _across(right_side: Bools) -> Callable[[Ints, Ints], Bools]:
    return lambda left, right: right_side[left] != right_side[right]


def _universe(records: Records, right_side: Bools | None) -> Universe:
    if right_side is None:
        return Universe.within(records.count)
    right = int(right_side.sum())
    return Universe.across(records.count - right, right)


def _pair_evidence(evidence: Evidence, weighed: Weighed, weights: Weights) -> PairEvidence:
    """What clustering asks: a Jr and a Sr of one name never share a cluster."""
    place = [comparison.name for comparison in weights.comparisons].index("suffix")
    contradicts = weights.comparisons[place].number("contradicts")
    return PairEvidence(
        weighed.log_odds,
        contradiction(evidence, weights),
        evidence.levels[:, place] == contradicts,
    )


def _weigh_more(
    comparer: Comparer, weights: Weights, universe: Universe, left: Ints, right: Ints
) -> PairEvidence:
    evidence = comparer.compare(left, right)
    return _pair_evidence(evidence, weigh(evidence, weights, universe), weights)
