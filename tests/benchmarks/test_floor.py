from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from benchmarks import floor, results
from matcher.records import encode


@pytest.fixture
def contacts(tmp_path: Path) -> Path:
    path = tmp_path / "contacts.csv"
    rows = [f'Ann{i % 7},Okafor{i % 5},"{i % 11} Elm, St",ann{i % 9}@mail.org' for i in range(60)]
    path.write_text("\n".join(["first_name,last_name,address,email", *rows]), encoding="utf-8")
    return path


def test_every_stage_has_a_floor(
    contacts: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(floor, "contacts_file", lambda rows: contacts)
    monkeypatch.setattr(results, "_FOLDER", contacts.parent)
    floor.main(["--rows", "60", "--runs", "2", "--freeze"])
    measured = results.frozen("floor")["60"]
    assert list(measured) == [
        "read", "normalise", "block", "compare", "estimate", "weigh", "cluster", "people", "write",
    ]  # fmt: skip
    assert all(found["seconds"] >= 0 and found["floor"] >= 0 for found in measured.values())
    assert "CSV to columns of text" in capsys.readouterr().out
    assert [path.name for path in contacts.parent.glob("*.csv")] == ["contacts.csv"]


def test_the_floor_of_comparing_does_compare(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[str, str]] = []
    monkeypatch.setattr(
        floor, "cpdist", lambda one, other, scorer: compared.extend(zip(one, other, strict=True))
    )
    column = encode(pa.array(["ann", "anne", None, "ann", "bo"]))
    left, right = np.array([0, 0, 0, 1, 3, 3]), np.array([1, 2, 3, 3, 1, 4])
    floor.compare(column, left, right)
    assert compared == [("ann", "anne"), ("ann", "bo"), ("anne", "ann")]
