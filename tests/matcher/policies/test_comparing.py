"""Vendors side by side with our own resolution."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import matcher
from matcher.cli.boundary import run

Row = dict[str, Any]

ADA = {"first_name": "Ada", "last_name": "Quartermaine", "zip": "01101"}
BASIL = {"first_name": "Basil", "last_name": "Quartermaine", "zip": "01101"}
PHONE = "+1 202 555 0171"
#: Ada with two addresses and one phone, and her husband, who shares it; a row that says nothing.
ROWS: list[Row] = [
    {**ADA, "email": "ada.quartermaine@example.org", "phone": PHONE},
    {**ADA, "email": "ada.quartermaine@example.net", "phone": PHONE},
    {**BASIL, "email": "basil@example.org", "phone": PHONE},
    {**ADA, "email": "ada.quartermaine@example.org"},
    {**ADA, "first_name": "Chidi"},
]


def compared(rows: list[Row] | Any = None, **options: Any) -> matcher.PolicyComparison:
    wanted = {"policies": ["action_network"], **options}
    return matcher.compare_policies(ROWS if rows is None else rows, **wanted)


def by_row(comparison: matcher.PolicyComparison) -> dict[int, Row]:
    return {row["row"]: row for row in comparison.differences_table().to_pylist()}


def test_each_side_has_its_number_of_people() -> None:
    counts = {row["policy"]: row for row in compared().counts_table().to_pylist()}
    assert list(counts) == ["action_network", "matcher"]
    assert counts["action_network"]["people"] == 3
    assert counts["action_network"]["refused"] == 1
    assert counts["matcher"]["people"] == 3
    assert counts["matcher"]["differing"] == 0


def test_a_row_that_differs_names_the_rule_that_made_it_so() -> None:
    rows = by_row(compared())
    assert set(rows) == {1, 2, 4, 5}  # Basil is alone everywhere
    assert rows[2]["action_network_rule"] == "AN-22a phone_moved"
    assert rows[2]["action_network_difference"] == "apart"
    assert (rows[2]["action_network"], rows[2]["matcher"]) == (2, 1)
    assert rows[4]["action_network_rule"] == "AN-25 unchanged"
    assert rows[5]["action_network_rule"] == "AN-01 rejected"
    assert rows[5]["action_network"] is None
    assert "exact" in rows[1]["matcher_rule"]


def test_reasons_count_the_rows_that_differ() -> None:
    comparison = compared()
    reasons = comparison.reasons_table().to_pylist()
    assert sum(row["rows"] for row in reasons) == len(by_row(comparison))
    assert {"policy": "action_network", "difference": "refused", "rule": "AN-01 rejected",
            "rows": 1} in reasons  # fmt: skip


def test_whoever_came_first_was_joined_by_what_came_later() -> None:
    """Two people who share a mailbox are one to Action Network."""
    rows = [
        {**ADA, "email": "family@example.org", "phone": PHONE, "dob": "1960-01-02"},
        {**BASIL, "email": "family@example.org", "phone": PHONE, "dob": "1934-07-08"},
    ]
    found = by_row(compared(rows))
    assert [row["action_network_difference"] for row in found.values()] == ["joined", "joined"]
    assert {row["action_network_rule"] for row in found.values()} == {"AN-25 updated"}


def test_no_row_differs_where_all_agree() -> None:
    comparison = compared([{**ADA, "email": "a@example.org"}, {**BASIL, "phone": PHONE}])
    assert by_row(comparison) == {}
    assert comparison.reasons_table().num_rows == 0
    assert comparison.differences.empty
    assert "Records" not in str(comparison).replace("records (", "")


def test_rows_that_have_nothing_in_common_are_compared_too() -> None:
    comparison = compared([{"email": "a@example.org"}, {"email": "b@example.net"}])
    assert [row["people"] for row in comparison.counts_table().to_pylist()] == [2, 2]
    assert comparison.differences_table().num_rows == 0


def test_every_two_sides_are_compared() -> None:
    sides = ["action_network", "action_network", "nationbuilder"]
    comparison = compared(policies=sides, profile="native")
    pairs = [(row["left"], row["right"]) for row in comparison.pairs_table().to_pylist()]
    assert pairs == [
        ("action_network", "nationbuilder"),
        ("action_network", "matcher"),
        ("nationbuilder", "matcher"),
    ]


def test_payloads_are_compared_like_rows() -> None:
    payload = {
        "person": {
            "given_name": "Ada",
            "family_name": "Quartermaine",
            "email_addresses": [{"address": "ada.quartermaine@example.org"}],
            "postal_addresses": [{"postal_code": "01101"}],
        }
    }
    comparison = compared([payload, dict(ROWS[0]), payload])
    people = {row["policy"]: row["people"] for row in comparison.counts_table().to_pylist()}
    assert people == {"action_network": 1, "matcher": 1}


def test_rows_count_on_through_several_inputs() -> None:
    comparison = compared([pa.Table.from_pylist(ROWS[:2]), pa.Table.from_pylist(ROWS[2:])])
    assert set(by_row(comparison)) == {1, 2, 4, 5}


def test_a_table_and_payloads_are_compared_as_one(tmp_path: Path) -> None:
    table, payloads = tmp_path / "table.csv", tmp_path / "payloads.json"
    table.write_text("first_name,email\nAda,ada@example.org\n", encoding="utf-8")
    address = {"address": "basil@example.net"}
    payload = {"person": {"given_name": "Basil", "email_addresses": [address]}}
    payloads.write_text(json.dumps([payload]), encoding="utf-8")
    comparison = compared([str(table), str(payloads)])
    assert [row["people"] for row in comparison.counts_table().to_pylist()] == [2, 2]


def test_the_files_hold_the_same(tmp_path: Path) -> None:
    comparison = compared()
    written = comparison.write(tmp_path)
    assert [path.name for path in written] == [
        "differences.csv", "reasons.csv", "comparison.json",
    ]  # fmt: skip
    report = json.loads((tmp_path / "comparison.json").read_text(encoding="utf-8"))
    assert report["policies"] == comparison.counts_table().to_pylist()
    assert "quartermaine" not in json.dumps(report).lower()
    lines = (tmp_path / "differences.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + len(by_row(comparison))


@pytest.mark.parametrize("policies", [[], "action_network", ["no_such"]])
def test_policies_that_cannot_be_meant_are_refused(policies: Any) -> None:
    with pytest.raises(matcher.OptionError):
        compared(policies=policies)


def test_the_command_compares(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "rows.csv"
    header = "first_name,last_name,zip,email,phone"
    lines = [",".join(str(row.get(name, "")) for name in header.split(",")) for row in ROWS]
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    line = ["replay", str(path), "--compare", "--policy", "action_network"]
    assert run([*line, "--out", str(tmp_path / "out")]) == 0
    printed = capsys.readouterr().out
    assert "AN-22a phone_moved" in printed
    assert run([*line, "--out", str(tmp_path / "out"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["report"]["records"] == len(ROWS)
    assert run(["replay", str(path)]) == 2
    assert "--policy" in capsys.readouterr().err
