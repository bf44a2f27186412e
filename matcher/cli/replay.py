"""``matcher replay``: what a vendor would hold after the same rows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from matcher.cli import options, parsing
from matcher.cli.printing import print_json
from matcher.cli.progress import progress
from matcher.cli.starting import load
from matcher.cli.writing import check_early
from matcher.errors import OptionError

if TYPE_CHECKING:
    from matcher.policies import PolicyComparison, Replay


PolicyName = Annotated[
    str | None,
    typer.Option(
        "--policy",
        metavar="NAME",
        help="Whose rules: action_network, nationbuilder, ngp_van, ngp_van_people or interactions.",
    ),
]
Compare = Annotated[
    bool,
    typer.Option(
        "--compare", help="All vendors side by side, and our own resolution; or one with it."
    ),
]
Profile = Annotated[
    str,
    typer.Option(help="document: what the vendor's document says; native: our reading of it."),
]
Setting = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="OPTION=VALUE",
        help="An option of the policy, like strict=true; repeat for more. See docs/replay.md.",
    ),
]


def replay(
    files: options.Files,
    *,
    policy: PolicyName = None,
    compare: Compare = False,
    profile: Profile = "document",
    out: options.Out = Path("replayed"),
    mapped: options.Map = None,
    region: options.Region = "US",
    setting: Setting = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Show what a vendor would make of the same rows, by its documented rules, and why.

    Rows are applied in their order; JSON payloads in the vendor's own shape are rows too.
    Writes people.csv, events.csv, rejects.csv and report.json; with --compare differences.csv,
    reasons.csv and comparison.json.

    \b
    Examples:
      matcher replay signups.csv --policy action_network
      matcher replay january.csv february.csv --policy action_network --out replayed
      matcher replay payloads.ndjson --policy action_network --profile native --json
      matcher replay signups.csv --policy action_network --set strict=true
      matcher replay signups.csv --compare --out compared
    """
    chosen = settings(setting or [])
    if policy is None and (chosen or not compare):
        raise OptionError("Give --policy NAME, like action_network; --compare alone needs none.")
    source = parsing.sources(files)
    check_early(out, plot=False)
    with progress(quiet, verbose) as listener:
        load()
        import matcher

        shared: dict[str, Any] = {
            "profile": profile,
            "columns": parsing.columns(mapped),
            "default_region": region,
            "progress": listener,
        }
        result: PolicyComparison | Replay
        if compare:
            result = matcher.compare_policies(
                source,
                [policy] if policy else None,
                options={policy: chosen} if policy else None,
                **shared,
            )
        else:
            result = matcher.replay(source, str(policy), **shared, **chosen)
        if listener is not None:
            listener("write", "")
        written = result.write(out)
    if json:
        paths = {path.stem: str(path) for path in written}
        print_json({"files": paths, "report": result.report})
    elif not quiet:
        for sentence in result.sentences():
            typer.echo(sentence)
        typer.echo(f"Results: {', '.join(str(path) for path in written)}")


def settings(given: list[str]) -> dict[str, Any]:
    """``--set``: a word for true or false, several values with commas, or a text.

    Raises:
        OptionError: one is not of the form ``OPTION=VALUE``.
    """
    found: dict[str, Any] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not (equals and name.strip().isidentifier() and value.strip()):
            raise OptionError(f"--set {each!r} is not of the form --set strict=true.")
        found[name.strip()] = _value(value.strip())
    return found


def _value(text: str) -> object:
    word = text.lower()
    if word in ("true", "false"):
        return word == "true"
    return [part.strip() for part in text.split(",")] if "," in text else text
