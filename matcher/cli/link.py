"""``matcher link``: which records of one file are the same people as records of another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matcher.cli import options, parsing
from matcher.cli.printing import print_preview, print_result
from matcher.cli.progress import progress
from matcher.cli.starting import load
from matcher.cli.writing import check_early, write


def link(
    left: Annotated[str, typer.Argument(help="A file; NAME=FILE names its source.")],
    right: Annotated[str, typer.Argument(help="The other file, likewise.")],
    *,
    out: options.Out = Path("matched"),
    mapped: options.Map = None,
    extra: options.Extra = None,
    threshold: options.Threshold = 0.5,
    review: options.Review = (0.1, 0.9),
    region: options.Region = "US",
    model: options.ModelFile = None,
    memory_limit: options.MemoryLimit = None,
    dry_run: options.DryRun = False,
    plot: options.Plots = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Find which records of one file are the same people as records of another.

    Only pairs with one record on each side are compared: use it where each file has each person
    once. Writes the same files as dedupe.

    \b
    Examples:
      matcher link signups.csv voters.csv
      matcher link last_week=old.csv this_week=new.csv --out linked
      matcher link signups.csv voters.csv --map first_name="Your name" --json
    """
    sides = parsing.sources([left]), parsing.sources([right])
    matching = parsing.matching(
        mapped=mapped,
        extras=extra,
        threshold=threshold,
        review=review,
        region=region,
        model=model,
        memory_limit=memory_limit,
    )
    load()
    if dry_run:
        from matcher.preview import preview

        reports = [each for side in sides for each in preview(side, *parsing.reading(matching))]
        print_preview(reports, as_json=json)
        return
    check_early(out, plot=plot)
    with progress(quiet, verbose) as listener:
        import matcher

        result = matcher.link(*sides, **matching, progress=listener)
        written = write(result, out, plot=plot, progress=listener)
    print_result(result, written, as_json=json, quiet=quiet)
