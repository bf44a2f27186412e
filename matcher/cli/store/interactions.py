"""``matcher interactions``: texts, calls and visits, and whom they were with."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from matcher.cli import options, parsing
from matcher.cli.printing import print_json
from matcher.cli.progress import progress
from matcher.cli.store.opening import reading, writing
from matcher.cli.store.options import By, Note, StoreFile, Wait
from matcher.cli.store.showing import is_missing, plain, say, show
from matcher.cli.writing import check_early

if TYPE_CHECKING:
    import pandas as pd

    from matcher.store import Store

interactions = typer.Typer(
    name="interactions",
    help="Keep interactions, link them to persons, and send them on.",
    no_args_is_help=True,
)


class Status(StrEnum):
    """What was found of an interaction."""

    LINKED = "linked"
    REVIEW = "review"
    UNMATCHED = "unmatched"
    INVALID = "invalid"
    ERASED = "erased"


class Destination(StrEnum):
    """Where interactions go."""

    VAN = "van"
    JSON = "json"
    CSV = "csv"


class Instance(StrEnum):
    """The part of VAN that an id is of."""

    MY_VOTERS = "my_voters"
    MY_CAMPAIGN = "my_campaign"


Feeds = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE", help="JSON: an object, an array or a line each; or a table; - for stdin."
    ),
]
Strict = Annotated[
    bool, typer.Option("--strict", help="A phone that is not E.164 makes an interaction invalid.")
]
UseChannel = Annotated[
    bool, typer.Option("--use-channel", help="The channel's address or number is the person's too.")
]
Rejects = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Folder for rejects.csv; none by default.")
]
#: What a list leaves out: it is in ``show`` and in the exports.
_NOT_LISTED = ["since", "record_id", "state_code", "addresses"]


@interactions.command()
def add(
    files: Feeds,
    *,
    store: StoreFile,
    strict: Strict = False,
    use_channel: UseChannel = False,
    mapped: options.Map = None,
    region: options.Region = "US",
    by: By = None,
    note: Note = None,
    out: Rejects = None,
    wait: Wait = 0,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Take interactions into a store, which is made where there is none, and link those it can.

    The others wait: every later ingest, merge, split, undo, decision or erasure looks again at
    those that it touches. What came before is passed over, so a file may come again.

    \b
    Examples:
      matcher interactions add texts.ndjson --store identity.duckdb
      matcher interactions add calls.json.gz doors.csv --store identity.duckdb --strict --out bad
      texting-tool | matcher interactions add - --store identity.duckdb --json
    """
    source = files[0] if files == ["-"] else files
    check_early(out, plot=False)
    with (
        progress(quiet, verbose) as listener,
        writing(store, wait, create=True, region=region) as opened,
    ):
        added = opened.add_interactions(
            source,
            parsing.columns(mapped),
            strict=strict,
            use_channel=use_channel,
            by=by,
            note=note,
            progress=listener,
        )
        counts = opened.interaction_counts()
    written = added.write(out) if out else []
    if json:
        files_written = {path.stem: str(path) for path in written}
        print_json(added.to_dict() | {"counts": counts.to_dict(), "files": files_written})
        return
    say(added, quiet)
    say(counts, quiet)
    if written:
        say(f"Results: {', '.join(str(path) for path in written)}", quiet)


