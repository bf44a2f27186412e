"""What a run would read, before anything is matched: each input and the use of its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matcher.reading import read
from matcher.records import SourceReport


def preview(
    source: Any,
    columns: Mapping[str, str | Sequence[str]] | None = None,
    extra: Mapping[str, str] | None = None,
) -> tuple[SourceReport, ...]:
    """Reads and recognises, and stops there.

    Args:
        source, columns, extra: as for ``matcher.dedupe``.

    Returns:
        one report per input, in the order given.

    Raises:
        InputError: the input cannot be read or has no usable column.
    """
    return tuple(read(source, columns=columns, extra=extra).sources)
