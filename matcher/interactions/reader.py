"""From whatever holds interactions to batches of them."""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from matcher.errors import OptionError, UnreadableFile
from matcher.interactions import ahead
from matcher.interactions.batches import InteractionBatch
from matcher.interactions.blocks import HEAD, opened
from matcher.interactions.elements import elements
from matcher.interactions.gathering import Gathering, Options
from matcher.interactions.items import Broken, Item, is_text, parsed
from matcher.interactions.lines import lines
from matcher.interactions.table_columns import Columns
from matcher.interactions.tables import table_batches
from matcher.normalise.phones import known_regions
from matcher.reading.files import read_file
from matcher.reading.inputs import Input
from matcher.reading.tables import is_table

STDIN = "-"

_JSON_START = re.compile(rb"\s*(\{\s*[\"}]|\[\s*[\[{\]])")
_JSON_NAMES = {".json", ".ndjson", ".jsonl"}
#: An object around the array: an answer of an API, saved as it came.
_WRAPPED = re.compile(rb'\s*\{\s*"(?:interactions|results|items|data)"\s*:\s*(?=\[)')
#: How a first line ends whose object goes on below, and how the next one then may begin.
_GOES_ON = (b"{", b"[", b":", b",")
_WENT_ON = (b",", b"}", b"]", b":")


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
        return _gathered(_from_dicts(source), None, options)
    return table_batches(Input(source), columns, options)


def _from_path(
    path: Path | str, columns: Columns | None, options: Options
) -> Iterator[InteractionBatch]:
    if isinstance(path, str):
        yield from read_here(None, options)
    elif path.is_fifo():  # can be read but once
        yield from read_here(path, options)
    elif _holds_json(path):
        other = ahead.start(path, options) if ahead.is_worth(path) else None
        yield from read_here(path, options) if other is None else ahead.receive(other, str(path))
    else:
        yield from table_batches(Input(path), columns, options)


def read_here(path: Path | None, options: Options) -> Iterator[InteractionBatch]:
    """The interactions in a file of JSON, or on standard input, in this process."""
    name = "standard input" if path is None else str(path)
    with opened(path, name) as blocks:
        first = _first(blocks, name)
        yield from _gathered(_items(first, chain([first], blocks)), name, options)


def _holds_json(path: Path) -> bool:
    """Whether a file is JSON: it begins so, or is named so and is text."""
    if path.is_dir() or not path.exists():
        read_file(path)  # says so
    with opened(path, str(path)) as blocks:
        head = _first(blocks, str(path))[:HEAD]
    if _JSON_START.match(head):
        return True
    suffixes = [each.lower() for each in path.suffixes[-2:] if each.lower() != ".gz"]
    return bool(suffixes) and suffixes[-1] in _JSON_NAMES and b"\0" not in head


def _first(blocks: Iterator[bytes], name: str) -> bytes:
    first = next(blocks, b"")
    if not first.strip():
        raise UnreadableFile(f"{name}: is empty; export it again.")
    return first


def _items(first: bytes, blocks: Iterable[bytes]) -> Iterator[Item]:
    """The interactions in JSON, by how it begins."""
    head = first[:HEAD].lstrip()
    wrapped = _WRAPPED.match(first)
    if wrapped:
        return elements(blocks, wrapped_from=wrapped.end())
    if head.startswith(b"[") or (head.startswith(b"{") and _is_one_over_lines(head)):
        return elements(blocks)
    return lines(blocks)


def _is_one_over_lines(head: bytes) -> bool:
    """Whether the first object goes on below its first line."""
    line, _, rest = head.partition(b"\n")
    if isinstance(parsed(line.decode(errors="replace").strip()), dict):
        return False
    return line.rstrip().endswith(_GOES_ON) or rest.lstrip().startswith(_WENT_ON)


def _gathered(
    items: Iterable[Item], file: str | None, options: Options
) -> Iterator[InteractionBatch]:
    gathering = Gathering(file, options)
    for item in items:
        gathering.take(item)
        if gathering.full:
            yield gathering.batch()
    if not gathering.empty:
        yield gathering.batch()


def _from_dicts(dicts: Sequence[Mapping[str, Any]]) -> Iterator[Item]:
    for place, each in enumerate(dicts, 1):
        try:
            text = _as_json(each)
        except (ValueError, TypeError, RecursionError):
            yield Item(place, "", Broken("cannot be written as JSON"))
        else:
            yield Item(place, text, parsed(text))


def _as_json(value: Mapping[str, Any]) -> str:
    """A dict as JSON, which has no word for a number that is none: that is missing."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=_plain, allow_nan=False)
    except ValueError:
        text = json.dumps(_without_nan(value), ensure_ascii=False, default=_plain, allow_nan=False)
    return text if is_text(text) else json.dumps(json.loads(text), ensure_ascii=True)


def _plain(value: Any) -> Any:
    """What JSON has no type for: mappings and arrays of other kinds; else its text."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    if hasattr(value, "tolist"):
        return value.tolist()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _without_nan(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {key: _without_nan(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(each) for each in value]
    return value
