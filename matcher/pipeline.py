"""The whole way of a record on one screen.

``read -> normalise -> block -> candidate pairs -> compare -> weigh -> cluster``
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from blocking import Candidates, find_candidates
from matcher.clustering import Linkage, PairEvidence, cluster, components
from matcher.content import content_order
from matcher.model import Model
from matcher.nicknames import formal_names
from matcher.normalise import normalise
from matcher.pair_weights import PairWeights
from matcher.records import EXTRA_PREFIX, RawRecords, Records
from matcher.sampling import random_pairs
from matcher.spilling import Spill
from matcher.stages import Stages
from matcher.threads import workers
from scoring import (
    LIKELY,
    MISSING,
    Comparer,
    Evidence,
    Frequencies,
    RarityOf,
    Universe,
    Weighed,
    Weights,
    contradiction,
    count_patterns,
    estimate,
    odds_and_households,
    probability_of,
    settle,
    stands_once,
    steps,
    weigh,
)

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


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
        return self.weigher()(evidence)

    def weigher(self) -> Callable[[Evidence], Weighed]:
        """What weighs compared pairs, for those who ask it several times."""
        rarity_of = self.frequencies.lookup(self.weights)
        return lambda evidence: weigh(evidence, rarity_of, self.weights, self.universe)

    def weigh_all(
        self, evidence: Evidence, candidates: Candidates, right_side: Bools | None
    ) -> PairWeights:
        """The candidate pairs, weighed; those of one record compete where persons stand once."""
        weigher = replace(self, comparer=replace(self.comparer)).weigher  # without what it derived
        if right_side is not None:
            pairs, found = (candidates.left, candidates.right), self.weigh(evidence)
            if stands_once(found, *pairs, len(right_side)):
                found = settle(found, *pairs, right_side)
            household = steps(found.household_probability, _HOUSEHOLD)
            return PairWeights(found.log_odds, household, evidence, weigher, found)
        rarity_of = self.frequencies.lookup(self.weights)
        kept = odds_and_households(evidence, rarity_of, self.weights, self.universe, _HOUSEHOLD)
        return PairWeights(*kept, evidence, weigher)

    def weigh_pairs(self, left: Ints, right: Ints) -> PairEvidence:
        """Compares and weighs pairs of records, for clustering."""
        return self.pair_weigher()(left, right)

    def pair_weigher(self) -> Callable[[Ints, Ints], PairEvidence]:
        """What does so, for those who ask it several times."""
        weigh = self.weigher()

        def found(left: Ints, right: Ints) -> PairEvidence:
            evidence = self.comparer.compare(left, right)
            return self.pair_evidence(evidence, weigh(evidence))

        return found

    def pair_evidence(self, evidence: Evidence, weighed: Weighed) -> PairEvidence:
        """What clustering asks; a Jr and a Sr of one name never share a cluster."""
        household = weighed.household_probability
        return self.known(evidence, weighed.log_odds, household >= _TWO_OF_A_HOUSEHOLD)

    def known(self, evidence: Evidence, log_odds: Floats, household: Bools) -> PairEvidence:
        """The same from what is kept of pairs: levels, log2 odds, surely of one household."""
        names = [comparison.name for comparison in self.weights.comparisons]
        first = names.index("first_name")
        similar = self.weights.comparisons[first].number("similar")
        named = evidence.combinations[:, first]
        one_name = ((named > MISSING) & (named <= similar))[evidence.which]
        contradicted = contradiction(evidence, self.weights)
        return PairEvidence(log_odds, contradicted, self.vetoes(evidence), one_name & household)

    def vetoes(self, evidence: Evidence) -> Bools:
        """Which pairs are a Jr and a Sr."""
        place = [comparison.name for comparison in self.weights.comparisons].index("suffix")
        contradicts = self.weights.comparisons[place].number("contradicts")
        found: Bools = (evidence.combinations[:, place] == contradicts)[evidence.which]
        return found


#: From this probability on two people of one household are told apart whatever others say.
_TWO_OF_A_HOUSEHOLD = 0.7
#: The household probabilities that something depends on.
_HOUSEHOLD = (LIKELY, _TWO_OF_A_HOUSEHOLD)


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
    weighed: PairWeights
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
    raw, wanted = _raw_aside(raw, stages.spill), settings.extras or {}
    extras = {EXTRA_PREFIX + name: kind for name, kind in wanted.items()}
    with stages.stage("normalise"):
        region, spill = settings.default_region, stages.spill
        records, rejects = normalise(raw, default_region=region, extra=wanted, spill=spill)
        order = content_order(records, raw)
    spill.decide()
    order = spill.array("content order", order)
    raw = _raw_aside(raw, spill)
    with stages.stage("block") as detail:
        candidates = find_candidates(
            records,
            order,
            right_side=right_side,
            truth=truth,
            threads=spill.threads,
            progress=detail,
        )
        candidates = _aside(candidates, "candidate pairs", spill, "left", "right")
    start = (settings.model or Model.shipped()).with_extras(extras)
    comparer = Comparer(records, start.weights, formal_names(), extras)
    with stages.stage("compare"), workers(records.count, spill.threads) as pool:
        shared = partial(spill.grown, "what pairs share")
        compared = pool.submit(comparer.compare, candidates.left, candidates.right, shared)
        drawn = None if settings.model else pool.submit(_random_pairs, comparer, order, right_side)
        universe = _universe(records, right_side)
        counted = pool.submit(count_values, comparer, universe)
        evidence = _aside(compared.result(), "levels of pairs", spill, "which")
    with stages.stage("estimate"):
        learn = None if drawn is None else drawn.result()
        scale = fit_scale(comparer, evidence, learn, counted.result(), universe)
    with stages.stage("weigh"):
        weighed = scale.weigh_all(evidence, candidates, right_side)
        weighed = _aside(weighed, "weights of pairs", spill, "log_odds", "household_steps")
    with stages.stage("cluster"):
        clusters = cluster(_linkage(candidates, weighed, scale, order, settings))
        clusters = spill.array("clusters", clusters)
    return Matched(
        raw=raw,
        records=records,
        order=order,
        candidates=candidates,
        evidence=evidence,
        weighed=weighed,
        clusters=clusters,
        scale=replace(scale, comparer=replace(comparer)),  # what it derived makes room
        model=Model(scale.weights, start.extras),
        rejects=rejects,
        right_side=right_side,
        region=settings.default_region,
        spill=spill,
    )


def _raw_aside(raw: RawRecords, spill: Spill) -> RawRecords:
    return replace(raw, table=spill.table("records as they came", raw.table))


_Found = TypeVar("_Found", Candidates, Evidence, PairWeights)


def _aside(found: _Found, what: str, spill: Spill, *fields: str) -> _Found:
    """The same with some of its arrays in files, where the limit asks for it."""
    return replace(found, **{name: spill.array(what, getattr(found, name)) for name in fields})


def _random_pairs(comparer: Comparer, order: Ints, right_side: Bools | None) -> Evidence:
    """Pairs drawn at random, compared."""
    return comparer.compare(*random_pairs(order, right_side))


#: Up to so many pairs the counts are corrected twice; in a larger set the records of one person
#: are too small a share of it to change what is common.
_RECOUNTED = 1_000_000


def _universe(records: Records, right_side: Bools | None) -> Universe:
    if right_side is None:
        return Universe.within(records.count)
    right = int(right_side.sum())
    return Universe.across(records.count - right, right)


def count_values(comparer: Comparer, universe: Universe) -> Frequencies:
    """How common each value is, whoever holds it."""
    return Frequencies.counted(comparer.shared_values(), universe.records, comparer.weights)


def fit_scale(
    comparer: Comparer,
    evidence: Evidence,
    random: Evidence | None,
    counted: Frequencies,
    universe: Universe,
) -> Scale:
    """The model and the frequencies, each made twice: the second time knowing the matches.

    Plain counts make what the records of one person share look common, and some of its pairs
    doubtful, so in a small set even the matches that correct the counts are looked for twice.

    Without random pairs the model stays as it is. The frequencies depend on the model alone, not
    on how it came about, so that a model handed back gives the same result.
    """
    start = comparer.weights
    plain = counted.lookup(start)

    def knowing(weights: Weights) -> Frequencies:
        better = counted.without_matches(evidence, likely(weights, plain), weights)
        if len(evidence) > _RECOUNTED:
            return better
        return counted.without_matches(evidence, likely(weights, better.lookup(weights)), weights)

    def likely(weights: Weights, rarity_of: RarityOf) -> Callable[[Evidence], Floats]:
        return probability_of(evidence.combinations, rarity_of, weights, universe)

    if random is None:
        return Scale(comparer, start, knowing(start), universe)
    weights = estimate(start, count_patterns(evidence, plain), random.levels, universe)
    better = count_patterns(evidence, knowing(weights).lookup(start))
    weights = estimate(start, better, random.levels, universe)
    return Scale(comparer, weights, knowing(weights), universe)


def _linkage(
    candidates: Candidates, weighed: PairWeights, scale: Scale, order: Ints, settings: Settings
) -> Linkage:
    """What clustering works on: the pairs inside the components of linked records.

    They are a fifth of all in a large set, and the others decide nothing.
    """
    evidence, least = (
        weighed.evidence,
        float(np.log2(settings.threshold / (1.0 - settings.threshold))),
    )
    links = weighed.log_odds > least
    links &= ~scale.vetoes(evidence)
    inside = np.flatnonzero(_inside(candidates, np.flatnonzero(links), len(order)))
    chosen = Evidence(evidence.combinations, evidence.which[inside], ())
    return Linkage(
        len(order),
        candidates.left[inside],
        candidates.right[inside],
        scale.known(chosen, weighed.log_odds[inside], weighed.household_steps[inside] > 1),
        scale.pair_weigher(),
        order,
        least,
    )


#: Pairs that are looked at together, which bounds memory.
_PAIRS_AT_ONCE = 1 << 22


def _inside(candidates: Candidates, links: Ints, count: int) -> Bools:
    """The pairs whose records hang together by links, given by their places."""
    left, right = candidates.left, candidates.right
    labels = components(count, left[links], right[links]).astype(np.int32)
    inside = np.empty(len(candidates), np.bool_)
    for start in range(0, len(candidates), _PAIRS_AT_ONCE):
        here = slice(start, start + _PAIRS_AT_ONCE)
        np.equal(labels[left[here]], labels[right[here]], out=inside[here])
    return inside
