"""The tables of interactions: what came, whom it names, and whom it was linked to, when and why.

Personal data stands in ``interaction``, ``contact`` and ``interaction_identifier`` alone; the rows
of ``link`` and ``link_candidate`` are numbers, levels and probabilities, and stay for ever.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

STATUSES = ("linked", "review", "unmatched", "invalid", "erased")


def tables(content_columns: Sequence[str]) -> Mapping[str, str]:
    """The statements that make the tables.

    Args:
        content_columns: what a contact may say of itself: the columns of a record.
    """
    content = ",\n    ".join(f"{name} VARCHAR" for name in content_columns)
    return {
        # A row per version: the same interaction may come again and say something new.
        "interaction": """CREATE TABLE interaction (
    version BIGINT NOT NULL,
    interaction BIGINT NOT NULL,
    run BIGINT NOT NULL,
    name BIGINT NOT NULL,
    content UBIGINT NOT NULL,
    source VARCHAR NOT NULL,
    interaction_id VARCHAR,
    file VARCHAR,
    line BIGINT,
    occurred_at TIMESTAMPTZ,
    state_code VARCHAR,
    person_ids STRUCT("type" VARCHAR, id VARCHAR)[],
    handles VARCHAR[],
    channel_type VARCHAR,
    channel_value VARCHAR,
    raw VARCHAR
)""",
        # Whom it was with, as it came; one row per address that it names.
        "contact": f"""CREATE TABLE contact (
    version BIGINT NOT NULL,
    place SMALLINT NOT NULL,
    source VARCHAR NOT NULL,
    {content},
    more VARCHAR
)""",
        "interaction_identifier": """CREATE TABLE interaction_identifier (
    version BIGINT NOT NULL,
    kind VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    place TINYINT NOT NULL
)""",
        # What was found each time that it was found differently; ``outcome`` tells all of it apart.
        # ``through`` is another interaction of the person, where that told more than any record.
        "link": """CREATE TABLE link (
    link BIGINT NOT NULL,
    interaction BIGINT NOT NULL,
    run BIGINT NOT NULL,
    status VARCHAR NOT NULL,
    person BIGINT,
    record BIGINT,
    through BIGINT,
    probability DOUBLE,
    reason VARCHAR NOT NULL,
    model INTEGER NOT NULL,
    outcome UBIGINT NOT NULL
)""",
        "link_candidate": """CREATE TABLE link_candidate (
    link BIGINT NOT NULL,
    place SMALLINT NOT NULL,
    person BIGINT NOT NULL,
    record BIGINT NOT NULL,
    probability DOUBLE NOT NULL,
    reason VARCHAR NOT NULL
)""",
    }


VIEWS: Mapping[str, str] = {
    "current_interaction": """CREATE VIEW current_interaction AS
SELECT interaction.* FROM interaction SEMI JOIN (
    SELECT max(version) AS version FROM interaction GROUP BY interaction) AS newest
    USING (version)""",
    "current_link": """CREATE VIEW current_link AS
SELECT link.* FROM link SEMI JOIN (
    SELECT max(link) AS link FROM link GROUP BY interaction) AS newest USING (link)""",
    "interaction_link": """CREATE VIEW interaction_link AS
SELECT 'I' || interaction AS interaction, interaction_id, it.source, occurred_at, status,
    'P' || person AS person_id, record_id, probability, reason
FROM current_interaction AS it JOIN current_link USING (interaction)
LEFT JOIN (SELECT record, arg_max(record_id, version) AS record_id FROM record GROUP BY record)
    AS named USING (record)""",
}
