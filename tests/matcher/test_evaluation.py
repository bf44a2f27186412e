from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import OptionError
from matcher.evaluation import evaluate

# Labels of few values make both mixed clusters and exact ones likely.
labels = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=30)


def groups(assignment: dict[int, int]) -> list[set[int]]:
    members = defaultdict(set)
    for record, group in assignment.items():
        members[group].add(record)
    return list(members.values())


def pairs(assignment: dict[int, int]) -> set[tuple[int, int]]:
    return {pair for members in groups(assignment) for pair in combinations(sorted(members), 2)}


def group_with(assignment: dict[int, int], record: int) -> set[int]:
    return next(members for members in groups(assignment) if record in members)


@given(labels)
def test_figures_equal_a_slow_reference_over_sets(drawn: list[tuple[int, int]]) -> None:
    clusters = {record: cluster for record, (cluster, _) in enumerate(drawn)}
    truth = {record: person for record, (_, person) in enumerate(drawn)}
    stated, true = pairs(clusters), pairs(truth)
    found = evaluate(clusters, truth)

    assert (found.stated_pairs, found.true_pairs) == (len(stated), len(true))
    assert found.correct_pairs == len(stated & true)
    assert found.precision == (len(stated & true) / len(stated) if stated else 1)
    assert found.recall == (len(stated & true) / len(true) if true else 1)

    shares = []
    for record in clusters:
        cluster, person = group_with(clusters, record), group_with(truth, record)
        both = len(cluster & person)
        shares.append((both / len(cluster), both / len(person)))
    assert found.bcubed_precision == pytest.approx(sum(p for p, _ in shares) / len(shares))
    assert found.bcubed_recall == pytest.approx(sum(r for _, r in shares) / len(shares))

    assert found.exact_clusters == sum(c in groups(truth) for c in groups(clusters))
    assert found.exact_share == found.exact_clusters / len(groups(truth))
    assert found.false_merge_clusters == sum(
        len({truth[record] for record in cluster}) > 1 for cluster in groups(clusters)
    )
    assert found.split_persons == sum(
        len({clusters[record] for record in person}) > 1 for person in groups(truth)
    )
    assert (found.records, found.clusters, found.persons) == (
        len(drawn),
        len(groups(clusters)),
        len(groups(truth)),
    )


@given(labels, st.randoms(use_true_random=False))
def test_row_order_and_names_of_groups_do_not_matter(
    drawn: list[tuple[int, int]], random: Any
) -> None:
    clusters = {record: cluster for record, (cluster, _) in enumerate(drawn)}
    truth = {record: person for record, (_, person) in enumerate(drawn)}
    shuffled = list(clusters)
    random.shuffle(shuffled)
    renamed = {record: f"cluster {9 - clusters[record]}" for record in shuffled}
    # Sums of floats taken in another order differ in the last digits.
    assert evaluate(renamed, truth).as_dict() == pytest.approx(evaluate(clusters, truth).as_dict())


def test_a_worked_example() -> None:
    found = evaluate({"a": 1, "b": 1, "c": 1, "d": 2}, {"a": "x", "b": "x", "c": "y", "d": "y"})
    assert (found.precision, found.recall, found.f1) == (1 / 3, 1 / 2, 0.4)
    assert found.bcubed_precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert found.bcubed_recall == 0.75
    assert (found.exact_clusters, found.false_merge_clusters, found.split_persons) == (0, 1, 1)
    assert "1 of 2 true pairs found, 2 pairs wrong" in str(found)


def test_singletons_everywhere_are_right_and_find_nothing() -> None:
    found = evaluate({1: 1, 2: 2}, {1: 1, 2: 1})
    assert (found.precision, found.recall, found.f1) == (1.0, 0.0, 0.0)


frame = pd.DataFrame({"record_id": ["1", "2", "3"], "source": "crm", "cluster_id": [7, 7, 8]})


@pytest.mark.parametrize(
    "clusters",
    [
        frame,
        frame.set_index("record_id")["cluster_id"],
        frame.astype({"cluster_id": "category"}),
        pa.Table.from_pandas(frame),
        {"3": 8, "1": 7, "2": 7},
        {1: 7, 2: 7, 3: 8},
        {1: 7, "2": 7, 3: 8},
        {"1": 7, "2": 7, "3": "8"},
    ],
    ids=["frame", "series", "categories", "arrow", "mapping", "numbers", "mixed ids", "mixed"],
)
def test_every_form_of_input_gives_the_same_figures(clusters: Any) -> None:
    truth = pd.DataFrame({"record_id": [3, 2, 1], "whatever": ["b", "b", "a"]})
    found = evaluate(clusters, truth)
    assert (found.correct_pairs, found.stated_pairs, found.true_pairs) == (0, 1, 1)


def test_true_id_is_taken_among_other_columns() -> None:
    truth = pd.DataFrame({"record_id": [1, 2], "household_id": [5, 5], "true_id": [1, 2]})
    assert evaluate({1: 1, 2: 2}, truth).true_pairs == 0


@pytest.mark.parametrize(
    ("clusters", "truth", "message"),
    [
        ({1: 1, 2: 1}, {2: 1, 3: 1, 4: 1}, "1 records of the clusters .* 2 of the truth"),
        ({}, {}, "clusters is empty"),
        ({1: 1}, pd.Series([1, 2], index=[1, 1]), "truth names 1 record ids more than once"),
        ({1: 1, 2: None}, {1: 1, 2: 2}, "clusters has 1 rows without"),
        ({1: 1}, pd.DataFrame({"record_id": [1]}), "it has none"),
        ({1: 1}, pd.DataFrame({"record_id": [1], "a": 1, "b": 2}), "it has a, b"),
        (pd.DataFrame({"id": [1], "cluster_id": [1]}), {1: 1}, "no column record_id"),
        ([(1, 1)], {1: 1}, "clusters is a list"),
    ],
)
def test_what_cannot_be_judged_is_refused(clusters: Any, truth: Any, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        evaluate(clusters, truth)
