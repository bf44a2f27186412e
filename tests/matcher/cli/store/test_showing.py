from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

import pandas as pd
import pytest

from matcher.cli.store.showing import plain, say, show

WHEN = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
FRAME = pd.DataFrame(
    {
        "person_id": ["P1", "P12"],
        "when": [WHEN, None],
        "records": [["van:1", "van:2"], []],
        "probability": [0.5, None],
        "note": [None, None],
    }
)


@dataclass(frozen=True)
class Answer:
    person_id: str
    when: datetime

    def __str__(self) -> str:
        return f"it is {self.person_id}"


def test_a_frame_is_a_header_and_a_line_per_row(capsys: pytest.CaptureFixture[str]) -> None:
    show(FRAME, as_json=False)
    assert capsys.readouterr().out.splitlines() == [
        "person_id  when              records       probability",
        "P1         2026-11-02 09:30  van:1, van:2  0.5",
        "P12",
    ]


def test_a_frame_without_rows_is_said_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    show(FRAME.head(0), as_json=False, nothing="nobody")
    assert capsys.readouterr().out == "nobody\n"


def test_a_frame_is_a_list_of_rows_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    show(FRAME, as_json=True)
    first, second = json.loads(capsys.readouterr().out)
    assert first["records"] == ["van:1", "van:2"]
    assert datetime.fromisoformat(first["when"]) == WHEN
    assert second["when"] is None


def test_a_value_prints_itself(capsys: pytest.CaptureFixture[str]) -> None:
    show(Answer("P1", WHEN), as_json=False)
    show(Answer("P1", WHEN), as_json=True)
    said, *lines = capsys.readouterr().out.splitlines()
    assert said == "it is P1"
    assert json.loads("\n".join(lines))["person_id"] == "P1"


def test_plain_values_stay() -> None:
    assert plain({"persons": 3}) == {"persons": 3}


def test_nothing_is_said_where_nothing_is_to_be_said(capsys: pytest.CaptureFixture[str]) -> None:
    say("much", quiet=True)
    assert capsys.readouterr().out == ""
