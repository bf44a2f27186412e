"""End to end: who is put together, who never is, and that the order of the rows is nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matcher

Row = dict[str, str | None]


def groups(result: matcher.Result) -> set[frozenset[str]]:
    """The partition, by record ids."""
    grouped = result.clusters.groupby("cluster_id")["record_id"]
    return {frozenset(members) for _, members in grouped}


def people_by_id(result: matcher.Result) -> list[dict[str, Any]]:
    rows = result.people_table().to_pylist()
    return sorted(rows, key=lambda row: row["cluster_id"])


def review_pairs(result: matcher.Result) -> set[frozenset[str]]:
    pairs = result.review_table().select(["record_id_left", "record_id_right"]).to_pylist()
    return {frozenset(pair.values()) for pair in pairs}


def numbered(rows: list[Row]) -> list[Row]:
    return [{"record_id": f"r{place}", **row} for place, row in enumerate(rows)]


HOME: Row = {
    "last_name": "Okafor",
    "address_line1": "12 Elm Street",
    "city": "Springfield",
    "region": "MA",
    "postal_code": "01101",
    "phone": "(413) 555-0142",
    "email": "the.okafors@example.org",
}


def test_a_household_of_one_surname_address_phone_and_mailbox_is_not_one_person() -> None:
    names = ["Chinedu", "Grace", "Malik", "Ifeoma"]
    rows = numbered([{"first_name": name, **HOME} for name in names])
    result = matcher.dedupe(rows)
    assert len(groups(result)) == len(names)
    assert (result.pairs["household_probability"] > 0.5).all()


def test_each_of_a_household_is_found_again() -> None:
    names = ["Chinedu", "Grace", "Malik"] * 2
    rows = numbered([{"first_name": name, **HOME} for name in names])
    assert groups(matcher.dedupe(rows)) == {frozenset({f"r{i}", f"r{i + 3}"}) for i in range(3)}


def test_junior_and_senior_of_one_name_and_address_are_two() -> None:
    rows = numbered(
        [{"first_name": "Grace", "suffix": suffix, **HOME} for suffix in ("Jr", "Sr", "Jr.", "SR")]
    )
    assert groups(matcher.dedupe(rows)) == {frozenset({"r0", "r2"}), frozenset({"r1", "r3"})}


def test_an_organisation_is_never_one_with_a_person() -> None:
    person: Row = {"first_name": "Grace", **HOME}
    named_alike: Row = {**HOME, "last_name": None, "organization": "Grace Okafor"}
    result = matcher.dedupe(numbered([person, named_alike, named_alike]))
    assert groups(result) == {frozenset({"r0"}), frozenset({"r1", "r2"})}
    assert sorted(result.people["entity_type"]) == ["organization", "person"]


def test_a_role_mailbox_does_not_merge_people() -> None:
    rows = numbered(
        [
            {"first_name": first, "last_name": last, "email": "info@example.org"}
            for first, last in [("Ann", "Moss"), ("Bo", "Li"), ("Cy", "Ash"), ("Dee", "Roe")]
        ]
    )
    assert len(groups(matcher.dedupe(rows))) == len(rows)


def test_made_contacts_are_found(found: matcher.Result, made: tuple[pa.Table, pa.Table]) -> None:
    judged = matcher.evaluate(found.clusters, made[1])
    assert judged.f1 > 0.95


DEGENERATE: dict[str, list[Row]] = {
    "one record": [{"first_name": "Ann", "last_name": "Moss"}],
    "two the same": [{"first_name": "Ann", "last_name": "Moss", "email": "am@example.org"}] * 2,
    "nothing shared": [
        {"first_name": "Ann", "last_name": "Moss"},
        {"first_name": "Zed", "last_name": "Quy"},
    ],
    "nothing at all": [{"first_name": None, "email": None}] * 3,
    "placeholders": [{"first_name": "Test", "last_name": "Test", "email": "none@none.com"}] * 3,
    "one column": [{"email": "ann@example.org"}, {"email": "ANN@example.org"}],
}


@pytest.mark.parametrize("name", DEGENERATE)
def test_input_with_little_to_go_by_gives_sensible_output(name: str, tmp_path: Path) -> None:
    rows = numbered(DEGENERATE[name])
    result = matcher.dedupe(rows)
    together = name in ("two the same", "one column")
    assert len(groups(result)) == (1 if together else len(rows))
    for path in result.write(tmp_path):
        assert path.read_text(encoding="utf-8").count("\n") >= 1
    for table in (result.clusters, result.people, result.pairs, result.review, result.rejects):
        assert len(table.columns) > 3
    assert "records" in repr(result)


FIRST = ["Ann", "Anne", "Robert", "Bob", "Grace", "J", "José", None]
LAST = ["Okafor", "O'Neil", "ONEIL", "Smith", "smith jr", None]
EMAIL = ["okafors@example.org", "ann@example.org", "Ann@Example.org", "info@example.org", None]
PHONE = ["413-555-0142", "(413) 555 0142", "+44 20 7946 0958", None]
STREET = ["12 Elm St", "12 Elm Street Apt 2", "9 Oak Ave", None]
DATE = ["2024-01-05", "2023-07-30", None]


@st.composite
def worlds(draw: st.DrawFn) -> list[Row]:
    """A few households, some of their people, and several records of each."""
    row = st.fixed_dictionaries(
        {
            "first_name": st.sampled_from(FIRST),
            "last_name": st.sampled_from(LAST),
            "email": st.sampled_from(EMAIL),
            "phone": st.sampled_from(PHONE),
            "address_line1": st.sampled_from(STREET),
            "postal_code": st.sampled_from(["01101", "1101", None]),
            "updated_at": st.sampled_from(DATE),
        }
    )
    rows: list[Row] = draw(st.lists(row, min_size=2, max_size=12))
    again = draw(st.lists(st.sampled_from(rows), max_size=4))
    return numbered([*rows, *({**row} for row in again)])


@settings(max_examples=25, deadline=None)
@given(worlds(), st.randoms(use_true_random=False))
def test_any_order_of_the_rows_gives_the_same_result(rows: list[Row], random: Any) -> None:
    shuffled = rows.copy()
    random.shuffle(shuffled)
    one, other = matcher.dedupe(rows), matcher.dedupe(shuffled)
    assert groups(one) == groups(other)
    assert people_by_id(one) == people_by_id(other)
    assert review_pairs(one) == review_pairs(other)


@pytest.mark.parametrize("seed", [1, 2])
def test_any_order_gives_the_same_result_where_the_model_is_estimated(
    found: matcher.Result, made: tuple[pa.Table, pa.Table], seed: int
) -> None:
    order = np.random.default_rng(seed).permutation(made[0].num_rows)
    other = matcher.dedupe(made[0].take(pa.array(order)))
    assert groups(found) == groups(other)
    assert people_by_id(found) == people_by_id(other)
    assert review_pairs(found) == review_pairs(other)


def test_without_ids_the_values_do_not_depend_on_the_order() -> None:
    rows: list[Row] = [
        {"first_name": first, "last_name": "O'Neil", "email": "oneil@example.org"}
        for first in ("SHAY", "Shay", "ShAy", "shay")
    ]
    values = ["first_name", "last_name", "email"]
    one = matcher.dedupe(rows).people[values]
    pd.testing.assert_frame_equal(one, matcher.dedupe(rows[::-1]).people[values])
    assert one["first_name"][0] in ("Shay", "ShAy")
