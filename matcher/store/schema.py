"""The tables of a store, as DuckDB keeps them: rows are added, none is changed.

Personal data stands in ``record``, ``identifier``, ``vendor_person`` and ``vendor_activity``, of
interactions in ``interaction``, ``contact`` and ``interaction_identifier``, and nowhere else, so
that it can be erased while the history stays whole. What holds now is a view. ``docs/store.md``
draws them.
"""

from __future__ import annotations

from matcher.records import CONSENT_COLUMNS, EXTERNAL_ID_COLUMNS, SINGLE_COLUMNS
from matcher.store.consent_views import TABLE as SILENCE
from matcher.store.consent_views import VIEWS as CONSENT_VIEWS
from matcher.store.interactions.tables import VIEWS as INTERACTION_VIEWS
from matcher.store.interactions.tables import tables as interaction_tables

FORMAT = "campaign-matcher identity store"
#: Of the tables; ``migrations`` brings older files up to it.
VERSION = 3

#: Emails and phones of a record that have a column; further ones go to ``more``.
_REPEATED = tuple(f"{name}{place}" for name in ("email", "phone") for place in range(1, 5))

#: What a record says, as it came: text or null.
CONTENT_COLUMNS: tuple[str, ...] = (
    *SINGLE_COLUMNS,
    *_REPEATED,
    *CONSENT_COLUMNS,
    *EXTERNAL_ID_COLUMNS,
)

_CONTENT = ",\n    ".join(f"{name} VARCHAR" for name in CONTENT_COLUMNS)

#: Of interactions; from version 2 on.
INTERACTION_TABLES = interaction_tables(CONTENT_COLUMNS)

TABLES: dict[str, str] = {
    "store": """CREATE TABLE store (
    format VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    salt BLOB NOT NULL,
    region VARCHAR NOT NULL
)""",
    "run": """CREATE TABLE run (
    run BIGINT NOT NULL,
    kind VARCHAR NOT NULL,
    done_at TIMESTAMPTZ NOT NULL,
    done_by VARCHAR,
    note VARCHAR,
    sources VARCHAR[],
    model INTEGER NOT NULL,
    records BIGINT NOT NULL,
    undoes VARCHAR
)""",
    "record": f"""CREATE TABLE record (
    version BIGINT NOT NULL,
    record BIGINT NOT NULL,
    run BIGINT NOT NULL,
    record_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    source_record_id VARCHAR,
    name BIGINT NOT NULL,
    content UBIGINT NOT NULL,
    {_CONTENT},
    more VARCHAR
)""",
    "withdrawal": """CREATE TABLE withdrawal (
    version BIGINT NOT NULL,
    run BIGINT NOT NULL,
    withdrawn BOOLEAN NOT NULL
)""",
    "identifier": """CREATE TABLE identifier (
    version BIGINT NOT NULL,
    kind VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    place TINYINT NOT NULL
)""",
    "membership": """CREATE TABLE membership (
    record BIGINT NOT NULL,
    person BIGINT,
    run BIGINT NOT NULL
)""",
    # Which records hang together by links, so that a new one need not look at all again.
    "component": """CREATE TABLE component (
    record BIGINT NOT NULL,
    component BIGINT NOT NULL,
    run BIGINT NOT NULL
)""",
    "event": """CREATE TABLE event (
    event BIGINT NOT NULL,
    run BIGINT NOT NULL,
    kind VARCHAR NOT NULL,
    person BIGINT NOT NULL,
    other_person BIGINT
)""",
    "decision": """CREATE TABLE decision (
    decision BIGINT NOT NULL,
    run BIGINT NOT NULL,
    left_record BIGINT NOT NULL,
    right_record BIGINT NOT NULL,
    verdict VARCHAR NOT NULL
)""",
    "model": """CREATE TABLE model (
    model INTEGER NOT NULL,
    run BIGINT NOT NULL,
    content VARCHAR NOT NULL,
    records BIGINT NOT NULL
)""",
    "frequency": """CREATE TABLE frequency (
    model INTEGER NOT NULL,
    hash UBIGINT NOT NULL,
    chance DOUBLE NOT NULL
)""",
    # What a vendor's own list (``matcher.store.lists``) has taken in, and by which rules. ``state``
    # is the run whose state it is in: that of an earlier run, where an undo led back to it.
    "vendor_list": """CREATE TABLE vendor_list (
    policy VARCHAR NOT NULL,
    run BIGINT NOT NULL,
    profile VARCHAR NOT NULL,
    options VARCHAR NOT NULL,
    "rows" BIGINT NOT NULL,
    state BIGINT NOT NULL
)""",
    # A row per version of a vendor's person; without content it is no longer held.
    "vendor_person": """CREATE TABLE vendor_person (
    policy VARCHAR NOT NULL,
    number BIGINT NOT NULL,
    run BIGINT NOT NULL,
    person_id VARCHAR,
    content VARCHAR,
    merged_into BIGINT
)""",
    "vendor_row": """CREATE TABLE vendor_row (
    policy VARCHAR NOT NULL,
    run BIGINT NOT NULL,
    "row" BIGINT NOT NULL,
    number BIGINT
)""",
    "vendor_event": """CREATE TABLE vendor_event (
    policy VARCHAR NOT NULL,
    run BIGINT NOT NULL,
    "row" BIGINT NOT NULL,
    outcome VARCHAR NOT NULL,
    rule VARCHAR NOT NULL,
    number BIGINT,
    other_number BIGINT,
    field VARCHAR,
    status_code BIGINT
)""",
    # What was done with somebody besides: an outreach, a note, a tagging. Of the list's own person,
    # or, where somebody without a key did it, of a person whom the list does not hold.
    "vendor_activity": """CREATE TABLE vendor_activity (
    policy VARCHAR NOT NULL,
    run BIGINT NOT NULL,
    activity_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    about VARCHAR,
    number BIGINT,
    person BIGINT,
    content VARCHAR
)""",
    "golden_rule": """CREATE TABLE golden_rule (
    run BIGINT NOT NULL,
    field VARCHAR NOT NULL,
    rule VARCHAR NOT NULL
)""",
    "silence": SILENCE,
    "forgotten": """CREATE TABLE forgotten (
    fingerprint BLOB NOT NULL,
    hint INTEGER NOT NULL,
    run BIGINT NOT NULL
)""",
    # Somebody forgotten in one run was taken in again, on purpose, by a later one.
    "brought_back": """CREATE TABLE brought_back (
    forgotten BIGINT NOT NULL,
    run BIGINT NOT NULL
)""",
    **INTERACTION_TABLES,
}

