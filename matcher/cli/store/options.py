"""The options that the commands of the store share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_STORE = "--store"
_HELP = "The store's file; or name it once, in the environment."

StoreFile = Annotated[
    Path, typer.Option(_STORE, metavar="FILE", envvar="MATCHER_STORE", help=_HELP)
]
Wait = Annotated[
    float,
    typer.Option(metavar="SECONDS", help="How long to wait for another process that has it open."),
]
_BY = "Who does it, for the history; or once, in the environment."
By = Annotated[str | None, typer.Option(metavar="NAME", envvar="MATCHER_BY", help=_BY)]
NamedBy = Annotated[str, typer.Option("--by", metavar="NAME", envvar="MATCHER_BY", help=_BY)]
Note = Annotated[str | None, typer.Option(metavar="TEXT", help="What to remember of it.")]
PersonId = Annotated[str, typer.Argument(metavar="PERSON", help="A person_id, like P123.")]
RecordId = Annotated[str, typer.Argument(metavar="RECORD", help="A record_id.")]
