"""How little memory will do: ``matcher dedupe`` under a limit.

::

    python -m benchmarks.limits --rows 1000000 --limit 500MB 1GB
    python -m benchmarks.limits --rows 10000000 --limit 2GB --freeze

The peak is of resident memory, mapped files included.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from rich.table import Table

from benchmarks import results, speed


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.limits", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--limit", nargs="+", default=["500MB"], metavar="AMOUNT")
    parser.add_argument("--freeze", action="store_true", help="keep it for the documentation")
    options = parser.parse_args(arguments)
    contacts, console = speed.contacts_file(options.rows), results.console()
    measured: dict[str, Any] = {}
    for limit in options.limit:
        found = speed.measure(contacts, "--memory-limit", limit)
        measured[f"{options.rows}, {limit}"] = found
    console.print(_table(measured))
    console.print(f"written to {results.save('limits', measured, freeze=options.freeze)}")


def _table(measured: dict[str, dict[str, Any]]) -> Table:
    table = Table("records, limit", "peak MB", "seconds", "CPU seconds", "in files, MB")
    for name, run in measured.items():
        figures = run["peak_mb"], round(run["seconds"]), round(run["cpu_seconds"])
        table.add_row(name, *(f"{figure:,}" for figure in (*figures, run["in_files_mb"])))
    return table


if __name__ == "__main__":
    main()
