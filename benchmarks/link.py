"""How long it takes to find a short list in a long one: ``matcher link``, files in to files out.

::

    python -m benchmarks.link                              10,000 records in a million
    python -m benchmarks.link --left 1000 --runs 3 --freeze

The two are one generated list in two: so many of its records by chance, and all others.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
from rich.table import Table

from benchmarks import results, speed

_WORK = Path(__file__).parent / "work"


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.link", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--left", type=int, default=10_000, help="records of the short list")
    parser.add_argument("--rows", type=int, default=1_000_000, help="records of both together")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--freeze", action="store_true", help="keep it for the documentation")
    options = parser.parse_args(arguments)
    left, right = _files(options.left, options.rows)
    runs = [speed.measure_command("link", str(left), str(right)) for _ in range(options.runs)]
    best = min(runs, key=lambda run: float(run["seconds"]))
    name = f"{options.left}, {options.rows}"
    console = results.console()
    console.print(_table(best))
    saved = results.save("link", {name: best}, freeze=options.freeze)
    console.print(f"written to {saved}")


def _files(left: int, rows: int) -> tuple[Path, Path]:
    """Both files, made where they are not there yet."""
    folder = _WORK / f"link-{left}-{rows}"
    paths = folder / "left.csv", folder / "right.csv"
    if not all(path.exists() for path in paths):
        folder.mkdir(parents=True, exist_ok=True)
        for path, table in zip(paths, split(_read(speed.contacts_file(rows)), left), strict=True):
            pa_csv.write_csv(table, path)
    return paths


def _read(path: Path) -> pa.Table:
    with path.open(encoding="utf-8") as file:
        names = file.readline().strip().replace('"', "").split(",")
    types = dict.fromkeys(names, pa.string())
    return pa_csv.read_csv(path, convert_options=pa_csv.ConvertOptions(column_types=types))


def split(table: pa.Table, count: int) -> tuple[pa.Table, pa.Table]:
    """So many rows by chance, and all others, each in their order."""
    chosen = np.zeros(table.num_rows, np.bool_)
    chosen[np.random.default_rng(1).choice(table.num_rows, count, replace=False)] = True
    return table.filter(pa.array(chosen)), table.filter(pa.array(~chosen))


def _table(run: dict[str, Any]) -> Table:
    table = Table("stage", "seconds", title="matcher link LEFT RIGHT --out DIR --json")
    for stage, seconds in run["stages"].items():
        table.add_row(stage, f"{seconds:.2f}")
    table.add_row("whole process", f"{run['seconds']:.2f}")
    table.add_row("CPU", f"{run['cpu_seconds']:.2f}")
    table.add_row("peak MB", f"{run['peak_mb']:,}")
    return table


if __name__ == "__main__":
    main()
