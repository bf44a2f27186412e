"""``matcher review``: the pairs that are for a person to look at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from matcher.cli import options
from matcher.cli.store.opening import reading, writing
from matcher.cli.store.options import By, Note, StoreFile, Wait
from matcher.cli.store.showing import is_missing, say, show
from matcher.cli.writing import check_early
from matcher.errors import OptionError

if TYPE_CHECKING:
    from matcher.store import Store

#: What may be typed, and the verdict it stands for.
_VERDICTS = {"s": "same", "d": "different", "u": "unsure"}
_LEAVE, _QUIT = "", "q"
_QUESTION = "[s]ame, [d]ifferent, [u]nsure, Enter to leave it, [q]uit"


def review(
    *,
    store: StoreFile,
    limit: Annotated[int, typer.Option(metavar="N", help="How many pairs at most.")] = 100,
    person: Annotated[
        str | None, typer.Option(metavar="PERSON", help="Only pairs with a record of this person.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write them to a CSV file, to be filled in."),
    ] = None,
    ask: Annotated[
        bool, typer.Option("--ask", help="Ask about each, and keep the answers.")
    ] = False,
    by: By = None,
    note: Note = None,
    wait: Wait = 0,
    json: options.Json = False,
) -> None:
    """Show the pairs of records that are hardest to tell, the least certain first.

    Write same, different or unsure into the column verdict of the file, and give it to decide.

    \b
    Examples:
      matcher review --store identity.duckdb --limit 20
      matcher review --store identity.duckdb --out review.csv
      matcher decide --file review.csv --store identity.duckdb --by maria
      matcher review --store identity.duckdb --ask --by maria
    """
    if ask and (json or out is not None or not by):
        raise OptionError("--ask takes --by NAME, and neither --json nor --out.")
    if ask:
        with writing(store, wait) as opened:
            _ask(opened, limit, person, str(by), note)
        return
    if out is not None:
        check_early(out.parent, plot=False)
    with reading(store, wait) as opened:
        if out is not None:
            say(f"Results: {opened.export_review(out, limit, person_id=person)}")
            return
        queue = opened.review_queue(limit, person_id=person)
    if json:
        show(queue, as_json=True)
    else:
        say("\n\n".join(map(_told, _pairs(queue))) or "nothing to review")


def _ask(store: Store, limit: int, person: str | None, by: str, note: str | None) -> None:
    """Goes through the pairs; what is answered is kept at once."""
    kept = 0
    for pair in _pairs(store.review_queue(limit, person_id=person)):
        said = _answer(pair)
        if said == _QUIT:
            break
        if said != _LEAVE:
            records = str(pair["record_id_left"]), str(pair["record_id_right"])
            say(store.decide(*records, _VERDICTS[said], by=by, note=note))
            kept += 1
    say(f"{kept:,} decided")


def _answer(pair: dict[str, Any]) -> str:
    """The first letter of what is typed, once it can be understood."""
    say(f"\n{_told(pair)}")
    while True:
        said = str(typer.prompt(_QUESTION, default=_LEAVE, show_default=False)).strip().lower()[:1]
        if said in {*_VERDICTS, _LEAVE, _QUIT}:
            return said


def _pairs(queue: Any) -> Iterator[dict[str, Any]]:
    """The rows of the queue, without what neither record has."""
    for row in queue.to_dict("records"):
        yield {name: value for name, value in row.items() if value != "" and not is_missing(value)}


def _told(pair: dict[str, Any]) -> str:
    """A pair over a few lines: who, how likely, and what was compared."""
    who = (
        f"{pair[f'record_id_{side}']} ({pair[f'person_id_{side}']})" for side in ("left", "right")
    )
    lines = [f"{'  ~  '.join(who)}  probability {pair['probability']:.2f}"]
    compared = [name for name in pair if f"{name}_left" in pair or f"{name}_right" in pair]
    width = max(map(len, compared), default=0)
    for name in compared:
        left, right = (str(pair.get(f"{name}_{side}", "-")) for side in ("left", "right"))
        both = left if left == right else f"{left}  |  {right}"
        lines.append(f"  {name:<{width}}  {both}  ({pair[name]})")
    return "\n".join(lines)
