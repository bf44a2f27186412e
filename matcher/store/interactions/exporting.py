"""Interactions out of a store, for VAN, for programs, and for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from matcher import outputs
from matcher.errors import OptionError
from matcher.store.frames import frame, in_utc
from matcher.store.interactions.documents import PersonId, documents
from matcher.store.interactions.listing import interactions_table
from matcher.store.interactions.readiness import Place, readiness
from matcher.store.ledger import Ledger
from matcher.store.session import Session

if TYPE_CHECKING:
    import pandas as pd

DESTINATIONS = ("van", "json", "csv")
#: What those that a destination takes are called.
_TAKEN = {"van": "ready for VAN", "json": "linked", "csv": "written"}
_FILES = {"van": "van.ndjson", "json": "interactions.ndjson", "csv": "interactions.csv"}
_HELD_BACK = "held_back.csv"

_PERSON_IDS = """SELECT person, kind, value FROM (
    SELECT DISTINCT person, kind, value
    FROM identifier JOIN current_record USING (version) JOIN current_membership USING (record)
    WHERE kind NOT IN ('email', 'phone', 'address'))
WHERE person IN (SELECT person FROM current_link WHERE status = 'linked')
ORDER BY person, kind, value"""


@dataclass(frozen=True)
class Exported:
    """Interactions that went out, and those that did not.

    Attributes:
        destination: ``van``, ``json`` or ``csv``.
        ready_table: those that went, as an Arrow table; ``ready`` is the same as a frame.
        held_back_table: the others, each with why; ``held_back`` is the same as a frame.
        documents: the JSON of those that went, where no folder was given to write it into.
        paths: of the files written.
    """

    destination: str
    ready_table: pa.Table
    held_back_table: pa.Table
    documents: Sequence[str] = ()
    paths: Sequence[Path] = ()

    @property
    def ready(self) -> pd.DataFrame:
        """Those that went: ``interaction, interaction_id, …, person_id``; for VAN also the id."""
        return frame(self.ready_table)

    @property
    def held_back(self) -> pd.DataFrame:
        """The others: ``interaction, interaction_id, …, held_back`` (a word)``, reason``."""
        return frame(self.held_back_table)

    @property
    def held_back_counts(self) -> dict[str, int]:
        """How many were held back for each reason, the most frequent first."""
        if "held_back" not in self.held_back_table.column_names:
            return {}
        counted = pc.value_counts(self.held_back_table["held_back"]).to_pylist()
        ranked = sorted(counted, key=lambda each: (-each["counts"], each["values"]))
        return {each["values"]: each["counts"] for each in ranked}

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as ``--json`` prints them: counts and files."""
        return {
            "destination": self.destination,
            "ready": self.ready_table.num_rows,
            "held_back": self.held_back_table.num_rows,
            "held_back_by_reason": self.held_back_counts,
            "files": [str(path) for path in self.paths],
        }

    def __str__(self) -> str:
        ready, held = self.ready_table.num_rows, self.held_back_table.num_rows
        lines = [f"{_TAKEN[self.destination]}: {ready:,} of {ready + held:,} interactions"]
        if held:
            lines.append(f"held back: {held:,}")
        lines += [f"  {count:,} {why}" for why, count in self.held_back_counts.items()]
        return "\n".join(lines)


def export_interactions(
    session: Session,
    destination: str,
    folder: Path | None,
    *,
    instance: str,
    state: str | None,
    array: bool,
) -> Exported:
    """Interactions for a destination; see ``matcher.store.Store.export_interactions``."""
    if destination not in DESTINATIONS:
        known = ", ".join(DESTINATIONS)
        raise OptionError(f"There is no destination {destination!r}; use one of {known}.")
    place = Place.of(instance, state)
    if destination == "csv":
        return _as_table(in_utc(interactions_table(session)), folder)
    with session.reading() as ledger:
        ready, held = _van(ledger, place) if destination == "van" else _linked(ledger)
        persons = _van_ids(ready) if destination == "van" else _all_ids(ledger, ready)
        parts = documents(ledger, ready["version"].to_pylist(), persons)
        told = Exported(destination, _shown(ready), _shown(held))
        if folder is None:
            texts = tuple(chain.from_iterable(parts))
            return Exported(destination, told.ready_table, told.held_back_table, texts)
        paths = _write(folder, told, parts, array=array)
    return Exported(destination, told.ready_table, told.held_back_table, (), paths)


def _van(ledger: Ledger, place: Place) -> tuple[pa.Table, pa.Table]:
    """Those that may go to VAN, and the others."""
    judged = readiness(ledger, place)
    may = pc.is_null(judged["held_back"])
    ready = judged.filter(may).drop_columns(["held_back", "reason"])
    return ready, judged.filter(pc.invert(may)).drop_columns(["van_id", "known_by"])


def _linked(ledger: Ledger) -> tuple[pa.Table, pa.Table]:
    """Those that are linked, and the others."""
    found = in_utc(ledger.table(_STANDING))
    linked = pc.equal(found["held_back"], "linked")
    ready = found.filter(linked).drop_columns(["held_back", "reason"])
    return ready, found.filter(pc.invert(linked))


_STANDING = """SELECT it.version, 'I' || interaction AS interaction, interaction_id, source, file,
    line, occurred_at, state_code, 'P' || now.person AS person_id, now.status AS held_back,
    now.reason
FROM current_interaction AS it JOIN current_link AS now USING (interaction) ORDER BY it.version"""


def _van_ids(ready: pa.Table) -> list[list[PersonId]]:
    return [[{"type": "VAN", "id": each}] for each in ready["van_id"].to_pylist()]


def _all_ids(ledger: Ledger, ready: pa.Table) -> list[list[PersonId]]:
    """Of each person linked to: our own id, and what every system calls them."""
    known: dict[str, list[PersonId]] = {}
    for person, kind, value in ledger.rows(_PERSON_IDS):
        known.setdefault(f"P{person}", []).append({"type": kind, "id": value})
    return [
        [{"type": "person_id", "id": person}, *known.get(person, ())]
        for person in ready["person_id"].to_pylist()
    ]


def _as_table(table: pa.Table, folder: Path | None) -> Exported:
    nothing = table.slice(0, 0)
    if folder is None:
        return Exported("csv", table, nothing)
    with outputs.open_folder(folder) as fresh:
        outputs.write_csv(fresh / _FILES["csv"], outputs.in_parts(table))
    return Exported("csv", table, nothing, (), (folder / _FILES["csv"],))


def _shown(table: pa.Table) -> pa.Table:
    return table.drop_columns(["version"])


def _write(
    folder: Path, told: Exported, parts: Iterator[list[str]], *, array: bool
) -> tuple[Path, ...]:
    """The interactions, and which others are held back: both files or none."""
    name = _FILES[told.destination]
    name = name.replace(".ndjson", ".json") if array else name
    with outputs.open_folder(folder) as fresh:
        with (fresh / name).open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(_lines(chain.from_iterable(parts), array=array))
        outputs.write_csv(fresh / _HELD_BACK, outputs.in_parts(told.held_back_table))
    return folder / name, folder / _HELD_BACK


def _lines(texts: Iterator[str], *, array: bool) -> Iterator[str]:
    """One interaction per line; with brackets and commas where they are to be one array."""
    if not array:
        yield from (f"{text}\n" for text in texts)
        return
    yield "["
    for place, text in enumerate(texts):
        yield f",\n{text}" if place else f"\n{text}"
    yield "\n]\n"