VIEWS: dict[str, str] = {
    # The last word on each version; a version is withdrawn by undo and by erasure.
    "withdrawn": """CREATE VIEW withdrawn AS
SELECT version FROM withdrawal GROUP BY version HAVING arg_max(withdrawn, run)""",
    "current_version": """CREATE VIEW current_version AS
SELECT max(version) AS version FROM record
WHERE version NOT IN (SELECT version FROM withdrawn) GROUP BY record""",
    "current_record": """CREATE VIEW current_record AS
SELECT record.* FROM record SEMI JOIN current_version USING (version)""",
    "current_membership": """CREATE VIEW current_membership AS
SELECT record, arg_max_null(person, run) AS person FROM membership
GROUP BY record HAVING arg_max_null(person, run) IS NOT NULL""",
    "current_decision": """CREATE VIEW current_decision AS
SELECT left_record, right_record, arg_max(verdict, decision) AS verdict,
    max(decision) AS decision
FROM decision GROUP BY left_record, right_record
HAVING arg_max(verdict, decision) <> 'withdrawn'""",
    "current_forgotten": """CREATE VIEW current_forgotten AS
SELECT * FROM forgotten WHERE run NOT IN (SELECT forgotten FROM brought_back)""",
    "person_record": """CREATE VIEW person_record AS
SELECT 'P' || person AS person_id, record_id, source, source_record_id
FROM current_record JOIN current_membership USING (record)""",
    "current_golden_rule": """CREATE VIEW current_golden_rule AS
SELECT field, arg_max(rule, run) AS rule FROM golden_rule GROUP BY field""",
    **CONSENT_VIEWS,
    **INTERACTION_VIEWS,
}
