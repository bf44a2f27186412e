"""The people of a list as one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, islice
from operator import itemgetter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.policies.collector import paused_collector
from matcher.policies.consent import RESTRICTION
from matcher.policies.contacts import Address, Email, Phone
from matcher.policies.history import History
from matcher.policies.memory_list import MemoryList
from matcher.policies.people import Person

#: People turned into columns at a time.
_CHUNK = 50_000
#: The address of an email, the number of a phone.
_FIRST = itemgetter(0)
_NO_TEXTS = pa.nulls(0, pa.string())

_ADDRESS = pa.struct(
    [
        ("line1", pa.string()),
        ("line2", pa.string()),
        ("city", pa.string()),
        ("region", pa.string()),
        ("postal_code", pa.string()),
        ("country", pa.string()),
        ("country_assumed", pa.bool_()),
        ("primary", pa.bool_()),
        ("kind", pa.string()),
    ]
)
_SCHEMA = pa.schema(
    [
        ("person_id", pa.string()),
        ("entity_type", pa.string()),
        ("prefix", pa.string()),
        ("first_name", pa.string()),
        ("middle_name", pa.string()),
        ("last_name", pa.string()),
        ("suffix", pa.string()),
        ("organization", pa.string()),
        ("emails", pa.list_(pa.string())),
        ("phones", pa.list_(pa.string())),
        ("addresses", pa.list_(_ADDRESS)),
        ("identifiers", pa.list_(pa.string())),
        ("tags", pa.list_(pa.string())),
        ("email_consent", pa.string()),
        ("sms_consent", pa.string()),
        ("phone_consent", pa.string()),
    ]
)


def people_table(
    people: MemoryList, history: History, duplicates: Mapping[str, Sequence[str]]
) -> pa.Table:
    """One row per person, with the input rows that it is made of."""
    with paused_collector():
        return _with_rows(people, history, duplicates)


def _with_rows(
    people: MemoryList, history: History, duplicates: Mapping[str, Sequence[str]]
) -> pa.Table:
    everyone = iter(people.everyone())
    tables = []
    while chunk := list(islice(everyone, _CHUNK)):
        tables.append(_table(chunk))
    table = pa.concat_tables(tables) if tables else _SCHEMA.empty_table()
    ids = table.column("person_id")
    return table.append_column("rows", _rows(ids, people, history)).append_column(
        "possible_duplicate_of", _suggested(ids, duplicates)
    )


def as_cells(table: pa.Table) -> pa.Table:
    """The table with addresses on one line and numbers as text, so that lists fit into cells."""
    place = table.column_names.index("addresses")
    addresses = table.column("addresses").combine_chunks()
    parts = [pc.struct_field(addresses.flatten(), name) for name in Address._fields[:6]]
    lines = pc.binary_join_element_wise(*parts, ", ", null_handling="skip")
    offsets = pc.subtract(addresses.offsets, addresses.offsets[0])
    table = table.set_column(place, "addresses", pa.ListArray.from_arrays(offsets, lines))
    rows = table.column("rows").cast(pa.list_(pa.string()))
    return table.set_column(table.column_names.index("rows"), "rows", rows)


def _table(people: Sequence[Person]) -> pa.Table:
    """People as columns, one attribute at a time."""
    (
        ids, _, kinds, names, emails, phones, addresses, identifiers, tags, phone_consent, *_,
    ) = zip(*people, strict=True)  # fmt: skip
    prefix, first, middle, last, suffix, _, _, organization = zip(*names, strict=True)
    columns = [
        *(ids, kinds, prefix, first, middle, last, suffix, organization),
        _lists(emails, list(map(_FIRST, chain.from_iterable(emails)))),
        _lists(phones, list(map(_FIRST, chain.from_iterable(phones)))),
        _lists(addresses, _structs(list(chain.from_iterable(addresses)))),
        _lists(identifiers, list(map(str, chain.from_iterable(identifiers)))),
        _lists(tags, list(chain.from_iterable(tags))),
        *(_consents(emails), _consents(phones), phone_consent),
    ]
    arrays = [
        values if isinstance(values, pa.Array) else pa.array(values, field.type)
        for values, field in zip(columns, _SCHEMA, strict=True)
    ]
    return pa.table(arrays, schema=_SCHEMA)


def _lists(held: Sequence[Sequence[Any]], values: Any) -> pa.ListArray:
    """One list per person; ``values`` are those of all of them in turn."""
    offsets = np.zeros(len(held) + 1, np.int32)
    np.cumsum(np.fromiter(map(len, held), np.int32, len(held)), out=offsets[1:])
    flat = values if isinstance(values, pa.Array) else pa.array(values, pa.string())
    return pa.ListArray.from_arrays(pa.array(offsets), flat)


def _structs(addresses: Sequence[Address]) -> pa.StructArray:
    if not addresses:
        return pa.array([], _ADDRESS)
    parts = zip(*addresses, strict=True)
    arrays = [pa.array(part, field.type) for part, field in zip(parts, _ADDRESS, strict=True)]
    return pa.StructArray.from_arrays(arrays, fields=list(_ADDRESS))


def _consents(held: Sequence[Sequence[Email]] | Sequence[Sequence[Phone]]) -> list[str | None]:
    """What holds of the address of a channel; where several are kept, the least strict.

    A person can be written to as long as one of the addresses may be used.
    """
    return [
        entries[0].status if len(entries) == 1 else _least_strict(entries) if entries else None
        for entries in held
    ]


def _least_strict(entries: Sequence[Email] | Sequence[Phone]) -> str | None:
    told = [each.status for each in entries if each.status is not None]
    return min(told, key=lambda status: RESTRICTION.get(status, 0), default=None)


def _suggested(ids: pa.ChunkedArray, duplicates: Mapping[str, Sequence[str]]) -> pa.ListArray:
    """The ids that each person may be the same as."""
    if not duplicates:
        return pa.ListArray.from_arrays(pa.array(np.zeros(len(ids) + 1, np.int32)), _NO_TEXTS)
    held = [duplicates.get(person_id, ()) for person_id in ids.to_pylist()]
    return _lists(held, list(chain.from_iterable(held)))


def _rows(ids: pa.ChunkedArray, people: MemoryList, history: History) -> pa.Array:
    """The rows of each person, with merges applied."""
    owners = pa.array(history.owners, pa.string()).dictionary_encode()
    held = ids.combine_chunks()
    found = pc.index_in(owners.dictionary, held)
    absorbed = owners.dictionary.filter(pc.is_null(found)).to_pylist()
    today = pa.array([people.resolve(person_id) for person_id in absorbed], pa.string())
    found = pc.replace_with_mask(found, pc.is_null(found), pc.index_in(today, held))
    owner = found.take(owners.indices).to_numpy(zero_copy_only=False)
    order = np.argsort(owner, kind="stable")
    rows = np.array(history.rows, np.int64)[order]
    offsets = np.searchsorted(owner[order], np.arange(len(ids) + 1)).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(rows))
