from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from threading import Event

import pytest

from matcher.service.problems import Problem
from matcher.service.worker import Kind, Worker


class Counting:
    """Squares numbers; remembers in which groups they came, and waits where told to."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.may_go = Event()
        self.has_begun = Event()
        self.kind: Kind[int, int] = Kind("square", self.together, lambda number: number, 10)
        self.other: Kind[int, int] = Kind("other", self.together)

    def together(self, numbers: Sequence[int]) -> list[int]:
        self.has_begun.set()
        assert self.may_go.wait(10)
        self.groups.append(list(numbers))
        if -1 in numbers:
            raise ValueError("no negative numbers")
        return [number**2 for number in numbers]


@pytest.fixture
def counting() -> Counting:
    return Counting()


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker("test", most_waiting=6)
    yield made
    made.close()


def held_up(worker: Worker, counting: Counting) -> Future[int]:
    """The first of a queue that then fills up."""
    first = worker.submit(counting.kind, 1)
    assert counting.has_begun.wait(10)
    return first


def test_what_waits_is_done_together(worker: Worker, counting: Counting) -> None:
    first = held_up(worker, counting)
    others = [worker.submit(counting.kind, number) for number in (2, 3, 4)]
    counting.may_go.set()
    assert [future.result(10) for future in (first, *others)] == [1, 4, 9, 16]
    assert counting.groups == [[1], [2, 3, 4]]


def test_a_group_ends_where_it_is_full_or_of_another_kind(
    worker: Worker, counting: Counting
) -> None:
    first = held_up(worker, counting)
    kinds = (counting.kind, counting.other, counting.kind, counting.other)
    others = [worker.submit(kind, n) for kind, n in zip(kinds, (5, 2, 6, 3), strict=True)]
    counting.may_go.set()
    assert [future.result(10) for future in (first, *others)] == [1, 25, 4, 36, 9]
    assert counting.groups == [[1], [5], [2], [6], [3]]


def test_one_that_is_larger_than_a_group_goes_alone(worker: Worker, counting: Counting) -> None:
    counting.may_go.set()
    assert worker.submit(counting.kind, 100).result(10) == 10_000


def test_one_that_fails_does_not_take_the_others_with_it(
    worker: Worker, counting: Counting
) -> None:
    held_up(worker, counting)
    futures = [worker.submit(counting.kind, number) for number in (2, -1, 3)]
    counting.may_go.set()
    assert [futures[0].result(10), futures[2].result(10)] == [4, 9]
    with pytest.raises(ValueError, match="no negative"):
        futures[1].result(10)


def test_where_too_many_wait_the_next_is_told_when_to_come_again(
    worker: Worker, counting: Counting
) -> None:
    held_up(worker, counting)
    futures = [worker.submit(counting.other, number) for number in range(6)]
    with pytest.raises(Problem) as refused:
        worker.submit(counting.kind, 1)
    assert (refused.value.status, refused.value.headers) == (503, {"Retry-After": "1"})
    counting.may_go.set()
    assert [future.result(10) for future in futures] == [0, 1, 4, 9, 16, 25]


def test_who_has_gone_is_not_served(worker: Worker, counting: Counting) -> None:
    held_up(worker, counting)
    gone, there = worker.submit(counting.kind, 2), worker.submit(counting.kind, 3)
    assert gone.cancel()
    counting.may_go.set()
    assert there.result(10) == 9
    assert counting.groups == [[1], [3]]


def test_at_the_end_what_waits_is_done_and_nothing_more_is_taken(counting: Counting) -> None:
    worker = Worker("test", most_waiting=6)
    held_up(worker, counting)
    waiting = worker.submit(counting.kind, 2)
    counting.may_go.set()
    worker.close()
    assert waiting.result(0) == 4
    with pytest.raises(Problem, match="going down"):
        worker.submit(counting.kind, 3)


def test_a_worker_that_waits_for_others_takes_them_along(counting: Counting) -> None:
    worker = Worker("test", most_waiting=6, window=5.0)
    first = held_up(worker, counting)
    futures = [worker.submit(counting.kind, number) for number in (2, 3)]
    counting.may_go.set()
    assert first.result(10) == 1
    futures.append(worker.submit(counting.kind, 4))  # three were there, so it waits for a third
    assert [future.result(10) for future in futures] == [4, 9, 16]
    assert counting.groups == [[1], [2, 3, 4]]
    worker.close()
