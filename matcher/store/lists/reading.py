"""A vendor's list, and one person of it, as the vendor would show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matcher.errors import UnknownInStore
from matcher.policies.people_table import as_cells
from matcher.policies.registry import POLICIES
from matcher.policies.replayed import Replay
from matcher.store.lists import shelf
from matcher.store.lists.ingesting import kept_list
from matcher.store.lists.payloads import payload
from matcher.store.lists.rules import Rules
from matcher.store.session import Session

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def vendor_list(session: Session, policy: str) -> pd.DataFrame:
    """The people of a list; see ``matcher.store.Store.vendor_list``."""
    return _replayed(session, policy).people


def list_table(session: Session, policy: str) -> pa.Table:
    """The people of a list as they are written to a file: every value as text."""
    return as_cells(_replayed(session, policy).people_table())


def _replayed(session: Session, policy: str) -> Replay:
    """A list as a replay of the rows that it took in would give it."""
    with session.lock:
        rules = _rules(session, policy)
        kept = kept_list(session, policy)
        history = shelf.rows_of(session.ledger, policy, kept)
        return Replay(
            policy=policy, profile=str(rules.profile), default_region=session.region,
            people_list=kept, history=history,
            duplicates=rules.made(session.region).possible_duplicates(kept), batches=(), stages=(),
        )  # fmt: skip


def vendor_person(session: Session, policy: str, person_id: str) -> dict[str, Any]:
    """One person of a list; see ``matcher.store.Store.vendor_person``."""
    with session.lock:
        _rules(session, policy)
        person = kept_list(session, policy).get(person_id)
    if person is None:
        raise UnknownInStore(f"the list of {policy} has no person {person_id!r}.")
    return payload(policy, person)


def _rules(session: Session, policy: str) -> Rules:
    if policy not in POLICIES or not shelf.exists(session.ledger, policy):
        raise UnknownInStore(
            f"this store keeps no list of {policy!r}; ingest with policy={policy!r} begins one."
        )
    return shelf.settled(session.ledger, Rules(policy))
