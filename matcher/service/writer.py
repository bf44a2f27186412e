"""The one thread that changes the store; records that wait for it are written together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

from matcher.normalise.organisations import FEWEST_LISTED
from matcher.service.posted import Posted, name_of, read_posted
from matcher.service.settings import Settings
from matcher.service.worker import Kind, Listener, Worker
from matcher.store import Store
from matcher.store.receiving import Received

Answer = TypeVar("Answer")

#: Records of several requests that are written at once: more of them would make a list, whose names
#: tell how to read each other.
_AT_ONCE = FEWEST_LISTED - 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of one request.

    Attributes:
        records: as posted.
        by: who sends them.
        note: what to remember of it.
        candidates: whether to tell who shared something with each.
    """

    records: Sequence[Posted]
    by: str | None
    note: str | None
    candidates: bool


class Writer:
    """Changes a store, one thing after the other; what is answered is on disk.

    Args:
        store: to change.
        settings: the limits.
        listener: is told of each group.
    """

    def __init__(self, store: Store, settings: Settings, listener: Listener) -> None:
        self.store = store
        self._worker = Worker("matcher-writer", settings.most_waiting, settings.window, listener)
        self._records: Kind[Batch, list[Received]] = Kind(
            "records", self._receive, lambda batch: len(batch.records), _AT_ONCE
        )
        self._alone: Kind[Callable[[Store], Any], Any] = Kind("other", self._do)

    @property
    def waiting(self) -> int:
        """How many requests wait."""
        return self._worker.waiting

    def check_room(self) -> None:
        """That one more request may wait.

        Raises:
            Problem: too many wait already.
        """
        self._worker.check_room()

    async def records(self, batch: Batch) -> list[Received]:
        """Takes in records; with those of other requests, as if they came alone.

        Raises:
            Problem: too many requests wait.
            MatcherError: as ``Store.receive``.
        """
        return await self._worker.do(self._records, batch)

    async def alone(self, operation: Callable[[Store], Answer]) -> Answer:
        """Does something else to the store.

        Raises:
            Problem: too many requests wait.
            MatcherError: as the operation.
        """
        answer: Answer = await self._worker.do(self._alone, operation)
        return answer

    async def together(self, kind: Kind[Any, Answer], asked: Any) -> Answer:
        """Does something else, with others of its kind; ``kind`` works on the store by itself.

        Raises:
            Problem: too many requests wait.
        """
        return await self._worker.do(kind, asked)

    def begin(self, kind: Kind[Any, Answer], asked: Any) -> Future[Answer]:
        """``together`` for those who do not wait for the answer.

        Raises:
            Problem: too many requests wait.
        """
        return self._worker.submit(kind, asked)

    def later(self, operation: Callable[[Store], Answer]) -> Answer:
        """``alone`` for a thread, which waits.

        Raises:
            Problem: too many requests wait.
            MatcherError: as the operation.
        """
        answer: Answer = self._worker.submit(self._alone, operation).result()
        return answer

    def close(self) -> None:
        """Writes what waits, and ends."""
        self._worker.close()

    def _do(self, operations: Sequence[Callable[[Store], Any]]) -> list[Any]:
        return [operation(self.store) for operation in operations]

    def _receive(self, batches: Sequence[Batch]) -> list[list[Received] | Exception]:
        """Writes batches in as few runs as keep apart who sends, and records of one name."""
        answers: dict[int, list[Received] | Exception] = {}
        for places in _runs(batches):
            answers |= self._receive_run(batches, places)
        return [answers[place] for place in range(len(batches))]

    def _receive_run(
        self, batches: Sequence[Batch], places: Sequence[int]
    ) -> dict[int, list[Received] | Exception]:
        try:
            return dict(zip(places, self._written([batches[p] for p in places]), strict=True))
        except Exception as error:
            if len(places) == 1:
                return {places[0]: error}
            found: dict[int, list[Received] | Exception] = {}
            for place in places:
                found |= self._receive_run(batches, [place])
            return found

    def _written(self, batches: Sequence[Batch]) -> list[list[Received]]:
        raw = read_posted([record for batch in batches for record in batch.records])
        first = batches[0]
        told = self.store.receive(raw, by=first.by, note=first.note, candidates=first.candidates)
        in_order = iter(told)
        return [[next(in_order) for _ in batch.records] for batch in batches]


def _runs(batches: Sequence[Batch]) -> list[list[int]]:
    """The places of batches that go into one run each, in an order that keeps that of a name."""
    runs: list[tuple[tuple[Any, ...], set[tuple[str, str]], list[int]]] = []
    for place, batch in enumerate(batches):
        told = (batch.by, batch.note, batch.candidates)
        names = {name for record in batch.records if (name := name_of(record)) is not None}
        last_clash = max((i for i, run in enumerate(runs) if run[1] & names), default=-1)
        fitting = (run for run in runs[last_clash + 1 :] if run[0] == told)
        run = next(fitting, None)
        if run is None:
            run = (told, set(), [])
            runs.append(run)
        run[1].update(names)
        run[2].append(place)
    return [places for _, _, places in runs]
