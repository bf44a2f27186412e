"""Python's cycle collector, out of the way while millions of tuples are made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused_collector() -> Iterator[None]:
    """Without the cycle collector: tuples of texts hold no cycle, and it would walk them all."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            _age()
            gc.enable()


def _age() -> None:
    """Counts all objects as old ones, or the first collection would walk what was just made."""
    if not gc.get_freeze_count():  # what somebody froze is to stay so
        gc.freeze()
        gc.unfreeze()
