"""How well pairs of full names are judged, on the name pairs of OpenSanctions where they are found.

::

    python -m benchmarks.names               our full-name similarity, by group of cases
    python -m benchmarks.names --misses 20   and the pairs it judges wrong
    python -m benchmarks.names --freeze      and make this the committed result

The set (``name_bench/cases.csv`` of the shared sets; MIT) comes from nomenklatura, whose own
matcher, LogicV2, runs on the same cases at its threshold of 0.7 where the environment variable
``MATCHER_NAMES_PYTHON`` names a Python that has the package. Other scripts are romanised with
``anyascii`` where it is installed.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rich import box
from rich.table import Table

from benchmarks import results
from benchmarks.datasets import shared_folder
from matcher.nicknames import formal_names
from matcher.normalise.text import fold_words_text
from scoring.full_names import SAME, organisation_similarity, person_similarity

_LOGIC_V2 = 0.7


class Case(NamedTuple):
    """One labelled pair of names."""

    group: str
    schema: str
    one: str
    other: str
    same: bool


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.names", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--misses", type=int, default=0)
    parser.add_argument("--freeze", action="store_true")
    options = parser.parse_args(arguments)
    console = results.console()
    folder = shared_folder()
    if folder is None or not (folder / "name_bench" / "cases.csv").exists():
        console.print("The set name_bench is not here; see MATCHER_SHARED in README.md.")
        return
    path = folder / "name_bench" / "cases.csv"
    cases = read_cases(path)
    ours = [similarity(case) for case in cases]
    measured = {"matcher": by_group(cases, [each >= SAME for each in ours])}
    python = os.environ.get("MATCHER_NAMES_PYTHON")
    if python:
        theirs = logic_v2(Path(python), path)
        measured["nomenklatura LogicV2"] = by_group(cases, [each >= _LOGIC_V2 for each in theirs])
    console.print(_table(measured))
    wrong = [
        (case, each) for case, each in zip(cases, ours, strict=True) if (each >= SAME) != case.same
    ]
    for case, each in wrong[: options.misses]:
        said = "same" if case.same else "different"
        console.print(
            f"{each:.2f} {said:9} {case.schema:12} {case.one} | {case.other}", highlight=False
        )
    console.print(f"written to {results.save('names', measured, freeze=options.freeze)}")


def read_cases(path: Path) -> list[Case]:
    """The labelled pairs of a file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Case(
                row["case_group"],
                row["schema"],
                row["name1"],
                row["name2"],
                row["is_match"] == "true",
            )
            for row in csv.DictReader(file)
        ]


def similarity(case: Case) -> float:
    """Our similarity of the two names."""
    one, other = (_folded(name) for name in (case.one, case.other))
    if case.schema == "Person":
        return person_similarity(one, other, formal_names())
    return organisation_similarity(one, other)


def _folded(name: str) -> str:
    """Lower-case Latin words; other scripts stay as they are without ``anyascii``."""
    folded = fold_words_text(name)
    if folded.isascii():
        return folded
    try:
        from anyascii import anyascii
    except ImportError:
        return folded
    return fold_words_text(anyascii(name))


def by_group(cases: Sequence[Case], judged: Sequence[bool]) -> dict[str, dict[str, float]]:
    """Precision, recall and F1 of all cases and of each group."""
    groups = ["all", *sorted({case.group for case in cases})]
    found = {}
    for group in groups:
        chosen = [
            (case.same, said)
            for case, said in zip(cases, judged, strict=True)
            if group in ("all", case.group)
        ]
        right = sum(same and said for same, said in chosen)
        stated, true = sum(said for _, said in chosen), sum(same for same, _ in chosen)
        found[group] = {
            "cases": len(chosen),
            "precision": round(right / stated, 4) if stated else 1.0,
            "recall": round(right / true, 4) if true else 1.0,
            "f1": round(2 * right / (stated + true), 4) if stated + true else 1.0,
        }
    return found


#: Runs where nomenklatura is; each pair has fresh ids, as results are kept by them.
_SCRIPT = """
import csv, json, sys
from uuid import uuid4
from followthemoney import ValueEntity, model
from nomenklatura.matching.logic_v2.model import LogicV2
config = LogicV2.default_config()
def entity(schema, name):
    made = ValueEntity(model.get(schema), {"id": uuid4().hex})
    made.add("name", name)
    return made
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    rows = list(csv.DictReader(file))
scores = [
    LogicV2.compare(entity(r["schema"], r["name1"]), entity(r["schema"], r["name2"]), config).score
    for r in rows
]
print(json.dumps([float(score) for score in scores]))
"""


def logic_v2(python: Path, path: Path) -> list[float]:
    """The scores of nomenklatura's own matcher on the same cases."""
    done = subprocess.run(
        [str(python), "-c", _SCRIPT, str(path)], capture_output=True, text=True, check=True
    )
    scores: list[float] = json.loads(done.stdout.splitlines()[-1])
    return scores


def _table(measured: dict[str, Any]) -> Table:
    table = Table(title="Pairs of full names", box=box.SIMPLE, padding=(0, 1, 0, 0))
    for heading in ("judge", "group", "cases", "precision", "recall", "F1"):
        table.add_column(heading, no_wrap=True)
    for judge, groups in measured.items():
        for group, figures in groups.items():
            shown = [f"{figures[share]:.3f}" for share in ("precision", "recall", "f1")]
            table.add_row(judge if group == "all" else "", group, str(figures["cases"]), *shown)
    return table


if __name__ == "__main__":
    main()
