"""A service in a process of its own, as a user starts it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

#: Seconds to come up and to end, on a machine that is busy with other tests.
PATIENCE = 60


@dataclass(frozen=True)
class Live:
    """A running service.

    Attributes:
        process: of ``matcher serve``.
        url: where it listens.
        log: the file of its log.
    """

    process: subprocess.Popen[str]
    url: str
    log: Path

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[Live]:
    """Serves the store of a folder on any free port, until the body ends."""
    log = folder / "service.log"
    command = [sys.executable, "-m", "matcher", "serve", "--store", "identity.duckdb"]
    with log.open("a") as told:
        process = subprocess.Popen(
            [*command, "--port", "0", *options],
            cwd=folder, stdout=subprocess.PIPE, stderr=told, text=True,
        )  # fmt: skip
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Listening on "), (line, log.read_text())
        yield Live(process, line.split()[2].rstrip(";"), log)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(PATIENCE)
        if process.stdout is not None:
            process.stdout.close()
