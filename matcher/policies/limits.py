"""How large one payload may be: more is a mistake or an attack, never a person."""

from __future__ import annotations

from typing import Any

from matcher.policies.outcomes import Refusal

#: Levels of objects and arrays inside one another; the vendors' own shapes need six.
DEEPEST = 20
#: Characters of all texts and keys of a payload, and bytes of its line in a file.
LARGEST = 1_000_000
#: Values in it.
MOST_VALUES = 20_000

TOO_DEEP = f"nested more than {DEEPEST} levels deep"
TOO_LARGE = f"larger than {LARGEST:,} characters"
_TOO_MANY = f"holds more than {MOST_VALUES:,} values"


def oversized(payload: object) -> Refusal | None:
    """Why a payload is too large to be looked at, or ``None``. Takes bounded time."""
    level: list[Any] = [payload]
    values = characters = depth = 0
    while level:
        if depth > DEEPEST:
            return Refusal("$", None, TOO_DEEP, "payload")
        inner: list[Any] = []
        for value in level:
            kind = type(value)
            if kind is str:
                characters += len(value)
            elif isinstance(value, dict):
                inner += value.values()
                characters += sum(len(str(key)) for key in value)
            elif isinstance(value, list | tuple):
                inner += value
        values += len(inner)
        if characters > LARGEST:
            return Refusal("$", None, TOO_LARGE, "payload")
        if values > MOST_VALUES:
            return Refusal("$", None, _TOO_MANY, "payload")
        level = inner
        depth += 1
    return None
