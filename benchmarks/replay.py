"""How long ``matcher replay`` takes from a CSV to written results, and how much memory.

::

    python -m benchmarks.replay --rows 1000000 --policy action_network
    python -m benchmarks.replay --rows 100000 --policy action_network nationbuilder --freeze
    python -m benchmarks.replay --rows 1000000 --policy compare
    python -m benchmarks.replay --growth                      rows that all share a value

Each run is a fresh process over the generated contacts of ``benchmarks.speed``. In place of a
policy ``compare`` replays the rows by all of them, one after the other, and beside our resolution.
``--growth`` is told in ``benchmarks.crowds``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from benchmarks import crowds, results
from benchmarks.speed import change, contacts_file

_FOLDER = Path(__file__).parent
_COMMAND = (sys.executable, "-c", "from matcher.cli import main; main()")
_COMPARE = "compare"
_POLICIES = ("action_network", "nationbuilder", "ngp_van", "ngp_van_people")
_ROWS, _CROWDS = (100_000, 1_000_000), (5_000, 10_000, 20_000)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.replay", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--rows", nargs="+", type=int)
    parser.add_argument("--policy", nargs="+")
    parser.add_argument("--growth", action="store_true", help="rows that all share a value")
    parser.add_argument("--freeze", action="store_true", help="compare later runs with this one")
    options = parser.parse_args(arguments)
    console = results.console()
    if options.growth:
        found = crowds.crowds(options.policy or _POLICIES, options.rows or _CROWDS)
        console.print(crowds.table(list(found)))
        return
    measured = {
        f"{policy} {rows}": measure(contacts_file(rows), policy)
        for policy in options.policy or _POLICIES[:1]
        for rows in options.rows or _ROWS
    }
    console.print(_table(measured, results.frozen("replay")))
    console.print(f"written to {results.save('replay', measured, freeze=options.freeze)}")


def measure(contacts: Path, policy: str) -> dict[str, Any]:
    """Runs ``matcher replay`` once, as a process of its own.

    Args:
        contacts: a CSV.
        policy: its name, or ``compare``.

    Returns:
        ``seconds`` of wall time, ``cpu_seconds``, ``peak_mb`` of resident memory, ``people``
        held at the end (when comparing, those that we find), and ``stages``: seconds of each by
        name.

    Raises:
        RuntimeError: the command failed; its last words are the message.
    """
    (_FOLDER / "work").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_FOLDER / "work") as scratch:
        out, spoken = Path(scratch) / "out", Path(scratch) / "spoken"
        whose = ("--compare",) if policy == _COMPARE else ("--policy", policy)
        command = (*_COMMAND, "replay", str(contacts), *whose, "--out", str(out))
        with spoken.open("wb") as sink:
            began = time.perf_counter()
            process = subprocess.Popen(
                (*command, "--json"), stdout=sink, stderr=subprocess.STDOUT, cwd=_FOLDER.parent
            )
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said = spoken.read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"exit code {process.returncode}: {said[-2000:]}")
        (written,) = out.glob("*.json")
        report = json.loads(written.read_text(encoding="utf-8"))
    peak = usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    return {
        "seconds": round(seconds, 3),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 3),
        "peak_mb": round(peak),
        "people": (report["policies"][-1] if policy == _COMPARE else report["counts"])["people"],
        "stages": {stage["name"]: round(stage["seconds"], 3) for stage in report["stages"]},
    }


def _table(measured: dict[str, Any], frozen: dict[str, Any]) -> Table:
    table = Table(title="matcher replay FILE --policy NAME (or --compare) --out DIR --json")
    table.add_column("policy and rows")
    for heading in ("seconds", "since frozen", "CPU seconds", "peak MB", "people", "stages"):
        table.add_column(heading, justify="right")
    for name, figures in measured.items():
        stages = ", ".join(f"{stage} {took:.1f}" for stage, took in figures["stages"].items())
        table.add_row(
            name,
            f"{figures['seconds']:.2f}",
            change(figures["seconds"], frozen.get(name, {}).get("seconds")),
            f"{figures['cpu_seconds']:.2f}",
            f"{figures['peak_mb']:,}",
            f"{figures['people']:,}",
            stages,
        )
    return table


if __name__ == "__main__":
    main()
