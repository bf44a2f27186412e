"""Interactions that came in, as rows of the file; and contacts of the file, in memory again."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matcher.normalise import normalise
from matcher.records import RawRecords, Records
from matcher.store.interactions.contacts import Contacts
from matcher.store.interactions.outcomes import first_of
from matcher.store.interactions.tables import STATUSES
from matcher.store.ledger import Ledger, from_more, to_more
from matcher.store.loading import identifier_rows
from matcher.store.schema import CONTENT_COLUMNS

Ints = npt.NDArray[np.int64]

#: Of the rows that reading hands over: where they stand, not what they say.
_PLACE = ("row", "place", "record_id", "source", "source_record_id", "file")
#: Values of one kind that are counted; further ones share the last place.
_MOST_PLACES = 127
#: So many contacts are read back together.
_TOGETHER = 200_000

#: What an interaction says, as reading hands it over and as the table has it.
KEPT = (
    "source", "interaction_id", "file", "line", "occurred_at", "state_code", "person_ids",
    "handles", "channel_type", "channel_value", "raw",
)  # fmt: skip


def as_records(contacts: pa.Table, region: str, extra: Mapping[str, str]) -> Records:
    """Contacts, normalised as records are.

    Args:
        contacts: canonical columns, with ``source``.
        region: country of phones that name none.
        extra: further columns that the store compares.
    """
    count = contacts.num_rows
    known = {
        name: contacts[name] for name in contacts.column_names
        if name not in _PLACE and contacts[name].null_count < count
    }  # fmt: skip
    here = pa.nulls(count, pa.int32()).fill_null(0)
    table = pa.table(
        {
            "record_id": pa.array(np.arange(count)).cast(pa.string()),
            "source": contacts["source"],
            "source_record_id": pa.nulls(count, pa.string()),
            "file": pa.DictionaryArray.from_arrays(here, pa.array(["interactions"])),
            "row": pa.array(np.arange(1, count + 1)),
            **known,
        }
    )
    return normalise(RawRecords(table), default_region=region, extra=extra, apart=True)[0]


def contact_rows(contacts: pa.Table, versions: Ints) -> dict[str, pa.Array | Ints]:
    """The rows of the table ``contact``, by column.

    Args:
        contacts: as reading hands them over.
        versions: of the interaction of each.
    """
    further = [c for c in contacts.column_names if c not in (*CONTENT_COLUMNS, *_PLACE)]
    columns = {
        name: contacts[name].combine_chunks()
        for name in CONTENT_COLUMNS
        if name in contacts.column_names
    }
    if further:
        columns["more"] = to_more(contacts, further)
    return {
        "version": versions,
        "place": contacts["place"].to_numpy().astype(np.int16),
        "source": contacts["source"].combine_chunks(),
        **columns,
    }


def contact_identifiers(records: Records, versions: Ints) -> dict[str, pa.Array | Ints]:
    """The rows of the table ``interaction_identifier``, by column.

    An interaction with several addresses has several contacts, which share what else it says: each
    value stands once, ``place`` counts those of one kind.
    """
    made = identifier_rows(records, np.arange(records.count))
    if "kind" not in made or not len(made["kind"]):
        return {"version": np.zeros(0, np.int64)}
    version = versions[np.asarray(made["version"])]
    kinds, values = (_numbered(pa.array(made[name])) for name in ("kind", "value"))
    order = np.lexsort((np.asarray(made["version"]), made["place"], values, kinds, version))
    fresh = first_of(version[order], kinds[order], values[order])
    chosen = np.sort(order[fresh])
    order = np.lexsort((chosen, kinds[chosen], version[chosen]))
    chosen = chosen[order]
    first = np.flatnonzero(first_of(version[chosen], kinds[chosen]))
    place = np.arange(len(chosen)) - np.repeat(first, np.diff(np.append(first, len(chosen))))
    return {
        "version": version[chosen],
        "kind": pa.array(made["kind"]).take(pa.array(chosen)),
        "value": pa.array(made["value"]).take(pa.array(chosen)),
        "place": np.minimum(place + 1, _MOST_PLACES).astype(np.int8),
    }


def _numbered(texts: pa.Array) -> Ints:
    """A number per text, equal where texts are."""
    numbers: Ints = texts.dictionary_encode().indices.to_numpy().astype(np.int64)
    return numbers


_NAMED = """SELECT interaction, arg_max(name, version) AS name, arg_max(content, version) AS content
FROM interaction GROUP BY interaction ORDER BY interaction"""
_OUTCOMES = """SELECT interaction, outcome, status, coalesce(person, -1) AS person,
    CASE WHEN through IS NULL THEN coalesce(person, -1) ELSE -1 END AS direct,
    CASE WHEN through IS NULL THEN coalesce(record, -1) ELSE -1 END AS direct_record
FROM current_link ORDER BY interaction"""
_CONTACTS = """SELECT interaction, name, contact.* FROM contact
JOIN current_interaction USING (version) ORDER BY contact.version, contact.place"""


def load_contacts(ledger: Ledger, region: str, extra: Mapping[str, str]) -> Contacts:
    """What the file knows of interactions, in memory.

    Args:
        ledger: of the file.
        region: country of phones that name none.
        extra: further columns that the store compares.
    """
    contacts = Contacts()
    named = ledger.table(_NAMED)
    if not named.num_rows:
        return contacts
    contacts.name(*(named[name].to_numpy() for name in ("interaction", "name", "content")))
    found = ledger.table(_OUTCOMES)
    statuses = pc.index_in(found["status"].combine_chunks(), pa.array(STATUSES)).to_numpy()
    contacts.set_outcomes(
        found["interaction"].to_numpy(), found["outcome"].to_numpy(),
        statuses.astype(np.int8), found["person"].to_numpy(),
    )  # fmt: skip
    contacts.set_direct(
        found["interaction"].to_numpy(), found["direct"].to_numpy(),
        found["direct_record"].to_numpy(),
    )  # fmt: skip
    held = ledger.table(_CONTACTS)
    for start in range(0, held.num_rows, _TOGETHER):
        some = held.slice(start, _TOGETHER).combine_chunks()
        further = from_more(some["more"])
        table = pa.table({**{n: some[n] for n in ("source", *CONTENT_COLUMNS)}, **further})
        records = as_records(table, region, extra)
        contacts.add(records, some["interaction"].to_numpy(), some["name"].to_numpy())
    return contacts
