"""What interactions hold of somebody who is forgotten."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from matcher.records import Records
from matcher.store.fingerprints import Fingerprints, NamedRecords
from matcher.store.interactions.meeting import key_entries, sharing
from matcher.store.interactions.outcomes import ERASED
from matcher.store.interactions.tables import STATUSES
from matcher.store.ledger import Ledger
from matcher.store.population import closed
from matcher.store.session import Session

Ints = npt.NDArray[np.int64]

#: Of an interaction that is not looked at again, as its last outcome.
ERASED_OUTCOME = np.uint64(4)
_BECAUSE = "the person was forgotten"

_LINKED_TO = """SELECT interaction FROM current_link
WHERE person IN (SELECT unnest(?::BIGINT[])) ORDER BY interaction"""
_INVALID = """SELECT interaction, raw FROM current_interaction SEMI JOIN (
    SELECT interaction FROM current_link WHERE status = 'invalid') AS invalid USING (interaction)"""
_ROWS = """SELECT
    (SELECT count(*) FROM interaction WHERE interaction IN (SELECT unnest(?::BIGINT[]))),
    (SELECT count(*) FROM contact WHERE version IN (SELECT unnest(?::BIGINT[]))),
    (SELECT count(*) FROM interaction_identifier WHERE version IN (SELECT unnest(?::BIGINT[])))"""


@dataclass(frozen=True)
class Traces:
    """What interactions hold of a person.

    Attributes:
        interactions: int64, ascending, the numbers of those that are this person's.
        versions: int64, of all versions of them.
        rows: table -> rows of it.
    """

    interactions: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    versions: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    rows: dict[str, int] = field(default_factory=dict)


def traces(
    session: Session,
    persons: Sequence[int],
    own: Records,
    marks: Sequence[bytes],
    telling: re.Pattern[str] | None,
) -> Traces:
    """The interactions that were with a person.

    Those linked to the person; those that carry a mark by which the person is to be known again;
    and invalid ones whose text names the person.

    Args:
        session: of the store.
        persons: the person, and all who merged into it.
        own: the person's records, normalised.
        marks: fingerprints of the person.
        telling: finds values that would tell who it was; ``None`` where there are none.
    """
    ledger = session.ledger
    if not session.contacts.count:
        return Traces()
    linked = np.array([n for (n,) in ledger.rows(_LINKED_TO, [list(persons)])], np.int64)
    named = [
        number for number, raw in ledger.rows(_INVALID) if telling and raw and telling.search(raw)
    ]
    found = closed([linked, np.array(named, np.int64), _marked(session, own, marks)])
    numbers = found.tolist()
    versions = [
        version
        for (version,) in ledger.rows(
            "SELECT version FROM interaction WHERE interaction IN (SELECT unnest(?::BIGINT[]))"
            " ORDER BY version",
            [numbers],
        )
    ]
    counted = ledger.rows(_ROWS, [numbers, versions, versions])[0]
    rows = dict(zip(("interaction", "contact", "interaction_identifier"), counted, strict=True))
    return Traces(found, np.array(versions, np.int64), rows)


def _marked(session: Session, own: Records, marks: Sequence[bytes]) -> Ints:
    """The interactions whose contacts carry a mark of the person."""
    contacts = session.contacts
    slots = sharing(key_entries(own), contacts.population)
    if not len(slots):
        return slots
    records = contacts.population.records(slots)
    named = NamedRecords(records, np.zeros(records.count, np.int64))
    prints = Fingerprints(session.salt, dict.fromkeys(marks, 0))
    rows = [
        row
        for row in range(records.count)
        if any(prints.of(mark) in prints.kept for mark in named.marks(row))
    ]
    return contacts.of_slots(slots[rows])


def say_erased(ledger: Ledger, erased: Traces, run: int, model: int) -> None:
    """Adds what became of the interactions that went."""
    ledger.add(
        "link",
        {
            "link": ledger.numbers("link", len(erased.interactions)),
            "interaction": erased.interactions,
            "run": run,
            "status": STATUSES[ERASED],
            "reason": _BECAUSE,
            "model": model,
            "outcome": np.full(len(erased.interactions), ERASED_OUTCOME),
        },
    )
