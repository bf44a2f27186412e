"""The objects of a JSON or NDJSON file one by one, so that a broken one costs only itself."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from matcher.policies.limits import LARGEST, TOO_DEEP, TOO_LARGE, oversized
from matcher.policies.outcomes import Refusal
from matcher.reading.encodings import to_utf8

#: One object, or why it is none.
Item = Mapping[str, Any] | Refusal

_JSON_START = re.compile(rb"\s*(\{\s*[\"}]|\[\s*[\[{\]])")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]')
_NO_OBJECT = "is not a JSON object"
_HEAD = 4096
#: Keys under which a vendor's list answer holds its people.
_COLLECTIONS = ("osdi:people", "results", "items", "people", "contacts", "interactions")


def json_items(path: Path) -> list[object] | None:
    """The objects in a file, in order; ``None`` where it holds no JSON or cannot be read.

    What is wrong with a file as a whole is for ``matcher.reading`` to say.
    """
    text = _text(path)
    if text is None:
        return None
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > 1 and _is_object(lines[0]):
        return [_item(line) for line in lines]
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return [_item(part) for part in _elements(text)] or None
    found = unwrapped(document)
    return list(found)


def checked(item: object) -> Item:
    """An object of reasonable size, or why it is none."""
    if isinstance(item, Refusal):
        return item
    if not isinstance(item, Mapping):
        return _bad(_NO_OBJECT)
    if not any(isinstance(value, dict | list) for value in item.values()):
        return item  # a plain row: each cell has its own limit
    return oversized(item) or item


def unwrapped(document: Any) -> list[Any]:
    """The people in a document: its array, the one in a vendor's list answer, or itself."""
    if isinstance(document, list):
        return document
    if isinstance(document, dict):
        inside = document.get("_embedded", document)
        for name in _COLLECTIONS if isinstance(inside, dict) else ():
            if isinstance(inside.get(name), list):
                return list(inside[name])
    return [document]


def _text(path: Path) -> str | None:
    try:
        with path.open("rb") as stream:
            packed = stream.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else path.open("rb") as stream:
            head = stream.read(_HEAD)
            if not _JSON_START.match(head.removeprefix(b"\xef\xbb\xbf")):
                return None
            data = head + stream.read()
    except (OSError, EOFError):
        return None
    decoded, _ = to_utf8(pa.py_buffer(data), str(path))
    return bytes(decoded).decode("utf-8")


def _is_object(line: str) -> bool:
    """Whether a first line is an object by itself, so that the file is one object a line."""
    if len(line) > LARGEST:
        return line.lstrip().startswith("{")
    try:
        return isinstance(json.loads(line), dict)
    except RecursionError:
        return True
    except ValueError:
        return line.strip().endswith("}")


def _item(text: str) -> Item:
    if len(text) > LARGEST:
        return _bad(TOO_LARGE)
    try:
        value = json.loads(text)
    except RecursionError:
        return _bad(TOO_DEEP)
    except ValueError as error:
        return _bad(f"is not valid JSON ({getattr(error, 'msg', 'bad number')})")
    return value if isinstance(value, dict) else _bad(_NO_OBJECT)


def _bad(reason: str) -> Refusal:
    return Refusal("$", None, reason, "payload")


def _elements(text: str) -> Iterator[str]:
    """The objects of a top-level array whose text cannot be read as a whole."""
    if not text.lstrip("\ufeff \t\r\n").startswith("["):
        return
    depth, start = 0, 0
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in "[{":
            depth += 1
            if depth == 2:
                start = token.start()
        elif mark in "]}":
            depth -= 1
            if depth == 1:
                yield text[start : token.end()]
    if depth > 1:
        yield text[start:]
