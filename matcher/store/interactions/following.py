"""After something happened to records: the interactions that it touches are looked at again."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from matcher.stages import Stages
from matcher.store.ids import run_id
from matcher.store.interactions.linking import Tally, link
from matcher.store.interactions.meeting import key_entries, sharing
from matcher.store.population import closed
from matcher.store.regrouping import Regrouped
from matcher.store.session import Session


def follow(session: Session, regrouped: Regrouped, run: int) -> Tally:
    """Links anew what shares a key value with a record that came, went or changed its person.

    To be called inside ``writing`` and a transaction, once memory knows who belongs to whom.
    """
    state, happened = session.state, regrouped.happened
    moved = state.slots(regrouped.records[regrouped.moved])
    touched = closed([happened.arrived, happened.gone, moved])
    if not len(touched) or not len(session.contacts.population):
        return Tally()
    contacts = session.contacts
    slots = sharing(key_entries(state.population.records(touched)), contacts.population)
    return link(session, contacts.of_slots(slots), run)


def link_all(session: Session, run: int) -> Tally:
    """Looks at every interaction anew, as when the model is another."""
    return link(session, np.arange(session.contacts.count), run)


@dataclass(frozen=True)
class Linked:
    """What looking at all interactions anew found.

    Attributes:
        run: its number.
        tally: what became of them.
    """

    run: int
    tally: Tally

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as ``--json`` prints them."""
        return asdict(self)

    def __str__(self) -> str:
        told = str(self.tally) or "nothing is found differently"
        return f"interactions: {self.tally.looked_at:,} looked at, {told}\nrun: {run_id(self.run)}"


def link_interactions(
    session: Session, stages: Stages, *, by: str | None = None, note: str | None = None
) -> Linked:
    """Looks at every interaction anew; see ``matcher.store.Store.link_interactions``."""
    with session.writing():
        with stages.stage("open"):
            session.state, session.contacts  # noqa: B018 - reads them where they are not yet
        with stages.stage("link"), session.ledger.transaction():
            run = session.ledger.add_run(session.run("link", by, note))
            tally = link_all(session, run)
    return Linked(run, tally)
