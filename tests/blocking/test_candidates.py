"""Candidate pairs of whole records, and what the keys report."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocking import find_candidates
from blocking.candidates import Candidates
from blocking.keys import ALWAYS
from matcher.records import Column, Records, encode


def records(rows: list[dict[str, str]]) -> Records:
    def column(name: str) -> Column:
        return encode(pa.array([row.get(name) for row in rows], pa.string()))

    names = (
        "first_name",
        "last_name",
        "postal_code",
        "birth_date",
        "address",
        "city",
        "organization",
    )
    present = {name: column(name) for name in names if any(name in row for row in rows)}
    return Records(
        count=len(rows),
        columns=present,
        emails=[column("email")],
        phones=[column("phone")],
        organisation=np.array(["organization" in row and "last_name" not in row for row in rows]),
        external_ids={"van_id": column("van_id")},
    )


def found(rows: list[dict[str, str]]) -> set[tuple[int, int]]:
    order = np.arange(len(rows), dtype=np.int64)
    return pairs(find_candidates(records(rows), order))


def pairs(candidates: Candidates) -> set[tuple[int, int]]:
    return set(zip(candidates.left.tolist(), candidates.right.tolist(), strict=True))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"email": "ann@x.org"}, {"email": "ann@x.org"}),
        ({"email": "ann.lee@x.org"}, {"email": "ann.lee@y.org"}),
        ({"email": "annlee7@x.org"}, {"email": "anmlee7@x.org"}),
        ({"phone": "+15035550101"}, {"phone": "+15035550110"}),
        (
            {"last_name": "lee", "postal_code": "97202"},
            {"last_name": "lee", "postal_code": "97202"},
        ),
        ({"first_name": "kim", "last_name": "lee"}, {"first_name": "lee", "last_name": "kim"}),
        (
            {"first_name": "ann", "last_name": "smith", "postal_code": "97202"},
            {"first_name": "a", "last_name": "smyth", "postal_code": "97202"},
        ),
        ({"birth_date": "1990-03-07"}, {"birth_date": "1990-07-03"}),
        ({"van_id": "or:1"}, {"van_id": "or:1"}),
        ({"organization": "food bank"}, {"organization": "food bank"}),
        ({"organization": "acme tools inc"}, {"organization": "acme tols"}),
    ],
)
def test_two_records_meet(one: dict[str, str], other: dict[str, str]) -> None:
    assert found([one, other]) == {(0, 1)}


def test_strangers_do_not_meet() -> None:
    assert found([{"email": "ann@x.org", "phone": "+15035550101"}, {"email": "bob@y.org"}]) == set()


def test_a_person_never_meets_an_organisation() -> None:
    person = {"last_name": "lee", "email": "a@x.org"}
    assert found([person, {"organization": "lee", "email": "a@x.org"}]) == set()


def test_a_colleague_is_no_candidate() -> None:
    one = {"last_name": "lee", "first_name": "ann", "organization": "food bank"}
    assert found([one, {**one, "last_name": "cho", "first_name": "bo"}]) == set()


def test_of_two_sets_only_pairs_across_are_proposed() -> None:
    rows = [{"email": "a@x.org"}] * 4
    right_side = np.array([False, False, True, True])
    made = find_candidates(
        records(rows),
        np.arange(4, dtype=np.int64),
        right_side=right_side,
    )
    assert pairs(made) == {(0, 2), (0, 3), (1, 2), (1, 3)}


PERSON = st.fixed_dictionaries(
    {},
    optional={
        "first_name": st.sampled_from(["ann", "anna", "bo"]),
        "last_name": st.sampled_from(["lee", "leigh", "cho", "bo"]),
        "postal_code": st.sampled_from(["97202", "97203", "10001"]),
        "birth_date": st.sampled_from(["1990-01-02", "1990-02-01"]),
        "email": st.sampled_from(["annlee@x.org", "annlee@y.org", "anmlee@x.org", "bo@x.org"]),
        "phone": st.sampled_from(["+15035550101", "+15035550110"]),
        "organization": st.sampled_from(["food bank", "food bank east"]),
        "van_id": st.sampled_from(["1", "2"]),
    },
)


@given(st.lists(PERSON, min_size=2, max_size=8), st.lists(st.booleans(), min_size=8, max_size=8))
def test_what_one_of_two_sets_lacks_changes_nothing(
    rows: list[dict[str, str]], sides: list[bool]
) -> None:
    order, right_side = np.arange(len(rows), dtype=np.int64), np.array(sides[: len(rows)])
    made = find_candidates(records(rows), order, right_side=right_side)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("blocking.features.held_by", lambda slots, _: list(slots))
        whole = find_candidates(records(rows), order, right_side=right_side)
    assert pairs(made) == pairs(whole)
    assert made.keys == whole.keys


def test_a_key_with_too_many_pairs_splits_its_larger_blocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    generator = np.random.default_rng(2)
    rows = [
        {"first_name": "ann", "last_name": f"lee{row % 40}", "postal_code": f"{row % 9:05d}"}
        for row in generator.permutation(40 * 60)
    ]
    order = np.array([int(row["last_name"][3:]) * 9 + int(row["postal_code"]) for row in rows])
    name = next(key for key in ALWAYS if key.name.startswith("first + last name"))
    whole = find_candidates(records(rows), order, fixed=[name])
    monkeypatch.setattr("blocking.candidates.MOST_PAIRS", 1)
    monkeypatch.setattr("blocking.candidates.MOST_PAIRS_A_RECORD", 0.0)
    split = find_candidates(records(rows), order, fixed=[name])
    assert (whole.keys[0].oversized, split.keys[0].oversized) == (0, 40)
    assert pairs(split) < pairs(whole)
    together = {
        (one, other)
        for one, other in pairs(whole)
        if rows[one]["postal_code"] == rows[other]["postal_code"]
    }
    assert together <= pairs(split)


def test_the_report_counts_and_measures_recall() -> None:
    rows = [{"email": "a@x.org"}, {"email": "a@x.org"}, {"email": "b@x.org"}, {"email": "c@x.org"}]
    made = find_candidates(
        records(rows), np.arange(4, dtype=np.int64), truth=np.array([1, 1, 2, 2])
    )
    email = next(key for key in made.keys if key.key == "email")
    assert (email.blocks, email.held, email.largest, email.pairs) == (1, 1, 2, 1)
    assert email.recall == made.recall == 0.5


def test_a_dear_key_is_left_out_and_says_so() -> None:
    generator = np.random.default_rng(1)
    count = 12_000
    some = records(
        [
            {"first_name": "ann", "postal_code": f"{zip_code:05d}"}
            for zip_code in generator.integers(0, 120, count)
        ]
    )
    made = find_candidates(some, np.arange(count, dtype=np.int64))
    report = {key.key: key for key in made.keys}
    assert not report["first name"].used
    assert report["first name"].held == count * (count - 1) // 2
    assert not report["first name + ZIP"].used
    assert len(made) <= 5 * count


def test_missing_columns_leave_keys_out() -> None:
    some = replace(
        records([{"email": "a@x.org"}, {"email": "a@x.org"}]), phones=[], external_ids={}
    )
    made = find_candidates(some, np.arange(2, dtype=np.int64))
    assert "phone" not in {key.key for key in made.keys}
