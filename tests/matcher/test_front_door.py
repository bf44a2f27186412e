"""dedupe and link: what they take, refuse, and hand back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

import matcher

ANN = {"first_name": "Ann", "last_name": "Okafor", "email": "ann.okafor@example.org"}
BOB = {"first_name": "Bob", "last_name": "Lindqvist", "email": "boblind@example.org"}


def groups(result: matcher.Result) -> set[frozenset[str]]:
    """The partition, by record ids."""
    grouped = result.clusters.groupby("cluster_id")["record_id"]
    return {frozenset(members) for _, members in grouped}


def test_record_ids_come_back_unchanged_and_in_the_order_of_the_input() -> None:
    ids = ["z-9", "007", "ünï", "a b"]
    result = matcher.dedupe([{"record_id": id_, **ANN} for id_ in ids])
    assert result.clusters["record_id"].tolist() == ids


def test_whole_numbers_as_ids_come_back_as_their_digits() -> None:
    frame = pd.DataFrame([{"record_id": 12, **ANN}, {"record_id": 3, **BOB}])
    clusters = matcher.dedupe(frame).clusters
    assert clusters["record_id"].tolist() == ["12", "3"]
    assert clusters["cluster_id"].tolist() == ["12", "3"]


def test_without_ids_the_source_and_the_row_name_a_record() -> None:
    clusters = matcher.dedupe({"gala": [ANN, BOB]}).clusters
    assert clusters["record_id"].tolist() == ["gala:1", "gala:2"]
    assert clusters["source"].tolist() == ["gala", "gala"]


@pytest.mark.parametrize("form", ["frame", "table", "dicts", "csv", "parquet"])
def test_the_same_records_in_any_form_give_the_same_people(form: str, tmp_path: Path) -> None:
    rows = [{"record_id": f"r{i}", **row} for i, row in enumerate([ANN, BOB, ANN])]
    table = pa.Table.from_pylist(rows)
    source: Any = {"frame": pd.DataFrame(rows), "table": table, "dicts": rows}.get(form)
    if form == "csv":
        source = tmp_path / "rows.csv"
        pd.DataFrame(rows).to_csv(source, index=False)
    elif form == "parquet":
        import pyarrow.parquet

        source = tmp_path / "rows.parquet"
        pyarrow.parquet.write_table(table, source)
    assert groups(matcher.dedupe(source)) == {frozenset({"r0", "r2"}), frozenset({"r1"})}


@pytest.mark.parametrize(
    ("option", "value", "word"),
    [
        ("threshold", 0.0, "threshold"),
        ("threshold", 1, "threshold"),
        ("threshold", float("nan"), "threshold"),
        ("threshold", "half", "threshold"),
        ("review", (0.9, 0.1), "review"),
        ("review", 0.5, "review"),
        ("review", (0.1, 0.5, 0.9), "review"),
        ("review", (-0.1, 0.5), "review"),
        ("default_region", "USA", "default_region"),
        ("default_region", None, "default_region"),
        ("default_region", "ZZ", "default_region"),
        ("engine", "abacus", "abacus"),
        ("extra", {"email": "sound"}, "sound"),
    ],
)
def test_an_option_that_cannot_be_meant_is_named(option: str, value: object, word: str) -> None:
    with pytest.raises(matcher.OptionError, match=word):
        matcher.dedupe([ANN, BOB], **{option: value})


def test_stages_are_told_in_their_order() -> None:
    told: list[str] = []
    matcher.dedupe([ANN, BOB], progress=lambda stage, detail: told.append(stage))
    names = list(dict.fromkeys(told))
    assert names == ["read", "normalise", "block", "compare", "estimate", "weigh", "cluster"]


def test_a_further_column_is_compared_under_its_name() -> None:
    rows = [{**ANN, "born_in": "Accra"}, {**ANN, "born_in": "Accra"}, {**BOB, "born_in": "Umeå"}]
    result = matcher.dedupe(rows, extra={"born_in": "text"})
    assert result.pairs["extra:born_in"].tolist() == ["exact"]
    assert result.people["born_in"].tolist() == ["Accra", "Umeå"]
    without = matcher.dedupe(rows)
    assert result.pairs["weight"][0] > without.pairs["weight"][0]


def test_link_compares_only_across_the_two_sides() -> None:
    left = [{"record_id": "l1", **ANN}, {"record_id": "l2", **ANN}, {"record_id": "l3", **BOB}]
    right = [{"record_id": "r1", **ANN}, {"record_id": "r2", **BOB}, {"record_id": "r3", **BOB}]
    result = matcher.link(left, right)
    sides = result.pairs["record_id_left"].str[0] + result.pairs["record_id_right"].str[0]
    assert set(sides) == {"lr"}
    assert groups(result) == {frozenset({"l1", "l2", "r1"}), frozenset({"l3", "r2", "r3"})}


def test_records_of_one_side_that_match_nobody_across_stay_apart() -> None:
    left = [{"record_id": "l1", **ANN}, {"record_id": "l2", **ANN}]
    result = matcher.link(left, [{"record_id": "r1", **BOB}])
    assert len(groups(result)) == 3
    assert len(result.pairs) == 0


def test_link_of_two_lists_finds_each_its_other(made: tuple[pa.Table, pa.Table]) -> None:
    contacts, truth = (table.to_pandas() for table in made)
    contacts["who"] = truth["true_id"]
    once = contacts.drop_duplicates("who")
    again = contacts.drop(once.index).drop_duplicates("who")
    result = matcher.link({"a": once.drop(columns="who")}, {"b": again.drop(columns="who")})
    here = truth[truth["record_id"].isin(result.clusters["record_id"])]
    judged = matcher.evaluate(result.clusters, here)
    assert judged.f1 > 0.9
    assert set(result.clusters["source"]) == {"a", "b"}


def test_tables_that_name_no_source_are_the_left_and_the_right() -> None:
    clusters = matcher.link(pd.DataFrame([ANN]), [ANN]).clusters
    assert clusters["record_id"].tolist() == ["left:1", "right:1"]
    assert clusters["source"].tolist() == ["left", "right"]


def test_a_source_column_outranks_the_side() -> None:
    clusters = matcher.link([{"source": "gala", **ANN}], [{"source": "van", **ANN}]).clusters
    assert clusters["source"].tolist() == ["gala", "van"]


def test_an_id_on_both_sides_is_an_error_that_names_it() -> None:
    side = [{"record_id": "seven", **ANN}]
    with pytest.raises(matcher.OptionError, match=r"1 record ids .* 'seven'"):
        matcher.link(side, side)


def test_a_known_truth_adds_the_recall_of_each_key() -> None:
    rows = [
        {"record_id": "a", "last_name": "Okafor", "email": "ann@okafor.org"},
        {"record_id": "b", "last_name": "Okafor", "email": "ann@okafor.org"},
        {"record_id": "c", "last_name": "Lee", "email": "lee@lee.org"},
        {"record_id": "d", "last_name": "Park", "email": "park@park.org"},
    ]
    truth = {"a": 1, "b": 1, "c": 2, "d": 2}
    report = matcher.dedupe(rows, truth=truth).report
    assert report["recall"] == 0.5
    assert {key["key"]: key["recall"] for key in report["keys"]}["email"] == 0.5
    assert matcher.dedupe(rows).report["recall"] is None
    with pytest.raises(matcher.OptionError, match="same records"):
        matcher.dedupe(rows, truth={"a": 1})
