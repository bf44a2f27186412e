"""What stands on the command line, as the front door takes it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypedDict

from matcher.errors import OptionError

#: ``NAME=FILE``; a path that holds a slash or a dot before its ``=`` is a plain path.
_NAMED = re.compile(r"(?P<name>[\w -]+)=(?P<path>.+)", re.DOTALL)


class Matching(TypedDict):
    """The keyword arguments that ``dedupe`` and ``link`` share."""

    columns: dict[str, list[str]] | None
    extra: dict[str, str] | None
    threshold: float
    review: tuple[float, float]
    model: Path | None
    default_region: str
    memory_limit: str | None


def sources(files: Sequence[str]) -> Any:
    """Files, some of them with a name for their source, as ``matcher.dedupe`` takes them."""
    plain: list[Any] = []
    named: dict[str, list[str]] = {}
    for given in files:
        match = None if Path(given).exists() else _NAMED.fullmatch(given)
        if match:
            named.setdefault(match["name"], []).append(match["path"])
        else:
            plain.append(given)
    if not named:
        return plain
    return [*plain, named] if plain else named


def reading(options: Matching) -> tuple[dict[str, list[str]] | None, dict[str, str] | None]:
    """The part of the options that reading needs."""
    return options["columns"], options["extra"]


def columns(mapped: Sequence[str] | None) -> dict[str, list[str]] | None:
    """``--map``: canonical name -> input columns, in the order given.

    Raises:
        OptionError: one is not of the form ``NAME=COLUMN``.
    """
    found: dict[str, list[str]] = {}
    for each in mapped or ():
        name, column = _halves(each, "--map", "first_name='Given Name'")
        found.setdefault(name, []).append(column)
    return found or None


def extra(given: Sequence[str] | None) -> dict[str, str] | None:
    """``--extra``: input column -> kind of comparison.

    Raises:
        OptionError: one is not of the form ``COLUMN=KIND``.
    """
    pairs = (_halves(each, "--extra", "birth_place=text") for each in given or ())
    return dict(pairs) or None


def _halves(given: str, option: str, example: str) -> tuple[str, str]:
    name, equals, value = given.rpartition("=") if option == "--extra" else given.partition("=")
    if not (equals and name.strip() and value.strip()):
        raise OptionError(f"{option} {given!r} is not of the form {option} {example}.")
    return name.strip(), value.strip()


def matching(
    *,
    mapped: Sequence[str] | None,
    extras: Sequence[str] | None,
    threshold: float,
    region: str,
    model: Path | None,
    review: tuple[float, float] = (0.1, 0.9),
    memory_limit: str | None = None,
) -> Matching:
    """The options of a command as keyword arguments of ``dedupe`` and ``link``."""
    return Matching(
        columns=columns(mapped),
        extra=extra(extras),
        threshold=threshold,
        review=review,
        model=model,
        default_region=region,
        memory_limit=memory_limit,
    )
