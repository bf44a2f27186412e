"""Which interactions may go to VAN, and what stands in the way of the others.

VAN knows a person by an id that is unique only within a state and an instance, so an interaction
may go where it has exactly one id that is of its own state and of the instance it is to go to
(IX-08): the id that its sender gave, or that of the voter-file record of whom it was linked to.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from matcher.errors import OptionError
from matcher.reading.states import STATES, state_codes
from matcher.store.frames import in_utc
from matcher.store.ledger import Ledger

INSTANCES = ("my_voters", "my_campaign")
#: What may stand in the way.
HELD_BACK = (
    "unmatched", "review", "invalid", "erased",
    "no VAN id", "another state", "another instance", "several VAN ids", "state unknown",
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where an id of VAN is to be known.

    Attributes:
        instance: ``my_voters``, the voter file, or ``my_campaign``.
        state: two letters, of interactions that do not say theirs; ``None`` where that is unknown.
    """

    instance: str = INSTANCES[0]
    state: str | None = None

    @classmethod
    def of(cls, instance: str, state: str | None) -> Place:
        """The same, from what a user wrote.

        Raises:
            OptionError: there is no such instance or state.
        """
        if instance not in INSTANCES:
            known = ", ".join(INSTANCES)
            raise OptionError(f"There is no instance {instance!r} of VAN; use one of {known}.")
        code = None if state is None else STATES.get(state.strip().upper())
        if state is not None and code is None:
            raise OptionError(f"There is no state {state!r}; give two letters, like MA.")
        return cls(instance, code)


_SPELLINGS = "SELECT DISTINCT state_code FROM current_interaction WHERE state_code IS NOT NULL"

#: Ids of VAN that persons have, and those that senders gave.
_KNOWN = """
WITH spelt AS (SELECT unnest(?::VARCHAR[]) AS written, unnest(?::VARCHAR[]) AS code),
wanted AS (SELECT ?::VARCHAR AS instance, ?::VARCHAR AS code),
van AS (
    SELECT DISTINCT person, split_part(value, ':', 1) AS instance,
        split_part(value, ':', 2) AS code, split_part(value, ':', 3) AS id
    FROM identifier JOIN current_record USING (version) JOIN current_membership USING (record)
    WHERE kind IN ('van_id', 'van_my_campaign_id') AND split_part(value, ':', 3) <> ''
),
here AS (
    SELECT person, code, count(*) AS ids, min(id) AS id, string_agg(id, ', ' ORDER BY id) AS told
    FROM van SEMI JOIN wanted USING (instance) GROUP BY person, code
),
anywhere AS (
    SELECT person, bool_or(instance = (SELECT instance FROM wanted)) AS in_instance,
        string_agg(DISTINCT place, ', ' ORDER BY place) AS told
    FROM (SELECT *, replace(instance, 'unknown', 'an unknown instance') || ' of '
        || replace(code, 'unknown', 'an unknown state') AS place FROM van)
    GROUP BY person
),
came AS (
    SELECT it.version, it.interaction, it.interaction_id, it.source, it.file, it.line,
        it.occurred_at, it.state_code, now.status, now.person, now.reason,
        list_sort(list_distinct(
            [each.id FOR each IN person_ids IF upper(each."type") = 'VAN'])) AS given,
        coalesce(spelt.code, CASE WHEN it.state_code IS NULL THEN wanted.code END) AS said
    FROM current_interaction AS it JOIN current_link AS now USING (interaction)
    LEFT JOIN spelt ON spelt.written = it.state_code CROSS JOIN wanted
),
asked AS (
    SELECT came.*, coalesce(len(given), 0) AS gave, own.id AS own_id, own.instance AS own_instance,
        own.code AS own_code, coalesce(said, own.code) AS code
    FROM came LEFT JOIN (
        SELECT version,
            CASE WHEN qualified THEN split_part(id, ':', 3) ELSE id END AS id,
            CASE WHEN qualified THEN nullif(split_part(id, ':', 1), 'unknown') END AS instance,
            CASE WHEN qualified THEN nullif(upper(split_part(id, ':', 2)), 'UNKNOWN') END AS code
        FROM (SELECT version, given[1] AS id,
                regexp_full_match(given[1], '[^:]+:[^:]+:[^:]+') AS qualified
            FROM came WHERE len(given) = 1)
    ) AS own USING (version)
)"""

