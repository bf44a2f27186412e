"""Unknown contacts: unmatched interactions that were with one and the same stranger.

Contacts are weighed against each other as records are, by the same model; those that are one by
their evidence, and that an email, phone, address or id ties together, are one unknown contact.
When records tie one of them to a person, the others are linked through it where the evidence is
strong enough (``linking``); those that are not have that person beside them: who they were, most
likely.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matcher import outputs
from matcher.clustering import components
from matcher.golden import GoldenRecords
from matcher.records import EXTERNAL_ID_COLUMNS
from matcher.store.decided import NOTHING_DECIDED
from matcher.store.frames import frame, in_utc
from matcher.store.holding import held_in
from matcher.store.interactions.outcomes import LINKED, UNMATCHED
from matcher.store.interactions.weighing import known_by
from matcher.store.ledger import Ledger
from matcher.store.resolving import resolve
from matcher.store.schema import CONTENT_COLUMNS
from matcher.store.session import Session

if TYPE_CHECKING:
    import pandas as pd

Ints = npt.NDArray[np.int64]

#: Emails, and phones, of a prospect; as many as reading takes from a row without being told.
_MOST = 4
#: What a prospect says, under names that reading recognises.
_SINGLE = (
    "first_name", "middle_name", "last_name", "suffix", "full_name", "address_line1",
    "address_line2", "city", "region", "postal_code", "country",
)  # fmt: skip

#: Of golden records: what is told elsewhere, and ids, which say nothing of a stranger.
_NOT_SAID = frozenset(
    {
        "unknown_contact", "record_count", "updated_at", "entity_type", "sources",
        "email", "phone", *EXTERNAL_ID_COLUMNS,
    }
)  # fmt: skip

_CONTACTS = f"""SELECT 'I' || it.interaction || ':' || place AS record_id, contact.source,
    NULL::VARCHAR AS source_record_id,
    {", ".join(name for name in CONTENT_COLUMNS if name != "updated_at")},
    strftime(it.occurred_at AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ') AS updated_at,
    more, contact.version, it.run, asked.unknown AS person
FROM current_interaction AS it JOIN contact ON contact.version = it.version
JOIN (SELECT unnest(?::BIGINT[]) AS interaction, unnest(?::BIGINT[]) AS unknown) AS asked
    ON asked.interaction = it.interaction
ORDER BY contact.version, place"""  # noqa: S608 - constants

_GROUPS = """SELECT 'U' || unknown AS unknown_contact,
    'P' || any_value(nullif(person, -1)) AS person_id, count(*) AS interactions,
    list('I' || it.interaction ORDER BY it.interaction) AS interaction_list,
    min(occurred_at) AS first_at, max(occurred_at) AS last_at,
    first(state_code ORDER BY occurred_at DESC NULLS LAST, it.interaction)
        FILTER (WHERE state_code IS NOT NULL) AS state_code
FROM current_interaction AS it
JOIN (SELECT unnest(?::BIGINT[]) AS interaction, unnest(?::BIGINT[]) AS unknown,
    unnest(?::BIGINT[]) AS person) AS asked ON asked.interaction = it.interaction
GROUP BY unknown ORDER BY unknown"""


@dataclass(frozen=True)
class _Groups:
    """Unmatched interactions and the unknown contact of each.

    Attributes:
        interactions: int64, ascending.
        unknown: int64 per interaction, the smallest number of an interaction of its group.
        persons: int64 per interaction, whom another one of its group is linked to; -1 for nobody,
            or several.
    """

    interactions: Ints
    unknown: Ints
    persons: Ints


@dataclass(frozen=True)
class Prospects:
    """Unknown contacts, written as records that ``ingest`` takes in.

    Attributes:
        table: one row each, under names that reading recognises; ``records`` is a frame of them.
        known: unknown contacts that were left out, for a person is linked who may be they.
        unreachable: unknown contacts that were left out, for they gave no email, phone or address.
        path: of the file, where one was written.
    """

    table: pa.Table
    known: int = 0
    unreachable: int = 0
    path: Path | None = None

    @property
    def records(self) -> pd.DataFrame:
        """One row each, under names that reading recognises."""
        return frame(self.table)

    def to_dict(self) -> dict[str, Any]:
        """Counts and the file, as ``--json`` prints them."""
        path = None if self.path is None else str(self.path)
        interactions = pc.sum(self.table["interactions"]).as_py() or 0
        return {
            "prospects": self.table.num_rows, "interactions": interactions,
            "probably_known": self.known, "unreachable": self.unreachable, "file": path,
        }  # fmt: skip

    def __str__(self) -> str:
        told = self.to_dict()
        lines = [f"prospects: {told['prospects']:,}, of {told['interactions']:,} interactions"]
        if self.known:
            lines.append(f"left out: {self.known:,} who are probably persons already")
        if self.unreachable:
            lines.append(f"left out: {self.unreachable:,} without an email, phone or address")
        return "\n".join(lines)


def unknown_contacts_table(session: Session) -> pa.Table:
    """Unknown contacts; see ``matcher.store.Store.unknown_contacts``."""
    groups = _grouped(session)
    with session.reading() as ledger:
        return _told(session, ledger, groups)


def prospects(session: Session, path: Path | None) -> Prospects:
    """Unknown contacts as records; see ``matcher.store.Store.prospects``."""
    found = unknown_contacts_table(session)
    strangers = found.filter(pc.is_null(found["person_id"]))
    table = _as_records(strangers.filter(_reachable(strangers)))
    if path is not None:
        with outputs.open_folder(path.parent) as fresh:
            outputs.write_csv(fresh / path.name, outputs.in_parts(table))
    known, unreachable = found.num_rows - strangers.num_rows, strangers.num_rows - table.num_rows
    return Prospects(table, known, unreachable, path)


def _grouped(session: Session) -> _Groups:
    """Which unmatched interactions were with one stranger."""
    with session.lock:
        contacts = session.contacts
        waiting = contacts.with_status(UNMATCHED)
        slots = contacts.slots(waiting)
        if not len(slots):
            none = np.zeros(0, np.int64)
            return _Groups(none, none, none)
        found = resolve(contacts.population, session.model, NOTHING_DECIDED, slots)
        whose = contacts.interactions(found.slots)
        comparisons = session.model.model.weights.comparisons
        identified, _ = known_by(comparisons, found.evidence)
        tied = identified[found.evidence.which]
        tied &= found.clusters[found.left] == found.clusters[found.right]
        status, person = contacts.statuses(whose), contacts.persons(whose)
    numbers, place = np.unique(whose, return_inverse=True)
    left, right = place[found.left[tied]], place[found.right[tied]]
    group = components(len(numbers), left, right)  # the smallest number comes first
    linked = status == LINKED
    known = _one_person(group[place[linked]], person[linked], len(numbers))
    chosen = np.flatnonzero(np.isin(numbers, waiting))
    return _Groups(numbers[chosen], numbers[group[chosen]], known[group[chosen]])


def _one_person(groups: Ints, persons: Ints, count: int) -> Ints:
    """The person that all linked interactions of a group are linked to; -1 for none or several."""
    lowest, highest = np.full(count, np.iinfo(np.int64).max), np.full(count, -1)
    np.minimum.at(lowest, groups, persons)
    np.maximum.at(highest, groups, persons)
    return np.where(lowest == highest, highest, -1)


def _told(session: Session, ledger: Ledger, groups: _Groups) -> pa.Table:
    """What is known of each unknown contact."""
    asked = [groups.interactions.tolist(), groups.unknown.tolist()]
    table = in_utc(ledger.table(_GROUPS, [*asked, groups.persons.tolist()]))
    held = held_in(ledger.table(_CONTACTS, asked), session.region, session.extras)
    if not table.num_rows:
        return table
    numbers = pa.array(held.persons).cast(pa.string())
    ids = pc.binary_join_element_wise("U", numbers, "")
    golden = GoldenRecords(held, ids, {}, "unknown_contact").table()
    place = pc.index_in(table["unknown_contact"], golden["unknown_contact"])
    names = [name for name in golden.column_names if not _left_out(name)]
    for name in names:
        table = table.append_column(name, golden[name].take(place))
    return table


def _left_out(name: str) -> bool:
    """Whether a column of golden records says nothing of a stranger."""
    return name.endswith("_from") or name in _NOT_SAID


def _reachable(found: pa.Table) -> pa.Array:
    """Who gave an email, a phone or an address."""
    given = pa.array(np.zeros(found.num_rows, np.bool_))
    for name in ("emails", "phones"):
        if name in found.column_names:
            given = pc.or_(given, pc.greater(pc.list_value_length(found[name]), 0))
    if "address_line1" in found.column_names:
        given = pc.or_(given, pc.is_valid(found["address_line1"]))
    return given


def _as_records(found: pa.Table) -> pa.Table:
    """Unknown contacts under the names that reading knows."""
    columns = {
        "source_record_id": found["unknown_contact"],
        **{name: found[name] for name in _SINGLE if name in found.column_names},
    }
    for name in ("email", "phone"):
        if f"{name}s" in found.column_names:
            values = found[f"{name}s"].combine_chunks()
            columns |= {f"{name}{n + 1}": _nth(values, n) for n in range(_MOST)}
    return pa.table(
        {
            **columns,
            "state_code": found["state_code"],
            "updated_at": found["last_at"],
            "first_contact": found["first_at"],
            "interactions": found["interactions"],
        }
    )


def _nth(lists: pa.ListArray, place: int) -> pa.StringArray:
    """One value of each list, null where it has not so many."""
    return pc.list_element(pc.list_slice(lists, place, place + 1, return_fixed_size_list=True), 0)
