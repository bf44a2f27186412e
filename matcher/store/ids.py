"""Ids of persons, runs, events and interactions as they are shown: a letter and a number."""

from __future__ import annotations

from matcher.errors import UnknownInStore

_ARTICLE = {"event": "an", "interaction": "an"}


def person_id(person: int) -> str:
    """The id of a person by its number."""
    return f"P{person}"


def person_number(text: str) -> int:
    """The number of a person by its id.

    Raises:
        UnknownInStore: it is no id of a person.
    """
    return _number(text, "P", "person")


def run_id(run: int) -> str:
    """The id of a run by its number."""
    return f"R{run}"


def run_number(text: str) -> int:
    """The number of a run by its id.

    Raises:
        UnknownInStore: it is no id of a run.
    """
    return _number(text, "R", "run")


def event_id(event: int) -> str:
    """The id of an event by its number."""
    return f"E{event}"


def event_number(text: str) -> int:
    """The number of an event by its id.

    Raises:
        UnknownInStore: it is no id of an event.
    """
    return _number(text, "E", "event")


def interaction_id(interaction: int) -> str:
    """The id of an interaction by its number."""
    return f"I{interaction}"


def interaction_number(text: str) -> int:
    """The number of an interaction by its id.

    Raises:
        UnknownInStore: it is no id of an interaction.
    """
    return _number(text, "I", "interaction")


def _number(text: str, letter: str, what: str) -> int:
    digits = text[1:]
    if text[:1].upper() == letter and digits.isdecimal() and digits.isascii() and len(digits) < 19:
        return int(digits)
    article = _ARTICLE.get(what, "a")
    raise UnknownInStore(f"{text!r} is not the id of {article} {what}; they look like {letter}123.")
