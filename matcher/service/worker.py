"""A thread that does what many ask for, as much of it at once as goes together."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Condition, Thread
from typing import Any, Generic, TypeVar

from matcher.service.problems import busy

Asked = TypeVar("Asked")
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True, eq=False)
class Kind(Generic[Asked, Done]):
    """Things that can be done together.

    Attributes:
        name: for metrics.
        together: does several at once, in the order given; for each what came of it, or the error
            that it ended in. Where it raises, each is tried alone, so that one that fails does not
            take the others with it.
        size: of one, as ``most`` counts.
        most: of a group; a larger one goes alone.
    """

    name: str
    together: Callable[[Sequence[Asked]], Sequence[Done | Exception]]
    size: Callable[[Asked], int] = lambda asked: 1
    most: int = 1


@dataclass(slots=True)
class _Waiting:
    kind: Kind[Any, Any]
    asked: Any
    future: Future[Any] = field(default_factory=Future)


#: Told of each group: its kind, how many asked, and the seconds that it took.
Listener = Callable[[str, int, float], None]


class Worker:
    """One thread with a queue.

    As many as were here a moment ago are likely here again at once: those who have just been
    answered, and those who waited meanwhile. So it waits for as many, for a very short time: a
    group costs little more than one request alone.

    Args:
        name: of the thread.
        most_waiting: how many may wait; more are refused.
        window: seconds to wait at most for others once the first is there.
        listener: is told of each group.
    """

    def __init__(
        self,
        name: str,
        most_waiting: int,
        window: float = 0.0,
        listener: Listener = lambda kind, asked, seconds: None,
    ) -> None:
        self._most_waiting = most_waiting
        self._window = window
        self._listener = listener
        self._queue: deque[_Waiting] = deque()
        self._changed = Condition()
        self._is_closed = False
        self._expected = 1
        self._thread = Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._queue)

    async def do(self, kind: Kind[Asked, Done], asked: Asked) -> Done:
        """What comes of it, once it is done.

        Raises:
            Problem: too many wait already, or the service is going down.
        """
        return await asyncio.wrap_future(self.submit(kind, asked))

    def submit(self, kind: Kind[Asked, Done], asked: Asked) -> Future[Done]:
        """The same for other threads.

        Raises:
            Problem: too many wait already, or the service is going down.
        """
        waiting = _Waiting(kind, asked)
        with self._changed:
            self.check_room()
            self._queue.append(waiting)
            self._changed.notify()
        return waiting.future

    def check_room(self) -> None:
        """That one more may wait.

        Raises:
            Problem: too many wait already, or the service is going down.
        """
        if self._is_closed:
            raise busy("The service is going down; try again in a moment.", 5)
        if len(self._queue) >= self._most_waiting:
            raise busy("Too many requests wait already; try again in a moment.")

    def close(self) -> None:
        """Does what waits, and ends; nothing more is taken."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while (group := self._next_group()) is not None:
            if group:
                started = time.perf_counter()
                _do(group)
                with self._changed:
                    self._expected = len(group) + len(self._queue)
                self._listener(group[0].kind.name, len(group), time.perf_counter() - started)

    def _next_group(self) -> list[_Waiting] | None:
        """The first that waits, and those of its kind that go together with it; at the end none."""
        with self._changed:
            while not self._queue:
                if self._is_closed:
                    return None
                self._changed.wait()
            if self._window and self._queue[0].kind.most > 1:
                self._wait_for_more()
            return self._taken()

    def _wait_for_more(self) -> None:
        until = time.perf_counter() + self._window
        while len(self._queue) < self._expected and not self._is_closed:
            if (left := until - time.perf_counter()) <= 0:
                break
            self._changed.wait(left)

    def _taken(self) -> list[_Waiting]:
        group: list[_Waiting] = []
        others: deque[_Waiting] = deque()
        kind: Kind[Any, Any] | None = None
        room = 0
        while self._queue:
            one = self._queue.popleft()
            if kind is None:
                kind, room = one.kind, one.kind.most
            size = one.kind.size(one.asked)
            if group and (one.kind is not kind or size > room):
                others.append(one)
            elif one.future.set_running_or_notify_cancel():
                group.append(one)
                room -= size
        self._queue = others
        return group


def _do(group: Sequence[_Waiting]) -> None:
    """Does a group; each gets what came of it."""
    for one, done in zip(group, _attempted(group), strict=True):
        if isinstance(done, Exception):
            one.future.set_exception(done)
        else:
            one.future.set_result(done)


def _attempted(group: Sequence[_Waiting]) -> Sequence[Any]:
    together = group[0].kind.together
    try:
        return together([one.asked for one in group])
    except Exception as error:
        if len(group) == 1:
            return [error]
        return [done for one in group for done in _attempted([one])]
