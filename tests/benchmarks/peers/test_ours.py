from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

import matcher
from benchmarks.contacts import generate
from benchmarks.datasets import Dataset
from benchmarks.peers import ours

PEOPLE = pd.DataFrame(
    {
        "record_id": ["a", "b"],
        "first_name": ["Ada", "Bola"],
        "last_name": ["Okafor", "Adeyemi"],
        "email": ["ada@example.org", None],
    }
)


def test_the_product_run_as_a_peer_finds_what_it_finds_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts, truth = generate(500, 1)
    ours.give(Dataset("some", contacts, truth.to_pandas()), tmp_path)
    monkeypatch.setattr(sys, "argv", ["ours", str(tmp_path), str(tmp_path), "plain"])
    ours.main()
    written = pd.read_parquet(tmp_path / "clusters-0.5.parquet")
    here = matcher.dedupe(contacts).clusters
    assert written["id"].tolist() == list(range(500))
    assert written["cluster"].tolist() == pd.factorize(here["cluster_id"])[0].tolist()


def test_both_sides_and_further_columns_are_given_and_the_truth_is_not(tmp_path: Path) -> None:
    truth = pd.DataFrame({"record_id": ["a", "b"], "true_id": [1, 2]})
    ours.give(Dataset("some", PEOPLE, truth, right=PEOPLE, extra={"town": "text"}), tmp_path)
    found = ours.given_in(tmp_path)
    assert found.right is not None
    assert found.extra == {"town": "text"}
    assert len(found.truth) == 0
    assert "true_id" not in pa.table(found.source).column_names

    ours.give(Dataset("some", PEOPLE, truth), tmp_path)
    assert ours.given_in(tmp_path).right is None