_JUDGED = f"""{_KNOWN}
SELECT version, 'I' || interaction AS interaction, interaction_id, source, file, line, occurred_at,
    state_code, status, 'P' || asked.person AS person_id,
    CASE WHEN why IS NULL THEN coalesce(own_id, here_id) END AS van_id,
    CASE WHEN why IS NULL THEN CASE WHEN gave = 1 THEN 'given' ELSE 'linked' END END AS known_by,
    why AS held_back,
    CASE why
        WHEN 'invalid' THEN reason
        WHEN 'erased' THEN reason
        WHEN 'unmatched' THEN reason
        WHEN 'review' THEN reason
        WHEN 'state unknown' THEN CASE WHEN state_code IS NULL
            THEN 'it has no stateCode, and a VAN id is one of a state'
            ELSE 'its stateCode is that of no state' END
        WHEN 'several VAN ids' THEN CASE WHEN gave > 1
            THEN 'its sender gave ' || array_to_string(given, ', ')
            ELSE 'the person has ' || here_told || ' in ' || code END
        WHEN 'another state' THEN CASE WHEN gave = 1
            THEN 'the VAN id given is one of ' || own_code || ', its stateCode ' || code
            ELSE 'the person has a VAN id in ' || told || ', not in ' || code END
        WHEN 'another instance' THEN CASE WHEN gave = 1
            THEN 'the VAN id given is one of ' || own_instance
            ELSE 'the person has a VAN id in ' || told END
        WHEN 'no VAN id' THEN 'the person it is linked to has none'
    END AS reason
FROM (
    SELECT asked.*, here.id AS here_id, here.told AS here_told, anywhere.told,
        CASE
            WHEN status IN ('invalid', 'erased') THEN status
            WHEN gave > 1 THEN 'several VAN ids'
            WHEN gave = 0 AND status <> 'linked' THEN status
            WHEN gave = 0 AND anywhere.person IS NULL THEN 'no VAN id'
            WHEN asked.code IS NULL THEN 'state unknown'
            WHEN gave = 1 THEN CASE
                WHEN own_instance <> wanted.instance THEN 'another instance'
                WHEN own_code <> asked.code THEN 'another state' END
            WHEN here.ids = 1 THEN NULL
            WHEN here.ids > 1 THEN 'several VAN ids'
            WHEN in_instance THEN 'another state'
            ELSE 'another instance'
        END AS why
    FROM asked CROSS JOIN wanted LEFT JOIN here ON here.person = asked.person
        AND here.code = asked.code
    LEFT JOIN anywhere ON anywhere.person = asked.person
) AS asked
ORDER BY version"""  # noqa: S608 - constants

_COUNTED = f"SELECT count(*) FROM ({_JUDGED}) WHERE held_back IS NULL"  # noqa: S608 - constants


def readiness(ledger: Ledger, place: Place) -> pa.Table:
    """Every interaction, with its id in VAN or why it is held back.

    Returns:
        ``version, interaction, interaction_id, source, file, line, occurred_at, state_code, status,
        person_id, van_id, known_by`` (``given`` or ``linked``)``, held_back`` (a word; null where
        it may go)``, reason`` (in words), in the order in which they came.
    """
    return in_utc(ledger.table(_JUDGED, _values(ledger, place)))


def ready_count(ledger: Ledger, place: Place) -> int:
    """How many interactions may go."""
    return int(ledger.rows(_COUNTED, _values(ledger, place))[0][0])


def _values(ledger: Ledger, place: Place) -> list[object]:
    """What the query needs: how states are spelt here, and where the ids are to be known."""
    written = [text for (text,) in ledger.rows(_SPELLINGS)]
    codes = state_codes(pa.array([text.strip() for text in written], pa.string())).to_pylist()
    return [written, codes, place.instance, place.state]
