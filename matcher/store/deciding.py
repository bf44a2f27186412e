"""What people say of two records: it outranks every weight, and lasts until they take it back.

A decision names records, so it holds whatever they say later and whichever person they are in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matcher.errors import OptionError, StoreError
from matcher.store.changes import Changes
from matcher.store.contradictions import Pair, contradictions
from matcher.store.decided import Verdict
from matcher.store.ids import person_id as shown
from matcher.store.ledger import Ledger
from matcher.store.lookup import current_person, record_number
from matcher.store.regrouping import Happened, Regrouped
from matcher.store.saving import changes_of, save
from matcher.store.session import Session

Ints = npt.NDArray[np.int64]

#: What stands in place of a verdict that was taken back.
WITHDRAWN = "withdrawn"


def decide(
    session: Session, records: tuple[str, str], verdict: str, *, by: str, note: str | None = None
) -> Changes:
    """Settles whether two records are one person; see ``matcher.store.Store.decide``."""
    verdicts = [known.value for known in Verdict]
    if verdict not in verdicts:
        raise OptionError(f"{verdict!r} is no verdict; give one of {', '.join(verdicts)}.")
    with session.lock:
        said = {_pair(session.ledger, records): verdict}
        check_by(by)
        refuse_contradiction(session, said)
        return say(session, "decide", said, by, note)


def withdraw(
    session: Session, records: tuple[str, str], *, by: str, note: str | None = None
) -> Changes:
    """Takes back what was said of two records; see ``matcher.store.Store.withdraw``."""
    with session.lock:
        pair = _pair(session.ledger, records)
        check_by(by)
        if pair not in session.state.decisions:
            raise StoreError(f"nothing has been decided of {' and '.join(map(repr, records))}.")
        return say(session, "withdraw", {pair: WITHDRAWN}, by, note)


def split(
    session: Session,
    person_id: str,
    record_ids: Sequence[str],
    *,
    by: str,
    note: str | None = None,
) -> Changes:
    """Makes records a person of their own; see ``matcher.store.Store.split``."""
    with session.lock:
        away, rest = _sides(session, person_id, record_ids)
        check_by(by)
        said = {ordered(one, other): Verdict.DIFFERENT.value for one, other in product(away, rest)}
        refuse_contradiction(session, said)
        parts = _persons(_previewed(session, said), away)
        if len(parts) > 1:
            said |= star(away)
        changes = say(session, "split", said, by, note)
        return replace(changes, notes=(*changes.notes, *_split_notes(session, away, rest)))


def _split_notes(session: Session, away: Sequence[int], rest: Sequence[int]) -> Iterator[str]:
    """What a split brought with it that was not asked for."""
    state = session.state
    parts = state.persons(np.array(rest))
    if len(set(parts.tolist())) > 1:
        persons = ", ".join(shown(part) for part in sorted(set(parts.tolist())))
        yield f"What stays is not held together without them: it is {persons} now."
    new = state.persons(np.array(away[:1]))
    others = len(state.members(new)) - len(away)
    if others:
        yield (
            f"What was split off is part of {shown(int(new[0]))} now, by what its records say:"
            f" {others:,} other records are of that person."
        )


def ordered(one: int, other: int) -> Pair:
    """Two records as decisions name them."""
    return (one, other) if one < other else (other, one)


def star(records: Sequence[int]) -> dict[Pair, str]:
    """The decisions that hold some records together: each is the same as the first."""
    first, *others = records
    return {ordered(first, other): Verdict.SAME.value for other in others}


def check_by(by: str) -> None:
    """Refuses a decision that nobody answers for.

    Raises:
        OptionError: no name is given.
    """
    if not isinstance(by, str) or not by.strip():
        raise OptionError("say who decides: by= takes a name, which the history keeps.")


def after(decisions: Mapping[Pair, str], said: Mapping[Pair, str]) -> dict[Pair, str]:
    """The decisions in force once more has been said."""
    now = {**decisions, **said}
    return {pair: verdict for pair, verdict in now.items() if verdict != WITHDRAWN}


def refuse_contradiction(session: Session, said: Mapping[Pair, str]) -> None:
    """Refuses what cannot be true together with other decisions in force.

    Raises:
        StoreError: records would be the same by some decisions and different by another.
    """
    state = session.state
    before = contradictions(state.decisions, state.is_live)
    new = contradictions(after(state.decisions, said), state.is_live) - before
    if not new:
        return
    pair = min(new)
    one, other = state.record_ids(state.slots(np.array(pair)))
    raise StoreError(
        f"{one!r} and {other!r} would be different by one decision and the same by others, through"
        " further records; withdraw one of those decisions first (store.withdraw)."
    )


def add_decisions(ledger: Ledger, said: Mapping[Pair, str], run: int) -> None:
    """Adds rows to the table ``decision``."""
    pairs = np.array(list(said), np.int64).reshape(-1, 2)
    columns = {
        "decision": ledger.numbers("decision", len(said)),
        "run": run,
        "left_record": pairs[:, 0],
        "right_record": pairs[:, 1],
        "verdict": pa.array(list(said.values()), pa.string()),
    }
    ledger.add("decision", columns)


def records_of(said: Iterable[Pair]) -> Ints:
    """The records that decisions are about, each once."""
    return np.unique(np.array(list(said), np.int64))


def say(
    session: Session, kind: str, said: Mapping[Pair, str], by: str, note: str | None
) -> Changes:
    """Writes decisions down, in one run, and groups anew what they touch."""
    with session.writing():
        regrouped = _previewed(session, said)
        session.state.decisions = after(session.state.decisions, said)
        with session.ledger.transaction():
            run = session.ledger.add_run(session.run(kind, by, note))
            add_decisions(session.ledger, said, run)
            followed = save(session, regrouped, run)
        return changes_of(session, run, regrouped, records_of(said), followed=followed)


def _previewed(session: Session, said: Mapping[Pair, str]) -> Regrouped:
    """Who would be one person if that were said."""
    state = session.state
    before = state.decisions
    state.decisions = after(before, said)
    try:
        return session.regroup(Happened(touched=records_of(said)))
    finally:
        state.decisions = before


def _persons(regrouped: Regrouped, records: Sequence[int]) -> set[int]:
    """The persons that records would belong to."""
    place = np.searchsorted(regrouped.records, records)
    return set(regrouped.renaming.person[place].tolist())


def _pair(ledger: Ledger, records: tuple[str, str]) -> Pair:
    left, right = (record_number(ledger, str(record)) for record in records)
    if left == right:
        raise OptionError(f"both ids name the record {records[0]!r}; give two different ones.")
    return ordered(left, right)


def _sides(
    session: Session, person_id: str, record_ids: Sequence[str]
) -> tuple[list[int], list[int]]:
    """The records to go, and those to stay."""
    if isinstance(record_ids, str):
        raise OptionError("give the records as a list of ids.")
    person, state = current_person(session.ledger, person_id), session.state
    members = state.members(np.array([person]))
    members = members[state.is_live(members)].tolist()
    away = []
    for record_id in dict.fromkeys(map(str, record_ids)):
        record = record_number(session.ledger, record_id)
        if record not in members:
            holder = shown(int(state.persons(np.array([record]))[0]))
            raise StoreError(f"the record {record_id!r} is not of {shown(person)} but of {holder}.")
        away.append(record)
    rest = [record for record in members if record not in set(away)]
    if not away or not rest:
        raise StoreError(
            f"a split needs some, not all, of the {len(members)} records of {shown(person)}."
        )
    return sorted(set(away)), rest
