from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import matcher
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
    hand_over(result.matched, person, tmp_path)

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
    hand_over(result.matched, np.array([0, 0]), tmp_path)
    monkeypatch.setattr(sys, "argv", ["peer", str(tmp_path), str(tmp_path), "plain"])
    task = Task.given()
    assert task.linking
    assert task.records["side"].tolist() == [0, 1]
