"""What labels are worth: F1 after truthful answers to the first pairs of the review list.

::

    python -m benchmarks.labels            the default sets
    python -m benchmarks.labels --freeze   and make this the committed result
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from rich import box
from rich.table import Table

import matcher
from benchmarks import results
from benchmarks.datasets import Dataset, available, load

_ANSWERS = (50, 200)
_SETS = ("generated-10k", "contacts", "febrl3", "fake_1000", "crm", "kyc")


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.labels", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--sets", nargs="+", choices=available(), metavar="SET")
    parser.add_argument("--freeze", action="store_true")
    options = parser.parse_args(arguments)
    names = options.sets or [name for name in _SETS if name in available()]
    measured = {each.name: measure(each) for name in names for each in load(name, 1)}
    table = Table("set", "without", *(f"{n} answers" for n in _ANSWERS), box=box.SIMPLE)
    for name, figures in measured.items():
        changes = (f"{figures[str(n)]:+.4f}" for n in _ANSWERS)
        table.add_row(name, f"{figures['f1']:.4f}", *changes)
    console = results.console()
    console.print(table)
    console.print(f"written to {results.save('labels', measured, freeze=options.freeze)}")


def measure(dataset: Dataset) -> dict[str, Any]:
    """F1 without labels, and its change by each number of answers; the set is not a link."""
    truth = dataset.truth[["record_id", "true_id"]]
    person = truth.assign(record_id=truth["record_id"].astype(str)).set_index("record_id")[
        "true_id"
    ]
    extra = dataset.extra or None
    result = matcher.dedupe(dataset.source, extra=extra)
    before = matcher.evaluate(result.clusters, truth).f1
    figures: dict[str, Any] = {"f1": round(before, 4)}
    for number in _ANSWERS:
        asked = result.review.head(number)
        left, right = (person.loc[asked[f"record_id_{side}"]] for side in ("left", "right"))
        fitted = matcher.Model.fit(asked, left.to_numpy() == right.to_numpy())
        again = matcher.dedupe(dataset.source, extra=extra, model=fitted)
        figures[str(number)] = round(matcher.evaluate(again.clusters, truth).f1 - before, 4)
    return figures


if __name__ == "__main__":
    main()
