"""``matcher resolve``: who a record is, and nothing is written."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from json import JSONDecodeError, loads
from typing import TYPE_CHECKING, Annotated, Any

import typer

from matcher.cli import options, parsing
from matcher.cli.printing import print_json
from matcher.cli.store.opening import reading
from matcher.cli.store.options import StoreFile, Wait
from matcher.errors import OptionError, UnreadableFile

if TYPE_CHECKING:
    from matcher.store import Resolved

Value = str | None

FILE = Annotated[
    str | None,
    typer.Argument(metavar="[FILE]", help="Records to look up; - for JSON on standard input."),
]
Name = Annotated[Value, typer.Option(metavar="TEXT", help="The whole name.")]
Part = Annotated[Value, typer.Option(metavar="TEXT")]
Several = Annotated[list[str] | None, typer.Option(metavar="TEXT", help="Repeat for more.")]
Is = Annotated[
    list[str] | None,
    typer.Option("--is", metavar="NAME=VALUE", help="Any other column: --is van_id=3129091."),
]


def resolve(
    file: FILE = None,
    *,
    store: StoreFile,
    name: Name = None,
    first_name: Part = None,
    last_name: Part = None,
    email: Several = None,
    phone: Several = None,
    address: Part = None,
    city: Part = None,
    zip_code: Annotated[Value, typer.Option("--zip", metavar="TEXT")] = None,
    birth_date: Part = None,
    others: Is = None,
    mapped: options.Map = None,
    wait: Wait = 0,
    json: options.Json = False,
) -> None:
    """Say who a record is: the person, or nobody, and whom it resembles. Writes nothing.

    The record stands in options, in a file, or as JSON on standard input (an object, or a list).
    The answer is what ingesting it would do; --json gives a list where a file was read.

    \b
    Examples:
      matcher resolve --store i.duckdb --name "Bob Okafor" --email rob@example.org
      matcher resolve --store i.duckdb --first-name Maria --phone 413-555-0142 --is van_id=77
      matcher resolve signups.csv --store i.duckdb --json
      echo '{"full_name": "Bob Okafor", "zip": "01060"}' | matcher resolve - --store i.duckdb
    """
    given = {
        "full_name": name,
        "first_name": first_name,
        "last_name": last_name,
        **_numbered("email", email),
        **_numbered("phone", phone),
        "address_line1": address,
        "city": city,
        "postal_code": zip_code,
        "birth_date": birth_date,
        **_columns(others),
    }
    record = {column: value for column, value in given.items() if value}
    if bool(record) == bool(file):
        raise OptionError("Give one record in options, like --email, or a FILE, or - for JSON.")
    source = _source(file) if file else [record]
    with reading(store, wait) as opened:
        answers = opened.resolve_each(source, parsing.columns(mapped))
    if json:
        documents = [{"record_id": known} | found.to_dict() for known, found in answers]
        print_json(documents if file else answers[0][1].to_dict())
    else:
        typer.echo(_told(answers, named=file is not None))


def _told(answers: Sequence[tuple[str, Resolved]], *, named: bool) -> str:
    if not named:
        return "\n".join(str(found) for _, found in answers)
    return "\n\n".join(f"{record}: {found}" for record, found in answers)


def _source(file: str) -> Any:
    """A file, or what stands on standard input."""
    if file != "-":
        return parsing.sources([file])
    try:
        given = loads(sys.stdin.read())
    except JSONDecodeError as error:
        raise UnreadableFile(
            f"standard input: is no JSON (line {error.lineno}, column {error.colno}); give an "
            "object, or a list of them."
        ) from None
    records = given if isinstance(given, list) else [given]
    if not records or not all(isinstance(record, dict) for record in records):
        raise UnreadableFile("standard input: give an object of column and value, or a list.")
    return records


def _numbered(name: str, values: Sequence[str] | None) -> dict[str, str]:
    return {f"{name}{place}": value for place, value in enumerate(values or (), start=1)}


def _columns(given: Sequence[str] | None) -> dict[str, str]:
    found = {}
    for each in given or ():
        name, equals, value = each.partition("=")
        if not (equals and name.strip() and value.strip()):
            raise OptionError(f"--is {each!r} is not of the form --is van_id=3129091.")
        found[name.strip()] = value.strip()
    return found
