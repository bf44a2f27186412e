# ruff: noqa: S608 - the queries are made of constants alone
"""What must hold in every store, as queries that find where it does not.

Each query gives one column: the ids at fault, as a user would name them. Records are named by
number where their text may be gone.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One thing that must hold.

    Attributes:
        name: one word for it.
        broken: what is wrong where it does not, in words.
        remedy: what to do then.
        query: finds where it does not.
    """

    name: str
    broken: str
    remedy: str
    query: str


_RESTORE = "something else has written to the file: restore a backup from before"
_RESOLVE = "store.retrain() resolves every record anew; if it stays, restore a backup"
_RELINK = "store.link_interactions() looks at every interaction anew"
_AGAIN = "forget the person again, which writes the file anew"

#: Where numbers stand that a row of another table must explain: table, column, and by what.
_REFERENCES = (
    ("record", "run", "SELECT run FROM run"),
    ("withdrawal", "run", "SELECT run FROM run"),
    ("membership", "run", "SELECT run FROM run"),
    ("component", "run", "SELECT run FROM run"),
    ("event", "run", "SELECT run FROM run"),
    ("decision", "run", "SELECT run FROM run"),
    ("model", "run", "SELECT run FROM run"),
    ("forgotten", "run", "SELECT run FROM run WHERE kind = 'forget'"),
    ("brought_back", "run", "SELECT run FROM run"),
    ("silence", "run", "SELECT run FROM run WHERE kind = 'forget'"),
    ("brought_back", "forgotten", "SELECT run FROM forgotten"),
    ("vendor_list", "run", "SELECT run FROM run"),
    ("vendor_person", "run", "SELECT run FROM vendor_list"),
    ("vendor_row", "run", "SELECT run FROM vendor_list"),
    ("vendor_row", "number", "SELECT number FROM vendor_person"),
    ("vendor_event", "run", "SELECT run FROM vendor_list"),
    ("vendor_activity", "run", "SELECT run FROM vendor_list"),
    ("vendor_activity", "number", "SELECT number FROM vendor_person"),
    ("vendor_activity", "person", "SELECT person FROM event"),
    ("identifier", "version", "SELECT version FROM record"),
    ("interaction", "run", "SELECT run FROM run"),
    ("contact", "version", "SELECT version FROM interaction"),
    ("interaction_identifier", "version", "SELECT version FROM interaction"),
    ("link", "run", "SELECT run FROM run"),
    ("link", "interaction", "SELECT interaction FROM interaction"),
    ("link", "person", "SELECT person FROM event"),
    ("link_candidate", "link", "SELECT link FROM link"),
    ("frequency", "model", "SELECT model FROM model"),
    ("run", "model", "SELECT model FROM model UNION ALL SELECT 1"),
    ("membership", "person", "SELECT person FROM event"),
    ("record", "record", "SELECT record FROM membership"),
    ("component", "record", "SELECT record FROM membership"),
    ("decision", "left_record", "SELECT record FROM membership"),
    ("decision", "right_record", "SELECT record FROM membership"),
)
#: Numbers that one row at most may have.
_UNIQUE = (
    ("run", "run"), ("record", "version"), ("event", "event"), ("decision", "decision"),
    ("model", "model"), ("membership", "record, run"), ("component", "record, run"),
    ("withdrawal", "version, run"), ("vendor_list", "policy, run"),
    ("vendor_person", "policy, number, run"), ("golden_rule", "field, run"),
)  # fmt: skip

_FIRST = "(SELECT person, min(event) AS event FROM event GROUP BY person)"
_LAST = "(SELECT person, arg_max(kind, event) AS kind FROM event GROUP BY person)"
_ERASED = "SELECT version FROM withdrawal JOIN run USING (run) WHERE kind = 'forget' AND withdrawn"

