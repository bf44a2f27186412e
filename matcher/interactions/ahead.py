"""Large feeds are read by a process of their own, while this one works on what came before.

Reading JSON is Python's work, object by object, which threads of one process cannot share. The
other process is started anew (nothing is forked, no ``__main__`` is run again) and sends batches
as Arrow streams; when it is not read from it waits, and when nobody is left to read it ends.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from matcher import errors
from matcher.errors import InputError, MatcherError
from matcher.interactions.batches import InteractionBatch
from matcher.interactions.feeds import read_json
from matcher.interactions.gathering import Options

#: Bytes of a file, packed or not, from which starting a process pays.
WORTH = 32 << 20

_START = (
    "import json, sys; told = json.loads(sys.argv[1]); sys.path[:] = told['path'];"
    " from matcher.interactions.ahead import send; send(told)"
)
_BATCH, _ERROR, _END = b"B", b"E", b"."
#: How often to look for circles: what is read holds none, and looking takes a tenth of the time.
_SELDOM = (100_000, 50, 50)
_LENGTH = struct.Struct("<I")


def is_worth(path: Path) -> bool:
    """Whether a file is large enough, and there is a processor to spare."""
    spare = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return path.is_file() and path.stat().st_size >= WORTH and (spare or 1) > 1


def start(path: Path, options: Options) -> subprocess.Popen[bytes] | None:
    """The process that reads a file of JSON; ``None`` where none can be started."""
    told = json.dumps({"file": str(path), "options": asdict(options), "path": sys.path})
    try:
        return subprocess.Popen(  # noqa: S603 - this Python, and what it runs is above
            [sys.executable, "-c", _START, told], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
        )
    except (OSError, ValueError):
        return None


def receive(process: subprocess.Popen[bytes], name: str) -> Iterator[InteractionBatch]:
    """The batches that a process sends; it is ended when nobody asks for more.

    Raises:
        MatcherError: what the process raised.
        InputError: it ended without a word.
    """
    with process:
        try:
            yield from _received(process.stdout, name) if process.stdout else ()
        finally:
            process.kill()


def _received(stream: IO[bytes], name: str) -> Iterator[InteractionBatch]:
    while (mark := stream.read(1)) == _BATCH:
        interactions, contacts, rejects = (pa.ipc.open_stream(stream).read_all() for _ in range(3))
        yield InteractionBatch(interactions, contacts, rejects)
    if mark == _ERROR:
        (size,) = _LENGTH.unpack(stream.read(_LENGTH.size))
        kind, message = json.loads(stream.read(size))
        found = getattr(errors, kind, MatcherError)
        raise found(message)
    if mark != _END:
        raise InputError(f"{name}: the process that reads it ended early; try again.")


def send(told: dict[str, Any]) -> None:
    """What the other process does: reads a file and writes its batches to standard output."""
    gc.freeze()
    gc.set_threshold(*_SELDOM)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this one ends it
    stream = sys.stdout.buffer
    try:
        for batch in read_json(Path(told["file"]), Options(**told["options"])):
            stream.write(_BATCH)
            for table in (batch.interactions, batch.contacts, batch.rejects):
                with pa.ipc.new_stream(stream, table.schema) as writer:
                    writer.write_table(table)
            stream.flush()
        stream.write(_END)
    except BrokenPipeError:
        os._exit(0)  # nobody reads any more, and nothing is left to be flushed
    except MatcherError as error:
        said = json.dumps([type(error).__name__, str(error)]).encode()
        stream.write(_ERROR + _LENGTH.pack(len(said)) + said)
    stream.flush()
