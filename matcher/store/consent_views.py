"""Who may be written to or rung, as views: they hold for plain DuckDB too.

A statement stands in a consent column of some version of a record and belongs to an address or
number, so no merge and no split moves it. A yes is about the record's first address, a no about
all of its addresses. Every no about an address holds, whoever's record it stands in, until a yes
about the same address that is newer by the statements' own times (``updated_at``). What a careful
reader of dates has to assume:

- a no without a date was said when it came; a yes without one lifts nothing;
- a no of a day was said at its end, a yes of a day at its start;
- nothing was said after it came.

What a person who was forgotten said no about stays so: their statements are kept without the
address, by its salted hash, and hold where the address is another's too or comes back.

Words that nobody can read count as a no (``unclear``), but for those that say nothing.
"""

# ruff: noqa: S608 - statements are put together of constants alone

from __future__ import annotations

from matcher.consent import BOUNCING, PREVIOUS_BOUNCE, RESTRICTION, SUBSCRIBED, UNSUBSCRIBED, WORDS

#: Channel -> the column that tells, and the kind of identifier that it tells of.
CHANNELS: dict[str, tuple[str, str]] = {
    "email": ("email_consent", "email"),
    "sms": ("sms_consent", "phone"),
    "phone": ("phone_consent", "phone"),
}

UNCLEAR = "unclear"

#: As ``matcher.consent.plain_words`` writes them: neither a yes nor a no.
_NOTHING = (
    "", "unknown", "none", "null", "n/a", "na", "pending", "not set", "unset", "never subscribed",
    "non subscribed", "not yet subscribed", "?", "-",
)  # fmt: skip
#: What a mailbox does is about that mailbox; what a person says is about all of theirs.
_OF_ONE_MAILBOX = (SUBSCRIBED, BOUNCING, PREVIOUS_BOUNCE)

_TOLD = {**WORDS, **dict.fromkeys(_NOTHING, "nothing")}
_WORD_ROWS = ", ".join(f"('{words}', '{status}')" for words, status in sorted(_TOLD.items()))
_GRAVITY = " ".join(
    f"WHEN '{status}' THEN {gravity}" for status, gravity in RESTRICTION.items() if status
)
#: Beside a refusal in plain words, one that nobody can read.
_GRAVITY = f"CASE status {_GRAVITY} ELSE {RESTRICTION[UNSUBSCRIBED]} END"

_SAID = " UNION ALL ".join(
    f"SELECT version, record, run, record_id, source, updated_at, '{channel}' AS channel,"
    f" '{kind}' AS kind, {column} AS words FROM record WHERE {column} IS NOT NULL"
    for channel, (column, kind) in CHANNELS.items()
)
_PLAIN = r"regexp_replace(trim(regexp_replace(lower(words), '[-_ ]+', ' ', 'g')), '\.0$', '')"
#: What reading makes of a column that says not to ring.
_DO_NOT = "do not call=%"

#: Of an address, where it is not to be kept itself.
FINGERPRINT = "sha256(concat((SELECT hex(salt) FROM store), kind, ':', value))"

#: What is kept of the statements of people who were forgotten.
TABLE = """CREATE TABLE silence (
    channel VARCHAR NOT NULL,
    fingerprint VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    at_latest TIMESTAMP NOT NULL,
    own TIMESTAMP NOT NULL,
    run BIGINT NOT NULL
)"""
#: The last no about each address that one of some versions of records tells.
SILENCED = f"""SELECT channel, {FINGERPRINT} AS fingerprint, arg_max(status, moment) AS status,
    max(moment)[1] AS at_latest, max(moment)[2] AS own
FROM (SELECT *, address AS value FROM told_statement)
WHERE status <> '{SUBSCRIBED}' AND version IN (SELECT unnest(?::BIGINT[]))
GROUP BY channel, kind, value"""

