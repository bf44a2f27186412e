"""What matching found in the exports, in words that a campaign manager understands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from matcher.clustering import components
from matcher.explain import Explanation
from matcher.records import Column, SourceReport
from matcher.result import Result
from matcher.summary import Summary, counted, summarise

if TYPE_CHECKING:
    import pandas as pd

_SUBSCRIBED = frozenset({"subscribed", "true"})
_UNSUBSCRIBED = frozenset({"unsubscribed", "false"})


@dataclass(frozen=True, slots=True)
class Example:
    """One pair worth showing, and why."""

    title: str
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class Findings:
    """What matching found.

    Attributes:
        summary: the numbers that every run has.
        texted_twice: people with one phone number in more than one file.
        beyond_exact: people whose records do not all hang together by equal emails and phones.
        torn_consent: people unsubscribed in one tool and subscribed in another, at one address.
        sources: what each export was recognised as.
        examples: pairs worth showing.
    """

    summary: Summary
    texted_twice: int
    beyond_exact: int
    torn_consent: int
    sources: Sequence[SourceReport]
    examples: Sequence[Example]

    def as_dict(self) -> dict[str, Any]:
        """The numbers by name, ready for JSON."""
        return {
            **self.summary.as_dict(),
            "texted_twice": self.texted_twice,
            "beyond_exact": self.beyond_exact,
            "torn_consent": self.torn_consent,
        }

    def story(self, folder: Path) -> str:
        """All of it as text; ``folder`` is where the demo was written."""
        lines = [
            f"The exports of an invented campaign's five tools are in {folder / 'exports'}:",
            *self._listed(),
            "",
            *self.summary.sentences(),
            f"Results are in {folder / 'matched'}.",
            "",
            f"{counted(self.texted_twice, 'person', 'people')} would have been texted twice: one "
            "number, several lists.",
            f"{counted(self.beyond_exact, 'person', 'people')} would have been missed by matching "
            "on email and phone alone.",
            f"{counted(self.torn_consent, 'person is', 'people are')} unsubscribed in one tool "
            "and subscribed in another.",
        ]
        for example in self.examples:
            lines += ["", f"{example.title}:", str(example.explanation)]
        return "\n".join(lines)

    def _listed(self) -> Sequence[str]:
        """The exports, each with what it was recognised as."""
        names = [Path(source.name).name for source in self.sources]
        width = max(map(len, names), default=0)
        return [
            f"  {name:<{width}}  {source.vendor or 'columns known by their names'}, "
            f"{counted(source.rows, 'row')}"
            for name, source in zip(names, self.sources, strict=True)
        ]


def find(result: Result) -> Findings:
    """Counts what is in a result and picks pairs worth showing."""
    return Findings(
        summary=summarise(result),
        texted_twice=_texted_twice(result),
        beyond_exact=_beyond_exact(result),
        torn_consent=_torn_consent(result),
        sources=result.matched.raw.sources,
        examples=tuple(_examples(result)),
    )


def _texted_twice(result: Result) -> int:
    files = result.matched.raw.table.column("file").to_pylist()
    clusters = result.matched.clusters.tolist()
    seen = defaultdict(set)
    for row, phone in _values(result.matched.records.phones):
        seen[clusters[row], phone].add(files[row])
    return len({cluster for (cluster, _), where in seen.items() if len(where) > 1})


def _torn_consent(result: Result) -> int:
    table = result.matched.raw.table
    if "email_consent" not in table.column_names:
        return 0
    consent = [(text or "").lower() for text in table.column("email_consent").to_pylist()]
    clusters = result.matched.clusters.tolist()
    said = defaultdict(set)
    for row, email in _values(result.matched.records.emails):
        said[clusters[row], email].add(consent[row])
    torn = {key for key, words in said.items() if words & _SUBSCRIBED and words & _UNSUBSCRIBED}
    return len({cluster for cluster, _ in torn})


def _beyond_exact(result: Result) -> int:
    """People in more than one piece when only an equal email or phone holds records together."""
    records, clusters = result.matched.records, result.matched.clusters
    rows_of = defaultdict(list)
    for row, value in _values([*records.emails, *records.phones]):
        rows_of[int(clusters[row]), value].append(row)
    links = np.array([pair for rows in rows_of.values() for pair in pairwise(rows)], np.int64)
    left, right = links.reshape(-1, 2).T
    pieces = components(len(clusters), left, right)
    heads = np.flatnonzero(pieces == np.arange(len(pieces)))
    return int((np.bincount(clusters[heads]) > 1).sum())


def _values(columns: Iterable[Column]) -> Iterator[tuple[int, str]]:
    """Every record, by its row, with each normalised value that it has."""
    for column in columns:
        for row, text in enumerate(column.texts().to_pylist()):
            if text is not None:
                yield row, text


def _examples(result: Result) -> Iterator[Example]:
    pairs = result.pairs
    cluster = result.clusters.set_index("record_id")["cluster_id"]
    left, right = (cluster[pairs[f"record_id_{side}"]].array for side in ("left", "right"))
    same = np.asarray(left == right)
    told: Sequence[tuple[str, Any, str]] = (
        (
            "One person, though neither the name nor the email is the same",
            same & (pairs["first_name"] == "nickname") & ~pairs["email"].isin(("exact", "missing")),
            "weight",
        ),
        (
            "Father and son of one name under one roof: kept apart",
            ~same & (pairs["suffix"] == "contradicts") & (pairs["location"] == "same address"),
            "household_probability",
        ),
        (
            "Two people who share a phone: kept apart",
            ~same & (pairs["phone"] == "exact") & (pairs["suffix"] != "contradicts"),
            "household_probability",
        ),
    )
    for title, chosen, by in told:
        found: pd.DataFrame = pairs[chosen].sort_values(
            [by, "record_id_left", "record_id_right"], ascending=False, kind="stable"
        )
        if len(found):
            first = found.iloc[0]
            yield Example(title, result.explain(first["record_id_left"], first["record_id_right"]))
