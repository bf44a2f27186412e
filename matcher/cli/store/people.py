"""``matcher person``, ``find`` and ``contactable``: who people are, and who may be reached."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from matcher.cli import options
from matcher.cli.printing import print_json
from matcher.cli.store.opening import reading
from matcher.cli.store.options import PersonId, StoreFile, Wait
from matcher.cli.store.showing import say, show
from matcher.errors import OptionError

AsOf = Annotated[
    str | None, typer.Option(metavar="WHEN", help="As it was then: 2026-11-03, or a whole time.")
]
Word = Annotated[str | None, typer.Option(metavar="TEXT")]


class Channel(StrEnum):
    """A way to reach people."""

    EMAIL = "email"
    SMS = "sms"
    PHONE = "phone"


def person(
    person: PersonId,
    *,
    store: StoreFile,
    consent: Annotated[
        bool, typer.Option("--consent", help="Show who said what about each address and number.")
    ] = False,
    other: Annotated[
        str | None,
        typer.Option("--with", metavar="PERSON", help="Show what a merge with that one would do."),
    ] = None,
    as_of: AsOf = None,
    wait: Wait = 0,
    json: options.Json = False,
) -> None:
    """Show a person: the best values and where each is from, its records, and what they dispute.

    The id of a person that was merged away shows the one that it is part of now.

    \b
    Examples:
      matcher person P12 --store identity.duckdb
      matcher person P12 --as-of 2026-11-03 --store identity.duckdb
      matcher person P12 --consent --store identity.duckdb
      matcher person P12 --with P34 --store identity.duckdb
      matcher person P12 --store identity.duckdb --json
    """
    if sum((consent, other is not None, as_of is not None)) > 1:
        raise OptionError("Choose one of --consent, --with and --as-of.")
    with reading(store, wait) as opened:
        if as_of is not None:
            show(opened.as_of(as_of).person(person), as_json=json)
        elif other is not None:
            show(opened.preview_merge(person, other), as_json=json)
        elif consent:
            show(opened.consent(person), as_json=json, nothing="no address and no number")
        else:
            show(opened.person(person), as_json=json)


def find(
    *,
    store: StoreFile,
    email: Word = None,
    phone: Word = None,
    known_as: Annotated[
        str | None,
        typer.Option("--id", metavar="ID", help="van_id:123, 123, or a record_id."),
    ] = None,
    name: Word = None,
    wait: Wait = 0,
    json: options.Json = False,
) -> None:
    """Print the ids of the people that all of this is true of, one a line.

    \b
    Examples:
      matcher find --email rob@example.org --store identity.duckdb
      matcher find --phone "(413) 555-0142" --name okafor --store identity.duckdb
      matcher find --id van_id:3129091 --store identity.duckdb --json
    """
    with reading(store, wait) as opened:
        found = opened.find(email=email, phone=phone, external_id=known_as, name=name)
    if json:
        print_json(found)
    else:
        say("\n".join(found) or "nobody")


def contactable(
    *,
    channel: Annotated[Channel, typer.Option(help="How they are to be reached.")],
    store: StoreFile,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write them to a CSV file instead.")
    ] = None,
    wait: Wait = 0,
    json: options.Json = False,
) -> None:
    """Print the people that may be reached, and where; nobody else may be.

    An address is there where somebody said yes to it, and every no about it is older.

    \b
    Examples:
      matcher contactable --channel email --store identity.duckdb
      matcher contactable --channel sms --store identity.duckdb --out texts.csv
      matcher contactable --channel phone --store identity.duckdb --json
    """
    with reading(store, wait) as opened:
        if out is not None:
            say(f"Results: {opened.export_contactable(out, channel.value)}")
        else:
            show(opened.contactable(channel.value), as_json=json, nothing="nobody")
