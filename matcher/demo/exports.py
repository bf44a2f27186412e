"""The exports of the five tools onto disk, and the truth about them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

from matcher.demo import tools
from matcher.demo.cast import Person, people
from matcher.errors import OutputError

_SEED = 20_241_105


def everybody() -> list[Person]:
    """The people of the campaign."""
    return people(Random(_SEED))  # noqa: S311 - a demo that comes out the same every time


def write_exports(folder: str | Path) -> list[Path]:
    """Writes the five exports to ``folder/exports`` and the truth to ``folder/truth.csv``.

    The truth has the columns ``record_id`` and ``true_id``, for ``matcher.evaluate``.

    Returns:
        the paths of the exports.

    Raises:
        OutputError: the folder cannot be made or written to.
    """
    random = Random(_SEED)  # noqa: S311 - a demo that comes out the same every time
    cast = people(random)
    exports = [tool(cast, random) for tool in tools.ALL]
    place = Path(folder) / "exports"
    truth = [pair for export in exports for pair in export.truth]
    try:
        place.mkdir(parents=True, exist_ok=True)
        for export in exports:
            _write(place / export.name, [export.header, *export.rows], export.delimiter)
        _write(place.parent / "truth.csv", [("record_id", "true_id"), *truth])
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(f"The demo cannot be written to {folder} ({reason}).") from error
    return [place / export.name for export in exports]


def _write(path: Path, lines: Iterable[Sequence[str]], delimiter: str = ",") -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows(lines)
