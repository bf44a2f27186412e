"""With one thread or two, the files are the same byte by byte."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[2]
#: Enough for every stage to take its way of many rows, in several slices and parts.
_ROWS = 20_000
_SLICES = """
import scoring.compare, scoring.estimation, scoring.weighing, matcher.golden, matcher.outputs
scoring.compare._SLICE = scoring.estimation._SLICE = 50_000
scoring.weighing.SLICE = 30_000
matcher.golden._RECORDS_A_PART = matcher.outputs._ROWS_A_PART = 3_000
"""
_ONE_THREAD = """
import concurrent.futures as futures
import pyarrow as pa

class One(futures.ThreadPoolExecutor):
    def __init__(self, *arguments, **named):
        super().__init__(1)

futures.ThreadPoolExecutor = One
pa.set_cpu_count(1)
pa.set_io_thread_count(1)
"""
_RUN = """
import sys, matcher
matcher.dedupe(sys.argv[1]).write(sys.argv[2])
"""


def run(program: str, *arguments: Path) -> None:
    subprocess.run([sys.executable, "-c", program, *map(str, arguments)], check=True, cwd=_ROOT)


def test_threads_and_slices_change_no_file(tmp_path: Path) -> None:
    rows = ("--rows", str(_ROWS), "--seed", "7", "--out", str(tmp_path))
    subprocess.run([sys.executable, "-m", "benchmarks.generate", *rows], check=True, cwd=_ROOT)
    contacts = tmp_path / "contacts.csv"
    run(_RUN, contacts, tmp_path / "two")
    run(_ONE_THREAD + _SLICES + _RUN, contacts, tmp_path / "one")
    for name in ("people.csv", "crosswalk.csv", "review.csv", "rejects.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
