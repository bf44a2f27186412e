"""``matcher serve``: a store for many clients, over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.starting import load
from matcher.cli.store.options import StoreFile
from matcher.errors import MissingExtra

KeysFile = Annotated[
    Path | None,
    typer.Option(
        "--keys",
        metavar="FILE",
        envvar="MATCHER_KEYS",
        help="Of API keys (matcher keys add); without one it listens on this machine alone.",
    ),
]


def serve(
    *,
    store: StoreFile,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0 for any that is free.")] = 8000,
    keys: KeysFile = None,
) -> None:
    """Answer over HTTP: records in, who somebody is, decisions, erasure; docs at /docs.

    The store is made where there is none, and is this process's alone while it runs. End it with
    Ctrl-C or SIGTERM: requests under way are answered first. Needs the extra 'service'.

    \b
    Examples:
      matcher serve --store identity.duckdb
      matcher serve --store identity.duckdb --host 0.0.0.0 --port 80 --keys keys.json
    """
    load()
    try:
        from matcher.service.serving import serve as run
    except ModuleNotFoundError as missing:
        raise MissingExtra(
            f"serving needs {missing.name}; install it with"
            " pip install 'campaign-matcher[service]'."
        ) from None
    from matcher.service.settings import Settings

    run(store, host, port, Settings(keys=keys), _say)


def _say(address: str) -> None:
    print(f"Listening on {address}; documentation at {address}/docs", flush=True)
