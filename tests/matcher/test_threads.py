"""Tasks over few rows run at once and here, tasks over many in threads; results are the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import current_thread, main_thread

import pytest

from matcher.threads import meanwhile, workers


def test_few_rows_stay_in_this_thread() -> None:
    with workers(10) as pool:
        assert not isinstance(pool, ThreadPoolExecutor)
        assert pool.submit(current_thread).result() is main_thread()
        assert list(pool.map(str, [1, 2])) == ["1", "2"]


def test_many_rows_get_threads() -> None:
    with workers(1_000_000) as pool:
        assert pool.submit(current_thread).result() is not main_thread()


@pytest.mark.parametrize("rows", [1, 1_000_000])
def test_an_error_comes_out_where_the_result_is_asked_for(rows: int) -> None:
    with workers(rows) as pool:
        failed = pool.submit(int, "x")
        with pytest.raises(ValueError, match="invalid literal"):
            failed.result()


def test_meanwhile_is_done_when_the_body_is_and_leaves_errors_to_who_asks() -> None:
    made: list[str] = []

    def fails() -> None:
        made.append("tried")
        raise OSError("later")

    with meanwhile(fails, lambda: made.append("made")):
        pass
    assert made == ["tried", "made"]
