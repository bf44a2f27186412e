"""A list kept in a store is what a replay of all its rows would give, however they come."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matcher
from matcher.demo import write_exports
from matcher.store import Store

Row = dict[str, Any]

POLICIES = ("action_network", "nationbuilder", "ngp_van", "ngp_van_people", "interactions")
PROFILES = ("document", "native")


def maybe(*values: str) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(values)


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "request": maybe("update", "push", "create", "match"),
            "person_id": maybe("1", "2", "77"),
            "first_name": maybe("Ann", "Bob", "Robert", "Élodie"),
            "last_name": maybe("Smith", "Jones"),
            "email": maybe("ann@smith.net", "a.nn@smith.net", "bob@gmail.com", "bo.b@gmail.com"),
            "email2": maybe("ann@smith.net", "third@jones.org"),
            "phone": maybe("202 456 1414", "202 456 1111"),
            "email_status": maybe("subscribed", "unsubscribed", "bouncing"),
            "address": maybe("1 Main St", "22 Oak Ave"),
            "zip": maybe("10001", "20002"),
            "birth_date": maybe("1970-01-02", "1980-11-30"),
            "updated_at": maybe("2024-01-05", "2025-02-06"),
            "tags": maybe("donor", "donor; volunteer"),
            "remove_tags": maybe("donor"),
            "identifiers": maybe("crm:7", "crm:8;van:9"),
            "do_not_call": maybe("yes"),
        }
    ),
    min_size=1,
    max_size=12,
)


def batched(rows: Sequence[Row], cuts: Sequence[int]) -> list[list[Row]]:
    places = [*sorted({cut % len(rows) for cut in cuts} | {0}), len(rows)]
    return [list(rows[a:b]) for a, b in pairwise(places)]


def level_two(store: Store, policy: str) -> set[str]:
    found = store.query(
        "SELECT source_record_id FROM person_record WHERE source = ? ORDER BY 1", [policy]
    )
    assert len(found) == len(set(found))
    return {name for (name,) in found}


def without_row(events: pa.Table) -> list[Row]:
    found: list[Row] = events.drop_columns("row").to_pylist()
    return found


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("policy", POLICIES)
@settings(max_examples=3)
@given(ROWS, st.lists(st.integers(0, 11), max_size=3), st.booleans())
def test_a_list_is_what_a_replay_of_all_its_rows_gives(
    policy: str, profile: str, rows: list[Row], cuts: list[int], reopened: bool
) -> None:
    whole = matcher.replay(rows, policy=policy, profile=profile)
    told = []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "store.duckdb"
        store = Store(path)
        for batch in batched(rows, cuts):
            if reopened:
                store.close()
                store = Store(path)
            told.append(store.ingest(batch, policy=policy, profile=profile).events_table)
        people, found = store.vendor_list(policy), level_two(store, policy)
        store.close()
        with Store(path) as again:
            pd.testing.assert_frame_equal(again.vendor_list(policy), people)
    pd.testing.assert_frame_equal(people, whole.people)
    assert found == set(people["person_id"])
    assert [event for each in told for event in without_row(each)] == (
        without_row(whole.events_table())
    )


@pytest.mark.parametrize("policy", POLICIES[:4])
def test_the_exports_of_the_demo_come_in_one_file_after_the_other(
    policy: str, tmp_path: Path
) -> None:
    exports = [path for path in write_exports(tmp_path / "demo") if path.suffix == ".csv"]
    whole = matcher.replay(exports, policy=policy)
    with Store(tmp_path / "store.duckdb") as store:
        for export in exports:
            store.ingest(export, policy=policy)
        pd.testing.assert_frame_equal(store.vendor_list(policy), whole.people)
        assert level_two(store, policy) == set(whole.people["person_id"])
        assert store.check().problems == []
