"""The benchmark of interactions: its made-up half, and its figures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import interactions


def test_generated_interactions_say_whom_they_were_with() -> None:
    people, asked, who, meant = interactions.generated(400)
    assert people.num_rows == 200
    known = {who[record] for record in people["record_id"].to_pylist()}
    assert {one for one in meant.values() if one is not None} <= known
    for each in asked:
        info = each["contactInfo"]
        assert info.get("email") or info.get("phone") or info.get("address")
        assert meant[each["id"]] in (who[each["id"]], None)


def test_quality_counts_links_against_the_truth() -> None:
    people = [{"record_id": "a", "source": "s", "first_name": "Ana", "email": "a@example.com"}]
    asked = [
        {"id": "1", "contactInfo": {"email": ["a@example.com"], "firstName": "Ana"}},
        {"id": "2", "contactInfo": {"email": ["nobody@example.org"]}},
    ]
    found = interactions.quality(people, asked, {"a": "A"}, {"1": "A", "2": None})
    assert (found["linked"], found["linked rightly"], found["nobody's, linked"]) == (1, 1, 0)
    wrong = interactions.quality(people, asked, {"a": "A"}, {"1": None, "2": None})
    assert (wrong["linked rightly"], wrong["nobody's, linked"]) == (0, 1)


def test_quality_on_the_shared_set_holds_what_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interactions, "_QUALITY_ROWS", 400)
    found = dict(interactions.qualities())
    if "contacts" not in found:
        pytest.skip("the shared set is not here")
    shared = found["contacts"]
    assert shared["interactions"] == 5_000
    assert shared["linked rightly"] >= 2_800
    assert shared["precision"] >= 0.98
    assert shared["nobody's, linked"] <= 10
    assert shared["review, right person listed"] >= 0.9 * shared["review"]


def test_speed_is_measured_step_by_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interactions, "WORK", tmp_path)
    monkeypatch.setattr(interactions, "_LATE", 20)
    folder = interactions._prepared(60)
    lines = (folder / "interactions.ndjson").read_text(encoding="utf-8").splitlines()
    assert all("contactInfo" in json.loads(line) for line in lines)
    told = interactions.measure(folder, tmp_path / "s.duckdb")
    assert {"people", "interactions", "late people"} < told.keys()
