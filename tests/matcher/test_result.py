"""The contract of a result: its tables, columns, order, report and files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import matcher

PAIR = ["record_id_left", "record_id_right", "weight", "probability", "household_probability"]
FILES = ["people.csv", "crosswalk.csv", "review.csv", "rejects.csv", "report.json"]


def comparisons(result: matcher.Result) -> list[str]:
    return [comparison.name for comparison in result.model.weights.comparisons]


def test_clusters_have_one_row_a_record_in_the_order_of_the_input(
    found: matcher.Result, made: tuple[pa.Table, pa.Table]
) -> None:
    clusters = found.clusters
    assert clusters.columns.tolist() == ["record_id", "source", "source_record_id", "cluster_id"]
    assert clusters["record_id"].tolist() == made[0]["record_id"].to_pylist()
    assert clusters["source"].tolist() == made[0]["source"].to_pylist()
    smallest = clusters.groupby("cluster_id")["record_id"].min()
    assert (smallest == smallest.index).all()


def test_pairs_have_their_weight_probabilities_and_levels(found: matcher.Result) -> None:
    pairs = found.pairs
    assert pairs.columns.tolist() == [*PAIR, *comparisons(found)]
    assert not pairs[PAIR].isna().to_numpy().any()
    assert not pairs[PAIR[:2]].duplicated().any()
    assert (pairs["record_id_left"] != pairs["record_id_right"]).all()
    shares = pairs["probability"] + pairs["household_probability"]
    assert shares.between(0, 1 + 1e-9).all()
    for comparison in found.model.weights.comparisons:
        levels = {"missing", *(level.name for level in comparison.levels)}
        assert set(pairs[comparison.name]) <= levels


def test_pairs_put_together_mostly_share_a_cluster(found: matcher.Result) -> None:
    cluster = found.clusters.set_index("record_id")["cluster_id"]
    pairs = found.pairs
    together = (
        cluster[pairs["record_id_left"]].to_numpy() == cluster[pairs["record_id_right"]].to_numpy()
    )
    assert together[pairs["probability"] > 0.99].mean() > 0.97
    assert together[pairs["probability"] < 0.01].mean() < 0.03


def test_review_holds_the_uncertain_pairs_the_least_certain_first(found: matcher.Result) -> None:
    review, pairs = found.review, found.pairs
    assert len(review) == pairs["probability"].between(0.1, 0.9).sum() > 0
    distance = (review["probability"] - 0.5).abs().round(6)
    assert distance.is_monotonic_increasing
    assert review.columns.tolist()[: len(pairs.columns)] == pairs.columns.tolist()


def test_review_shows_what_was_compared(found: matcher.Result) -> None:
    review = found.review
    row = review.iloc[0]
    explanation = found.explain(row["record_id_left"], row["record_id_right"])
    for reason in explanation.reasons:
        for side in ("left", "right"):
            column = f"{reason.comparison}_{side}"
            value = getattr(reason, side)
            if column in review.columns:
                assert row[column] == value or (pd.isna(row[column]) and value is None)
            else:
                assert value is None


def test_the_review_band_is_the_callers(made: tuple[pa.Table, pa.Table]) -> None:
    result = matcher.dedupe(made[0].slice(0, 300), review=(0.4, 1.0))
    assert len(result.review) == (result.pairs["probability"] >= 0.4).sum()
    assert result.report["options"] == {"threshold": 0.5, "review": [0.4, 1.0]}


def test_a_higher_threshold_joins_fewer(made: tuple[pa.Table, pa.Table]) -> None:
    loose, strict = (
        matcher.dedupe(made[0], threshold=threshold).clusters["cluster_id"].nunique()
        for threshold in (0.05, 0.99999)
    )
    assert loose < strict


def test_people_name_the_source_of_each_value(found: matcher.Result) -> None:
    people = found.people
    assert people.columns.tolist()[:4] == ["cluster_id", "record_count", "entity_type", "sources"]
    for name in ("first_name", "last_name", "email", "phone", "address_line1", "birth_date"):
        assert (people[name].isna() == people[f"{name}_from"].isna()).all()
    assert set(people["cluster_id"]) == set(found.clusters["cluster_id"])


def test_rejects_say_where_and_why() -> None:
    result = matcher.dedupe([{"first_name": "Ann", "last_name": "Moss", "email": "not an address"}])
    rejects = result.rejects
    assert rejects.columns.tolist() == ["file", "row", "column", "value", "reason"]
    assert rejects.to_dict("records")[0]["value"] == "not an address"
    assert rejects["row"].tolist() == [1]


def test_a_change_to_a_report_changes_no_other(found: matcher.Result) -> None:
    before = found.report
    found.report["counts"]["records"] = 0
    assert found.report == before


def test_the_report_counts_what_the_tables_hold(found: matcher.Result) -> None:
    report = found.report
    assert json.loads(json.dumps(report)) == report
    counts = report["counts"]
    assert counts["records"] == len(found.clusters)
    assert counts["clusters"] == len(found.people) == found.clusters["cluster_id"].nunique()
    assert counts["clusters_of_several"] == (found.people["record_count"] > 1).sum()
    assert counts["largest_cluster"] == found.people["record_count"].max()
    assert counts["candidate_pairs"] == len(found.pairs)
    assert counts["review_pairs"] == len(found.review)
    assert counts["rejects"] == len(found.rejects)
    assert counts["matching_pairs"] == (found.pairs["probability"] >= 0.5).sum()
    assert report["model"]["fit"]["converged"]
    assert {"sources", "keys", "capped", "recall", "options", "seconds", "peak_mb"} <= set(report)
    assert report["seconds"] == pytest.approx(sum(stage["seconds"] for stage in report["stages"]))


def test_all_five_files_are_written_with_their_tables(
    found: matcher.Result, tmp_path: Path
) -> None:
    paths = found.write(tmp_path)
    assert [path.name for path in paths] == FILES
    people = pd.read_csv(tmp_path / "people.csv", dtype=str)
    assert people["cluster_id"].tolist() == found.people["cluster_id"].tolist()
    assert people["emails"].dropna().tolist() == [
        "; ".join(emails) for emails in found.people["emails"] if len(emails)
    ]
    crosswalk = pd.read_csv(tmp_path / "crosswalk.csv", dtype=str)
    assert crosswalk["cluster_id"].tolist() == found.clusters["cluster_id"].tolist()
    review = pd.read_csv(tmp_path / "review.csv")
    np.testing.assert_allclose(review["probability"], found.review["probability"], atol=1e-4)
    assert len(pd.read_csv(tmp_path / "rejects.csv")) == len(found.rejects)


def test_the_written_report_says_how_long_people_and_writing_took(
    found: matcher.Result, tmp_path: Path
) -> None:
    told: list[str] = []
    found.write(tmp_path, progress=lambda stage, _: told.append(stage))
    report = json.loads((tmp_path / "report.json").read_text())
    names = [stage["name"] for stage in report["stages"]]
    assert names == [*(stage.name for stage in found.stages), "people", "write"]
    assert told == ["people", "write"]
    assert report["seconds"] > found.report["seconds"]


def test_the_same_run_twice_writes_the_same_bytes(
    found: matcher.Result, made: tuple[pa.Table, pa.Table], tmp_path: Path
) -> None:
    found.write(tmp_path / "one")
    matcher.dedupe(made[0]).write(tmp_path / "two")
    for name in FILES[:-1]:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    reports = [json.loads((tmp_path / each / FILES[-1]).read_text()) for each in ("one", "two")]
    for report in reports:
        for measured in ("stages", "seconds", "peak_mb"):
            del report[measured]
    assert reports[0] == reports[1]


def test_results_without_a_single_pair_still_write_their_headers(tmp_path: Path) -> None:
    result = matcher.dedupe([{"first_name": "Ann"}, {"last_name": "Quy"}])
    result.write(tmp_path)
    review = (tmp_path / "review.csv").read_text().splitlines()
    rejects = (tmp_path / "rejects.csv").read_text().splitlines()
    assert len(review) == len(rejects) == 1
    assert review[0].startswith('"record_id_left","record_id_right","weight"')
    assert rejects == ['"file","row","column","value","reason"']
    assert result.pairs.columns.tolist() == [*PAIR, *comparisons(result)]


def test_a_result_says_what_it_is(found: matcher.Result) -> None:
    assert repr(found) == f"<Result: 900 records, {len(found.people)} clusters>"
