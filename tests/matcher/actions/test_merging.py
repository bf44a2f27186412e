"""Following the steps from top to bottom is safe, whatever is known of the ids."""

from __future__ import annotations

from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from matcher.actions.held import Held, held_ids
from matcher.actions.merging import Evidence, Plan, Reason, plan_merges
from matcher.actions.tools import ACTION_NETWORK, NATIONBUILDER, VAN, Tool
from matcher.records import Column

RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "list": st.sampled_from(["my_voters:MA", "my_voters:NH", "my_campaign:MA"]),
            "id": st.integers(1, 9),
            "cluster": st.integers(0, 5),
            "organisation": st.booleans(),
            "opted_out": st.integers(0, 7),
            "filled": st.integers(0, 3),
            "date": st.integers(0, 3),
            "email": st.integers(-1, 2),
        }
    ),
    max_size=30,
)
TOOLS = st.sampled_from([VAN, NATIONBUILDER, ACTION_NETWORK])


def held_of(rows: list[dict[str, Any]]) -> Held:
    numbers: dict[tuple[str, int], int] = {}
    owner = [numbers.setdefault((row["list"], row["id"]), len(numbers)) for row in rows]
    return Held(
        lists=pa.array([name for name, _ in numbers], pa.string()),
        ids=pa.array([str(each) for _, each in numbers], pa.string()),
        unclear=np.zeros(len(numbers), np.bool_),
        rows=np.arange(len(rows)),
        owner=np.array(owner, np.int64),
    )


def evidence_of(rows: list[dict[str, Any]], held: Held) -> Evidence:
    """A run in which a cluster is of one kind; pairs in doubt join its odd ids to its even ones."""

    def column(name: str) -> Any:
        return np.array([row[name] for row in rows], np.int64)

    parts = column("cluster") * 2 + column("id") % 2
    sure = np.array([_first(parts, at) for at in range(len(rows))], np.int64)
    clusters = np.array([_first(column("cluster"), at) for at in range(len(rows))], np.int64)
    emails = [Column(column("email").astype(np.int32), pa.array(["a", "b", "c"]))]
    records = SimpleNamespace(
        organisation=column("organisation").astype(np.bool_)[clusters], emails=emails
    )
    matched: Any = SimpleNamespace(clusters=clusters, records=records)
    return Evidence(matched, sure, column("opted_out"), column("filled"), column("date"))


def _first(values: Any, at: int) -> int:
    return int(np.flatnonzero(values == values[at])[0])


def planned(rows: list[dict[str, Any]], tool: Tool, gone: set[int]) -> tuple[Held, Evidence, Plan]:
    held = held_of(rows)
    evidence = evidence_of(rows, held)
    flags = np.array([int(each) in gone for each in held.ids.to_pylist()], np.bool_)
    return held, evidence, plan_merges(held, tool, evidence, flags)


@given(RECORDS, TOOLS, st.sets(st.integers(1, 9), max_size=2))
def test_no_id_comes_up_again_after_it_was_merged_away(
    rows: list[dict[str, Any]], tool: Tool, gone: set[int]
) -> None:
    held, _, plan = planned(rows, tool, gone)
    there = set(range(len(held))) - {
        at for at, each in enumerate(held.ids.to_pylist()) if int(each) in gone
    }
    for source, target in zip(plan.source.tolist(), plan.target.tolist(), strict=True):
        assert source != target
        assert source in there
        assert target in there
        there.remove(source)
    assert not set(plan.target.tolist()) & set(plan.source.tolist())


@given(RECORDS, TOOLS)
def test_only_one_person_of_one_kind_in_one_list_is_merged(
    rows: list[dict[str, Any]], tool: Tool
) -> None:
    held, evidence, plan = planned(rows, tool, set())
    records = defaultdict(list)
    for row, owner in zip(held.rows.tolist(), held.owner.tolist(), strict=True):
        records[owner].append(row)
    for source, target in zip(plan.source.tolist(), plan.target.tolist(), strict=True):
        both = [*records[source], *records[target]]
        assert held.lists[source] == held.lists[target]
        assert len({evidence.matched.clusters[row] for row in both}) == 1
        kinds = {bool(evidence.matched.records.organisation[row]) for row in both}
        assert len(kinds) == 1
        assert not (tool.people_only and True in kinds)


@given(RECORDS, TOOLS, st.sets(st.integers(1, 9), max_size=2))
def test_every_id_of_a_person_with_several_is_merged_stays_or_is_told_of(
    rows: list[dict[str, Any]], tool: Tool, gone: set[int]
) -> None:
    held, _, plan = planned(rows, tool, gone)
    by_person = defaultdict(list)
    for at, cluster in enumerate(plan.clusters.tolist()):
        by_person[cluster].append(at)
    dealt_with = {*plan.source.tolist(), *plan.target.tolist(), *plan.left.tolist()}
    for ids in by_person.values():
        assert len(set(ids) - dealt_with) <= 1  # the last one has nobody to be merged with
    assert Reason.NONE not in plan.reasons.tolist()
    assert not set(plan.source.tolist()) & set(plan.left.tolist())
    assert len(held) == len(plan.clusters)


@given(RECORDS, st.randoms(use_true_random=False))
def test_the_order_of_the_records_decides_nothing(rows: list[dict[str, Any]], random: Any) -> None:
    shuffled = random.sample(rows, len(rows))
    # Organisations are settled by the first record here, so all are people.
    one, other = (
        planned([{**row, "organisation": False} for row in each], VAN, set())
        for each in (rows, shuffled)
    )
    assert named(one[0], one[2]) == named(other[0], other[2])


def named(held: Held, plan: Plan) -> set[tuple[str, str, str]]:
    names = [f"{a}:{b}" for a, b in zip(held.lists.to_pylist(), held.ids.to_pylist(), strict=True)]
    return {
        *(("into", names[s], names[t]) for s, t in zip(plan.source, plan.target, strict=True)),
        *(
            ("left", names[each], str(why))
            for each, why in zip(plan.left, plan.reasons, strict=True)
        ),
    }


def test_an_id_that_is_two_people_is_told_of_and_left_alone() -> None:
    row = {
        "list": "my_voters:MA", "organisation": False, "opted_out": 0, "filled": 0,
        "date": 0, "email": -1,
    }  # fmt: skip
    rows = [
        {**row, "id": 1, "cluster": 0},
        {**row, "id": 1, "cluster": 1},
        {**row, "id": 2, "cluster": 0},
    ]
    _, _, plan = planned(rows, VAN, set())
    assert plan.source.tolist() == []
    assert (plan.left.tolist(), plan.reasons.tolist()) == ([0], [Reason.SEVERAL_PEOPLE])


def test_ids_of_van_are_parted_into_list_and_number() -> None:
    table = pa.table(
        {
            "source": ["van", "van", "sheet"],
            "source_record_id": ["my_voters:MA:5", None, "9"],
            "van_id": ["my_voters:MA:5", "my_voters:unknown:6", "unknown:MA:5"],
        }
    )
    held = held_ids(table, VAN)
    assert held.lists.to_pylist() == ["my_voters:MA", "my_voters:unknown"]
    assert held.ids.to_pylist() == ["5", "6"]
    assert held.rows.tolist() == [0, 1]
    assert not held.unclear.any()
