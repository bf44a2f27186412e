"""The commands under one name."""

from __future__ import annotations

from typing import Annotated

import typer

from matcher import __version__
from matcher.cli.actions import actions
from matcher.cli.dedupe import dedupe
from matcher.cli.demo import demo
from matcher.cli.evaluate import evaluate
from matcher.cli.explain import explain
from matcher.cli.keys import keys
from matcher.cli.link import link
from matcher.cli.replay import replay
from matcher.cli.serve import serve
from matcher.cli.store import COMMANDS, interactions

app = typer.Typer(
    name="matcher",
    add_completion=False,
    # Plain help needs no further import and can be read by any terminal and any test.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"matcher {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def matcher(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show it.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an error (or MATCHER_DEBUG=1).")
    ] = False,
) -> None:
    """Find which records are the same person across your exports.

    \b
    Examples:
      matcher demo                                  invented exports, deduped
      matcher dedupe contacts.csv                   results go to ./matched
      matcher dedupe exports/*.csv --out matched    several files at once
      matcher explain a.csv b.csv --left ID --right ID
      matcher ingest *.csv --store people.duckdb    the same people next week
      matcher COMMAND --help                        more, with examples
    """
    # The option --version acts by its callback, --debug is read before anything can fail.
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


for command in (dedupe, link, replay, actions, explain, evaluate, demo, serve, *COMMANDS):
    app.command()(command)
app.add_typer(interactions)
app.add_typer(keys)
