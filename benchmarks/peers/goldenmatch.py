"""GoldenMatch: with nothing configured, and its Fellegi–Sunter model configured by hand.

By hand: Jaro–Winkler and edit distance as its documentation suggests for each field, term
frequencies, missing values that say nothing, and the plain keys as passes. The cut that it finds
by itself is its own setting; a run with a low cut gives the pairs for the best threshold.
"""

from __future__ import annotations

import contextlib
import os
from importlib.metadata import version
from typing import Any

import goldenmatch
import pandas as pd
import pyarrow as pa

from benchmarks.peers.answers import Task

#: Field -> scorer, levels, similarity of the middle level, and whether rarity counts.
_FIELDS: dict[str, tuple[str, int, float, bool]] = {
    "first_name": ("given_name_aliased_jw", 3, 0.85, True),
    "last_name": ("jaro_winkler", 3, 0.87, True),
    "middle_name": ("jaro_winkler", 2, 0.88, False),
    "email": ("jaro_winkler", 3, 0.92, True),
    "phone": ("levenshtein", 3, 0.88, True),
    "address": ("jaro_winkler", 3, 0.90, True),
    "postal_code": ("exact", 2, 0.90, False),
    "city": ("exact", 2, 0.90, False),
    "birth_date": ("levenshtein", 3, 0.80, True),
    "birth_place": ("jaro_winkler", 3, 0.90, True),
    "occupation": ("exact", 2, 0.90, True),
    "organization": ("jaro_winkler", 3, 0.88, True),
    "soc_sec_id": ("levenshtein", 3, 0.80, False),
}

#: Scores run from 0 to 1; below this nothing would be linked at any sensible cut.
_LOW_CUT = 0.35


def main() -> None:
    """Runs all three and writes clusters and pairs."""
    os.environ.setdefault("GOLDENMATCH_AUTOCONFIG_MEMORY", "0")
    task = Task.given()
    table = pa.Table.from_pandas(task.records[task.columns].astype(object), preserve_index=False)
    with contextlib.suppress(goldenmatch.ConfigValidationError):
        found = goldenmatch.dedupe_df(table, confidence_required=False)
        _write(task, "nothing-configured", found)
    _write(task, "by-hand", goldenmatch.dedupe_df(table, config=_configured(task, None)))
    found = goldenmatch.dedupe_df(table, config=_configured(task, _LOW_CUT))
    pairs = pd.DataFrame(found.scored_pairs or [], columns=["left", "right", "probability"])
    task.pairs(pairs["left"], pairs["right"], pairs["probability"])
    task.said(version("goldenmatch"), None)


def _configured(task: Task, cut: float | None) -> Any:
    fields = [
        goldenmatch.MatchkeyField(
            field=name,
            scorer=scorer,
            levels=levels,
            partial_threshold=partial,
            tf_adjustment=rarity,
        )
        for name, (scorer, levels, partial, rarity) in _FIELDS.items()
        if name in task.columns
    ]
    keys = [goldenmatch.BlockingKeyConfig(fields=list(key)) for key in task.keys]
    return goldenmatch.GoldenMatchConfig(
        matchkeys=[
            goldenmatch.MatchkeyConfig(
                name="by_hand",
                type="probabilistic",
                fields=fields,
                missing="unobserved",
                link_threshold=cut,
            )
        ],
        blocking=goldenmatch.BlockingConfig(strategy="multi_pass", keys=keys[:1], passes=keys),
    )


def _write(task: Task, setting: str, found: Any) -> None:
    ids = task.records["id"].tolist()
    members: list[int] = []
    clusters: list[int] = []
    for number, cluster in found.clusters.items():
        members += [ids[int(member)] for member in cluster["members"]]
        clusters += [int(number)] * len(cluster["members"])
    task.clusters(setting, members, clusters)


if __name__ == "__main__":
    main()
