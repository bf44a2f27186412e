"""A store is open while a command works with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from matcher.cli.starting import load
from matcher.errors import StoreError

if TYPE_CHECKING:
    from matcher.store import Store


@contextmanager
def reading(path: Path, wait: float) -> Iterator[Store]:
    """A store to read from; several processes may, as long as none writes.

    Raises:
        StoreError: there is none, or it cannot be opened.
    """
    load()
    import matcher

    with matcher.open(path, wait=wait, read_only=True) as store:
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
    load()
    import matcher

    with matcher.open(path, wait=wait, default_region=region) as store:
        yield store
