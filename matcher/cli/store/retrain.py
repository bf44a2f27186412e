"""``matcher retrain``: a store learns its weights anew."""

from __future__ import annotations

from typing import Annotated

import typer

from matcher.cli import options
from matcher.cli.printing import print_json
from matcher.cli.progress import progress
from matcher.cli.store.opening import writing
from matcher.cli.store.options import By, Note, StoreFile, Wait
from matcher.cli.store.showing import say


def retrain(
    *,
    store: StoreFile,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say who would be merged and split.")
    ] = False,
    by: By = None,
    note: Note = None,
    wait: Wait = 0,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Learn the weights anew from all records of a store, and group them by these.

    Until then a store weighs as it did when it was made, so that no answer depends on the order
    in which records came. People keep their ids; decisions hold.

    \b
    Examples:
      matcher retrain --store identity.duckdb --dry-run
      matcher retrain --store identity.duckdb --by maria
    """
    with progress(quiet) as listener, writing(store, wait) as opened:
        changes = opened.retrain(dry_run=dry_run, by=by, note=note, progress=listener)
    if json:
        print_json(changes.to_dict())
    else:
        say(changes, quiet)
