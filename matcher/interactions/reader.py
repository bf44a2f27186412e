"""From whatever holds interactions to batches of them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from matcher.errors import OptionError
from matcher.interactions import ahead
from matcher.interactions.batches import InteractionBatch
from matcher.interactions.feeds import holds_json, read_dicts, read_json
from matcher.interactions.gathering import Options
from matcher.interactions.table_columns import Columns
from matcher.interactions.tables import table_batches
from matcher.normalise.phones import known_regions
from matcher.reading.inputs import Input
from matcher.reading.tables import is_table

STDIN = "-"


def read_interactions(
    source: Any,
    *,
    strict: bool = False,
    use_channel: bool = False,
    default_region: str = "US",
    batch: int = 100_000,
    columns: Columns | None = None,
) -> Iterator[InteractionBatch]:
    """Read interactions, and judge each by the rules of the Interactions API.

    JSON is read piece by piece in bounded memory; that it is an object, an array or one object a
    line, gzip or not, is told by its content. Anything else is read as a table (CSV, Parquet, …).
    What is not valid comes too, marked so, and one bad interaction does not keep the others back.

    Args:
        source: a path, ``-`` for standard input, a dict (one interaction), a list of dicts, a
            pandas, polars or Arrow table; or a list of any of these.
        strict: a phone that is not E.164 makes an interaction invalid (IX-06).
        use_channel: the channel's address or number is the person's too (IX-11).
        default_region: ISO 3166 code; decides how days are read that are not ISO.
        batch: the most interactions that come at once.
        columns: for tables: canonical column -> input column(s); ``interaction_id``,
            ``occurred_at``, ``state_code``, ``channel_type``, ``channel_value`` and ``handle`` too.

    Raises:
        OptionError: ``source`` or an option cannot be meant.
        UnreadableFile: a file is missing, empty, damaged, or of a format that is not read.
        UnusableColumns: no column of a table says who a person is, or ``columns`` names one that
            is absent.
    """
    if batch < 1:
        raise OptionError(f"batch is {batch}; it must be 1 or more.")
    if default_region not in known_regions():
        raise OptionError(
            f"default_region {default_region!r} is not a two-letter country code such as US or GB"
        )
    options = Options(strict, use_channel, default_region, batch)
    return _read_all(list(_walk(source)), columns, options)


def _read_all(
    sources: Sequence[Any], columns: Columns | None, options: Options
) -> Iterator[InteractionBatch]:
    for each in sources:
        yield from _read(each, columns, options)


def _walk(source: Any) -> Iterator[Any]:
    """The inputs in what a caller may pass: ``-``, paths, lists of dicts, tables."""
    if isinstance(source, str | os.PathLike):
        yield STDIN if source == STDIN else Path(source)
    elif is_table(source):
        yield source
    elif isinstance(source, Mapping):
        yield [source]
    elif isinstance(source, list | tuple):
        if all(isinstance(each, Mapping) for each in source):
            if source:
                yield source
        else:
            for each in source:
                yield from _walk(each)
    else:
        raise OptionError(
            f"cannot read interactions from a {type(source).__name__}: give a path, - for standard"
            " input, a dict, a list of dicts, or a table."
        )


def _read(source: Any, columns: Columns | None, options: Options) -> Iterator[InteractionBatch]:
    if isinstance(source, Path | str):
        return _from_path(source, columns, options)
    if isinstance(source, list | tuple):
        return read_dicts(source, options)
    return table_batches(Input(source), columns, options)


def _from_path(
    path: Path | str, columns: Columns | None, options: Options
) -> Iterator[InteractionBatch]:
    if isinstance(path, str):
        yield from read_json(None, options)
    elif path.is_fifo():  # can be read but once
        yield from read_json(path, options)
    elif holds_json(path):
        other = ahead.start(path, options) if ahead.is_worth(path) else None
        yield from read_json(path, options) if other is None else ahead.receive(other, str(path))
    else:
        yield from table_batches(Input(path), columns, options)
