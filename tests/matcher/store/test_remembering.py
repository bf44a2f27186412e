"""Parts of large components that are as before are not clustered again, and come out the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocking.pairs import pack
from matcher.clustering import Linkage, PairEvidence, cluster, components, parts
from matcher.model import Model
from matcher.store import remembering
from matcher.store.frozen import FrozenModel
from matcher.store.joining import Joined
from matcher.store.layers import Layers, part_of_another
from matcher.store.remembering import Held, Remembered


@st.composite
def linkages(draw: st.DrawFn) -> Linkage:
    """Records of which some pairs are known, with links of every strength."""
    count = draw(st.integers(2, 16))
    left, right = np.triu_indices(count, 1)
    known = np.array(draw(st.lists(st.booleans(), min_size=len(left), max_size=len(left))))
    odds = draw(st.lists(st.integers(-6, 9), min_size=len(left), max_size=len(left)))
    every = np.array(odds, np.float64)
    order = np.array(draw(st.permutations(range(count))))
    veto = every == -6
    evidence = PairEvidence(every, np.minimum(every, 0.0), veto, every == -5)
    number = np.full((count, count), -1)
    number[left, right] = np.arange(len(left))
    return Linkage(
        count,
        left[known],
        right[known],
        evidence.of(known),
        lambda one, other: evidence.of(number[np.minimum(one, other), np.maximum(one, other)]),
        order,
    )


def same(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(((one[:, None] == one) == (other[:, None] == other)).all())


@settings(max_examples=200)
@given(linkages(), st.integers(2, 6), st.integers(0, 2**16))
def test_what_is_remembered_is_what_clustering_says(
    linkage: Linkage, whole: int, some: int
) -> None:
    model, remembered = FrozenModel(1, Model.shipped()), Remembered()
    slots, none = np.arange(100, 100 + linkage.count), np.zeros(0, np.int64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("matcher.clustering.WHOLE_COMPONENT", whole)
        labels = parts(linkage)
        # Some parts are clustered first, alone, and then all of them.
        rows = np.flatnonzero((some >> labels) & 1)
        if len(rows):
            remembered.cluster(model, linkage.of(rows, labels), slots[rows], none)
        expected = cluster(linkage)
        assert same(remembered.cluster(model, linkage, slots, none), expected)
        assert same(remembered.cluster(model, linkage, slots, none), expected)


@settings(max_examples=200)
@given(linkages(), st.integers(2, 6))
def test_the_part_of_one_more_record_follows_from_its_links(linkage: Linkage, whole: int) -> None:
    """The last record is the one that comes in besides."""
    count, inside = linkage.count - 1, linkage.right < linkage.count - 1
    links = (linkage.evidence.log_odds > 0) & ~linkage.evidence.veto
    groups = components(count, linkage.left[links & inside], linkage.right[links & inside])
    mine = links & ~inside
    with pytest.MonkeyPatch.context() as patch:
        for module in ("clustering", "store.layers"):
            patch.setattr(f"matcher.{module}.WHOLE_COMPONENT", whole)
        met = np.unique(groups[linkage.left[mine]])
        together = np.flatnonzero(np.isin(groups, met))
        world = linkage.of(np.append(together, count), np.zeros(linkage.count, np.int64))
        expected = parts(world)
        layers, odds = [], []
        for group in met.tolist():
            held = np.flatnonzero(groups == group)
            alone = linkage.of(held, np.zeros(linkage.count, np.int64))
            layers.append(Layers.of(len(held), alone.left, alone.right, alone.evidence))
            here = mine & (groups[linkage.left] == group)
            places = np.searchsorted(held, linkage.left[here])
            odds.append((places, linkage.evidence.log_odds[here]))
        found = part_of_another(layers, odds)
    chosen = [np.flatnonzero(groups == g)[at] for g, at in zip(met.tolist(), found, strict=True)]
    assert (
        sorted(np.concatenate([np.zeros(0, int), *chosen]).tolist())
        == together[expected[:-1] == expected[-1]].tolist()
    )


def alone(linkage: Linkage, rows: np.ndarray) -> Linkage:
    """The pairs between some records."""
    return linkage.of(rows, np.zeros(linkage.count, np.int64))


def held_of(linkage: Linkage, rows: np.ndarray) -> Held:
    """Some records, in slots that are twice their number."""
    pairs = alone(linkage, rows)
    return Held(2 * rows, pack(2 * rows[pairs.left], 2 * rows[pairs.right]), pairs.evidence)


@settings(max_examples=200)
@given(linkages(), st.integers(2, 6), st.integers(1, 2**16))
def test_a_component_that_records_join_is_kept_up(linkage: Linkage, whole: int, some: int) -> None:
    """What is said of changed parts alone, and of all others as before, is said of the whole."""
    everybody = np.arange(linkage.count)
    joins = (some >> everybody) & 1 == 1
    before, after = held_of(linkage, everybody[~joins]), held_of(linkage, everybody)
    with pytest.MonkeyPatch.context() as patch:
        for module in ("clustering", "store.layers"):
            patch.setattr(f"matcher.{module}.WHOLE_COMPONENT", whole)
        if before.slots.size < 2:
            return
        new = joins[after.sides[0]] | joins[after.sides[1]]
        pairs = Held(after.slots, after.packed[new], after.evidence.of(new))
        joined = Joined.of(7, before, 2 * everybody[joins], pairs)
        held = joined.held
        for one, other in zip((held.slots, held.packed), (after.slots, after.packed), strict=True):
            assert one.tolist() == other.tolist()
        for one, other in zip(
            (*held.sides, *held.evidence), (*after.sides, *after.evidence), strict=True
        ):
            assert one.tolist() == other.tolist()
        assert held.layers.parts.tolist() == after.layers.parts.tolist()
        assert held.layers.parts.tolist() == parts(linkage).tolist()
        clusters = np.empty(linkage.count, np.int64)
        clusters[~joins] = everybody[~joins][cluster(alone(linkage, everybody[~joins]))]
        rows, inside = joined.inside.slots // 2, joined.inside
        changed = Linkage(
            len(rows),
            *inside.sides,
            inside.evidence,
            lambda one, other: linkage.weigh(rows[one], rows[other]),
            linkage.order[rows],
        )
        clusters[rows] = rows[cluster(changed)]
        assert same(clusters, cluster(linkage))


@given(st.lists(st.integers(0, 9), max_size=12), st.lists(st.integers(0, 12), max_size=6))
def test_values_are_inserted_as_numpy_does(before: list[int], places: list[int]) -> None:
    at = np.sort(np.minimum(np.array(places, np.int64), len(before)))
    column, values = np.array(before, np.int64), np.arange(100, 100 + len(at))
    for few in (0, 1_000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(remembering, "_FEW", few)
            found = remembering._inserted(column, at, values)
        assert found.tolist() == np.insert(column, at, values).tolist()
