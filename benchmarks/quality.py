"""How right the results are, on every set with known truth that can be found.

::

    python -m benchmarks.quality                            all sets, generated ones with 3 seeds
    python -m benchmarks.quality --sets contacts kyc        these only
    python -m benchmarks.quality --freeze                   and make this the result to compare with

Everything runs at default settings, without a word about any column. The change since the frozen
result stands beside each F1, and ``FELL`` where it is a fall by more than 0.002. The other columns:
exact, true persons whose cluster is exactly right; mixed, clusters of more than one person;
household, wrong pairs inside one household; blocked, true pairs that were compared at all.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from rich import box
from rich.table import Table

import matcher
from benchmarks import results
from benchmarks.datasets import Dataset, available, load

#: Falls of F1 up to this are noise.
_NOISE = 0.002


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    found = available()
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--sets", nargs="+", choices=found, metavar="SET", help=", ".join(found))
    parser.add_argument("--seeds", type=int, default=3, help="lists generated of each size")
    parser.add_argument("--freeze", action="store_true", help="compare later runs with this one")
    options = parser.parse_args(arguments)
    names = options.sets or [name for name, by_default in found.items() if by_default]
    measured: dict[str, Any] = {}
    console = results.console()
    for name in names:
        for dataset in load(name, options.seeds):
            console.print(f"[dim]{dataset.name} …[/dim]")
            measured[dataset.name] = measure(dataset)
    console.print(_table(measured, results.frozen("quality")))
    console.print(f"written to {results.save('quality', measured, freeze=options.freeze)}")


def measure(dataset: Dataset) -> dict[str, Any]:
    """Match one set at default settings and judge the result.

    Returns:
        The figures of ``matcher.Evaluation``; ``blocking_recall``, the share of true pairs among
        the pairs compared; ``household_pairs``, wrong pairs inside one household, where
        households are known; ``seconds`` of wall time.
    """
    began = time.perf_counter()
    extra = dataset.extra or None
    if dataset.right is None:
        result = matcher.dedupe(dataset.source, extra=extra)
    else:
        result = matcher.link(dataset.source, dataset.right, extra=extra)
    clusters = result.clusters
    seconds = time.perf_counter() - began
    judged = matcher.evaluate(clusters, dataset.truth[["record_id", "true_id"]])
    figures: dict[str, Any] = {
        name: round(value, 6) if isinstance(value, float) else value
        for name, value in judged.as_dict().items()
    }
    figures["blocking_recall"] = round(_blocking_recall(result.pairs, dataset.truth), 6)
    if "household_id" in dataset.truth:
        inside = matcher.evaluate(clusters, dataset.truth[["record_id", "household_id"]])
        figures["household_pairs"] = inside.correct_pairs - judged.correct_pairs
    return figures | {"seconds": round(seconds, 2)}


def _blocking_recall(pairs: pd.DataFrame, truth: pd.DataFrame) -> float:
    """The share of true pairs that were compared at all."""
    person = pd.Series(pd.factorize(truth["true_id"])[0], index=truth["record_id"].astype(str))
    left = person.reindex(pairs["record_id_left"].astype(str)).to_numpy()
    right = person.reindex(pairs["record_id_right"].astype(str)).to_numpy()
    sizes = np.bincount(person.to_numpy())
    true_pairs = int((sizes * (sizes - 1) // 2).sum())
    return float(np.count_nonzero(left == right) / true_pairs) if true_pairs else 1.0


def _table(measured: dict[str, Any], frozen: dict[str, Any]) -> Table:
    table = Table(title="Quality at default settings", box=box.SIMPLE, padding=(0, 1, 0, 0))
    table.add_column("set", no_wrap=True)
    headings = (
        "rows", "precision", "recall", "F1", "since frozen", "B³ prec.", "B³ rec.", "B³ F1",
        "exact", "mixed", "household", "blocked", "seconds",
    )  # fmt: skip
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    for name, figures in measured.items():
        shares = ("precision", "recall", "f1")
        table.add_row(
            name,
            f"{figures['records']:,}",
            *(f"{figures[share]:.4f}" for share in shares),
            change(figures["f1"], frozen.get(name, {}).get("f1")),
            *(f"{figures['bcubed_' + share]:.4f}" for share in shares),
            f"{figures['exact_share']:.1%}",
            f"{figures['false_merge_clusters']:,}",
            f"{figures['household_pairs']:,}" if "household_pairs" in figures else "",
            f"{figures['blocking_recall']:.4f}",
            f"{figures['seconds']:.1f}",
        )
    return table


def change(f1: float, before: float | None) -> str:
    """The difference to the frozen F1, marked where it is a fall."""
    if before is None:
        return "new"
    mark = "FELL " if f1 < before - _NOISE else ""
    return f"{mark}{f1 - before:+.4f}"


if __name__ == "__main__":
    main()
