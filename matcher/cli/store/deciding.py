"""``matcher decide``, ``split`` and ``undo``: what a human says, and taking it back."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from matcher.cli import options
from matcher.cli.store.opening import writing
from matcher.cli.store.options import NamedBy, Note, PersonId, StoreFile, Wait
from matcher.cli.store.showing import show
from matcher.errors import OptionError


class Verdict(StrEnum):
    """What a human may say of two records."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


File = Annotated[
    Path | None,
    typer.Option(
        "--file", metavar="FILE", help="Answers to many pairs: review's --out, with verdicts."
    ),
]
OptionalRecord = Annotated[str | None, typer.Argument(metavar="RECORD", help="A record_id.")]


def decide(
    left: OptionalRecord = None,
    right: OptionalRecord = None,
    verdict: Annotated[Verdict | None, typer.Argument()] = None,
    *,
    store: StoreFile,
    by: NamedBy,
    note: Note = None,
    file: File = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take the decision back.")] = False,
    wait: Wait = 0,
    json: options.Json = False,
) -> None:
    """Say that two records are the same person, different people, or that nobody can tell.

    A decision outranks every weight, also when the records change, until it is withdrawn. With
    --file the rows that have a verdict are decided in one run, all of them or none.

    \b
    Examples:
      matcher decide van:77 signups:9 same --store identity.duckdb --by maria
      matcher decide van:77 van:78 different --store identity.duckdb --by maria --note "twins"
      matcher decide van:77 van:78 --withdraw --store identity.duckdb --by maria
      matcher decide --file review.csv --store identity.duckdb --by maria
    """
    if file is not None:
        if left is not None or withdraw:
            raise OptionError("With --file the pairs and verdicts are those of its rows alone.")
        with writing(store, wait) as opened:
            changes = opened.decide_all(file, by=by, note=note)
        show(changes, as_json=json)
        return
    if left is None or right is None:
        raise OptionError("Name two records and what you say of them, or a --file of answers.")
    if (verdict is None) is not withdraw:
        raise OptionError("Say same, different or unsure; or --withdraw, and no verdict.")
    with writing(store, wait) as opened:
        if verdict is None:
            changes = opened.withdraw(left, right, by=by, note=note)
        else:
            changes = opened.decide(left, right, verdict.value, by=by, note=note)
    show(changes, as_json=json)


def split(
    person: PersonId,
    records: Annotated[list[str], typer.Argument(metavar="RECORD", help="What is another's.")],
    *,
    store: StoreFile,
    by: NamedBy,
    note: Note = None,
    wait: Wait = 0,
    json: options.Json = False,
) -> None:
    """Make some records of a person a person of their own.

    They are kept apart from the others from now on, as by decide.

    \b
    Examples:
      matcher split P12 van:78 --store identity.duckdb --by maria
      matcher split P12 van:78 signups:9 --store identity.duckdb --by maria --note "her daughter"
    """
    with writing(store, wait) as opened:
        changes = opened.split(person, records, by=by, note=note)
    show(changes, as_json=json)


def undo(
    what: Annotated[str, typer.Argument(metavar="RUN|EVENT", help="Like R12 or E345.")],
    *,
    store: StoreFile,
    by: NamedBy,
    note: Note = None,
    wait: Wait = 0,
    json: options.Json = False,
) -> None:
    """Take back a run, or one merge or split; persons get their ids back.

    The ids of runs and events are those that history shows.

    \b
    Examples:
      matcher undo R12 --store identity.duckdb --by maria
      matcher undo E345 --store identity.duckdb --by maria
    """
    with writing(store, wait) as opened:
        changes = opened.undo(what, by=by, note=note)
    show(changes, as_json=json)
