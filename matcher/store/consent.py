"""Who may be written to or rung, what was said about it, and what a merge would do to it.

The rule is in ``matcher.store.consent_views``; here it is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from matcher.errors import OptionError
from matcher.store.consent_views import CHANNELS
from matcher.store.frames import frame, in_utc
from matcher.store.holding import held_records, run_times
from matcher.store.ids import person_id
from matcher.store.ledger import Ledger
from matcher.store.lookup import current_person
from matcher.store.person import Conflict
from matcher.store.session import Session
from matcher.store.telling import conflicts

if TYPE_CHECKING:
    import pandas as pd

#: An address as it stands in the record, where that is an address and no more.
_WRITTEN = """CASE WHEN channel = 'email' AND regexp_full_match(lower(trim(typed)),
        '[^\\s@<>(),;:"\\\\\\[\\]]+@[^\\s@<>(),;:"\\\\\\[\\]]+\\.[a-z0-9-]+')
    THEN lower(trim(typed)) ELSE address END"""
_CONTACTABLE = f"""WITH free AS (SELECT * FROM contactable WHERE channel = ?),
typed AS (
    SELECT free.*, CASE place WHEN 1 THEN email1 WHEN 2 THEN email2 WHEN 3 THEN email3
        WHEN 4 THEN email4 END AS typed
    FROM free JOIN record USING (version)
)
SELECT person_id, {_WRITTEN} AS address, address AS identifier, since, source, record_id
FROM typed ORDER BY CAST(substr(person_id, 2) AS BIGINT), address"""  # noqa: S608 - constants

#: The emails and numbers of some persons, once for each way in which they can be used.
_OWN = """SELECT DISTINCT person_id, channel, value AS address FROM person_identifier
JOIN (VALUES ('email', 'email'), ('sms', 'phone'), ('phone', 'phone')) AS way(channel, kind)
    USING (kind)
WHERE list_contains(?::VARCHAR[], person_id)"""
#: In the queries below the addresses come as values, so that no view is made for all addresses.
_HELD = """WITH held AS (
    SELECT unnest(?::VARCHAR[]) AS person_id, unnest(?::VARCHAR[]) AS channel,
        unnest(?::VARCHAR[]) AS address
)"""
_AMONG = "(SELECT * FROM {view} WHERE list_contains(?::VARCHAR[], address))"
_CONSENT = f"""{_HELD}
SELECT held.channel, held.address, standing.status,
    coalesce(free.person_id IS NOT NULL, false) AS contactable,
    said.status AS said, said.words, said.said_at, said.came_at, said.source, said.record_id,
    'P' || member.person AS person_id
FROM held
LEFT JOIN {_AMONG.format(view="address_consent")} AS standing USING (channel, address)
LEFT JOIN {_AMONG.format(view="contactable")} AS free USING (channel, address, person_id)
LEFT JOIN {_AMONG.format(view="consent_statement")} AS said USING (channel, address)
LEFT JOIN current_membership AS member ON member.record = said.record
ORDER BY held.channel, held.address, said.moment, said.version"""  # noqa: S608 - constants

_NOW = f"""{_HELD}
SELECT channel, address, person_id, free.since, free.source, free.record_id
FROM held JOIN {_AMONG.format(view="contactable")} AS free USING (channel, address, person_id)
ORDER BY channel, address, person_id"""  # noqa: S608 - constants
#: The same by the records of all of them as one.
_THEN = f"""{_HELD}
SELECT channel, address, max(since) AS since, arg_max(source, row(since, record)) AS source,
    arg_max(record_id, row(since, record)) AS record_id
