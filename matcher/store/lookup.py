"""Finding what a user names: a person, also one that has merged, and a record by its id."""

from __future__ import annotations

from matcher.errors import StoreError, UnknownInStore
from matcher.store.ids import person_number
from matcher.store.ledger import Ledger

#: Comes after every run.
NOW = 2**62

#: What a person that merged, merged into: by its last event.
_LAST_EVENT = """
SELECT kind, other_person FROM event WHERE person = ? AND run <= ? ORDER BY event DESC LIMIT 1"""

#: Records that have or had the name, and what they are called now; null where withdrawn.
_NAMED = """
WITH named AS (SELECT DISTINCT record FROM record WHERE {condition})
SELECT record, arg_max(source, version) AS source,
    arg_max(record_id, version) FILTER (WHERE version NOT IN (SELECT version FROM withdrawn))
FROM record SEMI JOIN named USING (record) GROUP BY record ORDER BY record"""

_BY_RECORD_ID = _NAMED.format(condition="record_id = ?")
_BY_SOURCE = _NAMED.format(condition="source = ? AND source_record_id = ?")


def current_person(ledger: Ledger, person_id: str, run: int = NOW) -> int:
    """The number of a person; of the survivor, for ever, where that one has merged.

    Args:
        ledger: of the file.
        person_id: of the person.
        run: after which it is asked; the last one by default.

    Raises:
        UnknownInStore: there was never such a person, or not yet.
    """
    person = person_number(person_id)
    while True:
        last = ledger.rows(_LAST_EVENT, [person, run])
        if not last:
            then = "" if run == NOW else " then"
            raise UnknownInStore(f"there is no person {person_id} in this store{then}.")
        kind, other = last[0]
        if kind != "merged":
            return person
        person = other


def record_number(ledger: Ledger, record_id: str) -> int:
    """The number of a live record, by its ``record_id`` or as ``source:source_record_id``.

    Raises:
        UnknownInStore: there is no such record, or it has been withdrawn.
        StoreError: records of several sources are called that.
    """
    found = ledger.rows(_BY_RECORD_ID, [record_id])
    live = [(record, source) for record, source, called in found if called == record_id]
    source, colon, own = record_id.partition(":")
    if not live and colon:
        found += ledger.rows(_BY_SOURCE, [source, own])
        live = [(record, source) for record, source, called in found if called is not None]
    if len(live) > 1:
        sources = ", ".join(sorted(source for _, source in live))
        raise StoreError(
            f"{len(live)} records are called {record_id!r}, of {sources};"
            " give source:source_record_id."
        )
    if not live:
        raise UnknownInStore(
            f"the record {record_id!r} has been withdrawn."
            if found
            else f"there is no record {record_id!r} in this store."
        )
    return int(live[0][0])
