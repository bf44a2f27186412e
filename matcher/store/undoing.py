"""Undoing: each fact that a run set is put back to what it was, where no later run set it anew.

Facts are which versions count and what was decided; who is one person follows from them. Nothing
is deleted: an undo is a run like others, and can be undone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matcher.errors import StoreError, UnknownInStore
from matcher.store.changes import Changes
from matcher.store.contradictions import Pair
from matcher.store.decided import Verdict
from matcher.store.deciding import (
    add_decisions,
    check_by,
    ordered,
    records_of,
    refuse_contradiction,
    star,
)
from matcher.store.ids import event_number, person_id, run_id, run_number
from matcher.store.ledger import Ledger
from matcher.store.lists.undoing import lists_changed, put_back
from matcher.store.loading import take_in
from matcher.store.population import closed
from matcher.store.regrouping import Happened
from matcher.store.saving import Counts, changes_of, save
from matcher.store.session import Session

Ints = npt.NDArray[np.int64]

#: Kinds of runs whose facts can be put back.
_UNDOABLE = ("ingest", "decide", "withdraw", "split", "undo")
#: So many later runs are named in a note.
_NAMED = 5


@dataclass(frozen=True)
class Moves:
    """Records that a run moved from one person to another.

    Attributes:
        records: int64.
        before: int64, the person of each before the run, -1 for none.
        last: bool, whether no later run has moved it.
    """

    records: Ints
    before: Ints
    last: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Undoing:
    """What is to be put back.

    Attributes:
        what: the id of the run or event that is undone.
        run: the number of the run that it happened in.
        moves: records whose persons should have them back.
        said: decisions.
        withdrawn: ``version`` and whether it is ``withdrawn``, by column.
        lists: vendors' lists, each with the run whose state it should have back.
    """

    what: str
    run: int
    moves: Moves
    said: dict[Pair, str]
    withdrawn: pa.Table = field(
        default_factory=lambda: pa.table(
            {"version": pa.array([], pa.int64()), "withdrawn": pa.array([], pa.bool_())}
        )
    )
    lists: Mapping[str, int] = field(default_factory=dict)


def undo(session: Session, what: str | int, *, by: str, note: str | None = None) -> Changes:
    """Undoes a run or an event; see ``matcher.store.Store.undo``."""
    with session.lock:
        check_by(by)
        what = run_id(what) if isinstance(what, int) else what
        kind = what[:1].upper()
        if kind not in ("R", "E"):
            raise UnknownInStore(f"{what!r} is no id of a run or an event, like R12 or E345.")
        ledger = session.ledger
        undoing = _of_run(ledger, what) if kind == "R" else _of_event(ledger, what)
        refuse_contradiction(session, undoing.said)
        return _put_back(session, undoing, by, note)


def _of_run(ledger: Ledger, what: str) -> Undoing:
    run = run_number(what)
    found = ledger.rows("SELECT kind FROM run WHERE run = ?", [run])
    if not found:
        raise UnknownInStore(f"there is no run {what} in this store.")
    if found[0][0] not in _UNDOABLE:
        raise StoreError(f"{what} cannot be undone: {_FINAL.get(found[0][0], _OTHER)}")
    withdrawn = ledger.table(_VERSIONS_BEFORE, [run, run, run])
    said, lists = _decisions_before(ledger, run), lists_changed(ledger, run)
    if not withdrawn.num_rows and not said and not lists:
        raise StoreError(_nothing_left(ledger, run))
    return Undoing(run_id(run), run, _moves(ledger, run), said, withdrawn, lists)


_OTHER = "only runs that took in records or decided something can be."
_FINAL = {
    "forget": "what was erased is gone; import it again if that is lawful.",
    "retrain": "retrain again, which gives the model for the records of now.",
}

#: Versions that a run made count or not, unless a later run did, and what held before it.
_VERSIONS_BEFORE = """
WITH told AS (
    SELECT version, run, false AS withdrawn FROM record
    UNION ALL SELECT version, run, withdrawn FROM withdrawal
),
was AS (
    SELECT version, max(run) AS last, arg_max(withdrawn, run) AS is_withdrawn,
        coalesce(arg_max(withdrawn, run) FILTER (WHERE run < ?), true) AS withdrawn
    FROM told SEMI JOIN (SELECT version FROM told WHERE run = ?) AS touched USING (version)
    GROUP BY version
)
SELECT version, withdrawn FROM was WHERE last = ? AND withdrawn <> is_withdrawn ORDER BY version"""

_DECISIONS_BEFORE = """
WITH was AS (
    SELECT left_record, right_record, max(run) AS last, arg_max(verdict, decision) AS now,
        coalesce(arg_max(verdict, decision) FILTER (WHERE run < ?), 'withdrawn') AS verdict
    FROM decision
    SEMI JOIN (SELECT left_record, right_record FROM decision WHERE run = ?) AS touched
        USING (left_record, right_record)
    GROUP BY left_record, right_record
)
SELECT left_record, right_record, verdict FROM was
WHERE last = ? AND verdict <> now ORDER BY left_record, right_record"""

_MOVES = """
SELECT record, max(run) AS last, coalesce(arg_max_null(person, run) FILTER (WHERE run < ?), -1)
    AS before