FROM {_AMONG.format(view="contactable_record")} JOIN current_membership USING (record)
WHERE 'P' || person IN (SELECT person_id FROM held)
GROUP BY channel, address ORDER BY channel, address"""  # noqa: S608 - constants
_REFUSED = f"""{_HELD}
SELECT channel, address, person_id, status, since, source, record_id
FROM held JOIN {_AMONG.format(view="address_consent")} AS standing USING (channel, address)
WHERE status <> 'subscribed' ORDER BY channel, address, person_id"""  # noqa: S608 - constants

_ADDRESS = ("channel", "address")
_PERSON = ("channel", "person_id")


@dataclass(frozen=True)
class MergePreview:
    """What would follow if two persons were one. Prints as a few lines.

    Attributes:
        person_ids: the two.
        conflicts: fields on which their records would disagree.
        contactable: what could be used then: ``channel, address, since, source, record_id``.
        newly_contactable: of these, what cannot be used now: nothing, for no merge lifts a no and
            none adds a yes.
        refused: addresses and numbers that may not be used: ``channel, address, person_id`` (whose
            they are now), ``status, since, source, record_id``.
        cautions: where one of the two said no at an address of theirs and can be reached in the
            same way at none now, but could be at one of the other's; a sentence each.
    """

    person_ids: tuple[str, str]
    conflicts: tuple[Conflict, ...]
    contactable: pd.DataFrame
    newly_contactable: pd.DataFrame
    refused: pd.DataFrame
    cautions: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON but for the times."""
        return {
            "person_ids": list(self.person_ids),
            "conflicts": {
                each.field: [(told.record_id, told.value) for told in each.told]
                for each in self.conflicts
            },
            "contactable": self.contactable.to_dict("records"),
            "newly_contactable": self.newly_contactable.to_dict("records"),
            "refused": self.refused.to_dict("records"),
            "cautions": list(self.cautions),
        }

    def __str__(self) -> str:
        one, other = self.person_ids
        lines = [f"{one} and {other} as one person:"]
        for conflict in self.conflicts:
            told = ", ".join(f"{each.value} ({each.record_id})" for each in conflict.told)
            lines.append(f"disagree on {conflict.field}: {told}")
        for row in self.contactable.itertuples():
            lines.append(f"may be used for {row.channel}: {row.address}")
        for row in self.refused.itertuples():
            lines.append(f"may not be used for {row.channel}: {row.address} ({row.status})")
        count = len(self.newly_contactable)
        lines.append(f"addresses and numbers that the merge would free: {count or 'none'}")
        return "\n".join([*lines, *self.cautions])


def contactable_table(session: Session, channel: str) -> pa.Table:
    """Who may be reached; see ``matcher.store.Store.contactable``."""
    _check(channel)
    with session.reading() as ledger:
        return in_utc(ledger.table(_CONTACTABLE, [channel]))


def consent_table(session: Session, asked: str) -> pa.Table:
    """What was said about a person's addresses; see ``matcher.store.Store.consent``."""
    with session.reading() as ledger:
        person = person_id(current_person(ledger, asked))
        own = _Own(ledger, [person])
        return own.ask(_CONSENT, among=3)


def preview_merge(session: Session, one: str, other: str) -> MergePreview:
    """What a merge would do; see ``matcher.store.Store.preview_merge``."""
    with session.reading() as ledger:
        numbers = [current_person(ledger, asked) for asked in (one, other)]
        if numbers[0] == numbers[1]:
            raise OptionError(f"{one} and {other} are one person already.")
        ids = [person_id(number) for number in numbers]
        own = _Own(ledger, ids)
        now, then, refused = (own.ask(query) for query in (_NOW, _THEN, _REFUSED))
        held = held_records(ledger, session.region, session.extras, numbers)
        came = run_times(ledger)
    free_now = set(zip(*_columns(now, _ADDRESS), strict=True))
    fresh = [key not in free_now for key in zip(*_columns(then, _ADDRESS), strict=True)]
    return MergePreview(
        (ids[0], ids[1]),
        conflicts(held, came),
        frame(then),
        frame(then.filter(pa.array(fresh, pa.bool_()))),
        frame(refused),
        tuple(_cautions(ids, now, refused)),
    )


class _Own:
    """Asks about the addresses and numbers of some persons."""

    def __init__(self, ledger: Ledger, persons: Sequence[str]) -> None:
        self._ledger = ledger
        self._columns = _columns(ledger.table(_OWN, [list(persons)]), (*_PERSON[::-1], "address"))

    def ask(self, query: str, among: int = 1) -> pa.Table:
        """The answer of a query that narrows so many views down to these addresses."""
        addresses = self._columns[-1]
        return in_utc(self._ledger.table(query, [*self._columns, *[addresses] * among]))


def _cautions(ids: Sequence[str], now: pa.Table, refused: pa.Table) -> Iterator[str]:
    reached, said_no = (set(zip(*_columns(each, _PERSON), strict=True)) for each in (now, refused))
    for one, other in (ids, ids[::-1]):
        for channel in CHANNELS:
            silent = (channel, one) in said_no and (channel, one) not in reached
            if silent and (channel, other) in reached:
                yield (
                    f"{one} said no to {channel} and can be reached by it nowhere now; as one with"
                    f" {other}, it could be where {other} said yes."
                )


def _columns(table: pa.Table, names: Sequence[str]) -> list[list[str]]:
    return [table.column(name).to_pylist() for name in names]


def _check(channel: str) -> None:
    if channel not in CHANNELS:
        raise OptionError(f"{channel!r} is no channel; choose {', '.join(CHANNELS)}.")
