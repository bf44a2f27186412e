"""What happened to a person over its whole life, and to those that merged into it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from matcher.store.frames import in_utc
from matcher.store.ids import event_id, person_id, run_id
from matcher.store.ledger import Ledger
from matcher.store.lookup import current_person
from matcher.store.session import Session

#: What stands for the name of a record that was erased.
ERASED = "(erased)"

_SCHEMA = pa.schema(
    [
        ("when", pa.timestamp("us", "UTC")),
        ("run", pa.string()),
        ("event", pa.string()),
        ("kind", pa.string()),
        ("person_id", pa.string()),
        ("other_person_id", pa.string()),
        ("by", pa.string()),
        ("note", pa.string()),
        ("joined", pa.list_(pa.string())),
        ("left", pa.list_(pa.string())),
        ("records", pa.list_(pa.string())),
    ]
)


@dataclass(frozen=True)
class _Line:
    """One line of a history; persons and records by number."""

    run: int
    kind: str
    person: int
    other: int | None = None
    event: int | None = None
    joined: Sequence[int] = ()
    left: Sequence[int] = ()
    records: Sequence[int] = ()


#: Run -> (person before, person after) -> records; ``None`` for nobody.
_Moves = Mapping[int, Mapping[tuple[int | None, int | None], list[int]]]


def history(session: Session, asked: str) -> pa.Table:
    """The history of a person; see ``matcher.store.Store.history``."""
    with session.reading() as ledger:
        life = _life(ledger, current_person(ledger, asked))
        moves = _moves(ledger, life)
        lines = [
            *_events(ledger, life, moves),
            *_changed(ledger, life),
            *_decided(ledger, life),
        ]
        told = {(line.run, line.person, line.other) for line in lines if line.event}
        lines += _joined(life, moves, told)
        lines.sort(key=lambda line: (line.run, line.event is None, line.event or 0))
        return _table(ledger, lines)


_HEIRS = "SELECT DISTINCT person FROM event WHERE kind = 'merged' AND other_person = ?"


def _life(ledger: Ledger, person: int) -> list[int]:
    """A person, and all that have merged into it and are there no more."""
    life, seen = [person], {person}
    for one in life:  # grows while it is walked
        for (merged,) in ledger.rows(_HEIRS, [one]):
            if merged not in seen and current_person(ledger, person_id(merged)) == person:
                life.append(merged)
                seen.add(merged)
    return life


_MOVES = """
WITH told AS (
    SELECT record, run, person, lag(person) OVER (PARTITION BY record ORDER BY run) AS before
    FROM membership
    WHERE record IN (SELECT record FROM membership WHERE person IN (SELECT unnest(?)))
)
SELECT run, record, before, person FROM told
WHERE person IN (SELECT unnest(?)) OR before IN (SELECT unnest(?)) ORDER BY run, record"""


def _moves(ledger: Ledger, life: Sequence[int]) -> _Moves:
    """Which records came and went, by run and by where from and where to."""
    moves: dict[int, dict[tuple[int | None, int | None], list[int]]] = {}
    for run, record, before, after in ledger.rows(_MOVES, [life, life, life]):
        moves.setdefault(run, {}).setdefault((before, after), []).append(record)
    return moves


_EVENTS = """
SELECT event, run, kind, person, other_person FROM event
WHERE person IN (SELECT unnest(?)) OR other_person IN (SELECT unnest(?)) ORDER BY event"""


def _events(ledger: Ledger, life: Sequence[int], moves: _Moves) -> Iterator[_Line]:
    """What became of the persons, with the records that moved between them."""
    for event, run, kind, person, other in ledger.rows(_EVENTS, [life, life]):
        way = (person, other) if kind in ("merged", "emptied") else (other, person)
        moved = moves.get(run, {}).get(way, [])
        came = kind != "emptied" and way[1] in life
        yield _Line(run, kind, person, other, event, moved if came else (), () if came else moved)


def _joined(
    life: Sequence[int], moves: _Moves, told: set[tuple[int, int, int | None]]
) -> Iterator[_Line]:
    """Records that came and went otherwise."""
    for run, ways in moves.items():
        joined: dict[int, list[int]] = defaultdict(list)
        left: dict[int, list[int]] = defaultdict(list)
        for (before, after), records in ways.items():
            if {(run, before, after), (run, after, before)} & told:
                continue
            if after in life and after is not None:
                joined[after] += records
            if before in life and before is not None:
                left[before] += records
        for person in sorted({*joined, *left}):
            yield _Line(run, "updated", person, joined=joined[person], left=left[person])


_CHANGED = """
WITH told AS (
    SELECT record, run, person, lead(run, 1, 4611686018427387904)
        OVER (PARTITION BY record ORDER BY run) AS until
    FROM membership
)
SELECT said.run, told.person, list(said.record ORDER BY said.record)
FROM (
    SELECT record, run, lag(run) OVER (PARTITION BY record ORDER BY version) AS before FROM record
    WHERE record IN (SELECT record FROM membership WHERE person IN (SELECT unnest(?)))
) AS said
JOIN told ON told.record = said.record AND told.run <= said.run AND said.run < told.until
WHERE said.before IS NOT NULL AND told.run < said.run AND told.person IN (SELECT unnest(?))
GROUP BY said.run, told.person ORDER BY ALL"""


def _changed(ledger: Ledger, life: Sequence[int]) -> Iterator[_Line]:
    """Records that said something new and stayed where they were."""
    for run, person, records in ledger.rows(_CHANGED, [life, life]):
        yield _Line(run, "changed", person, records=records)


_DECIDED = """
SELECT run, left_record, right_record, verdict FROM decision
WHERE left_record IN (SELECT record FROM membership WHERE person IN (SELECT unnest(?)))
    OR right_record IN (SELECT record FROM membership WHERE person IN (SELECT unnest(?)))
