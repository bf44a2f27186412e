"""Records that come one by one, from clients who want to know at once what became of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.records import RawRecords
from matcher.stages import Stages
from matcher.store.changes import Changes
from matcher.store.identities import NOBODY
from matcher.store.ids import person_id, run_id
from matcher.store.ingesting import Alongside, ingest
from matcher.store.naming import name_rows
from matcher.store.recognising import Candidate, recognise_each
from matcher.store.session import Session

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one record.

    Attributes:
        record_id: what it is called.
        outcome: ``created`` a person, ``joined`` one who was there, ``changed`` what a known record
            says, ``same`` as it said before, or ``turned_away``, being of somebody forgotten.
        person_id: whose it is; ``None`` where it was turned away.
        merged: ids of persons that merged into that one by what came.
        candidates: persons that shared something with it before it came, the likeliest first.
        rejects: values of it that could not be used: ``column``, ``value``, ``reason``.
        run: id of the run, which ``undo`` takes.
    """

    record_id: str
    outcome: str
    person_id: str | None
    merged: Sequence[str]
    candidates: Sequence[Candidate]
    rejects: Sequence[Mapping[str, str | None]]
    run: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def receive(
    session: Session, raw: RawRecords, *, by: str | None, note: str | None, candidates: bool
) -> list[Received]:
    """Takes in records in one run and tells of each; see ``matcher.store.Store.receive``."""
    with session.writing():
        named = name_rows(raw.table)
        known, same = session.state.known(named)
        near = [found.candidates for _, found in recognise_each(session, raw)] if candidates else ()
        changes = ingest(
            session, raw, {}, Stages(gives_back=False), by=by, note=note,
            alongside=Alongside(named=named),
        )  # fmt: skip
        records, _ = session.state.known(named)
        persons = np.full(len(records), NOBODY)
        persons[records >= 0] = session.state.persons(records[records >= 0])
    outcomes = _outcomes(changes, known >= 0, same, persons)
    rejects = _rejects(raw, changes)
    return [
        Received(
            record_id=record_id,
            outcome=outcome,
            person_id=person_id(person) if person >= 0 else None,
            merged=[gone for gone, into in changes.merged.items() if into == person_id(person)],
            candidates=near[row] if candidates else (),
            rejects=rejects[row],
            run=run_id(changes.run),
        )
        for row, (record_id, outcome, person) in enumerate(
            zip(named.record_ids.to_pylist(), outcomes, persons.tolist(), strict=True)
        )
    ]


def _outcomes(
    changes: Changes,
    known: npt.NDArray[np.bool_],
    same: npt.NDArray[np.bool_],
    persons: Ints,
) -> list[str]:
    created = set(changes.created)
    found = []
    for is_known, is_same, person in zip(
        known.tolist(), same.tolist(), persons.tolist(), strict=True
    ):
        if person < 0:
            found.append("turned_away")
        elif is_same:
            found.append("same")
        elif is_known:
            found.append("changed")
        else:
            found.append("created" if person_id(person) in created else "joined")
    return found


def _rejects(raw: RawRecords, changes: Changes) -> list[list[dict[str, str | None]]]:
    """The rejects of each row."""
    by_place: dict[tuple[str, int], list[dict[str, str | None]]] = defaultdict(list)
    for told in changes.rejects.to_pylist():
        kept = {name: told[name] for name in ("column", "value", "reason")}
        by_place[told["file"], told["row"]].append(kept)
    places = zip(raw.table["file"].to_pylist(), raw.table["row"].to_pylist(), strict=True)
    return [by_place.get(place, []) for place in places]
