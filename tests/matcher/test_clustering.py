"""Clustering: a pure function of the component, held against slow obvious references."""

from __future__ import annotations

from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.average_linkage import average_linkage
from matcher.clustering import (
    WHOLE_COMPONENT,
    Linkage,
    PairEvidence,
    cluster,
    components,
    pair_values,
)

Pairs = dict[tuple[int, int], float]
STRANGERS = -9.0


def linkage(
    count: int,
    pairs: Pairs,
    order: np.ndarray | None = None,
    vetoes: frozenset[tuple[int, int]] = frozenset(),
    namesakes: frozenset[tuple[int, int]] = frozenset(),
    threshold: float = 0.0,
) -> Linkage:
    """Pairs that are not given count as contradicted strangers when asked for."""
    keys = sorted(pairs)
    odds = np.array([pairs[key] for key in keys], np.float64)
    known = PairEvidence(
        odds,
        np.where(odds < 0, -10.0, 0.0),
        np.array([key in vetoes for key in keys], bool),
        np.array([key in namesakes for key in keys], bool),
    )

    def weigh(left: np.ndarray, right: np.ndarray) -> PairEvidence:
        size = len(left)
        veto = np.array(
            [pair in vetoes for pair in zip(left.tolist(), right.tolist(), strict=True)], bool
        )
        return PairEvidence(
            np.full(size, STRANGERS), np.full(size, -10.0), veto, np.zeros(size, bool)
        )

    left = np.array([key[0] for key in keys], np.int64)
    right = np.array([key[1] for key in keys], np.int64)
    ranks = np.arange(count, dtype=np.int64) if order is None else order
    return Linkage(count, left, right, known, weigh, ranks, threshold)


def partition(labels: np.ndarray) -> set[frozenset[int]]:
    groups: dict[int, set[int]] = {}
    for record, label in enumerate(labels.tolist()):
        groups.setdefault(label, set()).add(record)
    return {frozenset(members) for members in groups.values()}


def slow_average_linkage(values: np.ndarray, threshold: float) -> set[frozenset[int]]:
    """Joins the two groups with the best average, again and again; the first pair wins a tie."""
    groups = [{member} for member in range(len(values))]
    while len(groups) > 1:
        averages = [
            (np.mean([values[a, b] for a in groups[one] for b in groups[other]]), -one, -other)
            for one, other in combinations(range(len(groups)), 2)
        ]
        best, one, other = max(averages)
        if best <= threshold:
            break
        groups[-one] |= groups.pop(-other)
    return {frozenset(group) for group in groups}


@settings(max_examples=150)
@given(st.integers(2, 7), st.randoms(use_true_random=False), st.sampled_from([0.0, 2.5]))
def test_average_linkage_equals_the_slow_reference(
    size: int, random: Random, threshold: float
) -> None:
    values = np.zeros((size, size))
    for one, other in combinations(range(size), 2):
        values[one, other] = values[other, one] = random.uniform(-6, 9)
    expected = slow_average_linkage(values, threshold)
    np.fill_diagonal(values, -np.inf)
    assert partition(average_linkage(values[None].copy(), threshold)[0]) == expected


@settings(max_examples=100)
@given(st.integers(2, 12), st.integers(4, 9), st.randoms(use_true_random=False))
def test_components_join_together_as_they_do_one_by_one(
    size: int, batch: int, random: Random
) -> None:
    values = np.full((batch, size, size), -np.inf)
    for each in values:
        for one, other in combinations(range(size), 2):  # whole numbers, for ties
            each[one, other] = each[other, one] = random.randint(-6, 9)
    together = average_linkage(values.copy(), 0.0)
    alone = [average_linkage(each[None].copy(), 0.0)[0] for each in values]
    assert together.tolist() == np.stack(alone).tolist()


EDGES = st.dictionaries(
    st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda pair: pair[0] < pair[1]),
    st.floats(-8, 30),
    max_size=25,
)


@given(EDGES)
def test_components_equal_a_slow_union(edges: Pairs) -> None:
    label = list(range(12))
    for one, other in edges:
        low, high = sorted((label[one], label[other]))
        label = [low if each == high else each for each in label]
    left = np.array([one for one, _ in edges], np.int64)
    right = np.array([other for _, other in edges], np.int64)
    assert components(12, left, right).tolist() == label


def test_a_long_chain_is_one_component() -> None:
    count = 20_000
    shuffled = np.random.default_rng(4).permutation(count)
    assert (components(count, shuffled[:-1], shuffled[1:]) == 0).all()


@settings(max_examples=100)
@given(EDGES, st.permutations(range(12)))
def test_the_partition_does_not_depend_on_the_row_order(edges: Pairs, moved: list[int]) -> None:
    order = np.arange(12, dtype=np.int64)
    plain = partition(cluster(linkage(12, edges, order)))
    again_edges = {
        (min(moved[one], moved[other]), max(moved[one], moved[other])): odds
        for (one, other), odds in edges.items()
    }
    again_order = np.empty(12, np.int64)
    again_order[moved] = order
    again = partition(cluster(linkage(12, again_edges, again_order)))
    assert again == {frozenset(moved[record] for record in group) for group in plain}


