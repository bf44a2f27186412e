"""``matcher keys``: who may use a service, and for what."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matcher.cli import options
from matcher.cli.printing import print_json

keys = typer.Typer(
    name="keys", help="Make, list and take back the API keys of a service.", no_args_is_help=True
)

KeysFile = Annotated[
    Path, typer.Option("--keys", metavar="FILE", envvar="MATCHER_KEYS", help="Of the keys.")
]


@keys.command()
def add(
    name: Annotated[str, typer.Argument(help="Whose, or what for; it stands in the history.")],
    *,
    scope: Annotated[
        list[str],
        typer.Option(help="read, write, review, admin, or list:<policy>; repeat for more."),
    ],
    file: KeysFile = Path("keys.json"),
    json: options.Json = False,
) -> None:
    """Make a key and print it, this once: only a hash of it is kept.

    \b
    Examples:
      matcher keys add "sign-up form" --scope write --keys keys.json
      matcher keys add maria --scope read --scope write --scope review
    """
    from matcher.service.keys import add_key

    key, token = add_key(file, name, scope)
    if json:
        print_json({"id": key.id, "name": key.name, "scopes": list(key.scopes), "key": token})
    else:
        print(f"{token}\nKeep it now: it is not shown again. Its id is {key.id}.")


@keys.command("list")
def list_keys(*, file: KeysFile = Path("keys.json"), json: options.Json = False) -> None:
    """List the keys, without showing them.

    \b
    Examples:
      matcher keys list --keys keys.json
    """
    from matcher.service.keys import read_keys

    held = read_keys(file)
    if json:
        shown = ("id", "name", "scopes", "created_at", "revoked_at")
        print_json({"keys": [{name: getattr(key, name) for name in shown} for key in held]})
        return
    for key in held:
        state = f"revoked {key.revoked_at}" if key.revoked_at else f"since {key.created_at}"
        print(f"{key.id}  {key.name}  {', '.join(key.scopes)}  {state}")


@keys.command()
def revoke(
    number: Annotated[str, typer.Argument(metavar="ID", help="As matcher keys list shows it.")],
    *,
    file: KeysFile = Path("keys.json"),
    json: options.Json = False,
) -> None:
    """Take a key back; a service that is running refuses it within a second.

    \b
    Examples:
      matcher keys revoke 3f9a0c12d4e5 --keys keys.json
    """
    from matcher.service.keys import revoke_key

    key = revoke_key(file, number)
    if json:
        print_json({"id": key.id, "revoked_at": key.revoked_at})
    else:
        print(f"{key.id} ({key.name}) is revoked.")
