"""The generator's tables: names and states with their shares, and word lists."""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


def read_table(name: str) -> list[dict[str, str]]:
    """The rows of the table ``name``.csv."""
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def words(name: str) -> list[str]:
    """The word list of that name."""
    return [word.strip() for word in _word_lists()[name].split(",")]


@cache
def _word_lists() -> dict[str, str]:
    return tomllib.loads((_FOLDER / "words.toml").read_text(encoding="utf-8"))
