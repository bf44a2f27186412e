"""``matcher actions``: what to do in each tool, so that a person found twice is there once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matcher.cli import options, parsing
from matcher.cli.printing import print_json
from matcher.cli.progress import progress
from matcher.cli.starting import load
from matcher.cli.writing import check_early


def actions(
    files: options.Files,
    *,
    out: options.Out = Path("actions"),
    done: Annotated[
        list[Path] | None,
        typer.Option(metavar="DIR", help="Earlier actions: what they merged away is gone."),
    ] = None,
    mapped: options.Map = None,
    extra: options.Extra = None,
    threshold: options.Threshold = 0.5,
    review: options.Review = (0.1, 0.9),
    region: options.Region = "US",
    model: options.ModelFile = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Write which ids to merge in VAN, NationBuilder and Action Network.

    Runs the same matching as dedupe on the same files. Writes van_merges.csv,
    nationbuilder_merges.csv, action_network_todo.csv and skipped.csv. Only pairs that need no
    look are merged: those above the upper end of --review.

    \b
    Examples:
      matcher actions exports/*.csv
      matcher actions van.csv --out monday
      matcher actions van.csv --out tuesday --done monday
      matcher actions exports/*.csv --review 0.1 0.99
    """
    source = parsing.sources(files)
    matching = parsing.matching(
        mapped=mapped,
        extras=extra,
        threshold=threshold,
        review=review,
        region=region,
        model=model,
    )
    check_early(out, plot=False)
    with progress(quiet, verbose) as listener:
        load()
        import matcher

        planned = matcher.dedupe(source, **matching, progress=listener).actions(done)
        written = planned.write(out)
    if json:
        files_by_name = {path.stem: str(path) for path in written}
        print_json({"counts": planned.counts, "files": files_by_name})
    elif not quiet:
        for sentence in planned.sentences():
            typer.echo(sentence)
        typer.echo(f"Results: {', '.join(str(path) for path in written)}")
