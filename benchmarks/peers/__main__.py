"""Peers on the same sets, machine and evaluator as the product.

::

    python -m benchmarks.peers                                  all peers, all sets but the largest
    python -m benchmarks.peers --seeds 1                        one list of each generated kind
    python -m benchmarks.peers --peers splink --sets contacts   these only
    python -m benchmarks.peers --peers --sets contacts          none of them: our own row again
    python -m benchmarks.peers --freeze                         and make this the committed result

How to make their environment, and which settings each was given, is in README.md beside this file.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich import box
from rich.table import Table

from benchmarks import calibration, results
from benchmarks.datasets import Dataset, available, load
from benchmarks.peers.handing import Ints, hand_over
from benchmarks.peers.judging import judge
from benchmarks.peers.ours import give
from benchmarks.peers.running import OURS, answers_in, run
from benchmarks.quality import matched_by_default, persons

PEERS = ("splink", "recordlinkage", "goldenmatch", "dedupe")

#: The peers that link two sets; the others are run on single ones.
_LINKERS = ("splink", "recordlinkage")

#: What they block on (``answers.Task.keys``).
KEYS = ("plain", "loose")

_WORK = Path(__file__).parents[1] / "work" / "peers"


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    options = _options(arguments)
    console = results.console()
    measured: dict[str, Any] = {}
    for name in options.sets or [name for name, by_default in available().items() if by_default]:
        for dataset in load(name, options.seeds):
            folder = _WORK / dataset.name.replace("/", "-")
            person, reliability = handed_over(dataset, folder)
            row = {"matcher": ours(folder, person) | {"reliability": reliability}}
            for peer in options.peers:
                if dataset.right is None or peer in _LINKERS:
                    console.print(f"[dim]{peer} on {dataset.name} …[/dim]")
                    row[peer] = theirs(peer, folder, person, options.keys, options.limit)
            measured[dataset.name] = results.frozen("peers").get(dataset.name, {}) | row
            results.save("peers", measured, freeze=options.freeze)
    console.print(_table(measured))
    console.print(f"written to {results.save('peers', measured, freeze=options.freeze)}")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--sets", nargs="+", choices=available(), metavar="SET")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=list(PEERS))
    parser.add_argument("--keys", nargs="+", choices=KEYS, default=list(KEYS))
    parser.add_argument("--seeds", type=int, default=3, help="lists generated of each size")
    parser.add_argument("--limit", type=float, default=360, help="seconds that each run may take")
    parser.add_argument("--freeze", action="store_true")
    return parser.parse_args(arguments)


def handed_over(dataset: Dataset, folder: Path) -> tuple[Ints, list[list[float]]]:
    """The true persons of a set and what our probabilities were worth there
    (``calibration.rows``), after what all are given is written."""
    result = matched_by_default(dataset)
    person = persons(result.clusters["record_id"], dataset.truth)
    hand_over(result, person, folder)
    give(dataset, folder)
    pairs = result.matched.candidates
    same = person[pairs.left] == person[pairs.right]
    bins = calibration.reliability(result.matched.weighed.probability, same)
    return person, calibration.rows(bins)


def ours(folder: Path, person: Ints) -> dict[str, Any]:
    """The product's own row; there is no better threshold to choose for it."""
    row = run(OURS, folder, "plain", limit=float("inf"))
    if "seconds" in row:
        row["own"] = judge(OURS, answers_in(folder, OURS, "plain"), person)["own"]
    return row


def theirs(
    peer: str, folder: Path, person: Ints, keys: Sequence[str], limit: float
) -> dict[str, Any]:
    """A peer's row, the better of its runs with the plain and with the loose keys.

    A row without figures says why; dedupe learns its own keys.
    """
    rows = []
    for each in ("plain",) if peer == "dedupe" else keys:
        row = run(peer, folder, each, limit)
        if "seconds" in row:
            row |= {"keys": each} | judge(peer, answers_in(folder, peer, each), person)
        rows.append(row)
    return better_of(rows)


def better_of(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The run that reaches most with the truth, with the best figures of any at its own setting."""
    chosen = max(rows, key=lambda row: _f1(row.get("best")))
    stated: list[dict[str, Any] | None] = [row.get("own") for row in rows]
    own = max(stated, key=_f1)
    return chosen | {"own": own} if own else chosen


def _f1(figures: dict[str, Any] | None) -> float:
    return float(figures["f1"]) if figures else -1.0


def _table(measured: dict[str, Any]) -> Table:
    table = Table(title="Pairwise F1 (B-cubed)", box=box.SIMPLE, padding=(0, 1, 0, 0))
    for heading in ("set", "", "own setting", "best with the truth", "at", "keys"):
        table.add_column(heading, no_wrap=True)
    for heading in ("pairs", "seconds", "peak MB"):
        table.add_column(heading, justify="right", no_wrap=True)
    for name, row in measured.items():
        for peer, figures in row.items():
            table.add_row(name if peer == "matcher" else "", peer, *_cells(figures))
    return table


def _cells(figures: dict[str, Any]) -> list[str]:
    if "seconds" not in figures:
        return [next(f"{how} {why}"[:40] for how, why in figures.items())]
    own, best = figures.get("own"), figures.get("best")
    return [
        f"{own['f1']:.4f} ({own['bcubed_f1']:.4f})" if own else "",
        f"{best['f1']:.4f} ({best['bcubed_f1']:.4f})" if best else "",
        best["setting"] if best else "",
        figures.get("keys", ""),
        f"{figures['pairs']:,}" if figures.get("pairs") else "",
        f"{figures['seconds']:.1f}",
        f"{figures['peak_mb']:,}" if "peak_mb" in figures else "",
    ]


if __name__ == "__main__":
    main()
