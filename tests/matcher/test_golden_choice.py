"""Rules for golden records, held against a slow and obvious reading of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import OptionError
from matcher.golden_choice import Choice
from matcher.golden_rules import GoldenRule, golden_rules
from matcher.grouping import Groups
from matcher.records import encode

_TRUSTED = ("van", "an")
_SCORES = st.integers(0, 3)
_RECORDS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(-1, 2), st.sampled_from(("van", "an", "nb")), _SCORES),
    min_size=1,
    max_size=12,
)


def choice(records: list[tuple[int, int, str, int]], rule: GoldenRule) -> tuple[Choice, Groups]:
    """Clusters of records in the order given, the most recent of each first."""
    clusters = np.array([record[0] for record in records])
    _, numbers = np.unique(clusters, return_inverse=True)
    rows = np.argsort(numbers, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(numbers))])
    groups = Groups(rows, starts)
    sources = encode(pa.array([record[2] for record in records]))
    return Choice(groups, {"field": rule}, lambda: sources), groups


@given(_RECORDS, st.sampled_from(["most_recent", "most_frequent", "most_complete", "trusted"]))
def test_the_choice_is_the_obvious_one(records: list[tuple[int, int, str, int]], kind: str) -> None:
    rule = GoldenRule(kind, _TRUSTED if kind == "trusted" else ())
    chooser, groups = choice(records, rule)
    codes = np.array([record[1] for record in records], np.int32)
    scores = np.array([record[3] for record in records])[groups.rows[groups.several.places]]
    found = chooser.best("field", codes >= 0, codes, lambda: scores, lambda: scores)
    for number, first in enumerate(found.tolist()):
        cluster = sorted({record[0] for record in records})[number]
        rows = [row for row, record in enumerate(records) if record[0] == cluster]
        usable = [row for row in rows if records[row][1] >= 0]
        assert first == (max(usable, key=_rank(records, rows, kind)) if usable else -1)


def _rank(records: list[tuple[int, int, str, int]], rows: list[int], kind: str) -> Any:
    """Greater for what goes first; of equals the first one, which ``max`` takes."""

    def rank(row: int) -> tuple[int, int]:
        _, code, source, score = records[row]
        if kind == "trusted":
            return (-_TRUSTED.index(source) if source in _TRUSTED else -9, score)
        if kind == "most_frequent":
            # Of two records, none is more frequent.
            shared = sum(records[other][1] == code for other in rows)
            return (shared if len(rows) > 2 else 0, 0)
        return (score if kind == "most_complete" else 0, 0)

    return rank


@given(_RECORDS, st.sampled_from(["most_frequent", "trusted"]))
def test_the_values_of_a_cluster_are_ranked_by_the_rule(
    records: list[tuple[int, int, str, int]], kind: str
) -> None:
    rule = GoldenRule(kind, _TRUSTED if kind == "trusted" else ())
    chooser, groups = choice(records, rule)
    texts = pa.array([None if code < 0 else str(code) for _, code, _, _ in records], pa.string())
    column = encode(texts)
    offsets, rows, _ = groups.gather([column], chooser.preference("field"))
    for number, cluster in enumerate(sorted({record[0] for record in records})):
        here = [row for row, record in enumerate(records) if record[0] == cluster]
        usable = [row for row in here if records[row][1] >= 0]

        def rank(row: int, here: list[int] = here) -> int:
            if kind == "trusted":
                source = records[row][2]
                return -_TRUSTED.index(source) if source in _TRUSTED else -9
            return sum(records[other][1] == records[row][1] for other in here)

        ranked = sorted(usable, key=rank, reverse=True)  # stable: the first of equals stays first
        expected = list(dict.fromkeys(records[row][1] for row in ranked))
        found = [records[row][1] for row in rows[offsets[number] : offsets[number + 1]].tolist()]
        assert found == expected


def test_a_rule_is_written_as_it_was_read() -> None:
    written = {"email": ["trusted", "van"], "job": "most_recent", "gender": "default"}
    rules = golden_rules(written, extras=("job",))
    assert rules["gender"] is None
    assert {field: rule.written for field, rule in rules.items() if rule} == {
        "email": ["trusted", "van"], "job": "most_recent",
    }  # fmt: skip
    with pytest.raises(OptionError, match="job"):
        golden_rules(written)
