"""Rows come into a vendor's list, and the people that they change become records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matcher.policies.collector import paused_collector
from matcher.policies.decisions import Policy
from matcher.policies.history import History
from matcher.policies.outcomes import Refusal
from matcher.policies.replayed import Replay
from matcher.policies.replaying import replay_batch
from matcher.policies.sources import Batch, batches
from matcher.stages import Stages
from matcher.store.ingesting import Alongside, ingest
from matcher.store.lists import shelf
from matcher.store.lists.changes import ListChanges
from matcher.store.lists.kept import KeptList
from matcher.store.lists.records import REALM, list_records, person_id_of
from matcher.store.lists.rules import Rules
from matcher.store.lists.turning_away import turned_away
from matcher.store.naming import names_of
from matcher.store.session import Session

Columns = Mapping[str, str | Sequence[str]]


def ingest_list(
    session: Session,
    source: Any,
    columns: Columns | None,
    asked: Rules,
    stages: Stages,
    *,
    by: str | None = None,
    note: str | None = None,
    bring_back: bool = False,
) -> ListChanges:
    """Takes rows into a list, in one run; see ``matcher.store.Store.ingest``.

    Args:
        session: of the store.
        source: as for ``matcher.replay``.
        columns: canonical name -> column(s) of the input.
        asked: by whose rules.
        stages: tells of the progress.
        by: who does it.
        note: what to remember of it.
        bring_back: also takes in people who were forgotten.
    """
    with session.writing():
        rules = shelf.settled(session.ledger, asked)
        policy = rules.made(session.region)
        with stages.stage("open"):
            kept = kept_list(session, rules.policy)
            rows_before = kept.rows
        with stages.stage("read"):
            region = session.region
            read = list(
                batches(
                    source, columns=columns, default_region=region, policy=policy,
                    first_row=rows_before,
                )
            )  # fmt: skip
        with stages.stage("replay"), paused_collector():
            refused = {} if bring_back else turned_away(session, read)
            history = _replayed(read, policy, kept, refused)
            people = [version.person for version in kept.changed() if version.person is not None]
            raw = list_records(rules.policy, people)
        alongside = _alongside(session, rules, kept, history)
        changes = ingest(
            session, raw, {}, stages, by=by, note=note, bring_back=bring_back, alongside=alongside
        )
        kept.mark_saved()
    told = Replay(
        policy=rules.policy, profile=str(rules.profile), default_region=region,
        people_list=kept, history=history, duplicates={}, batches=read, stages=stages.done,
    )  # fmt: skip
    return ListChanges.of(changes, told, rows_before)


def _alongside(session: Session, rules: Rules, kept: KeptList, history: History) -> Alongside:
    """What is saved with the records of the people who changed."""
    gone = [version.person_id for version in kept.changed() if version.person is None]

    def save(run: int, turned_away: Sequence[str]) -> None:
        kept.drop(person_id_of(rules.policy, record_id) for record_id in turned_away)
        shelf.save(session.ledger, rules, kept, history, run)

    return Alongside(names_of(rules.policy, gone, REALM), save, REALM)


def kept_list(session: Session, policy: str) -> KeptList:
    """A list in memory; read when first asked for."""
    if policy not in session.lists:
        session.lists[policy] = shelf.load(session.ledger, policy)
    return session.lists[policy]


def _replayed(
    read: Sequence[Batch], policy: Policy, kept: KeptList, refused: Mapping[int, Refusal]
) -> History:
    """Applies the rules to all rows but those refused."""
    history = History()
    for batch in read:
        replay_batch(batch, policy, kept, history, refused)
        kept.rows += batch.count
    return history
