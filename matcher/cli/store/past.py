"""``matcher history``, ``why`` and ``how``: what happened, and why it is as it is."""

from __future__ import annotations

from matcher.cli import options
from matcher.cli.store.opening import reading
from matcher.cli.store.options import PersonId, RecordId, StoreFile, Wait
from matcher.cli.store.showing import show


def history(
    person: PersonId, *, store: StoreFile, wait: Wait = 0, json: options.Json = False
) -> None:
    """Show what happened to a person, from the first record on.

    Also what happened to persons that were merged into it.

    \b
    Examples:
      matcher history P12 --store identity.duckdb
      matcher history P12 --store identity.duckdb --json
    """
    with reading(store, wait) as opened:
        show(opened.history(person), as_json=json)


def why(
    left: RecordId,
    right: RecordId,
    *,
    store: StoreFile,
    wait: Wait = 0,
    json: options.Json = False,
) -> None:
    """Show why two records of a store are, or are not, one person.

    Each comparison with its level and weight, what brought the two together, and what was decided.

    \b
    Examples:
      matcher why van:3129091 everyaction:EA-529 --store identity.duckdb
      matcher why van:3129091 everyaction:EA-529 --store identity.duckdb --json
    """
    with reading(store, wait) as opened:
        show(opened.why(left, right), as_json=json)


def how(person: PersonId, *, store: StoreFile, wait: Wait = 0, json: options.Json = False) -> None:
    """Show the steps by which the records of a person came together.

    \b
    Examples:
      matcher how P12 --store identity.duckdb
    """
    with reading(store, wait) as opened:
        show(opened.how(person), as_json=json)
