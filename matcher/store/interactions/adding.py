"""Interactions come in: each is kept as it came, and linked where that can be said at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from blocking.hashes import Hashes, mixed
from matcher import outputs
from matcher.records import Records, empty_rejects
from matcher.stages import Stages
from matcher.store.fingerprints import NamedRecords
from matcher.store.ids import run_id
from matcher.store.interactions.erasing import ERASED_OUTCOME
from matcher.store.interactions.keeping import KEPT, as_records, contact_identifiers, contact_rows
from matcher.store.interactions.linking import Tally, let_go, link
from matcher.store.interactions.outcomes import ERASED, INVALID
from matcher.store.interactions.tables import STATUSES
from matcher.store.population import closed
from matcher.store.returning import fingerprints
from matcher.store.session import Session
from matcher.subsets import subset

if TYPE_CHECKING:
    from matcher.interactions import InteractionBatch

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_FORGOTTEN = "is of a person who was forgotten"
#: What stands for the outcome of an interaction that is not looked at again.
_FINAL = {INVALID: np.uint64(2), ERASED: ERASED_OUTCOME}


@dataclass(frozen=True)
class Added:
    """What came of interactions that came in.

    Attributes:
        run: its number, 0 where nothing was written.
        received: interactions that came.
        new: that the store did not know.
        changed: known, that say something new.
        same: known, that say nothing new.
        valid: of the new and changed ones.
        linked, review, unmatched, invalid, erased: what became of the new and changed ones;
            ``erased`` are those of persons who were forgotten, of which nothing is kept.
        linked_later: earlier ones that are linked now, by what these tell of their person.
        rejects: what is wrong with those that are invalid, and warnings (file, row, column,
            value, reason); ``column`` is a JSON path.
    """

    run: int
    received: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    valid: int = 0
    linked: int = 0
    review: int = 0
    unmatched: int = 0
    invalid: int = 0
    erased: int = 0
    linked_later: int = 0
    rejects: pa.Table = field(default_factory=empty_rejects)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as ``--json`` prints them; rejects as their number."""
        return {**asdict(self), "rejects": self.rejects.num_rows}

    def write(self, folder: str | Path) -> Sequence[Path]:
        """Writes ``rejects.csv`` into a folder: which are invalid and what is odd, and why.

        Returns:
            the paths written.

        Raises:
            OutputError: the folder cannot be made or written to.
        """
        place = Path(folder)
        with outputs.open_folder(place) as fresh:
            outputs.write_csv(fresh / "rejects.csv", outputs.in_parts(self.rejects))
        return [place / "rejects.csv"]

    def __str__(self) -> str:
        lines = [
            f"interactions: {self.received:,} received, {self.new:,} new, {self.changed:,} changed,"
            f" {self.same:,} as before"
        ]
        told = {
            "linked to a person": self.linked,
            "to review": self.review,
            "unmatched, kept for later": self.unmatched,
            "invalid": self.invalid,
            "of persons who were forgotten": self.erased,
            "earlier ones linked by them": self.linked_later,
        }
        lines += [f"  {count:,} {words}" for words, count in told.items() if count]
        if self.rejects.num_rows:
            lines.append(f"rejects: {self.rejects.num_rows:,} errors and warnings")
        if self.run:
            lines.append(f"run: {run_id(self.run)}")
        return "\n".join(lines)


@dataclass
class _Counted:
    received: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    numbers: list[Ints] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)


def add_interactions(
    session: Session,
    batches: Iterable[InteractionBatch],
    stages: Stages,
    *,
    by: str | None = None,
    note: str | None = None,
) -> Added:
    """Takes in interactions, in one run; see ``matcher.store.Store.add_interactions``."""
    with session.writing():
        with stages.stage("open"):
            session.state, session.contacts  # noqa: B018 - reads them where they are not yet
        counted, rejects, sources = _Counted(), [], set()
        with session.ledger.transaction(), stages.stage("link"):
            run = int(session.ledger.numbers("run", 1)[0])
            for batch in batches:
                _take_in(session, batch, run, counted)
                rejects.append(batch.rejects)
                sources |= set(batch.interactions["source"].unique().to_pylist())
            came = counted.new + counted.changed
            done = session.run("interactions", by, note, sorted(sources), came)
            session.ledger.add_run(done, run)
            became = session.contacts.statuses(closed(counted.numbers))
    by_status = np.bincount(became, minlength=len(STATUSES)).tolist()
    statuses = dict(zip(STATUSES, by_status, strict=True))
    return Added(
        run, counted.received, counted.new, counted.changed, counted.same,
        valid=came - statuses["invalid"], **statuses, linked_later=counted.tally.later,
        rejects=pa.concat_tables([empty_rejects(), *rejects]),
    )  # fmt: skip


