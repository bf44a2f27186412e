"""Groups of records, held against slow obvious references."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from matcher.grouping import Groups, group_records
from matcher.records import Column, Records

DATES = ["2020-01-01", "2024-05-05", "2022-02-02"]


def records(dates: list[int]) -> Records:
    column = Column(np.array(dates, np.int32), pa.array(DATES))
    count = len(dates)
    return Records(count, {"updated_at": column}, [], [], np.zeros(count, np.bool_), {})


@st.composite
def clusterings(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """Clusters (named by one of their records), a content order, and dates."""
    count = draw(st.integers(1, 14))
    numbers = draw(st.lists(st.integers(0, 5), min_size=count, max_size=count))
    name = {number: draw(st.sampled_from(_places(numbers, number))) for number in set(numbers)}
    order = draw(st.permutations(range(-count, 0)))
    dates = draw(st.lists(st.integers(-1, 2), min_size=count, max_size=count))
    clusters = np.array([name[number] for number in numbers], np.int64)
    return clusters, np.array(order, np.int64), dates


def _places(numbers: list[int], number: int) -> list[int]:
    return [place for place, own in enumerate(numbers) if own == number]


def slow_groups(clusters: np.ndarray, order: np.ndarray, dates: list[int]) -> list[list[int]]:
    members: dict[int, list[int]] = {}
    for record, cluster in enumerate(clusters.tolist()):
        members.setdefault(cluster, []).append(record)

    def recent_first(record: int) -> tuple[int, int]:
        date = DATES[dates[record]] if dates[record] >= 0 else ""
        return (-int(date.replace("-", "") or 0), int(order[record]))

    return [sorted(group, key=recent_first) for group in members.values()]


def made(clustering: tuple[np.ndarray, np.ndarray, list[int]]) -> Groups:
    clusters, order, dates = clustering
    return group_records(clusters, order, records(dates))


@given(clusterings())
def test_clusters_come_by_their_first_record_and_records_by_date_then_content(
    clustering: tuple[np.ndarray, np.ndarray, list[int]],
) -> None:
    groups = made(clustering)
    expected = slow_groups(*clustering)
    assert len(groups) == len(expected)
    found = np.split(groups.rows, groups.starts[1:-1])
    assert [group.tolist() for group in found] == expected
    assert groups.first.tolist() == [group[0] for group in expected]


@given(clusterings(), st.data())
def test_the_best_record_has_the_highest_score_and_comes_first(
    clustering: tuple[np.ndarray, np.ndarray, list[int]], data: st.DataObject
) -> None:
    groups = made(clustering)
    count = len(groups.rows)
    usable = np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)))
    score = np.array(data.draw(st.lists(st.integers(0, 3), min_size=count, max_size=count)))
    expected = [
        max((r for r in group if usable[r]), key=lambda r: score[r], default=-1)
        for group in slow_groups(*clustering)
    ]
    best = groups.best(usable, score[groups.rows[groups.several.places]].astype(np.int64))
    assert best.tolist() == expected


@given(clusterings(), st.data())
def test_frequency_counts_the_records_of_a_cluster_that_share_a_value(
    clustering: tuple[np.ndarray, np.ndarray, list[int]], data: st.DataObject
) -> None:
    groups = made(clustering)
    count = len(groups.rows)
    codes = np.array(data.draw(st.lists(st.integers(-1, 2), min_size=count, max_size=count)))
    expected = [
        sum(codes[other] == codes[record] for other in group) if len(group) > 2 else 0
        for group in slow_groups(*clustering)
        if len(group) > 1
        for record in group
    ]
    assert groups.frequency(codes.astype(np.int32)).tolist() == expected


@given(clusterings(), st.data())
def test_gathering_keeps_every_distinct_value_weak_ones_last(
    clustering: tuple[np.ndarray, np.ndarray, list[int]], data: st.DataObject
) -> None:
    groups = made(clustering)
    count = len(groups.rows)
    pair = st.lists(st.integers(-1, 4), min_size=2, max_size=2).filter(
        lambda codes: codes[0] != codes[1] or codes[0] < 0
    )
    held = np.array(data.draw(st.lists(pair, min_size=count, max_size=count)), np.int32)
    weak = np.array(data.draw(st.lists(st.booleans(), min_size=5, max_size=5)))
    values = pa.array(list("abcde"))
    found = groups.gather([Column(held[:, slot], values, weak) for slot in (0, 1)])
    for number, group in enumerate(slow_groups(*clustering)):
        codes = [int(code) for record in group for code in held[record] if code >= 0]
        distinct = list(dict.fromkeys(codes))
        distinct.sort(key=lambda code: bool(weak[code]))
        part = slice(found.offsets[number], found.offsets[number + 1])
        rows, slots = found.rows[part], found.slots[part]
        assert held[rows, slots].tolist() == distinct
        assert set(rows.tolist()) <= set(group)


def test_groups_of_one_record_leave_nothing_to_choose() -> None:
    groups = made((np.arange(3), np.arange(3), [0, 1, -1]))
    assert [len(list(group)) for _, group in groupby(groups.several.owner.tolist())] == []
    assert groups.best(np.array([True, False, True]), np.zeros(0, np.int64)).tolist() == [0, -1, 2]
