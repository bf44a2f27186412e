"""Parts that two threads work on, taken in their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

_Part = TypeVar("_Part")
_Made = TypeVar("_Made")

#: Parts that are being made or wait to be taken, which bounds memory.
_AHEAD = 3


def in_turn(make: Callable[[_Part], _Made], parts: Sequence[_Part]) -> Generator[_Made, None, None]:
    """What is made of each part, in the order of the parts, whichever is done first."""
    if len(parts) < 2:  # a thread would start later than it is done
        yield from map(make, parts)
        return
    with ThreadPoolExecutor(2) as pool:
        waiting: deque[Future[_Made]] = deque()
        for part in parts:
            waiting.append(pool.submit(make, part))
            if len(waiting) == _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
