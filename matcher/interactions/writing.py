"""Interactions on their way out: the JSON that came, with the person in it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from matcher.errors import InputError
from matcher.interactions.items import decode

_BLANKS = re.compile(r"[ \t\r\n]*")


def enriched(raw: str, person: Sequence[Mapping[str, str]]) -> str:
    """The JSON of an interaction with ``person`` filled in; every other character stays.

    A ``person`` that is there is replaced where it stands, else it comes first.

    Args:
        raw: an object, as it came.
        person: the ids to write, each with ``type`` and ``id``.

    Raises:
        InputError: ``raw`` is not a JSON object.
    """
    text = json.dumps([dict(each) for each in person], ensure_ascii=False)
    try:
        start, spans, empty = _persons(raw)
    except (ValueError, IndexError, RecursionError):
        raise InputError("an interaction that is not a JSON object cannot be filled in.") from None
    if not spans:
        comma = "" if empty else ", "
        return f'{raw[:start]}"person": {text}{comma}{raw[start:]}'
    for begin, end in reversed(spans):  # of several the last counts; none may say otherwise
        raw = raw[:begin] + text + raw[end:]
    return raw


def _persons(raw: str) -> tuple[int, list[tuple[int, int]], bool]:
    """Where the first member begins, where the values of ``person`` stand, whether it is empty."""
    at = _after_blanks(raw, 0)
    if raw[at] != "{":
        raise ValueError
    start = at + 1
    at = _after_blanks(raw, start)
    if raw[at] == "}":
        return start, [], True
    spans = []
    while True:
        key, at = decode(raw, at)
        at = _after_blanks(raw, at)
        if not isinstance(key, str) or raw[at] != ":":
            raise ValueError
        begin = _after_blanks(raw, at + 1)
        _, end = decode(raw, begin)
        if key == "person":
            spans.append((begin, end))
        at = _after_blanks(raw, end)
        if raw[at] == "}":
            return start, spans, False
        if raw[at] != ",":
            raise ValueError
        at = _after_blanks(raw, at + 1)


def _after_blanks(raw: str, at: int) -> int:
    found = _BLANKS.match(raw, at)
    return found.end() if found else at
