"""Make contacts with known truth, or say what they are like.

::

    python -m benchmarks.generate --rows 100000 --seed 1 --out DIR     contacts.csv, truth.csv
    python -m benchmarks.generate --rows 100000 --seed 1 --describe    figures, nothing written
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from benchmarks import results
from benchmarks.contacts import describe, generate, write

__all__ = ["generate", "main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generate", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--rows", type=_positive, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="folder for contacts.csv and truth.csv")
    parser.add_argument("--describe", action="store_true", help="print what the list is like")
    options = parser.parse_args(arguments)
    if options.out is None and not options.describe:
        parser.error("say where to write with --out, or ask for --describe")
    if options.out is not None:
        write(options.rows, options.seed, options.out)
    if options.describe:
        _print(describe(*generate(options.rows, options.seed)))


def _positive(text: str) -> int:
    rows = int(text)
    if rows < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return rows


def _print(figures: dict[str, Any]) -> None:
    console = results.console()
    console.print(
        f"{figures['rows']:,} records of {figures['persons']:,} persons "
        f"({figures['rows'] / figures['persons']:.2f} each), {figures['true_pairs']:,} true pairs"
    )
    columns = Table("column", title="Columns")
    for heading in ("missing", "distinct"):
        columns.add_column(heading, justify="right")
    for name, missing in figures["missing"].items():
        columns.add_row(name, f"{missing:.3f}", f"{figures['distinct'][name]:.3f}")
    console.print(columns)
    keys = Table("key", title="What plain keys find, by pairs")
    for heading in ("recall", "precision"):
        keys.add_column(heading, justify="right")
    for name, recall in figures["recall"].items():
        precision = figures["precision"].get(name)
        keys.add_row(name, f"{recall:.3f}", "" if precision is None else f"{precision:.3f}")
    console.print(keys)


if __name__ == "__main__":
    main()
