"""A store is open while a command works with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from matcher.cli.starting import load
from matcher.errors import StoreError, StoreLocked

if TYPE_CHECKING:
    from matcher.store import Store


@contextmanager
def reading(path: Path, wait: float) -> Iterator[Store]:
    """A store to read from; several processes may, as long as none writes.

    Raises:
        StoreError: there is none, or it cannot be opened.
    """
    with _opened(path, wait, read_only=True) as store:
        yield store


@contextmanager
def writing(
    path: Path, wait: float, *, create: bool = False, region: str = "US"
) -> Iterator[Store]:
    """A store to write to.

    Args:
        path: its file.
        wait: seconds to wait for a process that has it open.
        create: whether it is made where there is none.
        region: of a new one: the country of phones that name none.

    Raises:
        StoreError: there is none, or it cannot be opened.
    """
    if not (create or path.exists()):
        raise StoreError(f"{path}: there is no such store; matcher ingest makes one.")
    with _opened(path, wait, default_region=region) as store:
        yield store


def _opened(path: Path, wait: float, **how: Any) -> Store:
    """The store; where another process has it, who that is comes before the waiting.

    Raises:
        StoreError: it cannot be opened.
    """
    load()
    import matcher

    try:
        return matcher.open(path, **how)
    except StoreLocked as locked:
        if wait <= 0:
            raise
        who, _, _ = str(locked).partition(";")
        typer.echo(f"{who}; waiting up to {wait:g} s", err=True)
        return matcher.open(path, wait=wait, **how)