VIEWS: dict[str, str] = {
    # One row per statement about one address that stands in a record: who said what, and when.
    "told_statement": rf"""CREATE VIEW told_statement AS
WITH said AS ({_SAID}),
word(plain, status) AS (VALUES {_WORD_ROWS}),
told AS (
    SELECT said.*, plain_words,
        CASE WHEN plain_words LIKE '{_DO_NOT}' THEN '{UNSUBSCRIBED}'
            ELSE coalesce(word.status, '{UNCLEAR}') END AS status
    FROM (SELECT *, {_PLAIN} AS plain_words FROM said) AS said
    LEFT JOIN word ON word.plain = plain_words
),
dated AS (
    SELECT told.*, make_timestamp(epoch_us(done_at)) AS came,
        try_cast(updated_at AS TIMESTAMP) AS own,
        try_cast(updated_at AS TIMESTAMP) + CASE WHEN length(updated_at) <= 10
            THEN INTERVAL 86399999 MILLISECONDS ELSE INTERVAL 0 SECONDS END AS own_at_latest
    FROM told JOIN run USING (run)
    WHERE status <> 'nothing' AND version NOT IN (SELECT version FROM withdrawn)
)
SELECT channel, kind, value AS address, status, words, record, record_id, source, version, place,
    to_timestamp(epoch_us(own) / 1000000) AS said_at,
    to_timestamp(epoch_us(came) / 1000000) AS came_at,
    CASE WHEN status <> '{SUBSCRIBED}'
            THEN row(least(coalesce(own_at_latest, came), came), coalesce(own_at_latest, came))
        WHEN own IS NOT NULL THEN row(least(own, came), own)
    END AS moment
FROM dated JOIN identifier USING (version, kind)
WHERE place = 1 OR status NOT IN ({", ".join(f"'{status}'" for status in _OF_ONE_MAILBOX)})""",
    # The same, with what is kept of people who were forgotten: of these, no record.
    "consent_statement": f"""CREATE VIEW consent_statement AS
SELECT * FROM told_statement UNION ALL BY NAME
SELECT channel, value AS address, status, to_timestamp(epoch_us(own) / 1000000) AS said_at,
    to_timestamp(epoch_us(at_latest) / 1000000) AS came_at, row(at_latest, own) AS moment
FROM silence JOIN (SELECT DISTINCT kind, value FROM identifier WHERE kind IN ('email', 'phone'))
    ON fingerprint = {FINGERPRINT}""",
    # The last no about each address that anybody said no about.
    "refusal": f"""CREATE VIEW refusal AS
SELECT channel, address, max(moment) AS moment
FROM consent_statement WHERE status <> '{SUBSCRIBED}' GROUP BY channel, address""",
    # One row per address that anything was said about, and what holds.
    "address_consent": f"""CREATE VIEW address_consent AS
WITH opted_in AS (
    SELECT channel, address, max(moment) AS moment
    FROM consent_statement WHERE status = '{SUBSCRIBED}' GROUP BY channel, address
),
standing AS (
    SELECT said.*, {_GRAVITY} AS gravity FROM consent_statement AS said
    LEFT JOIN opted_in USING (channel, address)
    LEFT JOIN refusal USING (channel, address)
    WHERE CASE WHEN status = '{SUBSCRIBED}'
        THEN refusal.moment IS NULL OR said.moment > refusal.moment
        ELSE opted_in.moment IS NULL OR said.moment >= opted_in.moment END
)
SELECT channel, address, arg_max(status, row(gravity, moment)) AS status,
    arg_max(coalesce(said_at, came_at), row(gravity, moment)) AS since,
    arg_max(source, row(gravity, moment)) AS source,
    arg_max(record_id, row(gravity, moment)) AS record_id
FROM standing GROUP BY channel, address""",
    # Emails and numbers of live records, and whose they are.
    "person_identifier": """CREATE VIEW person_identifier AS
SELECT 'P' || person AS person_id, kind, value, record_id, source, record, version, place
FROM identifier JOIN current_record USING (version) JOIN current_membership USING (record)""",
    # Which record lets an address or number of its own be used. It depends on what records say,
    # and not on who they are: a merge or a split changes nothing here.
    "contactable_record": f"""CREATE VIEW contactable_record AS
WITH free AS (
    SELECT said.channel, said.kind, said.address, said.record, said.source, said.record_id,
        coalesce(said.said_at, said.came_at) AS since
    FROM told_statement AS said LEFT JOIN refusal USING (channel, address)
    WHERE status = '{SUBSCRIBED}' AND (refusal.moment IS NULL OR said.moment > refusal.moment)
)
SELECT channel, address, free.record, max(since) AS since, free.source, free.record_id,
    held.version, held.place
FROM free JOIN current_record AS held_record ON held_record.record = free.record
JOIN identifier AS held
    ON held.version = held_record.version AND held.kind = free.kind AND held.value = free.address
GROUP BY ALL""",
    # Nobody else may be written to or rung.
    "contactable": """CREATE VIEW contactable AS
SELECT channel, 'P' || person AS person_id, address,
    arg_max(since, row(since, record)) AS since, arg_max(source, row(since, record)) AS source,
    arg_max(record_id, row(since, record)) AS record_id,
    arg_max(version, row(since, record)) AS version, arg_max(place, row(since, record)) AS place
FROM contactable_record JOIN current_membership USING (record)
GROUP BY channel, person, address""",
}
