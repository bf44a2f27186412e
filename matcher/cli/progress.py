"""What a run is doing: a live line on a terminal, one plain line per stage elsewhere."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from matcher.stages import Progress

#: What each stage does, in words.
_WORDS = {
    "read": "reading the files",
    "normalise": "making names, emails, phones, addresses and dates comparable",
    "block": "finding pairs worth comparing",
    "compare": "comparing them",
    "estimate": "estimating the weights",
    "weigh": "weighing the pairs",
    "cluster": "joining records to people",
    "people": "choosing each person's values",
    "replay": "applying the vendor's rules, row by row",
    "write": "writing the results",
    "open": "loading the store",
    "learn": "learning the weights from the records",
    "resolve": "finding out who they are",
    "link": "finding out whom interactions were with",
    "save": "saving",
}


@contextmanager
def progress(quiet: bool = False, verbose: bool = False) -> Iterator[Progress | None]:
    """Yields the listener that a run tells its stages to; everything goes to stderr.

    Args:
        quiet: nothing is shown, and the listener is ``None``.
        verbose: what reading recognised is shown too.
    """
    with _recognition(verbose and not quiet):
        if quiet:
            yield None
        elif sys.stderr.isatty():
            with _live() as listener:
                yield listener
        else:
            yield _plain()


def _plain() -> Progress:
    """A line when a stage begins; details inside it are for people who watch."""
    began = time.perf_counter()

    def listener(stage: str, detail: str) -> None:
        if not detail:
            seconds = time.perf_counter() - began
            print(f"{seconds:7.2f} s  {_said(stage)}", file=sys.stderr, flush=True)

    return listener


@contextmanager
def _live() -> Iterator[Progress]:
    """A spinner with the stage and its detail; a finished stage leaves a line with its time."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(stderr=True, highlight=False)
    current: list[tuple[str, float]] = []

    def finish() -> None:
        if current:
            stage, began = current.pop()
            took = time.perf_counter() - began
            console.print(f"[green]✓[/green] {_said(stage)} [dim]{took:.2f} s[/dim]")

    with console.status("starting") as status:

        def listener(stage: str, detail: str) -> None:
            if not detail:
                finish()
                current.append((stage, time.perf_counter()))
            shown = f"[dim]: {escape(detail)}[/dim]" if detail else ""
            status.update(f"{_said(stage)}{shown}")

        yield listener
        finish()


def _said(stage: str) -> str:
    words = _WORDS.get(stage)
    return f"{stage}: {words}" if words else stage


@contextmanager
def _recognition(shown: bool) -> Iterator[None]:
    """Shows the log of the package while a run lasts."""
    if not shown:
        yield
        return
    log = logging.getLogger("matcher")
    handler, before = logging.StreamHandler(sys.stderr), log.level
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.setLevel(before)