FROM membership SEMI JOIN (SELECT record FROM membership WHERE run = ?) AS moved USING (record)
GROUP BY record ORDER BY record"""


def _decisions_before(ledger: Ledger, run: int) -> dict[Pair, str]:
    """What held of the pairs that a run decided on, unless a later run did."""
    found = ledger.rows(_DECISIONS_BEFORE, [run, run, run])
    return {(left, right): verdict for left, right, verdict in found}


def _moves(ledger: Ledger, run: int) -> Moves:
    found = ledger.table(_MOVES, [run, run])
    last = found["last"].to_numpy() == run
    return Moves(found["record"].to_numpy(), found["before"].to_numpy(), last)


def _nothing_left(ledger: Ledger, run: int) -> str:
    """Why there is nothing to put back."""
    later = ledger.rows(
        "SELECT max(run) FROM run WHERE undoes = ? HAVING max(run) IS NOT NULL", [run_id(run)]
    )
    if later:
        again = run_id(later[0][0])
        return f"{run_id(run)} has been undone already, by {again}; undo {again} to have it again."
    return f"{run_id(run)} changed nothing that still holds, so there is nothing to undo."


def _of_event(ledger: Ledger, what: str) -> Undoing:
    found = ledger.rows(
        "SELECT run, kind, person, other_person FROM event WHERE event = ?", [event_number(what)]
    )
    if not found:
        raise UnknownInStore(f"there is no event {what} in this store.")
    run, kind, person, other = found[0]
    if kind not in ("merged", "split"):
        raise StoreError(
            f"{what} is not a merge or a split, but a person {kind}; undo its run,"
            f" {run_id(run)}, instead."
        )
    moment = run - 1 if kind == "merged" else run
    mine, others = (_members(ledger, one, moment) for one in (person, other))
    verdict = Verdict.DIFFERENT if kind == "merged" else Verdict.SAME
    pairs = [ordered(*pair) for pair in product(mine, others)]
    said = dict.fromkeys(pairs, verdict.value)
    if kind == "split":
        put_back = _decisions_before(ledger, run)
        said = {pair: put_back[pair] for pair in pairs if pair in put_back}
        said = said or star([*mine, *others])
    moves, home = _moves(ledger, run), person if kind == "merged" else other
    back = (moves.before == home) & np.isin(moves.records, [*mine, *others])
    moves = Moves(moves.records[back], moves.before[back], moves.last[back])
    return Undoing(what.upper(), run, moves, said)


def _members(ledger: Ledger, person: int, run: int) -> list[int]:
    """The records of a person right after a run."""
    found = ledger.rows(
        "SELECT record FROM membership WHERE run <= ? GROUP BY record"
        " HAVING arg_max_null(person, run) = ? ORDER BY record",
        [run, person],
    )
    return [record for (record,) in found]


def _put_back(session: Session, undoing: Undoing, by: str, note: str | None) -> Changes:
    state, ledger = session.state, session.ledger
    with session.writing():
        with ledger.transaction():
            run = ledger.add_run(session.run("undo", by, note, undoes=undoing.what))
            withdrawn = undoing.withdrawn
            ledger.add(
                "withdrawal",
                {
                    "version": withdrawn["version"].to_numpy(),
                    "run": run,
                    "withdrawn": withdrawn["withdrawn"].combine_chunks(),
                },
            )
            add_decisions(ledger, undoing.said, run)
            state.decisions = ledger.decisions()
            arrived, gone, stale = _follow(session, run)
            touched = closed(
                [state.records(arrived), state.records(gone), undoing.moves.records]
                + ([records_of(undoing.said)] if undoing.said else [])
            )
            restore = _restored(session, undoing.moves)
            regrouped = session.regroup(Happened(arrived, gone, touched, restore))
            followed = save(session, regrouped, run)
            for policy, earlier in undoing.lists.items():
                put_back(ledger, policy, earlier, run)
                session.lists.pop(policy, None)
        counts = Counts(*_counted(session, arrived, gone))
        changes = changes_of(session, run, regrouped, touched, counts=counts, followed=followed)
        return replace(changes, notes=[*_notes(session, undoing, stale)])


#: The live version of each record that a run withdrew a version of, or made one count again.
_LIVE_NOW = """
WITH touched AS (
    SELECT DISTINCT record FROM record
    SEMI JOIN (SELECT version FROM withdrawal WHERE run = ?) AS told USING (version)
)
SELECT record, coalesce(max(version) FILTER (
    WHERE version NOT IN (SELECT version FROM withdrawn)), -1) AS version
