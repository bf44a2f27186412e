"""What several threads need is made by one of them."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from blocking.once import Once


def test_who_asks_meanwhile_gets_what_the_first_made() -> None:
    made: list[int] = []

    def make() -> int:
        time.sleep(0.01)
        made.append(1)
        return len(made)

    once = Once(make)
    assert not made
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: once(), range(8))) == [1] * 8


def test_after_an_error_the_next_tries_again() -> None:
    tries = iter([None, "made"])

    def make() -> str:
        found = next(tries)
        if found is None:
            raise OSError("not now")
        return found

    once = Once(make)
    with pytest.raises(OSError, match="not now"):
        once()
    assert once() == once() == "made"
