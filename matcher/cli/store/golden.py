"""``matcher golden``: how the best value of a field is chosen."""

from __future__ import annotations

from typing import Annotated

import typer

from matcher.cli import options
from matcher.cli.printing import print_json
from matcher.cli.store.opening import reading, writing
from matcher.cli.store.options import By, Note, StoreFile, Wait
from matcher.cli.store.showing import say
from matcher.errors import OptionError

Rules = Annotated[list[str] | None, typer.Argument(metavar="FIELD=RULE", help="A rule to set.")]


def golden(
    rules: Rules = None,
    *,
    store: StoreFile,
    by: By = None,
    note: Note = None,
    wait: Wait = 0,
    json: options.Json = False,
) -> None:
    """Say how the best value of a field is chosen; without a rule, show those that were set.

    A rule is most_recent, most_complete, most_frequent, trusted:SOURCE,SOURCE with the most
    trusted first, or default, which takes a rule back. Fields: first_name, last_name and other
    parts of the name, organization, email, phone, address, birth_date, gender.

    \b
    Examples:
      matcher golden --store identity.duckdb
      matcher golden email=trusted:van,action_network last_name=most_recent --store identity.duckdb
      matcher golden email=default --store identity.duckdb
    """
    written = dict(_rule(text) for text in rules or ())
    if written:
        with writing(store, wait) as opened:
            held = opened.set_golden_rules(written, by=by, note=note)
    else:
        with reading(store, wait) as opened:
            held = opened.golden_rules()
    if json:
        print_json(held)
    else:
        say("\n".join(f"{field}: {_shown(rule)}" for field, rule in held.items()) or "no rule set")


def _rule(text: str) -> tuple[str, str | list[str]]:
    """``email=trusted:van,forms`` as the library takes it.

    Raises:
        OptionError: it has another form.
    """
    field, equals, rule = text.partition("=")
    if not (equals and field.strip() and rule.strip()):
        raise OptionError(f"{text!r} sets no rule; write FIELD=RULE, as in email=most_recent.")
    kind, colon, sources = rule.partition(":")
    if not colon:
        return field.strip(), kind.strip()
    return field.strip(), [kind.strip(), *(each.strip() for each in sources.split(","))]


def _shown(rule: str | list[str]) -> str:
    return rule if isinstance(rule, str) else f"{rule[0]}:{','.join(rule[1:])}"
