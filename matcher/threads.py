"""Two threads for much work, this one for little: starting a thread takes longer than ten rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")

#: Fewer rows are done sooner than a thread starts.
_WORTH_THREADS = 2_000


def workers(rows: int, most: int = 2) -> Executor:
    """What runs tasks over so many rows: a pool of threads, or this thread at once."""
    return ThreadPoolExecutor(most) if rows >= _WORTH_THREADS else _Here()


@contextmanager
def meanwhile(*makers: Callable[[], object]) -> Iterator[None]:
    """Makes what is kept and asked for later, in a thread of its own while the body runs.

    An error is left for whoever asks then.
    """
    with ThreadPoolExecutor(1) as pool:
        for make in makers:
            pool.submit(make)
        yield


class _Here(Executor):
    """Runs each task when it is submitted."""

    def submit(
        self,
        fn: Callable[_Arguments, _Result],
        /,
        *args: _Arguments.args,
        **kwargs: _Arguments.kwargs,
    ) -> Future[_Result]:
        """The task, done."""
        done: Future[_Result] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:  # kept for whoever asks for the result
            done.set_exception(error)
        return done
