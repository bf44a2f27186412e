"""``matcher person``, ``find`` and ``contactable``: who the people are, and who may be written to."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from matcher.cli import options
from matcher.cli.store.opening import reading
from matcher.cli.store.options import PersonId, StoreFile, Wait
from matcher.cli.store.showing import show

AsOf = Annotated[
    str | None, typer.Option(metavar="WHEN", help="As it was then: 2026-11-03, or a whole time.")
]


class Channel(StrEnum):
    """A way to reach people."""

    EMAIL = "email"
    SMS = "sms"
    PHONE = "phone"


def person(
    person: PersonId,
    *,
    store: StoreFile,
    as_of: AsOf = None,
    wait: Wait = 0,
    json: options.Json = False,
) -> None:
    """Show a person: the best values and where each is from, its records, and what they dispute.

    The id of a person that was merged away shows the one that it is part of now.

    \b
    Examples:
      matcher person P12 --store identity.duckdb
      matcher person P12 --store identity.duckdb --as-of 2026-11-03
      matcher person P12 --store identity.duckdb --json
    """
    with reading(store, wait) as opened:
        show((opened.as_of(as_of) if as_of else opened).person(person), as_json=json)
