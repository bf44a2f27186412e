"""What a store answers, in words or for machines, on stdout."""

from __future__ import annotations

import json
from dataclasses import asdict, is_dataclass
from typing import TYPE_CHECKING, Any

import typer

from matcher.cli.printing import print_json

if TYPE_CHECKING:
    import pandas as pd


def say(answer: object, quiet: bool = False) -> None:
    """An answer in words, unless nothing is to be said."""
    if not quiet:
        typer.echo(str(answer))


def show(answer: Any, *, as_json: bool, nothing: str = "nothing") -> None:
    """An answer of the library: a value that prints itself, or a frame.

    Args:
        answer: what the store gave.
        as_json: for machines: a frame is a list of its rows.
        nothing: what to say where a frame has no row.
    """
    if as_json:
        print_json(plain(answer))
    elif _is_frame(answer):
        say(aligned(answer) if len(answer) else nothing)
    else:
        say(answer)


def plain(answer: Any) -> Any:
    """An answer as values that JSON has; times in ISO 8601, UTC."""
    if _is_frame(answer):
        return json.loads(answer.to_json(orient="records", date_format="iso", date_unit="us"))
    if hasattr(answer, "to_dict"):
        return answer.to_dict()
    if is_dataclass(answer) and not isinstance(answer, type):
        return {name: plain(value) for name, value in asdict(answer).items()}
    return answer


def aligned(frame: pd.DataFrame) -> str:
    """A frame as lines of text: a header, then a line per row; without what no row has."""
    columns = [[str(name), *map(_cell, frame[name])] for name in frame.columns]
    columns = [column for column in columns if any(column[1:])]
    widths = [max(map(len, column)) for column in columns]
    rows = zip(*columns, strict=True)
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    if is_missing(value):
        return ""
    if hasattr(value, "strftime"):
        return str(value.strftime("%Y-%m-%d %H:%M"))
    if hasattr(value, "__iter__"):
        return ", ".join(map(_cell, value))
    return str(value)


def is_missing(value: Any) -> bool:
    """Whether a cell of a frame holds nothing: None, NaN or no time."""
    if value is None or hasattr(value, "__iter__"):
        return value is None
    return bool(value != value)  # noqa: PLR0124 - NaN and NaT are not themselves


def _is_frame(answer: Any) -> bool:
    return hasattr(answer, "columns") and hasattr(answer, "to_json")
