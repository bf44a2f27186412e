from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import results
from benchmarks.contacts import generate
from benchmarks.datasets import Dataset
from benchmarks.peers import __main__ as peers


def small(name: str, seeds: int) -> Iterator[Dataset]:
    for seed in range(1, seeds + 1):
        contacts, truth = generate(500, seed)
        yield Dataset(f"{name}/{seed}", contacts, truth.to_pandas())


def test_each_seed_is_a_row_and_what_was_frozen_of_other_peers_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub = tmp_path / "python"
    stub.write_text("#!/bin/sh\necho 'OSError: no such thing'; exit 1\n", encoding="utf-8")
    stub.chmod(0o755)
    monkeypatch.setenv("MATCHER_PEERS_PYTHON", str(stub))
    monkeypatch.setattr(results, "_FOLDER", tmp_path)
    monkeypatch.setattr(peers, "_WORK", tmp_path / "work")
    monkeypatch.setattr(peers, "load", small)
    results.save("peers", {"generated-10k/2": {"dedupe": {"unfinished": "at 9 s"}}}, freeze=True)

    peers.main(
        [
            "--sets",
            "generated-10k",
            "--seeds",
            "2",
            "--peers",
            "splink",
            "--keys",
            "plain",
            "--freeze",
        ]
    )
    frozen: dict[str, Any] = results.frozen("peers")
    assert set(frozen["generated-10k/1"]) == {"matcher", "splink"}
    assert set(frozen["generated-10k/2"]) == {"matcher", "splink", "dedupe"}
    row = frozen["generated-10k/1"]
    assert row["splink"] == {"failed": "OSError: no such thing"}
    assert row["matcher"]["own"]["f1"] > 0.9
    assert row["matcher"]["peak_mb"] > 50
    assert sum(pairs for _, _, pairs, _, _ in row["matcher"]["reliability"]) > 1_000
