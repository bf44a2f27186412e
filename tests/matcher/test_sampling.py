"""Random pairs: of different records, across where asked, the same ones in any order."""

from __future__ import annotations

import numpy as np

from matcher.sampling import RANDOM_PAIRS, random_pairs


def contents(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).permutation(count).astype(np.int64) * 7919


def test_pairs_are_of_two_records() -> None:
    left, right = random_pairs(contents(500))
    assert (left != right).all()
    assert 0.99 * RANDOM_PAIRS < len(left) <= RANDOM_PAIRS
    assert set(left.tolist()) == set(range(500))


def test_the_same_records_are_drawn_in_any_order() -> None:
    order = contents(700)
    shuffle = np.random.default_rng(1).permutation(700)
    one, other = random_pairs(order), random_pairs(order[shuffle])
    for before, after in zip(one, other, strict=True):
        assert (order[before] == order[shuffle][after]).all()


def test_pairs_of_two_sets_have_one_record_of_each() -> None:
    right_side = np.arange(300) % 3 == 0
    left, right = random_pairs(contents(300), right_side)
    assert not right_side[left].any()
    assert right_side[right].all()
    assert len(left) == RANDOM_PAIRS


def test_of_many_records_a_part_is_drawn() -> None:
    order = contents(120_000)
    left, right = random_pairs(order)
    drawn = np.unique(np.concatenate([left, right]))
    assert len(drawn) <= 50_000
    assert order[drawn].max() < np.partition(order, 50_000)[50_000]


def test_too_few_records_give_no_pairs() -> None:
    for count in (0, 1):
        left, right = random_pairs(contents(count))
        assert len(left) == len(right) == 0
    left, right = random_pairs(contents(3), np.zeros(3, np.bool_))
    assert len(left) == len(right) == 0
