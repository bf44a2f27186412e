"""The people of a store: all of them as a table, one of them in full, and counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from matcher.errors import UnknownInStore
from matcher.golden import GoldenRecords
from matcher.golden_rules import GoldenRule, Written, golden_rules
from matcher.store.holding import held_records, run_times
from matcher.store.ids import person_id
from matcher.store.ledger import Ledger
from matcher.store.lookup import current_person
from matcher.store.person import Person
from matcher.store.session import Session
from matcher.store.telling import tell

_CROSSWALK = """SELECT record_id, source, source_record_id, 'P' || person AS person_id
FROM current_record JOIN current_membership USING (record) ORDER BY version"""
_RULES = "SELECT field, rule FROM current_golden_rule ORDER BY field"
_SOURCES = "SELECT source, count(*) FROM current_record GROUP BY source ORDER BY source"
_INTERACTIONS = "SELECT status, count(*) FROM current_link GROUP BY status ORDER BY status"
_SIZES = """SELECT count(*), count(*) FILTER (WHERE records > 1), coalesce(max(records), 0)
FROM (SELECT count(*) AS records FROM current_membership GROUP BY person)"""
_COUNTS = """SELECT (SELECT count(*) FROM record), (SELECT count(*) FROM run),
    (SELECT count(*) FROM event), (SELECT count(*) FROM current_decision)"""


def person(session: Session, asked: str) -> Person:
    """One person in full; see ``matcher.store.Store.person``."""
    with session.reading() as ledger:
        number = current_person(ledger, asked)
        held = held_records(ledger, session.region, session.extras, [number])
        if not held.records.count:
            raise UnknownInStore(f"the person {person_id(number)} has no record any more.")
        came = run_times(ledger)
        return tell(held, came, rules_in_force(ledger))


def everybody(session: Session) -> tuple[GoldenRecords, pa.Table]:
    """The golden records and the crosswalk of one moment."""
    with session.reading() as ledger:
        held = held_records(ledger, session.region, session.extras)
        rules, crosswalk = rules_in_force(ledger), ledger.table(_CROSSWALK)
    return GoldenRecords(held, held.person_ids, rules, "person_id"), crosswalk


def people_table(session: Session) -> pa.Table:
    """The golden record of every person; see ``matcher.store.Store.people``."""
    return everybody(session)[0].table()


def crosswalk_table(session: Session) -> pa.Table:
    """Which person each live record belongs to; see ``matcher.store.Store.crosswalk``."""
    with session.reading() as ledger:
        return ledger.table(_CROSSWALK)


def rules_in_force(ledger: Ledger) -> dict[str, GoldenRule]:
    """The golden rules that a user set, by field."""
    written = {field: json.loads(rule) for field, rule in ledger.rows(_RULES)}
    rules = golden_rules(written, extras=tuple(written))
    return {field: rule for field, rule in rules.items() if rule is not None}


def set_golden_rules(
    session: Session, written: Mapping[str, Written], by: str | None, note: str | None
) -> dict[str, str | list[str]]:
    """Sets golden rules; see ``matcher.store.Store.set_golden_rules``."""
    golden_rules(written, extras=tuple(session.extras))
    with session.writing():
        if written:
            with session.ledger.transaction():
                run = session.ledger.add_run(session.run("golden_rules", by, note))
                fields = list(written)
                rules = [json.dumps(_plain(written[field])) for field in fields]
                session.ledger.add("golden_rule", {"run": run, "field": fields, "rule": rules})
    return golden_rules_set(session)


def golden_rules_set(session: Session) -> dict[str, str | list[str]]:
    """The rules in force; see ``matcher.store.Store.golden_rules``."""
    with session.reading() as ledger:
        return {field: rule.written for field, rule in rules_in_force(ledger).items()}


def _plain(rule: Written) -> str | list[str]:
    return rule if isinstance(rule, str) else list(rule)


def stats(session: Session) -> dict[str, Any]:
    """Counts; see ``matcher.store.Store.stats``."""
    with session.reading() as ledger:
        persons, several, largest = ledger.rows(_SIZES)[0]
        versions, runs, events, decisions = ledger.rows(_COUNTS)[0]
        times = run_times(ledger)
        sources = dict(ledger.rows(_SOURCES))
        interactions = dict(ledger.rows(_INTERACTIONS))
    path = session.file.place
    return {
        "persons": persons,
        "persons_of_several_records": several,
        "largest_person": largest,
        "records": sum(sources.values()),
        "records_by_source": sources,
        "record_versions": versions,
        "runs": runs,
        "events": events,
        "decisions": decisions,
        "interactions": sum(interactions.values()),
        "interactions_by_status": interactions,
        "model": session.kept.model.version,
        "last_run_at": max(times.values(), default=None),
        "file_bytes": path.stat().st_size if path.exists() else 0,
    }
