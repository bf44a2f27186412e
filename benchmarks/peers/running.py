"""Runs one peer as a process of its own, with a limit of time, and takes its measure."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

_CHECKOUT = Path(__file__).parents[2]


def python_of(peer: str) -> Path:
    """The interpreter of the environment that holds the peer.

    ``.venv-peers`` in the checkout, or where the environment variable ``MATCHER_PEERS_PYTHON``
    points; ``MATCHER_PEERS_PYTHON_GOLDENMATCH`` and so on for one peer alone.
    """
    given = os.environ.get(f"MATCHER_PEERS_PYTHON_{peer.upper()}") or os.environ.get(
        "MATCHER_PEERS_PYTHON"
    )
    return Path(given) if given else _CHECKOUT / ".venv-peers" / "bin" / "python"


def run(peer: str, folder: Path, keys: str, limit: float) -> dict[str, Any]:
    """Wall seconds, CPU seconds, peak memory and what the peer said, or why there is no answer.

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
    spoken = answers / "spoken.txt"
    with spoken.open("wb") as sink:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=_CHECKOUT, stdout=sink, stderr=subprocess.STDOUT, start_new_session=True
        )
        stopped = threading.Event()
        timer = threading.Timer(limit, _stop, (process.pid, stopped))
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
        seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if stopped.is_set():
        return {"unfinished": f"at {limit:.0f} s"}
    if process.returncode:
        said = spoken.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return {"failed": said[-1][:300] if said else f"exit code {process.returncode}"}
    peak = usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    answer: dict[str, Any] = json.loads((answers / "said.json").read_text(encoding="utf-8"))
    return answer | {
        "seconds": round(seconds, 1),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 1),
        "peak_mb": round(peak),
    }


def answers_in(folder: Path, peer: str, keys: str) -> Path:
    """Where a peer answers."""
    return folder / f"{peer}-{keys}"


def _stop(group: int, stopped: threading.Event) -> None:
    """Stops the process that was started here, with its children."""
    stopped.set()
    os.killpg(group, signal.SIGKILL)
