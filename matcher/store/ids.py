"""Ids of persons, runs and events as they are shown: a letter and a number."""

from __future__ import annotations

from matcher.errors import UnknownInStore


def person_id(person: int) -> str:
    """The id of a person by its number."""
    return f"P{person}"


def person_number(text: str) -> int:
    """The number of a person by its id.

    Raises:
        UnknownInStore: it is no id of a person.
    """
    if text[:1] in ("P", "p") and text[1:].isdecimal() and text.isascii():
        return int(text[1:])
    raise UnknownInStore(f"{text!r} is not the id of a person; they look like P123.")