@interactions.command()
def link(
    *,
    store: StoreFile,
    by: By = None,
    note: Note = None,
    wait: Wait = 0,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Look at every interaction anew. Each change of a store does so for those that it touches.

    So this finds nothing new, unless this version of the software decides otherwise than the one
    that wrote the store.

    \b
    Examples:
      matcher interactions link --store identity.duckdb --by maria
    """
    with progress(quiet) as listener, writing(store, wait) as opened:
        linked = opened.link_interactions(by=by, note=note, progress=listener)
        counts = opened.interaction_counts()
    if json:
        print_json(linked.to_dict() | {"counts": counts.to_dict()})
        return
    say(linked, quiet)
    say(counts, quiet)


@interactions.command("list")
def list_interactions(
    *,
    store: StoreFile,
    status: Annotated[Status | None, typer.Option(help="Only those that have it.")] = None,
    person: Annotated[
        str | None, typer.Option(metavar="PERSON", help="Only those linked to this person_id.")
    ] = None,
    wait: Wait = 0,
    json: options.Json = False,
) -> None:
    """List interactions: to whom each is linked and why, or why it is not.

    \b
    Examples:
      matcher interactions list --store identity.duckdb
      matcher interactions list --store identity.duckdb --status review
      matcher interactions list --store identity.duckdb --person P12 --json
    """
    with reading(store, wait) as opened:
        found = opened.interactions(status and status.value, person_id=person)
        counts = opened.interaction_counts()
    if json:
        print_json({"counts": counts.to_dict(), "interactions": plain(found)})
        return
    show(_listed(found), as_json=False, nothing="none")
    say(counts)


@interactions.command("show")
def show_interaction(
    interaction: Annotated[
        str, typer.Argument(metavar="INTERACTION", help="I12, or the interaction's own id.")
    ],
    *,
    store: StoreFile,
    wait: Wait = 0,
    json: options.Json = False,
) -> None:
    """Show one interaction: whom it was linked to, since when and why, or who may be meant.

    \b
    Examples:
      matcher interactions show I12 --store identity.duckdb
      matcher interactions show text-8841 --store identity.duckdb --json
    """
    with reading(store, wait) as opened:
        show(opened.interaction(interaction), as_json=json)


@interactions.command()
def export(
    *,
    destination: Annotated[Destination, typer.Option(help="Where they go.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the files.")],
    store: StoreFile,
    instance: Annotated[Instance, typer.Option(help="Of VAN.")] = Instance.MY_VOTERS,
    state: Annotated[
        str | None,
        typer.Option(metavar="STATE", help="Of interactions without stateCode; for VAN."),
    ] = None,
    array: Annotated[
        bool, typer.Option("--array", help="One JSON array, not a line for each.")
    ] = False,
    wait: Wait = 0,
    json: options.Json = False,
) -> None:
    """Write the interactions for a destination, and which are held back, and why.

    van: those with one VAN id of their own state, given or gained by linking; van.ndjson.
    json: those that are linked, with the person's ids; interactions.ndjson. Either comes with
    held_back.csv. csv: all of them as a table; interactions.csv.

    \b
    Examples:
      matcher interactions export --destination van --out to_van --store identity.duckdb
      matcher interactions export --destination van --state MA --array --out to_van
      matcher interactions export --destination csv --out sheets --store identity.duckdb
    """
    check_early(out, plot=False)
    with reading(store, wait) as opened:
        exported = opened.export_interactions(
            destination.value, out, instance=instance.value, state=state, array=array
        )
    if json:
        print_json(exported.to_dict())
        return
    say(exported)
    say(f"Results: {', '.join(str(path) for path in exported.paths)}")


@interactions.command()
def prospects(
    *,
    store: StoreFile,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write them as CSV, to be ingested.")
    ] = None,
    wait: Wait = 0,
    json: options.Json = False,
) -> None:
    """List the unknown contacts behind unmatched interactions, or write them as records.

    Interactions with one stranger are one contact. --out leaves out those who are probably persons
    already, and those who cannot be reached.

    \b
    Examples:
      matcher interactions prospects --store identity.duckdb
      matcher interactions prospects --store identity.duckdb --out prospects.csv
      matcher ingest prospects.csv --store identity.duckdb
    """
    with reading(store, wait) as opened:
        _tell_prospects(opened, out, as_json=json)


def _tell_prospects(opened: Store, out: Path | None, *, as_json: bool) -> None:
    if out is None:
        show(opened.unknown_contacts(), as_json=as_json, nothing="none")
        return
    found = opened.prospects(out)
    if as_json:
        print_json(found.to_dict())
        return
    say(found)
    say(f"Results: {out}")


def _listed(found: pd.DataFrame) -> pd.DataFrame:
    """What a line of the list shows."""
    shown = found.drop(columns=_NOT_LISTED)
    shown["probability"] = [_percent(each) for each in shown["probability"]]
    return shown


def _percent(probability: Any) -> str:
    return "" if is_missing(probability) else f"{probability:.1%}"
