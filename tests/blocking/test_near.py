"""Values one edit apart: the hashed neighbourhoods against a slow obvious reference."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from blocking.near import SHORTEST, deletions, near_pairs, near_values
from blocking.pairs import Entries, unpack


@given(
    st.lists(st.text("abc1", min_size=SHORTEST, max_size=8), min_size=2, max_size=8, unique=True)
)
def test_every_pair_of_texts_one_edit_apart_is_found(texts: list[str]) -> None:
    count = len(texts)
    near = near_values(Entries(np.arange(count), np.arange(count)), pa.array(texts), 1000)
    found = set(zip(near.left.tolist(), near.right.tolist(), strict=True))
    for one, other in combinations(range(count), 2):
        if OSA.distance(texts[one], texts[other]) == 1:
            assert (one, other) in found


@given(st.lists(st.text("abé", max_size=9), max_size=6))
def test_neighbourhoods_are_the_deletions(texts: list[str]) -> None:
    owner, hashes, whole = deletions(pa.array(texts, pa.string()))
    assert len(whole) == len(texts)
    encoded = [text.encode() for text in texts]
    expected = [
        (place, whole[:cut] + whole[cut + 1 :])
        for place, whole in enumerate(encoded)
        if len(whole) >= SHORTEST
        for cut in range(len(whole))
        if not cut or whole[cut] != whole[cut - 1]
    ]
    expected += [(place, whole) for place, whole in enumerate(encoded) if len(whole) >= SHORTEST]
    assert owner.tolist() == [place for place, _ in expected]
    by_text: dict[bytes, int] = {}
    for (_, text), value in zip(expected, hashes.tolist(), strict=True):
        assert by_text.setdefault(text, value) == value
    assert len(set(by_text.values())) == len(by_text)


@given(st.lists(st.text("abé", max_size=9), max_size=6))
def test_wanted_neighbours_are_those_of_all(texts: list[str]) -> None:
    every = deletions(pa.array(texts, pa.string()))
    some = deletions(pa.array(texts, pa.string()), lambda hashes: hashes % np.uint64(2) == 0)
    even = every.hashes % np.uint64(2) == 0
    assert some.owner.tolist() == every.owner[even].tolist()
    assert some.hashes.tolist() == every.hashes[even].tolist()
    assert some.whole.tolist() == every.whole.tolist()


def test_records_of_near_values_are_paired() -> None:
    entries = Entries(np.array([0, 1, 2, 3]), np.array([0, 1, 0, 2]))
    texts = pa.array(["+15035550101", "+15035550107", "+12065559999"])
    packed = near_pairs(near_values(entries, texts, 1000))
    left, right = unpack(packed)
    assert list(zip(left.tolist(), right.tolist(), strict=True)) == [(0, 1), (1, 2)]


def test_far_too_many_near_values_are_only_estimated() -> None:
    texts = pa.array([f"{number:06d}" for number in range(20_000)])
    entries = Entries(np.arange(20_000), np.arange(20_000))
    few = near_values(entries, texts, 100)
    assert not len(few.left)
    all_of_them = near_values(entries, texts, 10**7)
    assert len(all_of_them.left) > 10_000
    assert few.held == pytest.approx(all_of_them.held, rel=1.0)


def test_near_values_do_not_depend_on_the_order_of_the_texts() -> None:
    texts = [f"name{number:03d}" for number in range(300)]

    def found(order: list[str]) -> set[frozenset[str]]:
        codes = np.arange(len(order))
        near = near_values(Entries(codes, codes), pa.array(order), 10**6)
        pairs = zip(near.left.tolist(), near.right.tolist(), strict=True)
        return {frozenset((order[one], order[other])) for one, other in pairs}

    assert found(texts) == found(texts[::-1])


def test_parts_together_find_what_one_pass_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = pa.array([f"name{number:03d}" for number in range(300)])
    codes = np.arange(300)
    whole = near_values(Entries(codes, codes), texts, 10**6)
    monkeypatch.setattr("blocking.near._TEXTS_AT_ONCE", 64)
    monkeypatch.setattr("blocking.near._MOST_TABLE_BITS", 6)  # others fall into every place
    parts = near_values(Entries(codes, codes), texts, 10**6, threads=2)
    assert whole.left.tolist() == parts.left.tolist()
    assert whole.right.tolist() == parts.right.tolist()


@given(
    st.lists(st.text("ab1", min_size=SHORTEST, max_size=7), min_size=2, max_size=12, unique=True),
    st.data(),
)
def test_across_two_sets_are_the_pairs_with_a_side_each(
    texts: list[str], data: st.DataObject
) -> None:
    count = 2 * len(texts)
    codes = np.array(data.draw(st.lists(st.sampled_from(range(len(texts))), min_size=count)))
    right_side = np.array(data.draw(st.lists(st.booleans(), min_size=len(codes))))[: len(codes)]
    entries = Entries(np.arange(len(codes)), codes)
    every = near_pairs(near_values(entries, pa.array(texts), 10**6))
    left, right = unpack(every)
    wanted = every[right_side[left] != right_side[right]]
    found = near_pairs(near_values(entries, pa.array(texts), 10**6, right_side))
    left, right = unpack(found)
    assert found[right_side[left] != right_side[right]].tolist() == wanted.tolist()
