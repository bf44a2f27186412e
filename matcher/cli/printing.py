"""Results in words, or as one JSON document, on stdout."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from matcher.records import SourceReport
    from matcher.result import Result

_NOT_USED = "(not used)"


def print_json(document: Any) -> None:
    """One JSON document, readable for people too."""
    typer.echo(json.dumps(document, indent=2, default=str))


def print_result(
    result: Result,
    written: Sequence[Path],
    *,
    store: Path | None = None,
    as_json: bool,
    quiet: bool,
) -> None:
    """What a run found and where the files are."""
    if quiet and not as_json:
        return
    from matcher.summary import summarise

    summary = summarise(result)
    if as_json:
        files = {path.stem: str(path) for path in written}
        files |= {"store": str(store)} if store else {}
        print_json({"summary": summary.as_dict(), "files": files, "report": result.report})
        return
    for sentence in summary.sentences():
        typer.echo(sentence)
    places = [*written, store] if store else written
    typer.echo(f"Results: {', '.join(str(path) for path in places)}")


def print_preview(reports: Sequence[SourceReport], *, as_json: bool) -> None:
    """How each column of each input would be used."""
    if as_json:
        print_json({"sources": [asdict(report) for report in reports]})
        return
    typer.echo("\n\n".join(_described(report) for report in reports))


def _described(report: SourceReport) -> str:
    known = report.vendor or "columns known by their names"
    lines = [f"{report.name}: {known}, {report.rows:,} rows, source {report.source}"]
    width = max((len(column) for column in report.columns), default=0)
    lines += [f"  {name:<{width}}  {use or _NOT_USED}" for name, use in report.columns.items()]
    lines += [f"  note: {note}" for note in report.notes]
    return "\n".join(lines)
