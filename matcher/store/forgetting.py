"""A person is forgotten: every trace of their data goes, from the file itself too.

What stays is history without content: that there was a person of that id, what happened to it and
when, in numbers. And fingerprints (``fingerprints``), so that the next import does not bring the
person back unseen, and those of addresses that the person said no about (``consent_views``), so
that erasing a no frees nothing. Copies made earlier (backups, exports) are out of reach; the
receipt says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matcher.errors import UnknownInStore
from matcher.normalise import normalise
from matcher.records import RawRecords, Records
from matcher.store.changes import Changes
from matcher.store.consent_views import SILENCED
from matcher.store.fingerprints import Fingerprints, NamedRecords
from matcher.store.ids import person_id, run_id
from matcher.store.interactions import erasing
from matcher.store.interactions.linking import let_go, link
from matcher.store.interactions.outcomes import ERASED as ERASED_STATUS
from matcher.store.ledger import Ledger
from matcher.store.lists.erasing import activities_of, people_of, rows_of
from matcher.store.loading import as_read
from matcher.store.lookup import current_person
from matcher.store.regrouping import Happened
from matcher.store.rewriting import rewritten
from matcher.store.saving import changes_of, save
from matcher.store.session import Session

Ints = npt.NDArray[np.int64]

#: What stands where a note held a value of somebody who was forgotten.
ERASED = "[erased]"
#: Shorter values than this are found in notes by accident.
_TELLING = 6
#: Columns whose values in a note would tell who it was.
_TELLING_COLUMNS = (
    "record_id", "source_record_id", "full_name", "address_line1",
    *(f"{kind}{place}" for kind in ("email", "phone") for place in range(1, 5)),
)  # fmt: skip


@dataclass(frozen=True)
class Receipt:
    """What was erased, or would be.

    Attributes:
        person_id: whom.
        dry_run: whether nothing was changed.
        at: when.
        by: who did it.
        reason: why.
        run: id of the run, for the history; none for a dry run.
        records: ids of the records that went.
        rows: table -> rows that went from it.
        notes_cleaned: notes of other runs that named a value of this person.
        fingerprints: how many were left, to know the person again.
        changes: what this did to other persons; none for a dry run.
        notes: what else to know, one sentence each.
    """

    person_id: str
    dry_run: bool
    at: datetime
    by: str | None
    reason: str | None
    run: str | None
    records: Sequence[str]
    rows: Mapping[str, int]
    notes_cleaned: int
    fingerprints: int
    changes: Changes | None = None
    notes: Sequence[str] = field(
        default=("Backups, exports and files that were taken in still hold the data.",)
    )

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as ``--json`` prints them."""
        plain = asdict(self) | {"at": self.at.isoformat(), "rows": dict(self.rows)}
        plain["changes"] = None if self.changes is None else self.changes.to_dict()
        return {name: list(v) if isinstance(v, tuple) else v for name, v in plain.items()}

    def __str__(self) -> str:
        did = "would be erased" if self.dry_run else "was erased"
        lines = [f"{self.person_id} {did} at {self.at:%Y-%m-%d %H:%M} UTC"]
        lines += [f"by: {self.by}"] * bool(self.by) + [f"reason: {self.reason}"] * bool(self.reason)
        lines += [f"records: {', '.join(self.records)}"]
        lines += [f"rows of {table}: {count:,}" for table, count in self.rows.items() if count]
        lines += [f"fingerprints kept: {self.fingerprints:,}"]
        return "\n".join([*lines, *self.notes])


@dataclass(frozen=True)
class _Traces:
    """What a store holds of a person: numbers of records, rows of all their versions."""

    person: int
    persons: Sequence[int]
    records: Ints
    held: pa.Table
    hashes: npt.NDArray[np.uint64]
    texts: pa.Table
    marks: Mapping[bytes, int]
    identifiers: int
    in_lists: pa.Table
    in_lists_rows: int
    activities: int
    interactions: erasing.Traces

    @property
    def versions(self) -> Ints:
        versions: Ints = self.held["version"].to_numpy()
        return versions

    @property
    def rows(self) -> dict[str, int]:
        return {
            "record": self.held.num_rows,
            "identifier": self.identifiers,
            "frequency": len(self.hashes),
            "vendor_person": self.in_lists_rows,
            "vendor_activity": self.activities,
            **self.interactions.rows,
        }


