"""``matcher check``, ``stats``, ``export`` and ``backup``: a store as a whole."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from matcher.cli import options
from matcher.cli.printing import print_json
from matcher.cli.replay import PolicyName
from matcher.cli.store.opening import reading
from matcher.cli.store.options import StoreFile, Wait
from matcher.cli.store.showing import say, show
from matcher.cli.writing import check_early
from matcher.errors import OptionError

#: What ``matcher check`` returns where something is wrong.
BROKEN = 10


class Format(StrEnum):
    """Of an export."""

    CSV = "csv"
    PARQUET = "parquet"


def check(
    *,
    store: StoreFile,
    deep: Annotated[
        bool, typer.Option("--deep", help="Also resolve all records anew and compare.")
    ] = False,
    wait: Wait = 0,
    json: options.Json = False,
) -> None:
    """Look whether a store holds what it should; returns 10 where it does not. Changes nothing.

    Every record is of one person, the history gives the present state, decisions and refusals are
    kept, and nothing that was erased is there.

    \b
    Examples:
      matcher check --store identity.duckdb
      matcher check --store identity.duckdb --deep --json
    """
    with reading(store, wait) as opened:
        report = opened.check(deep=deep)
    show(report, as_json=json)
    if not report.ok:
        raise typer.Exit(BROKEN)


def stats(*, store: StoreFile, wait: Wait = 0, json: options.Json = False) -> None:
    """Print how many persons, records, interactions, runs and decisions a store holds.

    \b
    Examples:
      matcher stats --store identity.duckdb
      matcher stats --store identity.duckdb --json
    """
    with reading(store, wait) as opened:
        counts = opened.stats()
    if json:
        print_json(counts)
    else:
        say("\n".join(_line(name, value) for name, value in counts.items() if value != {}))


def export(
    *,
    store: StoreFile,
    out: options.Out = Path("people"),
    form: Annotated[
        Format, typer.Option("--format", help="Of the files; cells of a csv run no formula.")
    ] = Format.CSV,
    policy: PolicyName = None,
    wait: Wait = 0,
    json: options.Json = False,
) -> None:
    """Write people and crosswalk: a row per person, and the person of each record.

    With --policy it is the people of that vendor's own list instead, as a CSV named after it.

    \b
    Examples:
      matcher export --store identity.duckdb --out people
      matcher export --store identity.duckdb --out people --policy action_network
      matcher export --store identity.duckdb --out warehouse --format parquet
    """
    check_early(out, plot=False)
    with reading(store, wait) as opened:
        if policy is not None:
            _check_csv(form)
            written = [opened.export_list(out / f"{policy}.csv", policy)]
        else:
            written = list(opened.export(out, form.value))
    if json:
        print_json({"files": {path.stem: str(path) for path in written}})
    else:
        say(f"Results: {', '.join(str(path) for path in written)}")


def _check_csv(form: Format) -> None:
    if form is not Format.CSV:
        raise OptionError("A vendor's list is written as csv; leave --format out.")


def backup(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="The copy; nothing is there yet.")],
    *,
    store: StoreFile,
    wait: Wait = 0,
    json: options.Json = False,
) -> None:
    """Copy a store, and look whether the copy is whole. From Python also while it is open.

    \b
    Examples:
      matcher backup sunday.duckdb --store identity.duckdb
    """
    with reading(store, wait) as opened:
        copy = opened.backup(path)
    if json:
        print_json({"files": {"backup": str(copy)}})
    else:
        say(f"Results: {copy}")


def _line(name: str, value: Any) -> str:
    if isinstance(value, dict):
        value = ", ".join(f"{each} {count:,}" for each, count in value.items())
    shown = f"{value:,}" if isinstance(value, int) else str(value)
    return f"{name.replace('_', ' ')}: {shown}"
