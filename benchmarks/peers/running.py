"""Runs one peer as a process of its own, with a limit of time, and takes its measure."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.peers.stopwatch import KILLED

_CHECKOUT = Path(__file__).parents[2]

#: The module that runs the product itself.
OURS = "ours"


def python_of(peer: str) -> Path:
    """The interpreter of the environment that holds the peer; ours is this one.

    ``.venv-peers`` in the checkout, or where the environment variable ``MATCHER_PEERS_PYTHON``
    points; ``MATCHER_PEERS_PYTHON_GOLDENMATCH`` and so on for one peer alone.
    """
    if peer == OURS:
        return Path(sys.executable)
    given = os.environ.get(f"MATCHER_PEERS_PYTHON_{peer.upper()}") or os.environ.get(
        "MATCHER_PEERS_PYTHON"
    )
    return Path(given) if given else _CHECKOUT / ".venv-peers" / "bin" / "python"


def run(peer: str, folder: Path, keys: str, limit: float) -> dict[str, Any]:
    """Wall and CPU seconds, peak memory and what the peer said, or why there is no answer.

    ``load`` is how many processes wanted a core in the minute before: with more of them than
    cores, wall seconds say little.

    Args:
        peer: a module of this package.
        folder: what it is given; its answer goes into ``answers_in`` of it.
        keys: ``plain`` or ``loose``.
        limit: seconds after which it is stopped; ``unfinished`` is then the result.
    """
    answers = answers_in(folder, peer, keys)
    shutil.rmtree(answers, ignore_errors=True)
    answers.mkdir(parents=True)
    places = [str(each.resolve()) for each in (folder, answers)]
    command = [str(python_of(peer)), "-m", f"benchmarks.peers.{peer}", *places, keys]
    spoken, took = answers / "spoken.txt", answers / "took.json"
    watched = [sys.executable, "-m", "benchmarks.peers.stopwatch", str(took.resolve()), *command]
    load = round(os.getloadavg()[0], 1)
    with spoken.open("wb") as sink:
        process = subprocess.Popen(
            watched, cwd=_CHECKOUT, stdout=sink, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            process.wait(None if limit == float("inf") else limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return {"unfinished": f"at {limit:.0f} s"}
    if process.returncode == KILLED:
        return {"killed": f"at {_read(took)['peak_mb']:,} MB"}
    if process.returncode:
        said = spoken.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return {"failed": said[-1][:300] if said else f"exit code {process.returncode}"}
    return _read(answers / "said.json") | _read(took) | {"load": load}


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def answers_in(folder: Path, peer: str, keys: str) -> Path:
    """Where a peer answers."""
    return folder / f"{peer}-{keys}"
