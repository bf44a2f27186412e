"""Ids: the largest part keeps them, the older wins a tie, nobody is lost and none is used twice."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.store.identities import NOBODY, rename


def renamed(before: list[int], groups: list[int], next_person: int = 100) -> dict[str, object]:
    found = rename(np.array(before, np.int64), np.array(groups, np.int64), next_person)
    return {
        "person": found.person.tolist(), "created": list(found.created), "merged": found.merged,
        "split": found.split, "emptied": list(found.emptied),
    }  # fmt: skip


def test_a_person_that_gains_a_record_keeps_its_id() -> None:
    found = renamed([1, 1, NOBODY], [0, 0, 0])
    assert found["person"] == [1, 1, 1]
    assert not found["created"] and not found["merged"] and not found["split"]


def test_the_larger_of_two_that_merge_keeps_its_id() -> None:
    found = renamed([1, 2, 2], [0, 0, 0])
    assert found["person"] == [2, 2, 2]
    assert found["merged"] == {1: 2}


def test_the_older_keeps_its_id_where_both_are_as_large() -> None:
    assert renamed([7, 3], [0, 0])["merged"] == {7: 3}


def test_the_smaller_part_of_a_split_gets_a_new_id() -> None:
    found = renamed([1, 1, 1], [5, 9, 5])
    assert found["person"] == [1, 100, 1]
    assert found["split"] == {100: 1}


def test_new_records_make_new_persons_in_their_order() -> None:
    found = renamed([NOBODY] * 3, [8, 2, 8])
    assert found["person"] == [100, 101, 100]
    assert found["created"] == [100, 101] and not found["split"]


def test_a_person_without_records_is_emptied() -> None:
    found = renamed([4, 5], [NOBODY, 1])
    assert found["person"] == [NOBODY, 5]
    assert found["emptied"] == [4]


def test_parts_of_two_persons_can_change_places() -> None:
    found = renamed([1, 1, 2, 2, 2], [0, 1, 1, 1, 0])
    assert found["person"] == [1, 2, 2, 2, 1]


@given(st.lists(st.tuples(st.integers(-1, 6), st.integers(-1, 6)), min_size=1, max_size=25))
def test_nobody_is_lost_and_no_id_serves_two(rows: list[tuple[int, int]]) -> None:
    before = np.array([row[0] for row in rows], np.int64)
    groups = np.array([row[1] for row in rows], np.int64)
    found = rename(before, groups, 100)
    assert ((found.person >= 0) == (groups >= 0)).all()
    together = found.person[:, None] == found.person[None, :]
    apart = groups[:, None] == groups[None, :]
    kept = groups >= 0
    assert (together[kept][:, kept] == apart[kept][:, kept]).all()
    old = set(before[before >= 0].tolist())
    now = set(found.person[kept].tolist())
    assert now - old == set(found.created)
    assert old - now == set(found.merged) | set(found.emptied)
    assert set(found.merged.values()) <= now
    assert rename(found.person, groups, 200).person.tolist() == found.person.tolist()


def test_an_id_that_is_claimed_again_is_restored() -> None:
    one, gone = np.array([1, 1], np.int64), np.array([1, 2], np.int64)
    found = rename(one, np.array([0, 1], np.int64), 9, gone)
    assert found.person.tolist() == [1, 2]
    assert found.restored == {2: 1}
    assert not found.created and not found.split and not found.merged


def test_a_person_whose_id_nobody_claims_merges_into_the_one_restored() -> None:
    found = rename(np.array([1, 5]), np.array([0, 0]), 9, np.array([1, 1]))
    assert found.person.tolist() == [1, 1]
    assert found.merged == {5: 1} and not found.restored
