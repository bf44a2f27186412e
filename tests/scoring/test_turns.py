"""Parts come in their order, whichever is done first, and no more are made than wait."""

from __future__ import annotations

from threading import Event

import pytest

from scoring.turns import in_turn


def test_the_order_is_that_of_the_parts() -> None:
    later = Event()

    def make(part: int) -> int:
        if part == 0:
            assert later.wait(10)  # what comes after it is done before it
        if part == 1:
            later.set()
        return part * part

    assert list(in_turn(make, range(9))) == [part * part for part in range(9)]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_parts_are_made_too(count: int) -> None:
    assert list(in_turn(str, range(count))) == [str(part) for part in range(count)]


def test_what_nobody_takes_is_not_made() -> None:
    made: list[int] = []
    parts = in_turn(made.append, range(50))
    next(parts)
    parts.close()
    assert len(made) < 10


def test_an_error_reaches_whoever_takes_the_part() -> None:
    with pytest.raises(ZeroDivisionError):
        list(in_turn(lambda part: 1 // part, [1, 0, 1]))
