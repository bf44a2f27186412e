"""The whole way of a record on one screen.

``read -> normalise -> block -> candidate pairs -> compare -> weigh -> cluster``
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

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
from matcher.spilling import Spill
from matcher.stages import Stages
from scoring import (
    MISSING,
    Comparer,
    Evidence,
    Frequencies,
    Universe,
    Weighed,
    Weights,
    contradiction,
    count_patterns,
    estimate,
    probabilities,
    settle,
    stands_once,
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
class Scale:
    """Weighs any pair of the set by the same rules.

    Attributes:
        comparer: compares pairs.
        weights: the model.
        frequencies: how rare each value is.
        universe: how many pairs there could be.
    """

    comparer: Comparer
    weights: Weights
    frequencies: Frequencies
    universe: Universe

    def weigh(self, evidence: Evidence) -> Weighed:
        """Weights and probabilities of compared pairs."""
        rarity_of = self.frequencies.lookup(self.weights)
        return weigh(evidence, rarity_of, self.weights, self.universe)

    def weigh_pairs(self, left: Ints, right: Ints) -> PairEvidence:
        """Compares and weighs pairs of records, for clustering."""
        evidence = self.comparer.compare(left, right)
        return self.pair_evidence(evidence, self.weigh(evidence))

    def pair_evidence(self, evidence: Evidence, weighed: Weighed) -> PairEvidence:
        """What clustering asks; a Jr and a Sr of one name never share a cluster."""
        names = [comparison.name for comparison in self.weights.comparisons]
        suffix, first = names.index("suffix"), names.index("first_name")
        contradicts = self.weights.comparisons[suffix].number("contradicts")
        similar = self.weights.comparisons[first].number("similar")
        named = evidence.levels_of(first)
        one_name = (named > MISSING) & (named <= similar)
        return PairEvidence(
            weighed.log_odds,
            contradiction(evidence, self.weights),
            evidence.levels_of(suffix) == contradicts,
            one_name & (weighed.household_probability >= _TWO_OF_A_HOUSEHOLD),
        )


#: From this probability on two people of one household are told apart whatever others say.
_TWO_OF_A_HOUSEHOLD = 0.7


@dataclass(frozen=True)
class Matched:
    """Everything that a run found, by index of record and of pair.

    Attributes:
        raw: records as they came.
        records: normalised.
        order: content order of the records.
        candidates: the pairs that were compared.
        evidence: levels and shared values of each.
        weighed: weight and probabilities of each.
        clusters: int64 per record, the index of one record of its cluster.
        scale: weighs any other pair by the same rules.
        model: as used.
        rejects: values that could not be used.
        right_side: where two sets were linked, True for records of the second.
        region: country of phone numbers that name none.
        spill: what of all this is in files.
    """

    raw: RawRecords
    records: Records
    order: Ints
    candidates: Candidates
    evidence: Evidence
    weighed: Weighed
    clusters: Ints
    scale: Scale
    model: Model
    rejects: pa.Table
    right_side: Bools | None
    region: str = "US"
    spill: Spill = field(default_factory=Spill)


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
        stages: times the run, tells of its progress and keeps to the limit on memory; under a
            limit ``raw`` goes to a file, which frees memory where the caller does not hold it.
        right_side: to link two sets, True for the records of the second; only pairs across are
            compared.
        truth: int64 per record, equal where records are truly one person; adds the recall of
            each key to the report.
    """
    wanted = settings.extras or {}
    extras = {EXTRA_PREFIX + name: kind for name, kind in wanted.items()}
    with stages.stage("normalise"):
        records, rejects = normalise(raw, default_region=settings.default_region, extra=wanted)
        order = content_order(records, raw)
    spill = stages.spill
    spill.decide()
    raw = replace(raw, table=spill.table("records as they came", raw.table))
    with stages.stage("block") as detail:
        across = _across(right_side)
        candidates = find_candidates(records, order, keep=across, truth=truth, progress=detail)
    start = (settings.model or Model.shipped()).with_extras(extras)
    comparer = Comparer(records, start.weights, formal_names(), extras)
    with stages.stage("compare"):
        evidence = _aside(comparer.compare(candidates.left, candidates.right), spill)
    with stages.stage("estimate"):
        learn = None if settings.model else comparer.compare(*random_pairs(order, right_side))
        scale = fit_scale(comparer, evidence, learn, start.weights, _universe(records, right_side))
    with stages.stage("weigh"):
        weighed = _settled(scale.weigh(evidence), candidates, right_side)
        weighed = Weighed(*(spill.array("weights of pairs", values) for values in weighed))
    with stages.stage("cluster"):
        known = scale.pair_evidence(evidence, weighed)
        clusters = cluster(_linkage(candidates, known, scale, order, settings.threshold))
    return Matched(
        raw=raw,
        records=records,
        order=order,
        candidates=candidates,
        evidence=evidence,
        weighed=weighed,
        clusters=clusters,
        scale=scale,
        model=Model(scale.weights, start.extras),
        rejects=rejects,
        right_side=right_side,
        region=settings.default_region,
        spill=spill,
    )


