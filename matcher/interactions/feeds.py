"""Interactions as JSON: files and standard input, piece by piece, and dicts in memory."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from matcher.errors import UnreadableFile
from matcher.interactions.batches import InteractionBatch
from matcher.interactions.blocks import HEAD, opened
from matcher.interactions.elements import elements
from matcher.interactions.gathering import Gathering, Options
from matcher.interactions.items import Broken, Item, is_text, parsed
from matcher.interactions.lines import lines
from matcher.reading.files import read_file

_JSON_START = re.compile(rb"\s*(\{\s*[\"}]|\[\s*[\[{\]])")
_JSON_NAMES = {".json", ".ndjson", ".jsonl"}
#: An object around the array: an answer of an API, saved as it came.
_WRAPPED = re.compile(rb'\s*\{\s*"(?:interactions|results|items|data)"\s*:\s*(?=\[)')
#: How a first line ends whose object goes on below, and how the next one then may begin.
_GOES_ON = (b"{", b"[", b":", b",")
_WENT_ON = (b",", b"}", b"]", b":")


def holds_json(path: Path) -> bool:
    """Whether a file is JSON: it begins so, or is named so and is text."""
    if path.is_dir() or not path.exists():
        read_file(path)  # says so
    with opened(path, str(path)) as blocks:
        head = _first(blocks, str(path))[:HEAD]
    if _JSON_START.match(head):
        return True
    suffixes = [each.lower() for each in path.suffixes[-2:] if each.lower() != ".gz"]
    return bool(suffixes) and suffixes[-1] in _JSON_NAMES and b"\0" not in head


def read_json(path: Path | None, options: Options) -> Iterator[InteractionBatch]:
    """The interactions in a file of JSON, or on standard input, in this process."""
    name = "standard input" if path is None else str(path)
    with opened(path, name) as blocks:
        first = _first(blocks, name)
        yield from _gathered(_items(first, chain([first], blocks)), name, options)


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


def read_dicts(dicts: Sequence[Mapping[str, Any]], options: Options) -> Iterator[InteractionBatch]:
    """The interactions in dicts, as if they had come as JSON."""
    return _gathered(_from_dicts(dicts), None, options)


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
