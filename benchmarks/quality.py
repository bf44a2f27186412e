"""How right the results are, on every set with known truth that can be found.

::

    python -m benchmarks.quality                            all sets, generated ones with 3 seeds
    python -m benchmarks.quality --sets contacts kyc        these only
    python -m benchmarks.quality --plot DIR                 and a reliability plot of each set
    python -m benchmarks.quality --freeze                   and make this the result to compare with

Everything runs at default settings, without a word about any column. The change since the frozen
result stands beside each F1, and ``FELL`` where it is a fall by more than 0.002. The other columns:
exact, true persons whose cluster is exactly right; mixed, clusters of more than one person;
household, wrong pairs inside one household; blocked, true pairs that were compared at all; ceiling,
the F1 of a perfect scorer on the same candidates; expected, the precision and recall that
``result.report`` promised; off, the calibration error (``benchmarks.calibration``).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from rich import box
from rich.table import Table

import matcher
from benchmarks import calibration, results
from benchmarks.ceiling import ceiling_f1
from benchmarks.datasets import Dataset, available, load

#: Falls of F1 up to this are noise.
_NOISE = 0.002


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    options = _options(arguments)
    measured: dict[str, Any] = {}
    reliability: dict[str, Any] = {}
    console = results.console()
    for name in options.sets or [name for name, by_default in available().items() if by_default]:
        for dataset in load(name, options.seeds):
            console.print(f"[dim]{dataset.name} …[/dim]")
            measured[dataset.name], reliability[dataset.name] = measure(dataset)
    console.print(_table(measured, results.frozen("quality")))
    for line in spreads(measured):
        console.print(line)
    for name, table in reliability.items() if options.plot else ():
        console.print(f"drawn to {calibration.save_plot(name, table, options.plot)}")
    results.save("calibration", reliability, freeze=False)
    console.print(f"written to {results.save('quality', measured, freeze=options.freeze)}")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    found = available()
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--sets", nargs="+", choices=found, metavar="SET", help=", ".join(found))
    parser.add_argument("--seeds", type=int, default=3, help="lists generated of each size")
    parser.add_argument("--plot", type=Path, metavar="DIR", help="needs the extra 'plot'")
    parser.add_argument("--freeze", action="store_true", help="compare later runs with this one")
    return parser.parse_args(arguments)


def matched_by_default(dataset: Dataset) -> matcher.Result:
    """The result on one set at default settings."""
    extra = dataset.extra or None
    if dataset.right is None:
        return matcher.dedupe(dataset.source, extra=extra)
    return matcher.link(dataset.source, dataset.right, extra=extra)


def measure(dataset: Dataset) -> tuple[dict[str, Any], list[list[float]]]:
    """Match one set at default settings and judge the result.

    Returns:
        The figures of ``matcher.Evaluation``; ``blocking_recall``, the share of true pairs among
        the pairs compared; ``ceiling_f1``; ``calibration_error``; ``expected_precision`` and
        ``expected_recall``; ``household_pairs``, wrong pairs inside one household, where
        households are known; ``seconds`` of wall time. And the reliability table.
    """
    began = time.perf_counter()
    result = matched_by_default(dataset)
    clusters = result.clusters
    seconds = time.perf_counter() - began
    judged = matcher.evaluate(clusters, dataset.truth[["record_id", "true_id"]])
    pairs = result.matched.candidates
    person = persons(clusters["record_id"], dataset.truth)
    left, right = pairs.left.astype(np.int64), pairs.right.astype(np.int64)
    same = person[left] == person[right]
    bins = calibration.reliability(result.matched.weighed.probability, same)
    figures: dict[str, Any] = dict(judged.as_dict())
    figures["blocking_recall"] = same.sum() / judged.true_pairs if judged.true_pairs else 1.0
    figures["ceiling_f1"] = ceiling_f1(person, left, right)
    figures["calibration_error"] = calibration.calibration_error(bins)
    expected = result.report["expected"]
    figures |= {f"expected_{share}": expected[share] or 0.0 for share in ("precision", "recall")}
    if "household_id" in dataset.truth:
        inside = matcher.evaluate(clusters, dataset.truth[["record_id", "household_id"]])
        figures["household_pairs"] = inside.correct_pairs - judged.correct_pairs
    rounded = {
        name: round(float(value), 6) if isinstance(value, float) else value
        for name, value in figures.items()
    }
    return rounded | {"seconds": round(seconds, 2)}, calibration.rows(bins)


def persons(record_ids: pd.Series[Any], truth: pd.DataFrame) -> npt.NDArray[np.int64]:
    """The true person of each record as a number, in the order of ``record_ids``."""
    numbers = pd.Series(pd.factorize(truth["true_id"])[0], index=truth["record_id"].astype(str))
    return numbers.reindex(record_ids.astype(str)).to_numpy(np.int64)


def spreads(measured: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """One line per set of several seeds: its mean F1, and how far apart the seeds are."""
    by_set: dict[str, list[float]] = {}
    for name, figures in measured.items():
        by_set.setdefault(name.partition("/")[0], []).append(figures["f1"])
    return [
        f"{name}, {len(f1s)} seeds: F1 {np.mean(f1s):.4f}, from {min(f1s):.4f} to {max(f1s):.4f}"
        for name, f1s in by_set.items()
        if len(f1s) > 1
    ]


def _table(measured: dict[str, Any], frozen: dict[str, Any]) -> Table:
    table = Table(title="Quality at default settings", box=box.SIMPLE, padding=(0, 1, 0, 0))
    table.add_column("set", no_wrap=True)
    headings = (
        "rows", "precision", "recall", "F1", "since frozen", "B³ prec.", "B³ rec.", "B³ F1",
        "exact", "mixed", "household", "blocked", "ceiling", "expected", "off", "seconds",
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
            f"{figures['ceiling_f1']:.4f}",
            f"{figures['expected_precision']:.3f} {figures['expected_recall']:.3f}",
            f"{figures['calibration_error']:.3f}",
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
