"""What vendors' lists hold of somebody who is forgotten."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from matcher.store.ledger import Ledger

#: People of lists whose records these are, and all who were merged into them.
_OF_RECORDS = """
WITH RECURSIVE named AS (
    SELECT DISTINCT source AS policy, source_record_id AS person_id FROM record
    WHERE record IN (SELECT unnest(?::BIGINT[]))
        AND record_id = source || '_list:' || source_record_id
),
of_person(policy, number) AS (
    SELECT policy, number FROM vendor_person SEMI JOIN named USING (policy, person_id)
    UNION
    SELECT vendor_person.policy, vendor_person.number FROM vendor_person
    JOIN of_person ON vendor_person.policy = of_person.policy
        AND merged_into = of_person.number
)
SELECT policy, number FROM of_person ORDER BY policy, number"""


def people_of(ledger: Ledger, records: Sequence[int]) -> pa.Table:
    """The people of lists that some records are, by ``policy`` and ``number``.

    Args:
        ledger: of the file.
        records: numbers of records.
    """
    return ledger.table(_OF_RECORDS, [list(records)])


def rows_of(ledger: Ledger, people: pa.Table) -> int:
    """How many versions of these people the lists have."""
    found = ledger.rows(
        "SELECT count(content) FROM vendor_person"
        " WHERE (policy, number) IN (SELECT unnest(?::VARCHAR[]), unnest(?::BIGINT[]))",
        [people["policy"].to_pylist(), people["number"].to_pylist()],
    )
    return int(found[0][0])


def activities_of(ledger: Ledger, people: pa.Table, persons: Sequence[int]) -> int:
    """How much is told of what was done with these people of lists, and with these persons."""
    found = ledger.rows(
        "SELECT count(content) FROM vendor_activity WHERE person IN (SELECT unnest(?::BIGINT[]))"
        " OR (policy, number) IN (SELECT unnest(?::VARCHAR[]), unnest(?::BIGINT[]))",
        [list(persons), people["policy"].to_pylist(), people["number"].to_pylist()],
    )
    return int(found[0][0])
