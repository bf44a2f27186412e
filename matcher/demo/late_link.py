"""A link that comes late: texts with people whom nobody can name, until a file names them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from matcher.demo.cast import Person
from matcher.errors import OutputError

if TYPE_CHECKING:
    from matcher.store.interactions.listing import Interaction
    from matcher.store.interactions.standing import Standing

FEED = "interactions.ndjson"
STORE = "late_link.duckdb"
_SEED = 20_241_107
#: Texts with people of the sign-up sheet, and with others.
_TEXTS = (24, 24)
_OTHER_PHONE = 0.15
#: The evening of the texts; the sign-up sheet is typed in the next morning.
_EVENING = datetime(2024, 11, 5, 18, 0, tzinfo=UTC)


def write_interactions(path: Path, texted: Sequence[Person]) -> None:
    """Writes the texts of one evening, as a texting tool hands them on: a line each.

    Raises:
        OutputError: the file cannot be written.
    """
    try:
        lines = (json.dumps(each, ensure_ascii=False) + "\n" for each in _texts(texted))
        path.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(f"The demo cannot be written to {path.parent} ({reason}).") from error


def _texted(cast: Sequence[Person], truth: Path) -> list[Person]:
    """Who was texted with: many of those who signed up, and others."""
    random = Random(_SEED)  # noqa: S311 - a demo that comes out the same every time
    with truth.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["record_id"].startswith("signup_sheet:")]
    signed_up = sorted({int(row["true_id"]) for row in rows if row["true_id"].isdecimal()})
    others = sorted(set(range(len(cast))) - set(signed_up))
    chosen = [*random.sample(signed_up, _TEXTS[0]), *random.sample(others, _TEXTS[1])]
    random.shuffle(chosen)
    return [cast[place] for place in chosen]


def _texts(texted: Sequence[Person]) -> Iterator[dict[str, Any]]:
    random = Random(_SEED)  # noqa: S311 - as above
    for place, person in enumerate(texted, start=1):
        phone = person.mobile
        if person.home.landline and random.random() < _OTHER_PHONE:
            phone = person.home.landline
        info: dict[str, Any] = {"phone": [f"+1{phone}"]}
        if random.random() < 0.8:
            info["firstName"] = person.nickname or person.first
        when = _EVENING + timedelta(minutes=2 * place)
        yield {
            "interactionId": f"text-{place}",
            "contactInfo": info,
            "stateCode": "MA",
            "attemptDateTime": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "method": "text",
            "vendorSource": "texting",
        }


#: Interactions that were with nobody known at first; the surest link first.
_LATE = """SELECT 'I' || interaction FROM current_link JOIN (
    SELECT interaction, arg_min(status, run) AS first FROM link GROUP BY interaction) AS begun
    USING (interaction)
WHERE status = 'linked' AND first = 'unmatched' ORDER BY probability DESC, interaction"""


@dataclass(frozen=True, slots=True)
class LateLink:
    """What became of the texts.

    Attributes:
        before: how they stood in the evening.
        after: how they stood once the last file had come.
        file: that file.
        example: one that it named.
    """

    before: Standing
    after: Standing
    file: str
    example: Interaction | None

    def as_dict(self) -> dict[str, Any]:
        """The numbers by name, ready for JSON."""
        return {
            "texts": self.after.received,
            "texts_linked_at_once": self.after.linked_at_once,
            "texts_linked_later": self.after.linked_later,
            "texts_in_review": self.after.review,
            "texts_unmatched": self.after.unmatched,
            "texts_ready_for_van": self.after.ready_for_van,
        }

    def story(self, folder: Path) -> str:
        """All of it as text; ``folder`` is where the demo was written."""
        before, after = self.before, self.after
        lines = [
            f"That evening {before.received} texts came in ({folder / FEED}), before anybody had "
            f"typed in {self.file}:",
            f"  {before.linked} were with people whom the other files name,",
            f"  {before.review} may be with one of several of them,",
            f"  {before.unmatched} were with nobody that was known.",
            f"Then {self.file} came: {after.linked_later} more could be linked, "
            f"{after.unmatched} still wait, and {after.ready_for_van} of all are ready for VAN.",
        ]
        if self.example:
            lines += ["", "Linked late, and why:", str(self.example)]
        lines += ["", f"matcher interactions list --store {folder / STORE} shows them all."]
        return "\n".join(lines)


def link_late(folder: Path, exports: Sequence[Path], cast: Sequence[Person]) -> LateLink:
    """Takes in all exports but the last, then the texts, then the last export.

    Args:
        folder: of the demo; its texts and its store are made anew.
        exports: as ``write_exports`` made them.
        cast: who was texted with.

    Raises:
        OutputError: the folder cannot be written to.
        StoreError: the store cannot be.
    """
    from matcher.store import Store

    path = folder / STORE
    path.unlink(missing_ok=True)
    write_interactions(folder / FEED, _texted(cast, folder / "truth.csv"))
    now = _EVENING
    with Store(path, clock=lambda: now) as store:
        store.ingest(exports[:-1], by="demo")
        now += timedelta(hours=2)
        store.add_interactions(folder / FEED, by="demo")
        before = store.interaction_counts()
        now += timedelta(hours=12)
        store.ingest(exports[-1], by="demo")
        late = store.query(_LATE)
        example = store.interaction(late[0][0]) if late else None
        return LateLink(before, store.interaction_counts(), exports[-1].name, example)