RULES: tuple[Rule, ...] = (
    Rule(
        "numbers",
        "the store says several things of itself, or none",
        _RESTORE,
        "SELECT 'store' FROM store HAVING count(*) <> 1",
    ),
    Rule(
        "one person",
        "records belong to nobody, though they count",
        _RESOLVE,
        "SELECT record_id FROM current_record"
        " WHERE record NOT IN (SELECT record FROM current_membership)",
    ),
    Rule(
        "one person",
        "records belong to somebody, though they were withdrawn",
        _RESOLVE,
        "SELECT 'record ' || record FROM current_membership"
        " WHERE record NOT IN (SELECT record FROM current_record)",
    ),
    Rule(
        "history",
        "persons have records, though the history says that they are no more, or never were",
        _RESTORE,
        f"SELECT DISTINCT 'P' || person FROM current_membership LEFT JOIN {_LAST} USING (person)"
        " WHERE kind IS NULL OR kind IN ('merged', 'emptied')",
    ),
    Rule(
        "history",
        "persons have no records, though the history says that they are there",
        _RESTORE,
        f"SELECT 'P' || person FROM {_LAST} WHERE kind NOT IN ('merged', 'emptied')"
        " AND person NOT IN (SELECT person FROM current_membership)",
    ),
    Rule(
        "history",
        "the life of persons does not begin where it should, or begins twice",
        _RESTORE,
        f"SELECT DISTINCT 'P' || person FROM event LEFT JOIN {_FIRST} AS first"
        " USING (event, person) WHERE (kind IN ('created', 'split')) <> (first.event IS NOT NULL)",
    ),
    Rule(
        "history",
        "persons merged into one that there never was",
        _RESTORE,
        "SELECT 'P' || person FROM event WHERE kind IN ('merged', 'split')"
        " AND (other_person IS NULL OR other_person NOT IN (SELECT person FROM event))",
    ),
    Rule(
        "decisions",
        "records are one person, though somebody said that they are different",
        _RESOLVE,
        "SELECT 'P' || one.person FROM current_decision"
        " JOIN current_membership AS one ON one.record = left_record"
        " JOIN current_membership AS other ON other.record = right_record"
        " WHERE verdict = 'different' AND one.person = other.person",
    ),
    Rule(
        "consent",
        "addresses count as free to use, though somebody said no and nobody a newer yes",
        "open the store once with this campaign-matcher for writing, and repeat",
        """WITH no AS (
            SELECT channel, address, max(moment) AS moment FROM consent_statement
            WHERE status <> 'subscribed' GROUP BY ALL),
        yes AS (
            SELECT channel, address, max(moment) AS moment FROM consent_statement
            WHERE status = 'subscribed' GROUP BY ALL)
        SELECT DISTINCT free.person_id || ' (' || free.channel || ')' FROM contactable AS free
        LEFT JOIN no USING (channel, address) LEFT JOIN yes USING (channel, address)
        WHERE yes.channel IS NULL OR yes.moment IS NULL AND no.channel IS NOT NULL
            OR no.moment >= yes.moment""",
    ),
    Rule(
        "erasure",
        "records are there that were erased",
        _AGAIN,
        f"SELECT DISTINCT 'record ' || record FROM record WHERE version IN ({_ERASED})",
    ),
    Rule(
        "erasure",
        "emails, phones or ids are there that were erased",
        _AGAIN,
        f"SELECT DISTINCT 'version ' || version FROM identifier WHERE version IN ({_ERASED})",
    ),
    Rule(
        "numbers",
        "records go by several names, or several by one",
        _RESTORE,
        "SELECT 'record ' || min(record) FROM record GROUP BY name"
        " HAVING count(DISTINCT record) > 1"
        " UNION ALL SELECT 'record ' || record FROM record GROUP BY record"
        " HAVING count(DISTINCT name) > 1",
    ),
    Rule(
        "lists",
        "people of a vendor's list are no records, or are records and no longer in the list",
        _RESTORE,
        """WITH held AS (
    SELECT policy, arg_max(person_id, run) AS person_id, arg_max_null(content, run) AS content
    FROM vendor_person GROUP BY policy, number
),
person AS (
    SELECT policy, person_id, bool_or(content IS NOT NULL) AS is_held FROM held
    WHERE person_id IS NOT NULL GROUP BY policy, person_id
)
SELECT policy || ':' || person_id FROM person
LEFT JOIN current_record ON record_id = policy || '_list:' || person_id
WHERE is_held <> (version IS NOT NULL)""",
    ),
    Rule(
        "interactions",
        "interactions are neither linked, nor in review, unmatched, invalid or erased",
        _RELINK,
        "SELECT DISTINCT 'I' || interaction FROM interaction"
        " WHERE interaction NOT IN (SELECT interaction FROM link)",
    ),
    Rule(
        "interactions",
        "interactions are linked to persons who do not have the record by which they were",
        _RELINK,
        "SELECT 'I' || interaction FROM current_link AS link"
        " LEFT JOIN current_membership AS now USING (record)"
        " WHERE status = 'linked' AND now.person IS DISTINCT FROM link.person",
    ),
    Rule(
        "erasure",
        "interactions are there that were erased",
        _AGAIN,
        "SELECT DISTINCT 'I' || interaction FROM interaction"
        " JOIN current_link USING (interaction) LEFT JOIN contact USING (version)"
        " WHERE status = 'erased' AND (raw IS NOT NULL OR contact.version IS NOT NULL)",
    ),
    *(
        Rule(
            "numbers",
            f"numbers of {table} are there twice ({columns})",
            _RESTORE,
            f"SELECT concat_ws(' in run ', {columns})::VARCHAR FROM {table} GROUP BY {columns}"
            " HAVING count(*) > 1",
        )
        for table, columns in _UNIQUE
    ),
    *(
        Rule(
            "references",
            f"rows of {table} name a {column} that there is not",
            _RESTORE,
            f"SELECT DISTINCT '{column} ' || {column} FROM {table}"
            f" WHERE {column} IS NOT NULL AND {column} NOT IN ({known})",
        )
        for table, column, known in _REFERENCES
    ),
)
