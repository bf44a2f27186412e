"""``matcher explain``: why two records are, or are not, one person."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from matcher.cli import options, parsing
from matcher.cli.printing import print_json
from matcher.cli.progress import progress
from matcher.cli.starting import load
from matcher.cli.writing import check_early


def explain(
    files: options.Files,
    *,
    left: Annotated[str, typer.Option(metavar="ID", help="record_id, as in crosswalk.csv.")],
    right: Annotated[str, typer.Option(metavar="ID", help="The other record_id.")],
    mapped: options.Map = None,
    extra: options.Extra = None,
    threshold: options.Threshold = 0.5,
    region: options.Region = "US",
    model: options.ModelFile = None,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw a waterfall: .png, .svg or .html (extra 'plot')."),
    ] = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Show why two records are, or are not, one person.

    Runs the same matching as dedupe on the same files, for the weights depend on them all, and
    writes nothing but the picture.

    \b
    Examples:
      matcher explain contacts.csv --left contacts:17 --right contacts:242
      matcher explain exports/*.csv --left van:812 --right signups:9 --plot why.png
      matcher explain contacts.csv --left contacts:17 --right contacts:242 --json
    """
    source = parsing.sources(files)
    matching = parsing.matching(
        mapped=mapped, extras=extra, threshold=threshold, region=region, model=model
    )
    check_early(plot.parent if plot else None, plot=plot is not None)
    with progress(quiet, verbose) as listener:
        load()
        import matcher

        result = matcher.dedupe(source, **matching, progress=listener)
    explanation = result.explain(left, right)
    if plot:
        explanation.plot().save(plot)
    if json:
        print_json(asdict(explanation))
    else:
        typer.echo(str(explanation))
