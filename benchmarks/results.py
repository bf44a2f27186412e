"""Result files, and what changed since the frozen ones.

A run writes ``benchmarks/results/NAME.json``; ``benchmarks/frozen/NAME.json`` is committed, and a
change that moves its figures commits the new ones with it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rich.console import Console

_FOLDER = Path(__file__).parent


def console() -> Console:
    """Where tables are printed: wide enough for them where the output is no terminal."""
    found = Console()
    return found if found.is_terminal else Console(width=170)


def save(name: str, results: dict[str, Any], *, freeze: bool) -> Path:
    """Write a result file, and the frozen one too where asked; sets of an earlier file that this
    run did not measure are kept in the frozen one."""
    if freeze:
        _write(_FOLDER / "frozen" / f"{name}.json", frozen(name) | results)
    return _write(_FOLDER / "results" / f"{name}.json", results)


def frozen(name: str) -> dict[str, Any]:
    """The committed results, empty where there are none."""
    path = _FOLDER / "frozen" / f"{name}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def _write(path: Path, results: dict[str, Any]) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    return path
