"""A quick start: what a run needs is loaded once and without delay, and nothing else is.

All of it belongs to a process that this program began; where a command is called from other code,
that code's process stays as it is.
"""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder


def begin() -> None:
    """First of all, for the process that is this program.

    Garbage collection waits until all is loaded: it would walk again and again over the hundred
    thousand objects of the libraries, which stay anyway. NumPy's algebra, which starts a thread
    for each core, keeps to one: there is none here that would use them. Arrow takes memory from
    the system, which gets back what is free after each stage; its own pool keeps it, several
    hundred megabytes at a million records, and is no quicker here.
    """
    gc.disable()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    _share_memory_between_threads()


def _share_memory_between_threads() -> None:
    """One heap for all threads, where the C library is GNU's.

    It would give each of a dozen threads its own, in which what one thread has freed is of no use
    to the others: at a million records a quarter of the memory after reading.
    """
    if sys.platform == "linux" and "MALLOC_ARENA_MAX" not in os.environ:
        choose = getattr(ctypes.CDLL(None), "mallopt", None)
        if choose is not None:
            choose(_M_ARENA_MAX, 1)


#: The number of that option in ``malloc.h``.
_M_ARENA_MAX = -8


def load() -> None:
    """Before a command's work: loads Arrow without pandas, and turns garbage collection on.

    Does nothing unless ``begin`` was called before it.
    """
    if gc.isenabled():
        return
    if "pandas" not in sys.modules:
        _load_arrow_alone()
    import matcher.front_door  # noqa: F401  # all that matching needs

    gc.freeze()
    gc.enable()


def end() -> None:
    """Last of all: what DuckDB made can be collected, or it complains on stderr that it stays."""
    if "duckdb" in sys.modules:
        gc.unfreeze()


def _load_arrow_alone() -> None:
    """Arrow looks once for pandas, whose series it also takes, when it makes its first value.

    No command reads frames, and the import takes longer than ten thousand records. Where a frame
    is asked for (``to_pandas``), Arrow looks again, and finds it.
    """
    import pyarrow as pa

    with _hidden("pandas"):
        pa.scalar(0)


class _Hiding(MetaPathFinder):
    """Says of one package that it is not installed."""

    def __init__(self, package: str) -> None:
        self.package = package

    def find_spec(self, name: str, path: Sequence[str] | None, target: object = None) -> None:
        """No place for any module; an error for the hidden one ends the search."""
        if name == self.package:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


@contextmanager
def _hidden(package: str) -> Iterator[None]:
    """A package that is not loaded cannot be for a while."""
    finder = _Hiding(package)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