def forget(
    session: Session,
    text: str,
    *,
    dry_run: bool = False,
    by: str | None = None,
    reason: str | None = None,
) -> Receipt:
    """Erases a person; see ``matcher.store.Store.forget``."""
    with session.lock:
        traces = _traces(session, text)  # before ``writing``: a refusal leaves memory as it is
        receipt = Receipt(
            person_id(traces.person), dry_run, session.clock(), by, reason, None,
            sorted(set(traces.held["record_id"].to_pylist())), traces.rows,
            traces.texts.num_rows, len(traces.marks),
        )  # fmt: skip
        if dry_run:
            return receipt
        with session.writing():
            changes = _erase(session, traces, by, reason)
    return Receipt(**{**_fields(receipt), "run": run_id(changes.run), "changes": changes})


def _fields(receipt: Receipt) -> dict[str, Any]:
    return {name: getattr(receipt, name) for name in receipt.__dataclass_fields__}


def _erase(session: Session, traces: _Traces, by: str | None, reason: str | None) -> Changes:
    """Writes the file anew without the person, and with what is to be said of it."""
    silenced = session.ledger.table(SILENCED, [traces.versions.tolist()])
    gone = session.state.retire(traces.records)
    regrouped = session.regroup(Happened(gone=gone, touched=traces.records))
    final = np.full(len(traces.interactions.interactions), ERASED_STATUS, np.int8)
    outcomes = np.full(len(final), erasing.ERASED_OUTCOME)
    concerned = let_go(session.contacts, traces.interactions.interactions)
    session.contacts.set_outcomes(traces.interactions.interactions, outcomes, final)
    without = {
        "gone_version": pa.table({"version": traces.versions}),
        "gone_hash": pa.table({"hash": traces.hashes}),
        "gone_person": pa.table({"person": pa.array(traces.persons, pa.int64())}),
        "gone_vendor_person": traces.in_lists,
        "gone_interaction": pa.table({"version": traces.interactions.versions}),
        "kept_text": traces.texts,
    }
    with rewritten(session, without):
        ledger = session.ledger
        with ledger.transaction():
            run = ledger.add_run(session.run("forget", by, reason))
            ledger.add(
                "withdrawal",
                {"version": np.unique(traces.versions), "run": run, "withdrawn": True},
            )
            marks = traces.marks
            ledger.add(
                "forgotten",
                {"fingerprint": list(marks), "hint": list(marks.values()), "run": run},
            )
            ledger.add("silence", {**_columns(silenced), "run": np.full(silenced.num_rows, run)})
            erasing.say_erased(ledger, traces.interactions, run, session.model.version)
            followed = save(session, regrouped, run)
            followed += link(session, concerned, run)
        changes = changes_of(session, run, regrouped, traces.records, followed=followed)
    return changes  # noqa: RET504 - they are made of memory that the end of the block drops


def _columns(table: pa.Table) -> dict[str, pa.Array]:
    return {name: table.column(name).combine_chunks() for name in table.column_names}


def _traces(session: Session, text: str) -> _Traces:
    """All that the store holds of a person.

    Raises:
        UnknownInStore: it holds nothing of such a person.
    """
    ledger = session.ledger
    numbers = _with_merged(ledger, current_person(ledger, text))
    records = _records(session, numbers)
    held = ledger.table(
        "SELECT * FROM record WHERE record IN (SELECT unnest(?)) ORDER BY version",
        [records.tolist()],
    )
    if not held.num_rows:
        raise UnknownInStore(f"{text}: the store holds no record of such a person.")
    versions = held["version"].to_pylist()
    identifiers = ledger.rows(
        "SELECT count(*) FROM identifier WHERE version IN (SELECT unnest(?))", [versions]
    )[0][0]
    own, _ = normalise(
        RawRecords(as_read(held)), default_region=session.region, extra=session.extras, apart=True
    )
    in_lists = people_of(ledger, records.tolist())
    marks = _marks(session, held, own)
    telling = _telling(held)
    return _Traces(
        numbers[0], numbers, records, held, _rarities(session, own, records),
        _notes_naming(ledger, telling), marks, identifiers, in_lists, rows_of(ledger, in_lists),
        activities_of(ledger, in_lists, numbers),
        erasing.traces(session, numbers, own, list(marks), telling),
    )  # fmt: skip