#: Up to so many pairs the counts are corrected twice; in a larger set the records of one person
#: are too small a share of it to change what is common.
_RECOUNTED = 1_000_000


def _aside(evidence: Evidence, spill: Spill) -> Evidence:
    """The same evidence, what pairs share in files where memory is limited."""
    shared = (
        type(each)(*(spill.array("what pairs share", values) for values in each))
        for each in evidence.shared
    )
    return replace(evidence, shared=tuple(shared))


def _across(right_side: Bools | None) -> Callable[[Ints, Ints], Bools] | None:
    if right_side is None:
        return None
    return lambda left, right: right_side[left] != right_side[right]


def _universe(records: Records, right_side: Bools | None) -> Universe:
    if right_side is None:
        return Universe.within(records.count)
    right = int(right_side.sum())
    return Universe.across(records.count - right, right)


def _settled(weighed: Weighed, candidates: Candidates, right_side: Bools | None) -> Weighed:
    """Where a person stands once on each side, the candidates of a record compete."""
    pairs = (candidates.left, candidates.right)
    if right_side is None or not stands_once(weighed, *pairs, len(right_side)):
        return weighed
    return settle(weighed, *pairs, right_side)


def fit_scale(
    comparer: Comparer,
    evidence: Evidence,
    random: Evidence | None,
    start: Weights,
    universe: Universe,
) -> Scale:
    """The model and the frequencies, each made twice: the second time knowing the matches.

    Plain counts make what the records of one person share look common, and some of its pairs
    doubtful, so in a small set even the matches that correct the counts are looked for twice.

    Without random pairs the model stays as it is. The frequencies depend on the model alone, not
    on how it came about, so that a model handed back gives the same result.
    """
    counted = Frequencies.counted(comparer.shared_values(), universe.records, start)
    plain = counted.lookup(start)

    def knowing(weights: Weights) -> Frequencies:
        probability = probabilities(evidence, plain, weights, universe)
        better = counted.without_matches(evidence, probability, weights)
        if len(probability) > _RECOUNTED:
            return better
        probability = probabilities(evidence, better.lookup(weights), weights, universe)
        return counted.without_matches(evidence, probability, weights)

    if random is None:
        return Scale(comparer, start, knowing(start), universe)
    weights = estimate(start, count_patterns(evidence, plain), random.levels, universe)
    better = count_patterns(evidence, knowing(weights).lookup(start))
    weights = estimate(start, better, random.levels, universe)
    return Scale(comparer, weights, knowing(weights), universe)


def _linkage(
    candidates: Candidates, known: PairEvidence, scale: Scale, order: Ints, threshold: float
) -> Linkage:
    return Linkage(
        len(order),
        candidates.left,
        candidates.right,
        known,
        scale.weigh_pairs,
        order,
        float(np.log2(threshold / (1.0 - threshold))),
    )
