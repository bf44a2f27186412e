"""Runs a command and writes down what it took: ``stopwatch MEASURE COMMAND …``.

It is a process of its own because the peak memory of a process counts from the size of the one that
started it: started by the benchmark itself, a small peer would seem as large as that.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

#: Exit code where a signal ended the command: most often the system, for want of memory.
KILLED = 137


def main() -> None:
    """Runs the command and leaves ``seconds``, ``cpu_seconds`` and ``peak_mb``."""
    measure, *command = sys.argv[1:]
    began = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    took = {
        "seconds": round(seconds, 1),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 1),
        "peak_mb": round(usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)),
    }
    Path(measure).write_text(json.dumps(took), encoding="utf-8")
    sys.exit(process.returncode if process.returncode >= 0 else KILLED)


if __name__ == "__main__":
    main()
