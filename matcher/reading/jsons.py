"""JSON and NDJSON text in, a sheet out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from matcher.errors import UnreadableFile
from matcher.reading.headers import header_key, role_of
from matcher.reading.rejects import reject
from matcher.reading.sheet import Sheet, row_numbers
from matcher.reading.tables import read_dicts

_NO_OBJECTS = "holds no list of objects; give an array of objects, or one object a line"


def read_json(text: pa.Buffer, name: str, stem: str, notes: Sequence[str]) -> Sheet:
    """A sheet from an array of objects, an object that holds one, or one object a line.

    A line of NDJSON that is not an object is rejected by itself.

    Raises:
        UnreadableFile: the text is not JSON, or holds no objects.
    """
    content = text.to_pybytes()
    if _is_lines(content):
        return _read_lines(content, name, stem, notes)
    try:
        document = json.loads(content)
    except (json.JSONDecodeError, RecursionError) as error:
        where = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        why = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
        raise UnreadableFile(
            f"{name}{where}: is not valid JSON ({why}); export it again."
        ) from None
    return _sheet(_objects_in(document, name), name, stem, notes)


def _is_lines(content: bytes) -> bool:
    first, _, rest = content.lstrip().partition(b"\n")
    try:
        return bool(rest.strip()) and isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _objects_in(document: Any, name: str) -> list[Mapping[str, Any]]:
    """The records of a document: its top array, the one array of objects in it, or itself."""
    if isinstance(document, list):
        if not document or not all(isinstance(item, dict) for item in document):
            raise UnreadableFile(f"{name}: {_NO_OBJECTS}.")
        return document
    if any(role_of(header_key(key)) for key in document):
        return [document]  # one person, whose emails may well be an array of objects
    found = _arrays_in(document)
    if len(found) > 1:
        raise UnreadableFile(
            f"{name}: holds several arrays of objects ({', '.join(found)}); keep only the people."
        )
    if not found:
        raise UnreadableFile(f"{name}: {_NO_OBJECTS}.")
    return next(iter(found.values()))


def _arrays_in(document: Mapping[str, Any], depth: int = 3) -> dict[str, list[Mapping[str, Any]]]:
    found = {}
    for key, value in document.items():
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            found[key] = value
        elif isinstance(value, dict) and depth > 1:
            found |= {f"{key}.{k}": v for k, v in _arrays_in(value, depth - 1).items()}
    return found


def _read_lines(content: bytes, name: str, stem: str, notes: Sequence[str]) -> Sheet:
    objects: list[Mapping[str, Any]] = []
    bad: dict[int, str] = {}
    row = 0
    for line in content.split(b"\n"):
        if not line.strip():
            continue
        row += 1
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict):
            objects.append(value)
        else:
            bad[row] = line.decode()
    sheet = _sheet(objects, name, stem, notes)
    if not bad:
        return sheet
    good = np.delete(row_numbers(row), np.array(list(bad), np.int64) - 1)
    lines = reject(name, list(bad), "the line is not a JSON object", values=list(bad.values()))
    return Sheet(name, stem, sheet.headers, sheet.columns, good, lines, sheet.notes)


def _sheet(
    objects: Sequence[Mapping[str, Any]], name: str, stem: str, notes: Sequence[str]
) -> Sheet:
    sheet = read_dicts(objects, name, stem)
    return replace(sheet, notes=[*notes, *sheet.notes])
