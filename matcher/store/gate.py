"""Lets many read while nobody replaces what they read."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

from matcher.errors import StoreError

#: Seconds that a replacement waits for those who read.
_PATIENCE = 60.0


class Gate:
    """Many pass at a time, or one alone. A thread that has passed must not ask to be alone."""

    def __init__(self, patience: float = _PATIENCE) -> None:
        self._changed = Condition()
        self._inside = 0
        self._closed = False
        self._patience = patience

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Waits until nobody is alone, and is counted until the body ends."""
        with self._changed:
            self._changed.wait_for(lambda: not self._closed)
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Lets nobody in, and waits until nobody is inside.

        Raises:
            StoreError: somebody stays inside.
        """
        until = time.monotonic() + self._patience
        with self._changed:
            if not self._changed.wait_for(lambda: not self._closed, self._patience):
                raise StoreError(_BUSY)
            self._closed = True
        try:
            with self._changed:
                left = max(0.0, until - time.monotonic())
                if not self._changed.wait_for(lambda: not self._inside, left):
                    raise StoreError(_BUSY)
            yield
        finally:
            with self._changed:
                self._closed = False
                self._changed.notify_all()


_BUSY = "the store is being read by another thread and stays so; let it finish, and repeat."
