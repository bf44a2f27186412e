"""Small versions of the cases: what is counted stays in proportion to the records."""

from __future__ import annotations

from pathlib import Path

import pytest

import matcher
from benchmarks import adversarial

_ROWS = 3_000
#: Candidate pairs a record that no case may exceed, however much all records share.
_MOST_PAIRS = 130


@pytest.mark.parametrize("case", adversarial.CASES)
def test_candidate_pairs_stay_in_proportion_to_the_records(case: str) -> None:
    result = matcher.dedupe(adversarial.CASES[case](_ROWS))
    counts = result.report["counts"]
    assert counts["records"] == _ROWS
    assert counts["candidate_pairs"] <= _MOST_PAIRS * _ROWS


def test_strangers_who_share_one_mailbox_are_not_one_person() -> None:
    result = matcher.dedupe(adversarial.one_email(_ROWS))
    assert result.report["counts"]["largest_cluster"] < 20


def test_a_household_of_thousands_is_not_one_person() -> None:
    result = matcher.dedupe(adversarial.household(_ROWS))
    assert result.report["counts"]["largest_cluster"] < 20


def test_a_case_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "contacts.csv"
    adversarial.write("nulls", 5, path)
    assert path.read_text(encoding="utf-8").splitlines()[0] == (
        '"first_name","last_name","email","phone"'
    )
    assert not path.with_suffix(".part").exists()
