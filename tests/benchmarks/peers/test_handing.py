from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import matcher
from benchmarks import lists
from benchmarks.contacts import generate
from benchmarks.peers.answers import Task
from benchmarks.peers.handing import hand_over
from benchmarks.quality import persons


def test_a_peer_finds_normalised_columns_and_labels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts, truth = generate(2_000, 1)
    result = matcher.dedupe(contacts)
    person = persons(result.clusters["record_id"], truth.to_pandas())
    hand_over(result, person, tmp_path)

    monkeypatch.setattr(sys, "argv", ["peer", str(tmp_path), str(tmp_path), "plain"])
    task = Task.given()
    assert not task.linking
    assert task.records["id"].tolist() == list(range(2_000))
    assert {"first_name", "last_name", "email", "phone", "address"} <= set(task.columns)
    assert "true_id" not in task.columns
    emails = task.records["email"].dropna()
    assert (emails == emails.str.lower()).all()
    assert ("email",) in task.keys
    assert ("soc_sec_id",) not in task.keys
    assert ("birth_date",) not in task.keys
    assert ("birth_date",) in replace(task, loosely=True).keys

    labels = task.labels()
    same = person[labels["left"].to_numpy()] == person[labels["right"].to_numpy()]
    assert np.array_equal(same, labels["same"].to_numpy())
    assert labels["same"].sum() == len(labels) / 2 == 500


def test_both_sides_of_a_link_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [{"first_name": "Ada", "last_name": "Okafor", "email": "ada@example.org"}]
    result = matcher.link({"one": people}, {"other": people})
    hand_over(result, np.array([0, 0]), tmp_path)
    monkeypatch.setattr(sys, "argv", ["peer", str(tmp_path), str(tmp_path), "plain"])
    task = Task.given()
    assert task.linking
    assert task.records["side"].tolist() == [0, 1]


def test_organisations_are_handed_over_with_the_start_of_their_names_to_block_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = lists.organisations(1, 60)
    task = given(listed, tmp_path, monkeypatch)
    assert {"organization", "address", "postal_code", "phone"} <= set(task.columns)
    assert "organization_start" not in task.columns
    assert ("organization_start", "postal_code") in task.keys
    starts = task.records["organization_start"]
    assert (starts == task.records["organization"].str[:5]).all()


def test_a_date_that_only_the_product_takes_for_none_is_handed_over_as_it_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = lists.register(1, 200)
    listed.records.loc[0, "birth_date"] = "1899-13-45"
    task = given(listed, tmp_path, monkeypatch)
    came, handed = listed.records["birth_date"], task.records["birth_date"]
    assert handed[0] == "1899-13-45"
    whole = came.str.fullmatch(r"\d{4}-\d\d-\d\d", na=False)
    assert handed[whole].notna().mean() > 0.99
    assert (handed[whole].dropna() == came[whole][handed[whole].notna()]).all()
    assert ("last_name", "city") not in task.keys
    assert ("last_name", "city") in replace(task, loosely=True).keys


def given(listed: lists.Made, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Task:
    result = matcher.dedupe(listed.records)
    hand_over(result, persons(result.clusters["record_id"], listed.truth), folder)
    monkeypatch.setattr(sys, "argv", ["peer", str(folder), str(folder), "plain"])
    return Task.given()
