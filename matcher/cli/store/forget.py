"""``matcher forget``: everything that is held of a person is erased."""

from __future__ import annotations

from typing import Annotated

import typer

from matcher.cli import options
from matcher.cli.store.opening import writing
from matcher.cli.store.options import By, PersonId, StoreFile, Wait
from matcher.cli.store.showing import show


def forget(
    person: PersonId,
    *,
    store: StoreFile,
    by: By = None,
    reason: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Why; it stays, so name nobody in it.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    wait: Wait = 0,
    json: options.Json = False,
) -> None:
    """Erase a person from the file, to the last byte, and print the receipt. Cannot be undone.

    The next import does not bring the person back; see ingest --bring-back. Exports and backups
    that were made before still hold the data.

    \b
    Examples:
      matcher forget P12 --store identity.duckdb --dry-run
      matcher forget P12 --store identity.duckdb --by maria --reason "letter of 3 November"
    """
    with writing(store, wait) as opened:
        receipt = opened.forget(person, dry_run=dry_run, by=by, reason=reason)
    show(receipt, as_json=json)
