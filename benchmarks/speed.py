"""How long ``matcher dedupe`` takes from a CSV to written results, and how much memory.

::

    python -m benchmarks.speed --rows 10000 100000 1000000
    python -m benchmarks.speed --rows 1000000 --runs 3 --freeze
    python -m benchmarks.speed --rows 1000000 --runs 3 --splink      and Splink, tuned for speed

Each run is a fresh process. Of several runs the quickest counts: what disturbs a run only ever
makes it longer. Generated lists are kept in ``benchmarks/work/``.

Splink runs in the environment of the peers (``benchmarks/peers``), in turn with the product, and in
two ways: ``splink_fast``, tuned for speed, and ``splink_careful``, set up as among the peers. Their
start and imports are not counted, ours are. With it the answers of all are judged by the truth.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from rich.table import Table

from benchmarks import results
from benchmarks.peers import running

_FOLDER = Path(__file__).parent
_SEED = 1
#: The console script's own entry, so that a checkout that is not installed will do.
_COMMAND = (sys.executable, "-c", "from matcher.cli import main; main()")
_PACKAGES = ("matcher", "blocking", "scoring")

#: Variables that keep Python from using it.
_NO_BYTECODE = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")

#: Seconds after which Splink is stopped.
_LIMIT = 900
#: The ways in which Splink runs, by the name of its figures.
_SPLINKS = {"splink": "splink_fast", "splink_careful": "splink_careful"}
#: What they are called in tables.
CALLED = {"splink": "Splink, tuned for speed", "splink_careful": "Splink, set up with care"}


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--rows", nargs="+", type=int, default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--runs", type=int, default=1, help="runs of each size")
    parser.add_argument("--splink", action="store_true", help="run Splink in turn with it")
    parser.add_argument("--freeze", action="store_true", help="compare later runs with this one")
    options = parser.parse_args(arguments)
    console = results.console()
    measured: dict[str, Any] = {}
    for rows in options.rows:
        contacts = contacts_file(rows)
        console.print(f"[dim]{rows:,} rows, {contacts.stat().st_size / 1e6:,.0f} MB …[/dim]")
        measured[str(rows)] = compared(contacts, options.runs, splink=options.splink)
    console.print(_table(measured, results.frozen("speed")))
    console.print(_stage_table(measured))
    if options.splink:
        console.print(_splink_table(measured))
    console.print(f"written to {results.save('speed', measured, freeze=options.freeze)}")


def compared(contacts: Path, runs: int, *, splink: bool) -> dict[str, Any]:
    """The quickest of several runs and, where wanted, the quickest of as many of Splink.

    ``load`` says how many processes kept the machine busy before: more than a little, and the
    seconds say more about them.
    """
    load = round(os.getloadavg()[0], 1)
    ours: list[dict[str, Any]] = []
    theirs: dict[str, list[dict[str, Any]]] = {name: [] for name in _SPLINKS if splink}
    for _ in range(runs):
        ours.append(measure(contacts, judge=splink))
        for name, found in theirs.items():
            found.append(measure_splink(contacts, _SPLINKS[name]))
    quickest = {name: min(found, key=_seconds) for name, found in theirs.items()}
    return min(ours, key=_seconds) | _machine() | {"load": load} | quickest


def _seconds(run: Mapping[str, Any]) -> float:
    return float(run["seconds"])


def contacts_file(rows: int) -> Path:
    """The generated list of that size, made where it is not there yet."""
    folder = _FOLDER / "work" / f"contacts-{rows}-{_SEED}"
    path = folder / "contacts.csv"
    if not path.exists():
        # In a process of its own: what runs next inherits this one's peak memory as its own.
        command = (sys.executable, "-m", "benchmarks.generate", "--seed", str(_SEED))
        with tempfile.TemporaryDirectory(dir=_made(folder.parent)) as scratch:
            half_made = Path(scratch) / folder.name
            subprocess.run(
                (*command, "--rows", str(rows), "--out", str(half_made)),
                check=True,
                cwd=_FOLDER.parent,
            )
            half_made.rename(folder)
    return path


def measure(contacts: Path, *options: str, judge: bool = False) -> dict[str, Any]:
    """Run ``matcher dedupe`` on a file once; see ``measure_command``."""
    truth = contacts.with_name("truth.csv") if judge else None
    return measure_command("dedupe", str(contacts), *options, truth=truth)


def measure_command(*arguments: str, truth: Path | None = None) -> dict[str, Any]:
    """Run a command of ``matcher`` that writes results once, as a process of its own.

    Args:
        arguments: of the command.
        truth: by which its crosswalk is judged, if at all.

    Returns:
        ``seconds`` of wall time and ``cpu_seconds`` of the whole process from its start,
        ``peak_mb`` of resident memory, and as reported ``stages``: seconds of each by name, and
        ``stage_peak_mb``: the largest memory until its end. With a truth also ``f1``.

    Raises:
        RuntimeError: the command failed; its last words are the message.
    """
    with tempfile.TemporaryDirectory(dir=_made(_FOLDER / "work")) as scratch:
        out, spoken = Path(scratch) / "out", Path(scratch) / "spoken"
        command = (*_COMMAND, *arguments, "--out", str(out), "--json")
        with spoken.open("wb") as sink:
            environment = as_installed()
            began = time.perf_counter()
            process = subprocess.Popen(
                command,
                stdout=sink,
                stderr=subprocess.STDOUT,
                cwd=_FOLDER.parent,
                env=environment,
            )
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said = spoken.read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"exit code {process.returncode}: {said[-2000:]}")
        report = json.loads((out / "report.json").read_text(encoding="utf-8"))
        judged = {} if truth is None else {"f1": _f1(out / "crosswalk.csv", truth)}
    peak = usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    return {
        "seconds": round(seconds, 3),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 3),
        "peak_mb": round(peak),
        "stages": {stage["name"]: round(stage["seconds"], 3) for stage in report["stages"]},
        "stage_peak_mb": {stage["name"]: round(stage["peak_mb"]) for stage in report["stages"]},
        "in_files_mb": round(sum(report.get("memory", {}).get("in_files", {}).values()) / 1e6),
    } | judged


def measure_splink(contacts: Path, peer: str) -> dict[str, Any]:
    """Run Splink once on the same file, as a process of its own.

    Args:
        contacts: the file; the truth lies beside it.
        peer: ``splink_fast`` or ``splink_careful``.

    Returns:
        ``seconds`` of its stages without its start, ``stages``, and ``version``, ``cpu_seconds``
        and ``peak_mb`` of the whole process; ``f1`` of its clusters.

    Raises:
        RuntimeError: it failed, or was not done in time.
    """
    run = running.run(peer, contacts.parent, "plain", _LIMIT)
    if "stages" not in run:
        raise RuntimeError(f"Splink: {run}")
    clusters = running.answers_in(contacts.parent, peer, "plain") / "clusters.parquet"
    f1 = _f1(clusters, contacts.with_name("truth.csv"))
    return run | {"seconds": round(sum(run["stages"].values()), 3), "f1": f1}


def _f1(groups: Path, truth: Path) -> float:
    """F1 of pairs; judged in a process of its own, whose memory no later run inherits."""
    command = (*_COMMAND, "evaluate", str(groups), str(truth), "--json")
    judged = subprocess.run(command, check=True, capture_output=True, cwd=_FOLDER.parent)
    return round(float(json.loads(judged.stdout)["f1"]), 4)


@cache
def as_installed() -> Mapping[str, str]:
    """The environment of a run: with the bytecode that every installation has beside its source."""
    found = {name: value for name, value in os.environ.items() if name not in _NO_BYTECODE}
    compiling = (sys.executable, "-m", "compileall", "-q", *_PACKAGES)
    subprocess.run(compiling, check=True, cwd=Path(__file__).parents[1], env=found)
    return found


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _machine() -> dict[str, Any]:
    return {"cores": os.cpu_count(), "python": platform.python_version()}


def _table(measured: dict[str, Any], frozen: dict[str, Any]) -> Table:
    table = Table(title="matcher dedupe FILE --out DIR --json")
    headings = "rows", "seconds", "since frozen", "CPU seconds", "peak MB", "since frozen", "load"
    for heading in headings:
        table.add_column(heading, justify="right")
    for rows, figures in measured.items():
        before = frozen.get(rows, {})
        table.add_row(
            f"{int(rows):,}",
            f"{figures['seconds']:.2f}",
            change(figures["seconds"], before.get("seconds")),
            f"{figures['cpu_seconds']:.2f}",
            f"{figures['peak_mb']:,}",
            change(figures["peak_mb"], before.get("peak_mb")),
            f"{figures['load']:.1f}",
        )
    return table


def change(now: float, before: float | None) -> str:
    """The difference to the frozen figure, in percent."""
    return "new" if not before else f"{now / before - 1:+.0%}"


def _stage_table(measured: dict[str, Any]) -> Table:
    table = Table("stage", title="Seconds a stage")
    for rows in measured:
        table.add_column(f"{int(rows):,}", justify="right")
    names = dict.fromkeys(name for figures in measured.values() for name in figures["stages"])
    for name in names:
        seconds = (figures["stages"].get(name) for figures in measured.values())
        table.add_row(name, *("" if some is None else f"{some:.2f}" for some in seconds))
    outside = (run["seconds"] - sum(run["stages"].values()) for run in measured.values())
    table.add_row("[dim]outside them[/dim]", *(f"{some:.2f}" for some in outside))
    return table


def _splink_table(measured: dict[str, Any]) -> Table:
    table = Table(title="Splink: reads, normalises, trains, predicts, clusters")
    for heading in ("rows", "", "seconds", "times ours", "F1", "ours", "CPU seconds", "peak MB"):
        table.add_column(heading, justify="right")
    for rows, ours in measured.items():
        for name, called in CALLED.items():
            theirs = ours[name]
            table.add_row(
                f"{int(rows):,}",
                called,
                f"{theirs['seconds']:.2f}",
                f"{theirs['seconds'] / ours['seconds']:.2f}",
                f"{theirs['f1']:.3f}",
                f"{ours['f1']:.3f}",
                f"{theirs['cpu_seconds']:.2f}",
                f"{theirs['peak_mb']:,}",
            )
    return table


if __name__ == "__main__":
    main()
