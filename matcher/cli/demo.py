"""``matcher demo``: invented exports of five tools, deduped, and what that shows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matcher.cli import options
from matcher.cli.printing import print_json
from matcher.cli.progress import progress
from matcher.cli.starting import load
from matcher.cli.writing import check_early, write


def demo(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder to work in.")] = Path("demo"),
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Write exports of an invented campaign's five tools, dedupe them, and say what was found.

    The exports go to DIR/exports, the truth about them to DIR/truth.csv, the results to
    DIR/matched. Texts with some of the people go to DIR/interactions.ndjson; a store,
    DIR/late_link.duckdb, links those that a later file names. Nobody in them exists.

    \b
    Examples:
      matcher demo
      matcher demo --out /tmp/try && ls /tmp/try/matched
      matcher evaluate demo/matched/crosswalk.csv demo/truth.csv
    """
    check_early(out, plot=False)
    load()
    import matcher
    from matcher.demo import everybody, find, link_late, write_exports

    exports = write_exports(out)
    with progress(quiet) as listener:
        result = matcher.dedupe(exports, progress=listener)
        write(result, out / "matched", plot=False, progress=listener)
    findings, late = find(result), link_late(out, exports, everybody())
    if json:
        print_json(findings.as_dict() | late.as_dict())
    elif not quiet:
        typer.echo(findings.story(out))
        typer.echo(f"\n{late.story(out)}")