def _take_in(session: Session, batch: InteractionBatch, run: int, counted: _Counted) -> None:
    """Takes in what says something new, and links it."""
    contacts = session.contacts
    table = batch.interactions
    names = salted(table["key"], session.salt).view(np.int64)
    content = salted(table["content"], session.salt)
    rows = _last_of_each(names)
    numbers, same = contacts.known(names[rows], content[rows])
    known = numbers >= 0
    same[known] |= contacts.statuses(numbers[known]) == ERASED  # what was erased stays so
    counted.received += table.num_rows
    counted.same += table.num_rows - int((~same).sum())
    rows, numbers = rows[~same], numbers[~same]
    if not len(rows):
        return
    fresh = numbers < 0
    numbers[fresh] = contacts.count + np.arange(int(fresh.sum()))
    came = _Came.of(session, batch, rows, numbers, (names[rows], content[rows]))
    back = (came.final == ERASED) & ~fresh
    if back.any():  # what it says now is of somebody forgotten and not kept: it stays as it was
        counted.same += int(back.sum())
        rows, numbers, fresh = rows[~back], numbers[~back], fresh[~back]
        came = _Came.of(session, batch, rows, numbers, (names[rows], content[rows]))
    counted.new += int(fresh.sum())
    counted.changed += int((~fresh).sum())
    beside_before = let_go(contacts, numbers[~fresh])
    contacts.name(numbers, names[rows], content[rows])
    _save(session, came, run)
    contacts.add(came.records, came.whose, names[rows][came.at])
    counted.numbers.append(numbers)
    counted.tally += link(session, closed([numbers[came.final == 0], beside_before]), run)


def salted(hashes: pa.ChunkedArray, salt: bytes) -> Hashes:
    """Hashes that tell nothing to whoever has not the store.

    Args:
        hashes: uint64, of an interaction's id or content.
        salt: of the store.
    """
    found: Hashes = mixed(hashes.to_numpy() ^ np.frombuffer(salt[:8], np.uint64)[0])
    return found


def _last_of_each(names: Ints) -> Ints:
    """The rows of the last interaction of each name."""
    _, last = np.unique(names[::-1], return_index=True)
    return np.sort(len(names) - 1 - last)


@dataclass(frozen=True)
class _Came:
    """Interactions that say something new.

    Attributes:
        table: the interactions.
        numbers: of each.
        names: of each, salted.
        content: of each, what it says as a salted number.
        final: of each, ``INVALID`` or ``ERASED``, or 0 where it is to be looked at.
        reasons: why it is final.
        contacts: canonical columns; of those to be looked at.
        records: the same, normalised.
        at: of each contact, the place of its interaction.
    """

    table: pa.Table
    numbers: Ints
    names: Ints
    content: Hashes
    final: npt.NDArray[np.int8]
    reasons: list[str]
    contacts: pa.Table
    records: Records
    at: Ints

    @property
    def whose(self) -> Ints:
        """The interaction of each contact."""
        return self.numbers[self.at]

    @classmethod
    def of(
        cls,
        session: Session,
        batch: InteractionBatch,
        rows: Ints,
        numbers: Ints,
        named: tuple[Ints, Hashes],
    ) -> _Came:
        """Those of some rows of a batch, with their names and the hashes of what they say."""
        table = batch.interactions.take(pa.array(rows))
        place = np.full(batch.interactions.num_rows, -1)
        place[rows] = np.arange(len(rows))
        at = place[batch.contacts["row"].to_numpy()]
        chosen = np.flatnonzero(at >= 0)
        contacts = batch.contacts.take(pa.array(chosen)).combine_chunks()
        at = at[chosen]
        records = as_records(contacts, session.region, session.extras)
        names, content = named
        valid = table["valid"].to_numpy(zero_copy_only=False)
        final = np.where(valid, 0, INVALID).astype(np.int8)
        gone = _forgotten(session, NamedRecords(records, names[at]))
        final[at[gone]] = ERASED
        stays = np.flatnonzero(final[at] == 0)
        reasons = [reason or "" for reason in table["problem"].to_pylist()]
        return cls(
            table, numbers, names, content, final, reasons, contacts.take(pa.array(stays)),
            subset(records, stays), at[stays],
        )  # fmt: skip


def _forgotten(session: Session, named: NamedRecords) -> Ints:
    """The contacts that are of a person who was forgotten."""
    everybody = np.arange(named.records.count)
    found = fingerprints(session.ledger, session.salt).found(named, everybody)
    return np.array(list(found), np.int64)


def _save(session: Session, came: _Came, run: int) -> None:
    """Adds the rows of interactions and contacts, and those of links that are final."""
    ledger, contacts = session.ledger, session.contacts
    versions = ledger.numbers("interaction", len(came.numbers))
    erased = came.final == ERASED
    kept = {name: _without(came.table[name].combine_chunks(), erased, name) for name in KEPT}
    ledger.add(
        "interaction",
        {
            "version": versions,
            "interaction": came.numbers,
            "run": run,
            "name": came.names,
            "content": np.where(erased, np.uint64(0), came.content),
            **kept,
        },
    )
    ledger.add("contact", contact_rows(came.contacts, versions[came.at]))
    identifiers = contact_identifiers(came.records, versions[came.at])
    ledger.add("interaction_identifier", identifiers)
    for status, outcome in _FINAL.items():
        at = np.flatnonzero(came.final == status)
        numbers = came.numbers[at]
        reasons = [_FORGOTTEN if status == ERASED else came.reasons[row] for row in at.tolist()]
        ledger.add(
            "link",
            {
                "link": ledger.numbers("link", len(at)), "interaction": numbers,
                "run": run, "status": STATUSES[status],
                "reason": reasons, "model": session.model.version,
                "outcome": np.full(len(at), outcome),
            },
        )  # fmt: skip
        hashes = np.full(len(at), outcome)
        contacts.set_outcomes(numbers, hashes, np.full(len(at), status, np.int8))


def _without(column: pa.Array, erased: Bools, name: str) -> pa.Array:
    """A column with nothing in it for those that are not to be kept."""
    if name == "source" or not erased.any():
        return column
    return pc.if_else(pa.array(erased), pa.scalar(None, column.type), column)
