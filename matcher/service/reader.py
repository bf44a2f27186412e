"""Reading the store: lookups of records in one thread, many at once; all else beside the writer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread

from matcher.service.posted import Posted, read_posted
from matcher.service.settings import Settings
from matcher.service.worker import Kind, Listener, Worker
from matcher.store import Resolved, Store

Answer = TypeVar("Answer")

#: Threads that read by SQL; each has a connection of its own.
_THREADS = 8
#: Lookups that are done at once.
_AT_ONCE = 64


class Reader:
    """Asks a store; nothing is written.

    Args:
        store: to read.
        settings: the limits.
        listener: is told of each group.
    """

    def __init__(self, store: Store, settings: Settings, listener: Listener) -> None:
        self._store = store
        self._threads: CapacityLimiter | None = None
        self._worker = Worker("matcher-reader", settings.most_waiting, settings.window, listener)
        self._lookup: Kind[Sequence[Posted], list[Resolved]] = Kind(
            "resolve", self._resolve, len, _AT_ONCE
        )

    @property
    def waiting(self) -> int:
        """How many lookups wait."""
        return self._worker.waiting

    async def resolve(self, records: Sequence[Posted]) -> list[Resolved]:
        """Who each of some records would be, each as if it came alone.

        Raises:
            Problem: too many lookups wait.
        """
        return await self._worker.do(self._lookup, records)

    async def together(self, kind: Kind[Any, Answer], asked: Any) -> Answer:
        """Looks something else up, with others of its kind, between two transactions.

        Raises:
            Problem: too many lookups wait.
        """
        return await self._worker.do(kind, asked)

    async def ask(self, question: Callable[[Store], Answer]) -> Answer:
        """What a store answers to something that it reads by SQL.

        Raises:
            MatcherError: as the question.
        """
        if self._threads is None:  # belongs to the loop that asks
            self._threads = CapacityLimiter(_THREADS)
        return await to_thread.run_sync(partial(question, self._store), limiter=self._threads)

    def close(self) -> None:
        """Answers what waits, and ends."""
        self._worker.close()

    def _resolve(self, asked: Sequence[Sequence[Posted]]) -> list[list[Resolved]]:
        raw = read_posted([record for records in asked for record in records])
        in_order = (found for _, found in self._store.resolve_each(raw))
        return [[next(in_order) for _ in records] for records in asked]
