"""Who is one person in whole components: what evidence says, then what people said.

First records are clustered as in a batch, except that records called different never meet. Then
whole clusters join of which somebody called two records the same: a decision about two records is
one about two people. Only where that would put records together that were called different, the
cluster is taken apart again, and decisions join first.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from blocking.pairs import pack
from matcher.clustering import Linkage, PairEvidence, cluster, components
from matcher.pipeline import Scale
from matcher.store.decided import Decided

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Judging(ABC):
    """Weighs pairs of records, given by their places in ``slots``.

    Attributes:
        slots: int64, of each place.
        decided: what people said.
    """

    slots: Ints
    decided: Decided

    @abstractmethod
    def weigh_pairs(self, left: Ints, right: Ints) -> PairEvidence:
        """What evidence says of pairs, whatever people said."""

    def by_evidence(self, left: Ints, right: Ints) -> PairEvidence:
        """What evidence says of pairs, left below right, where nobody called them different."""
        return self.decided.forbidding(self.weigh_pairs(left, right), self.packed(left, right))

    def by_decisions(self, left: Ints, right: Ints) -> PairEvidence:
        """What evidence and decisions together say of pairs, left below right."""
        return self.decided.outranking(self.weigh_pairs(left, right), self.packed(left, right))

    def packed(self, left: Ints, right: Ints) -> Ints:
        """Pairs of places as packed pairs of slots."""
        return pack(self.slots[left], self.slots[right])


@dataclass(frozen=True)
class Judge(Judging):
    """Weighs pairs of records that are ready.

    Attributes:
        slots: int64, of each place.
        scale: of their records.
        decided: what people said.
        places: int64, where each record is in the scale; ``None`` where it is in its own place.
    """

    slots: Ints
    scale: Scale
    decided: Decided
    places: Ints | None = None

    def weigh_pairs(self, left: Ints, right: Ints) -> PairEvidence:
        """What evidence says of pairs, whatever people said."""
        if self.places is None:
            return self.scale.weigh_pairs(left, right)
        return self.scale.weigh_pairs(self.places[left], self.places[right])


@dataclass(frozen=True)
class Known:
    """Pairs that were weighed before, by places.

    Attributes:
        left: int64.
        right: int64, each above ``left``.
        evidence: of each.
    """

    left: Ints
    right: Ints
    evidence: PairEvidence

    def of(self, chosen: Bools) -> Known:
        """Some of the pairs."""
        return Known(self.left[chosen], self.right[chosen], self.evidence.of(chosen))


@dataclass(frozen=True)
class Judged:
    """Who is one person.

    Attributes:
        clusters: int64 per record, the place of one record of its cluster.
        disputed: bool per record, whether decisions had to join first.
        components: int64 per record, the place of one record of its component.
    """

    clusters: Ints
    disputed: Bools
    components: Ints


def judged(
    judge: Judging,
    known: Known,
    order: Ints,
    threshold: float,
    by_evidence: Callable[[Linkage], Ints] = cluster,
) -> Judged:
    """Groups the records of whole components.

    Args:
        judge: weighs any pair.
        known: the candidate pairs and all pairs decided on.
        order: int64 per record, the content order that breaks ties.
        threshold: log2 odds from which pairs link and groups join.
        by_evidence: clusters, as ``matcher.clustering.cluster`` does.
    """
    count, decided = len(order), judge.decided
    packed = judge.packed(known.left, known.right)
    evidence = decided.forbidding(known.evidence, packed)
    linkage = Linkage(count, known.left, known.right, evidence, judge.by_evidence, order, threshold)
    links = decided.linking(known.evidence, packed, threshold)
    hanging = components(count, known.left[links], known.right[links])
    same = decided.is_same(packed)
    clusters = united(by_evidence(linkage), known.left[same], known.right[same])
    together = clusters[known.left] == clusters[known.right]
    wrong = known.left[together & decided.is_different(packed)]
    disputed = np.zeros(count, np.bool_)
    if len(wrong):
        disputed = np.isin(clusters, clusters[wrong])
        inside = known.of(together & disputed[known.left])
        clusters = np.where(disputed, _by_decisions(judge, inside, order, threshold), clusters)
    return Judged(clusters, disputed, hanging)


def united(clusters: Ints, left: Ints, right: Ints) -> Ints:
    """Joins whole clusters by pairs of their records.

    Args:
        clusters: int64 per record, the place of one record of its cluster.
        left: int64 places.
        right: int64 places.
    """
    if not len(left):
        return clusters
    each = np.arange(len(clusters))
    return components(
        len(clusters), np.concatenate([each, left]), np.concatenate([clusters, right])
    )


def _by_decisions(judge: Judging, known: Known, order: Ints, threshold: float) -> Ints:
    packed = judge.packed(known.left, known.right)
    evidence = judge.decided.outranking(known.evidence, packed)
    return cluster(
        Linkage(len(order), known.left, known.right, evidence, judge.by_decisions, order, threshold)
    )