ORDER BY decision"""

_HOLDER = """
SELECT arg_max_null(person, run) FROM membership
WHERE record = ? AND run <= ? AND person IS NOT NULL"""


def _decided(ledger: Ledger, life: Sequence[int]) -> Iterator[_Line]:
    """What people said of the person's records, while they were its records."""
    for run, left, right, verdict in ledger.rows(_DECIDED, [life, life]):
        holders = [ledger.rows(_HOLDER, [record, run])[0][0] for record in (left, right)]
        for holder in holders:
            if holder in life:
                yield _Line(run, f"decided {verdict}", holder, records=(left, right))
                break


_RUNS = """
SELECT run, done_at, done_by, concat_ws(': ', 'undo of ' || undoes, note) AS note
FROM run WHERE run IN (SELECT unnest(?)) ORDER BY run"""

_CALLED = """
SELECT record, arg_max(record_id, version) FROM record
WHERE record IN (SELECT unnest(?)) GROUP BY record"""


def _table(ledger: Ledger, lines: Sequence[_Line]) -> pa.Table:
    runs = {run: told for run, *told in _run_rows(ledger, {line.run for line in lines})}
    numbers = {record for line in lines for record in (*line.joined, *line.left, *line.records)}
    called = dict(ledger.rows(_CALLED, [sorted(numbers)]))

    def names(records: Iterable[int]) -> list[str]:
        return [called.get(record, ERASED) for record in records]

    rows = [
        {
            "when": runs[line.run][0],
            "run": run_id(line.run),
            "event": event_id(line.event) if line.event else None,
            "kind": line.kind,
            "person_id": person_id(line.person),
            "other_person_id": person_id(line.other) if line.other is not None else None,
            "by": runs[line.run][1],
            "note": runs[line.run][2] or None,
            "joined": names(line.joined),
            "left": names(line.left),
            "records": names(line.records),
        }
        for line in lines
    ]
    return pa.Table.from_pylist(rows, _SCHEMA)


def _run_rows(ledger: Ledger, runs: Iterable[int]) -> list[tuple[object, ...]]:
    """Number, time, by and note of runs."""
    found = in_utc(ledger.table(_RUNS, [sorted(runs)]))
    return list(zip(*(column.to_pylist() for column in found.columns), strict=True))
