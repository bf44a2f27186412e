"""Half of an emoji, as a program that cuts texts by bytes leaves it, costs no more than itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from matcher.reading import read
from matcher.reading.halves import Mender

HALF = "Ana \ud83d"
ROWS: list[dict[str, Any]] = [
    {"first_name": HALF, "last_name": "Diaz", "email": "ana@example.org"},
    {"first_name": "Ben \U0001f600", "last_name": "Okafor", "email": "ben@example.org"},
]


def as_json(folder: Path) -> Path:
    path = folder / "rows.json"
    path.write_text(json.dumps(ROWS))
    return path


def as_lines(folder: Path) -> Path:
    path = folder / "rows.ndjson"
    path.write_text("\n".join(map(json.dumps, ROWS)))
    return path


@pytest.mark.parametrize(
    "made",
    [lambda _: ROWS, lambda _: pd.DataFrame(ROWS, dtype=object), as_json, as_lines],
    ids=["dicts", "pandas", "json", "ndjson"],
)
def test_a_half_is_replaced_and_told_of_and_the_rest_is_as_it_was(
    made: Any, tmp_path: Path
) -> None:
    raw = read(made(tmp_path))
    assert raw.table["first_name"].to_pylist() == ["Ana �", "Ben \U0001f600"]
    (report,) = raw.sources
    assert any("half a character" in note and note.endswith(": 1") for note in report.notes)


def test_halves_are_found_however_deep_and_in_names_too() -> None:
    mender = Mender()
    given = {HALF: [{"x": ("\udc00", 1, None)}], "whole": "\U0001f600"}
    assert mender.mend(given) == {"Ana �": [{"x": ["�", 1, None]}], "whole": "\U0001f600"}
    assert mender.count == 2


def test_where_nothing_was_mended_nothing_is_said() -> None:
    assert Mender().notes == []
    assert read(ROWS[1:]).sources[0].notes == ()
