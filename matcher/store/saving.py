"""What became of persons is saved and told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from blocking.pairs import absent_from
from matcher.records import empty_rejects
from matcher.store.changes import Changes
from matcher.store.identities import Renaming
from matcher.store.ids import person_id
from matcher.store.interactions.following import follow
from matcher.store.interactions.linking import Tally
from matcher.store.ledger import Ledger
from matcher.store.population import closed
from matcher.store.regrouping import Regrouped
from matcher.store.session import Ints, Session


@dataclass(frozen=True)
class Counts:
    """Rows of an ingest: new records, records that say something new, and rows that do not."""

    new: int = 0
    changed: int = 0
    same: int = 0


def save(session: Session, regrouped: Regrouped, run: int) -> Tally:
    """Adds who belongs to whom, and what became of persons, to the file and to memory.

    To be called inside ``writing`` and a transaction.

    Returns:
        what became of the interactions that this touches, which are looked at again.
    """
    renaming, moved = regrouped.renaming, regrouped.moved
    records, persons = regrouped.records[moved], renaming.person[moved]
    nobody = pa.array(persons, mask=persons < 0)
    session.ledger.add("membership", {"record": records, "person": nobody, "run": run})
    _save_events(session.ledger, renaming, run)
    _save_components(session, regrouped, run)
    session.state.set_persons(records, persons)
    session.ledger.use("person", len(renaming.created))
    return follow(session, regrouped, run)


def changes_of(
    session: Session,
    run: int,
    regrouped: Regrouped,
    records: Ints,
    *,
    counts: Counts | None = None,
    rejects: pa.Table | None = None,
    followed: Tally | None = None,
) -> Changes:
    """What a run changed, once it is saved.

    Args:
        run: its number.
        regrouped: what became of persons.
        records: numbers of the records that it was about.
        counts: rows of an ingest.
        rejects: what could not be used.
        followed: what became of interactions.
    """
    renaming, moved, counts = regrouped.renaming, regrouped.moved, counts or Counts()
    touched = closed(
        [session.state.persons(records), regrouped.before[moved], renaming.person[moved]]
    )
    named = (renaming.created, renaming.merged, renaming.emptied, renaming.restored)
    updated = absent_from(touched[touched >= 0], closed([_numbers(p) for p in named]))
    return Changes(
        run=run,
        records_new=counts.new,
        records_changed=counts.changed,
        records_same=counts.same,
        created=[person_id(p) for p in renaming.created if p not in renaming.split],
        updated=[person_id(p) for p in updated.tolist()],
        merged={person_id(a): person_id(b) for a, b in renaming.merged.items()},
        split={person_id(a): person_id(b) for a, b in renaming.split.items()},
        emptied=[person_id(p) for p in renaming.emptied],
        restored=[person_id(p) for p in renaming.restored],
        rejects=empty_rejects() if rejects is None else rejects,
        interactions="" if followed is None else str(followed),
    )


def _save_events(ledger: Ledger, renaming: Renaming, run: int) -> None:
    """What became of persons."""
    plain = [person for person in renaming.created if person not in renaming.split]
    told: list[tuple[str, int, int | None]] = [
        (kind, person, other)
        for kind, became in (
            ("created", dict.fromkeys(plain)),
            ("split", renaming.split),
            ("merged", renaming.merged),
            ("emptied", dict.fromkeys(renaming.emptied)),
            ("restored", renaming.restored),
        )
        for person, other in became.items()
    ]
    kinds, persons, others = zip(*told, strict=True) if told else ((), (), ())
    ledger.add(
        "event",
        {
            "event": ledger.numbers("event", len(told)),
            "run": run,
            "kind": pa.array(kinds, pa.string()),
            "person": pa.array(persons, pa.int64()),
            "other_person": pa.array(others, pa.int64()),
        },
    )


def _save_components(session: Session, regrouped: Regrouped, run: int) -> None:
    """Which records hang together, where that is news."""
    population, slots = session.state.population, regrouped.slots
    news = population.components(slots) != regrouped.components
    slots, components = slots[news], regrouped.components[news]
    records = session.state.records(slots)
    session.ledger.add("component", {"record": records, "component": components, "run": run})
    population.set_components(slots, components)


def _numbers(persons: Collection[int]) -> Ints:
    return np.fromiter(persons, np.int64, len(persons))