FROM record SEMI JOIN touched USING (record) GROUP BY record ORDER BY record"""

_VERSIONS = """
SELECT * FROM record SEMI JOIN (SELECT unnest(?) AS version) AS wanted USING (version)
ORDER BY version"""


def _follow(session: Session, run: int) -> tuple[Ints, Ints, int]:
    """Memory follows what a run said of versions.

    Returns:
        slots that are live now, slots that were, and how many records are as they were, since
        they have said something newer.
    """
    state = session.state
    found = session.ledger.table(_LIVE_NOW, [run])
    records, versions = found["record"].to_numpy(), found["version"].to_numpy()
    before = np.full(len(records), -1)
    live = state.is_live(records)
    before[live] = state.versions(state.slots(records[live]))
    news = before != versions
    gone = state.retire(records[news])
    wanted = versions[news & (versions >= 0)].tolist()
    held = session.ledger.table(_VERSIONS, [wanted])
    return take_in(state, held, session.region, session.extras), gone, int((~news).sum())


def _restored(session: Session, moves: Moves) -> Ints:
    """By record, the person whose id it speaks for."""
    state = session.state
    restore = state.persons(np.arange(state.record_count))
    restore[moves.records[moves.last]] = moves.before[moves.last]
    return restore


def _counted(session: Session, arrived: Ints, gone: Ints) -> tuple[int, int]:
    """Records that are there again, and those that say what they said before."""
    state = session.state
    changed = np.isin(state.records(arrived), state.records(gone))
    return int((~changed).sum()), int(changed.sum())


def _notes(session: Session, undoing: Undoing, stale: int) -> Sequence[str]:
    """What the user should know of what could not be put back as it was."""
    notes, moves = [], undoing.moves
    if stale:
        notes.append(f"{stale:,} of its records have said something newer since, and that stays.")
    different = session.state.persons(moves.records) != moves.before
    if different.any():
        later = session.ledger.rows(
            "SELECT DISTINCT run FROM membership SEMI JOIN (SELECT unnest(?) AS record) AS moved"
            " USING (record) WHERE run > ? AND run < (SELECT max(run) FROM run) ORDER BY run",
            [moves.records.tolist(), undoing.run],
        )
        named = ", ".join(run_id(run) for (run,) in later[:_NAMED])
        cause = f"later runs ({named}) changed the same people" if later else "other facts hold now"
        persons = sorted(
            {person_id(p) for p in moves.before[different & (moves.before >= 0)].tolist()}
        )
        notes.append(
            f"{int(different.sum()):,} records are not back where they were before {undoing.what}:"
            f" {cause}." + (f" See {', '.join(persons[:_NAMED])}." if persons else "")
        )
    return notes
