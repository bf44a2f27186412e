"""What a store answers, in words or for machines, on stdout."""

from __future__ import annotations

import typer


def say(answer: object, quiet: bool) -> None:
    """An answer in words, unless nothing is to be said."""
    if not quiet:
        typer.echo(str(answer))
