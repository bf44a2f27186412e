"""One interaction of a feed: the text that it came as, and what that text says in JSON."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from matcher.policies.limits import LARGEST, TOO_DEEP, TOO_LARGE

#: Characters that are kept of a text that cannot be read.
KEPT = 1 << 16


class Broken(NamedTuple):
    """Why a text is no JSON, in place of what it says."""

    reason: str


class Remark(NamedTuple):
    """Something that a user should know of a feed as a whole; it is no interaction."""

    reason: str


class Item(NamedTuple):
    """One interaction as it came.

    Attributes:
        line: its line, or its place in an array, counted from 1.
        text: the JSON as it came, without white space around it.
        value: what it says; ``Broken`` where it cannot be read, ``Remark`` where it is none.
    """

    line: int
    text: str
    value: Any


def _no_number(name: str) -> Any:
    raise json.JSONDecodeError(f"{name} is no number in JSON", name, 0)


#: Reads the JSON value at a place in a text, and says where it ends.
decode = json.JSONDecoder(parse_constant=_no_number).raw_decode

NOT_UTF8 = Broken("is not valid UTF-8")


def parsed(text: str) -> Any:
    """What a text says that should be one JSON value and nothing else; or ``Broken``."""
    if len(text) > LARGEST:
        return Broken(TOO_LARGE)
    try:
        value, end = decode(text)
    except RecursionError:
        return Broken(TOO_DEEP)
    except ValueError as error:
        return Broken(fault(error))
    return value if end == len(text) else Broken(f"is not valid JSON (more after column {end})")


def fault(error: ValueError, start: int = 0) -> str:
    """What is wrong with a text, in words; ``start`` is where in it the value begins."""
    if isinstance(error, json.JSONDecodeError):
        place = error.pos - start + 1
        return f"is not valid JSON ({error.msg}, column {place})"
    return "is not valid JSON (a number with too many digits)"


def shown(text: str) -> str:
    """As much of a text that cannot be read as is kept, with marks for what is no UTF-8."""
    return text[:KEPT].encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def is_text(text: str) -> bool:
    """Whether it can be written as UTF-8: one decoded with ``surrogateescape`` perhaps cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
