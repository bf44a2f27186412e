"""Made-up lists: repeatable, with a truth apart, and damaged as they say."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from benchmarks import lists

LISTS = [lists.historical, lists.register, lists.organisations]


@pytest.mark.parametrize("make", LISTS)
def test_a_seed_makes_one_list_and_another_seed_another(
    make: Callable[[int, int], lists.Made],
) -> None:
    one, again, other = make(1, 60), make(1, 60), make(2, 60)
    pd.testing.assert_frame_equal(one.records, again.records)
    pd.testing.assert_frame_equal(one.truth, again.truth)
    assert not one.records.equals(other.records)


@pytest.mark.parametrize("make", LISTS)
def test_everybody_is_there_and_the_truth_is_apart(
    make: Callable[[int, int], lists.Made],
) -> None:
    made = make(3, 60)
    assert made.records["record_id"].tolist() == made.truth["record_id"].tolist()
    assert made.records["record_id"].is_unique
    assert set(made.truth["true_id"]) == set(range(60))
    assert "true_id" not in made.records


def test_the_dead_have_many_records_and_the_register_has_few() -> None:
    many, few = lists.historical(1, 200).truth, lists.register(1, 200).truth
    assert 9 < len(many) / 200 < 11
    assert 2.7 < len(few) / 200 < 3.3


def test_copies_are_damaged_and_no_list_has_a_mailbox() -> None:
    records = lists.historical(1, 200).records
    assert 0.1 < records["birth_date"].isna().mean() < 0.2
    assert (records["first_name"].str.len() == 1).any()
    for make in LISTS:
        assert not {"email", "nickname", "title"} & set(make(1, 60).records.columns)
