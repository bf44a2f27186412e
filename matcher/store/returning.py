"""Records of persons who were forgotten are turned away when they come again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matcher.records import REJECT_SCHEMA, empty_rejects
from matcher.store.fingerprints import Fingerprints, NamedRecords
from matcher.store.ledger import Ledger
from matcher.store.session import Session

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Returning:
    """Records that came in and belong to persons who were forgotten.

    Attributes:
        rows: int64, ascending: which of the records that came.
        rejects: a line for each (``matcher.records.REJECT_SCHEMA``); without the value, which is
            not to be kept.
        runs: those in which the persons were forgotten.
    """

    rows: Ints
    rejects: pa.Table
    runs: list[int]


def fingerprints(ledger: Ledger, salt: bytes) -> Fingerprints:
    """Those in force: of persons who were forgotten and not brought back."""
    kept = ledger.rows("SELECT fingerprint, hint, run FROM current_forgotten")
    hints = np.array([hint for _, hint, _ in kept], np.int64)
    return Fingerprints(salt, {bytes(mark): run for mark, _, run in kept}, np.unique(hints))


def returning(session: Session, table: pa.Table, named: NamedRecords, new: Bools) -> Returning:
    """Those of the new records by which a person who was forgotten would come back.

    Args:
        session: of the store.
        table: the records as they came.
        named: the same, normalised.
        new: which of them the store does not know; one that it knows is somebody else's.
    """
    ledger = session.ledger
    found = {}
    if ledger.knows_forgotten:
        found = fingerprints(ledger, session.salt).found(named, np.flatnonzero(new))
    if not found:
        return Returning(np.zeros(0, np.int64), empty_rejects(), [])
    rows = np.array(list(found), np.int64)
    days = _days(ledger)
    here = table.select(["file", "row"]).take(pa.array(rows))
    reasons = [
        f"is of a person who was forgotten on {days[max(runs)]}, by their {_words(kind)};"
        " use --bring-back (bring_back=True) if they want to be back"
        for kind, runs in found.values()
    ]
    rejects = pa.table(
        {
            "file": here["file"].cast(pa.string()),
            "row": here["row"],
            "column": pa.nulls(len(rows), pa.string()),
            "value": pa.nulls(len(rows), pa.string()),
            "reason": pa.array(reasons, pa.string()),
        },
        schema=REJECT_SCHEMA,
    )
    runs = sorted({run for _, runs in found.values() for run in runs})
    return Returning(rows, rejects, runs)


def _days(ledger: Ledger) -> dict[int, str]:
    """The day of each run in which somebody was forgotten."""
    told = ledger.rows("SELECT run, epoch_us(done_at) FROM run WHERE kind = 'forget'")
    return {run: f"{datetime.fromtimestamp(at / 1e6, UTC):%Y-%m-%d}" for run, at in told}


def _words(kind: str) -> str:
    return {"record_id": "id in its source", "birth_date": "birth date and name"}.get(
        kind, kind.replace("_", " ")
    )
