"""Python's cycle collector, out of the way while millions of tuples are made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused_collector() -> Iterator[None]:
    """Without the cycle collector: tuples of texts hold no cycle, and it would walk them all.

    For much work at once: at the end it takes the time of a look at every object that is frozen,
    and where any is, what is garbage then stays.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            _age()
            gc.enable()


def _age() -> None:
    """Counts all objects as old ones, or the first collection would walk what was just made.

    Where somebody froze objects before, these must stay so, and all others freeze beside them.
    """
    frozen = gc.get_freeze_count()
    gc.freeze()
    if not frozen:
        gc.unfreeze()
