from __future__ import annotations

import csv
from pathlib import Path

import pytest

import matcher
from matcher.demo import find, write_exports
from matcher.errors import OutputError
from matcher.result import Result


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("demo")
    write_exports(made)
    return made


@pytest.fixture(scope="module")
def result(folder: Path) -> Result:
    return matcher.dedupe(write_exports(folder))


def test_each_export_is_recognised_for_what_it_is(result: Result) -> None:
    vendors = [source["vendor"] for source in result.report["sources"]]
    assert vendors == [
        "Action Network report",
        "NationBuilder people",
        "VAN My Voters",
        "EveryAction bulk upload (one attribute per row)",
        None,
    ]


def test_every_record_has_a_truth_and_every_truth_a_record(folder: Path, result: Result) -> None:
    with (folder / "truth.csv").open(newline="", encoding="utf-8") as file:
        truth = [row["record_id"] for row in csv.DictReader(file)]
    assert len(set(truth)) == len(truth)
    assert set(truth) == set(result.clusters["record_id"])


def test_the_demo_comes_out_the_same_every_time(folder: Path, tmp_path: Path) -> None:
    for path in write_exports(tmp_path):
        assert path.read_bytes() == (folder / "exports" / path.name).read_bytes()


def test_findings_agree_with_the_tables(result: Result) -> None:
    findings = find(result)
    assert findings.summary.records == len(result.clusters)
    assert findings.summary.people + findings.summary.organisations == len(result.people)
    assert findings.summary.rejects == len(result.rejects)
    assert findings.summary.review_pairs == len(result.review)
    assert findings.texted_twice == texted_twice(result)
    assert 0 < findings.torn_consent < findings.summary.people
    assert 0 < findings.beyond_exact < findings.summary.people_of_several
    assert len(findings.examples) == 3


def texted_twice(result: Result) -> int:
    """The obvious way: a person whose number is in two files."""
    table = result.matched.raw.table.select(["record_id", "file"]).to_pandas()
    numbers = {
        (row["cluster_id"], phone.as_py(), file)
        for column in result.matched.records.phones
        for (_, row), phone, file in zip(
            result.clusters.iterrows(), column.texts(), table["file"], strict=True
        )
        if phone.is_valid
    }
    pairs = [(cluster, phone) for cluster, phone, _ in numbers]
    return len({cluster for cluster, phone in pairs if pairs.count((cluster, phone)) > 1})


def test_a_place_that_cannot_be_written_to_is_said(tmp_path: Path) -> None:
    (tmp_path / "exports").write_text("in the way")
    with pytest.raises(OutputError, match="cannot be written"):
        write_exports(tmp_path)
