"""Pages: so many items, and a cursor to those after them, which stays good while rows are added."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from matcher.service.problems import invalid

Item = TypeVar("Item")
#: What an item is ordered by, unique to it.
Place = int | str

_LONGEST = 200


def cursor_of(place: Place) -> str:
    """The cursor to what comes after a place; clients pass it back as it is."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def place_of(cursor: str | None, kind: type[Place]) -> Any:
    """The place that a cursor names; ``None`` for the start.

    Raises:
        Problem: it is no cursor of such a list.
    """
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        if len(cursor) > _LONGEST:
            raise ValueError
        place = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error):
        place = None
    if type(place) is not kind or (isinstance(place, int) and not 0 <= place < 2**62):
        raise invalid("query.cursor", "cursor", "The cursor is not one that an answer gave.")
    return place


def page(items: Sequence[Item], limit: int, place: Callable[[Item], Place]) -> dict[str, Any]:
    """One page of items, given one more than fit where there are more."""
    shown = list(items[:limit])
    more = cursor_of(place(shown[-1])) if len(items) > limit else None
    return {"items": shown, "next": more}