@given(EDGES)
def test_clusters_stay_inside_components(edges: Pairs) -> None:
    linked = {pair for pair, odds in edges.items() if odds > 0}
    left = np.array([one for one, _ in linked], np.int64)
    right = np.array([other for _, other in linked], np.int64)
    whole = components(12, left, right)
    for group in partition(cluster(linkage(12, edges))):
        assert len({int(whole[record]) for record in group}) == 1


def test_two_records_join_when_their_pair_says_so() -> None:
    assert partition(cluster(linkage(3, {(0, 1): 0.1}))) == {frozenset({0, 1}), frozenset({2})}
    assert len(partition(cluster(linkage(3, {(0, 1): 0.1}, threshold=1.0)))) == 3


def test_a_weak_bridge_does_not_join_two_people() -> None:
    two_people = {(0, 1): 12.0, (2, 3): 12.0, (1, 2): 1.0}
    assert partition(cluster(linkage(4, two_people))) == {frozenset({0, 1}), frozenset({2, 3})}


def test_one_damaged_record_does_not_split_a_person() -> None:
    """It contradicts one record mildly and agrees with two strongly."""
    person = {(0, 1): 14.0, (0, 2): 9.0, (1, 2): -1.0}
    assert partition(cluster(linkage(3, person))) == {frozenset({0, 1, 2})}


def test_records_like_either_do_not_join_two_namesakes() -> None:
    """0 and 3 are told apart by one field; 1 and 2 lack it, and agree with both."""
    family = {(0, 1): 8.0, (0, 2): 6.0, (1, 2): 7.0, (1, 3): 7.0, (2, 3): 8.0, (0, 3): -3.0}
    assert len(partition(cluster(linkage(4, family)))) == 1
    told_apart = linkage(4, family, namesakes=frozenset({(0, 3)}))
    assert partition(cluster(told_apart)) == {frozenset({0, 1}), frozenset({2, 3})}


def test_a_veto_outweighs_everything() -> None:
    family = {(0, 1): 30.0, (1, 2): 30.0, (0, 2): 30.0}
    groups = partition(cluster(linkage(3, family, vetoes=frozenset({(0, 2)}))))
    assert not any({0, 2} <= group for group in groups)


def test_a_veto_between_unproposed_records_holds_too() -> None:
    groups = partition(
        cluster(linkage(3, {(0, 1): 30.0, (1, 2): 30.0}, vetoes=frozenset({(0, 2)})))
    )
    assert not any({0, 2} <= group for group in groups)


@pytest.mark.parametrize("count", [WHOLE_COMPONENT + 5, 3000])
def test_many_alike_records_stay_together(count: int) -> None:
    """Neighbours only, as an oversized block proposes them."""
    pairs = {(one, one + 1): 40.0 for one in range(count - 1)}
    assert len(partition(cluster(linkage(count, pairs)))) == 1


def test_a_veto_holds_in_a_large_component() -> None:
    count = WHOLE_COMPONENT + 40
    pairs = {(one, one + step): 40.0 for step in (1, 2) for one in range(count - step)}
    banned = (50, 51)
    groups = partition(cluster(linkage(count, pairs, vetoes=frozenset({banned}))))
    assert not any(set(banned) <= group for group in groups)


def test_a_large_component_breaks_at_its_weak_links() -> None:
    pairs: Pairs = {}
    for block in range(40):
        members = range(block * 12, block * 12 + 12)
        pairs |= dict.fromkeys(combinations(members, 2), 15.0)
        if block:
            pairs[(block * 12 - 1, block * 12)] = 1.0
    groups = partition(cluster(linkage(480, pairs)))
    assert sorted(len(group) for group in groups) == [12] * 40


def test_values_have_floors() -> None:
    evidence = PairEvidence(
        np.array([3.0, -2.0, -20.0, 8.0, -3.0, -40.0]),
        np.array([0.0, -1.0, -30.0, 0.0, -9.0, -50.0]),
        np.array([False, False, False, True, False, False]),
        np.array([False, False, False, False, True, True]),
    )
    assert pair_values(evidence).tolist() == [3.0, -0.5, -5.0, -1e9, -20.0, -40.0]


@given(st.integers(0, 2**32), st.integers(1, 60))
def test_how_many_components_are_worked_on_at_once_does_not_matter(seed: int, cells: int) -> None:
    random = Random(seed)
    count = random.randint(4, 30)
    pairs = {
        pair: float(random.randint(-6, 9))
        for pair in combinations(range(count), 2)
        if random.random() < 2 / count
    }
    expected = cluster(linkage(count, pairs))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("matcher.clustering._CELLS_AT_ONCE", cells)
        patch.setattr("matcher.clustering._CELLS_WEIGHED_AT_ONCE", 10 * cells)
        np.testing.assert_array_equal(cluster(linkage(count, pairs)), expected)
