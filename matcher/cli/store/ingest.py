"""``matcher ingest``: records into a store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matcher.cli import options, parsing
from matcher.cli.printing import print_json, print_preview
from matcher.cli.progress import progress
from matcher.cli.replay import PolicyName, Setting, settings
from matcher.cli.starting import load
from matcher.cli.store.opening import writing
from matcher.cli.store.options import By, Note, StoreFile, Wait
from matcher.cli.store.showing import say
from matcher.cli.writing import check_early

Out = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Folder for changes.csv and rejects.csv; none by default."),
]
BringBack = Annotated[
    bool, typer.Option("--bring-back", help="Also take in people who were forgotten.")
]
Profile = Annotated[
    str | None, typer.Option(help="Of the policy: document or native; settled by the first rows.")
]


def ingest(
    files: options.Files,
    *,
    store: StoreFile,
    mapped: options.Map = None,
    extra: options.Extra = None,
    region: options.Region = "US",
    by: By = None,
    note: Note = None,
    out: Out = None,
    bring_back: BringBack = False,
    policy: PolicyName = None,
    profile: Profile = None,
    setting: Setting = None,
    wait: Wait = 0,
    dry_run: options.DryRun = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Take records into a store, which is made where there is none, and say what changed.

    All of them or none. What the store knows already is passed over, so a file may come again;
    people keep their ids. --region and --extra are settled when the store is made. With --policy
    the rows come into that vendor's own list, which the store keeps by the vendor's rules.

    \b
    Examples:
      matcher ingest exports/*.csv --store identity.duckdb
      matcher ingest exports/*.csv --store identity.duckdb --dry-run
      matcher ingest action_network.csv --store identity.duckdb --by maria --note "weekly export"
      matcher ingest gala=guests.csv --store identity.duckdb --map first_name="Guest: first"
      matcher ingest van.csv --store identity.duckdb --out ingested
      matcher ingest signups.csv --store identity.duckdb --policy action_network
      MATCHER_STORE=identity.duckdb matcher ingest van.csv --wait 60 --json
    """
    source = parsing.sources(files)
    columns, extras = parsing.columns(mapped), parsing.extra(extra)  # noqa: S610 - no Django
    if dry_run:
        load()
        from matcher.preview import preview

        print_preview(preview(source, columns, extras), as_json=json)
        return
    check_early(out, plot=False)
    with (
        progress(quiet, verbose) as listener,
        writing(store, wait, create=True, region=region) as opened,
    ):
        changes = opened.ingest(
            source,
            columns,
            extras,
            by=by,
            note=note,
            bring_back=bring_back,
            progress=listener,
            policy=policy,
            profile=profile,
            **settings(setting or []),
        )
    written = changes.write(out) if out else []
    if json:
        print_json(changes.to_dict() | {"files": {path.stem: str(path) for path in written}})
        return
    say(changes, quiet)
    if written:
        say(f"Results: {', '.join(str(path) for path in written)}", quiet)