def _rarities(session: Session, own: Records, records: Ints) -> npt.NDArray[np.uint64]:
    """The hashes of values that only some records hold, of which a model keeps the rarity."""
    known = session.ledger.table("SELECT DISTINCT hash FROM frequency")["hash"].to_numpy()
    held = np.intersect1d(session.model.hashes(own), known)
    if not len(held):
        return held
    state = session.state
    others = np.setdiff1d(state.population.live, state.slots(records))
    if not len(others):
        return held
    return np.setdiff1d(held, session.model.hashes(state.population.records(others)))


def _with_merged(ledger: Ledger, person: int) -> list[int]:
    """A person and all that merged into it."""
    merged: dict[int, int] = dict(
        ledger.rows(
            "SELECT person, arg_max(other_person, event) FROM event GROUP BY person"
            " HAVING arg_max(kind, event) = 'merged'"
        )
    )
    family = [person]
    for into in family:  # grows while it is gone through
        family += [one for one, other in merged.items() if other == into]
    return family


def _records(session: Session, persons: list[int]) -> Ints:
    """The records of a person, and those that were withdrawn while they were this person's."""
    rows = session.ledger.rows(
        "SELECT record FROM membership GROUP BY record"
        " HAVING coalesce(arg_max_null(person, run), arg_max(person, run)) IN (SELECT unnest(?))",
        [persons],
    )
    return np.sort(np.array([record for (record,) in rows], np.int64))


def _marks(session: Session, held: pa.Table, own: Records) -> dict[bytes, int]:
    """The fingerprints of a person's records, each with its hint."""
    named = NamedRecords(own, held["name"].to_numpy())
    shared = session.ledger.rows(
        "SELECT DISTINCT kind, value FROM identifier SEMI JOIN current_version USING (version)"
        " WHERE version NOT IN (SELECT unnest(?))"
        " AND (kind, value) IN (SELECT (kind, value) FROM identifier"
        " WHERE version IN (SELECT unnest(?)))",
        [held["version"].to_pylist()] * 2,
    )
    prints = Fingerprints(session.salt)
    return {
        prints.of(mark): prints.hint(mark)
        for row in range(held.num_rows)
        for mark in named.marks_left(row, set(shared))
    }


def _telling(held: pa.Table) -> re.Pattern[str] | None:
    """Finds the values of some records that would tell whose they are."""
    values = {
        text
        for name in _TELLING_COLUMNS
        for text in held[name].to_pylist()
        if text and len(text) >= _TELLING
    }
    firsts, lasts = held["first_name"].to_pylist(), held["last_name"].to_pylist()
    values |= {f"{a} {b}" for a, b in zip(firsts, lasts, strict=True) if a and b}
    if not values:
        return None
    longest_first = sorted(values, key=lambda v: (-len(v), v))
    return re.compile("|".join(re.escape(v) for v in longest_first), re.IGNORECASE)


def _notes_naming(ledger: Ledger, telling: re.Pattern[str] | None) -> pa.Table:
    """Notes, and names of who did something, that hold a telling value: without it."""
    cleaned: list[dict[str, Any]] = []
    told = ledger.rows("SELECT run, note, done_by FROM run WHERE note <> '' OR done_by <> ''")
    for run, note, done_by in told:
        if telling is None:
            break
        said = [text and telling.sub(ERASED, text) for text in (note, done_by)]
        if said != [note, done_by]:
            cleaned.append({"run": run, "note": said[0], "done_by": said[1]})
    schema = pa.schema([("run", pa.int64()), ("note", pa.string()), ("done_by", pa.string())])
    return pa.Table.from_pylist(cleaned, schema=schema)
