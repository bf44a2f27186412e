"""What the words of consent mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.consent import SUBSCRIBED, UNSUBSCRIBED, forbids_calls, status_of
from matcher.reading import read


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (" Opt-Out ", UNSUBSCRIBED),
        ("opted_in", SUBSCRIBED),
        ("0.0", UNSUBSCRIBED),
        ("Previous  Bounce", "previous bounce"),
        ("perhaps", None),
    ],
)
def test_words_mean_a_status_however_they_are_written(words: str, status: str | None) -> None:
    assert status_of(words) == status


@pytest.mark.parametrize(
    ("cell", "told", "forbids"),
    [
        ("yes", "do_not_call=yes", True),
        ("no", None, None),
        ("unsubscribed", "unsubscribed", True),
        ("Opted-In", "Opted-In", False),
    ],
)
def test_a_column_about_calls_forbids_them_or_says_in_words_what_it_means(
    tmp_path: Path, cell: str, told: str | None, forbids: bool | None
) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"first_name,phone,do_not_call\nAnn,312-555-0142,{cell}\n")
    table = read(path).table
    (found,) = (
        table["phone_consent"].to_pylist() if "phone_consent" in table.schema.names else [None]
    )
    assert found == told
    assert forbids is None or forbids_calls(found) is forbids
