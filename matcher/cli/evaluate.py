"""``matcher evaluate``: how good a crosswalk is, against a known truth."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matcher.cli import options
from matcher.cli.printing import print_json
from matcher.cli.starting import load


def evaluate(
    crosswalk: Annotated[
        Path, typer.Argument(help="The groups found: record_id and cluster_id, as dedupe writes.")
    ],
    truth: Annotated[
        Path, typer.Argument(help="The truth: record_id and true_id, or one other column.")
    ],
    json: options.Json = False,
) -> None:
    """Compare a crosswalk with a known truth: precision, recall and F1, by pairs and by records.

    Both files must hold the same records. Any format that dedupe reads will do.

    \b
    Examples:
      matcher evaluate matched/crosswalk.csv truth.csv
      matcher evaluate matched/crosswalk.csv truth.parquet --json
    """
    load()
    import matcher
    from matcher.assignments import read_assignment

    found = matcher.evaluate(read_assignment(crosswalk), read_assignment(truth))
    if json:
        print_json(found.as_dict())
    else:
        typer.echo(str(found))
