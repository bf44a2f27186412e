"""Rows that came in and rows of the file, as records for the state."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matcher.content import content_hashes
from matcher.normalise import normalise
from matcher.records import RawRecords, Records
from matcher.store.ledger import Ledger, from_more, to_more
from matcher.store.naming import Named
from matcher.store.schema import CONTENT_COLUMNS
from matcher.store.state import State

Ints = npt.NDArray[np.int64]

#: How a file writes dates is known only while all of it is there, so they are kept as ISO texts.
_SETTLED = ("birth_date", "updated_at")
_FIXED = ("record_id", "source", "source_record_id", "file", "row")


def come_apart(raw: pa.Table) -> bool:
    """Whether each record is of a file of its own, so that none says anything of the others."""
    files = int(pc.count_distinct(raw["file"].combine_chunks().indices).as_py())
    return files == int(raw.num_rows)


def settled(raw: pa.Table, records: Records) -> pa.Table:
    """The raw table with what only the whole of a file tells: ISO texts for the dates that could be
    read, and which records are organisations.
    """
    raw = _with_entity_types(raw, records)
    for name in _SETTLED:
        if name in raw.column_names and name in records.columns:
            place = raw.column_names.index(name)
            read = pc.coalesce(records.columns[name].texts(), raw[name].combine_chunks())
            raw = raw.set_column(place, name, read)
    return raw


def _with_entity_types(raw: pa.Table, records: Records) -> pa.Table:
    """The raw table, in which every organisation that has but one name is said to be one."""
    if not records.organisation.any() or "full_name" not in raw.column_names:
        return raw
    told = raw["entity_type"] if "entity_type" in raw.column_names else None
    told = pa.nulls(raw.num_rows, pa.string()) if told is None else told.combine_chunks()
    known = pa.array(records.organisation)
    type_of = pc.if_else(pc.and_(known, pc.is_null(told)), "organization", told.cast(pa.string()))
    if told.null_count == raw.num_rows and "entity_type" not in raw.column_names:
        return raw.append_column("entity_type", type_of)
    return raw.set_column(raw.column_names.index("entity_type"), "entity_type", type_of)


def record_rows(
    raw: pa.Table, named: Named, numbers: Ints, versions: Ints, run: int
) -> dict[str, pa.Array | Ints]:
    """The rows of the table ``record``, by column."""
    further = [c for c in raw.column_names if c not in CONTENT_COLUMNS and c not in _FIXED]
    columns = {
        name: raw[name].combine_chunks() for name in CONTENT_COLUMNS if name in raw.column_names
    }
    if further:
        columns["more"] = to_more(raw, further)
    return {
        "version": versions,
        "record": numbers,
        "run": np.full(len(numbers), run),
        "record_id": named.record_ids,
        "source": raw["source"].combine_chunks(),
        "source_record_id": raw["source_record_id"].combine_chunks(),
        "name": named.names,
        "content": named.content,
        **columns,
    }


def identifier_rows(records: Records, versions: Ints) -> dict[str, pa.Array | Ints]:
    """The rows of the table ``identifier``, by column: emails, phones, addresses and ids."""
    kinds = [("email", place, column) for place, column in enumerate(records.emails, 1)]
    kinds += [("phone", place, column) for place, column in enumerate(records.phones, 1)]
    kinds += [("address", 1, records.columns["address"])] if "address" in records.columns else []
    kinds += [(system, 1, column) for system, column in records.external_ids.items()]
    whose, names, values, places = [], [], [], []
    for kind, place, column in kinds:
        rows = np.flatnonzero(column.codes >= 0)
        whose.append(versions[rows])
        names.append(pa.repeat(pa.scalar(kind, pa.string()), len(rows)))
        values.append(column.values.take(pa.array(column.codes[rows])))
        places.append(np.full(len(rows), place, np.int8))
    if not kinds:
        return {"version": np.zeros(0, np.int64)}
    return {
        "version": np.concatenate(whose),
        "kind": pa.concat_arrays(names),
        "value": pa.concat_arrays(values),
        "place": np.concatenate(places),
    }


def load_state(ledger: Ledger, region: str, extra: Mapping[str, str]) -> State:
    """What the file knows, in memory.

    Args:
        ledger: of the file.
        region: country of phones that name none.
        extra: further columns to compare, and how.
    """
    state = State()
    state.decisions = ledger.decisions()
    count = ledger.rows("SELECT coalesce(max(record), -1) + 1 FROM membership")[0][0]
    state.make_room(int(count))
    live, all_live = _live_rows(ledger)
    take_in(state, live, region, extra)
    del live
    if not all_live:
        retired = ledger.table(_RETIRED)
        state.name(retired["record"].to_numpy(), retired["name"].to_numpy())
    hanging = ledger.table(HANGING)
    state.set_components(hanging["record"].to_numpy(), hanging["component"].to_numpy())
    members = ledger.table("SELECT record, person FROM current_membership")
    state.set_persons(members["record"].to_numpy(), members["person"].to_numpy())
    return state


def _live_rows(ledger: Ledger) -> tuple[pa.Table, bool]:
    """The live rows of the table ``record`` in the order of versions, and whether it has no others.

    Only columns in which somebody says something are read, which is most of what reading costs.
    """
    counts = ", ".join(f"count({name})" for name in CONTENT_COLUMNS)
    told = ledger.rows(f"SELECT {counts} FROM record")[0]  # noqa: S608 - names of the schema
    silent = [name for name, count in zip(CONTENT_COLUMNS, told, strict=True) if not count]
    but = f"EXCLUDE ({', '.join(silent)})" if silent else ""
    numbers = ledger.table("SELECT record FROM record")["record"].to_numpy()
    all_live = not ledger.rows("SELECT version FROM withdrawn LIMIT 1")
    all_live = all_live and int(np.bincount(numbers).max(initial=0)) <= 1
    table = "record" if all_live else "current_record"
    rows = ledger.table(f"SELECT * {but} FROM {table}")  # noqa: S608 - as above
    versions = rows["version"].to_numpy()
    if (versions[1:] < versions[:-1]).any():
        rows = rows.take(pa.array(np.argsort(versions))).combine_chunks()
    return rows, all_live


#: Which records hang together now: the component of each.
HANGING = "SELECT record, arg_max(component, run) AS component FROM component GROUP BY record"

#: Names that belong to records without a live version: who comes under one is that record again.
_RETIRED = """
SELECT DISTINCT record, name FROM record
WHERE record NOT IN (SELECT record FROM current_record) ORDER BY record"""


def take_in(state: State, held: pa.Table, region: str, extra: Mapping[str, str]) -> Ints:
    """Versions of records become the live ones.

    Args:
        state: takes them in.
        held: rows of the table ``record``.
        region: country of phones that name none.
        extra: further columns to compare, and how.

    Returns:
        their slots.
    """
    if not held.num_rows:
        return np.zeros(0, np.int64)
    raw = RawRecords(as_read(held))
    records, _ = normalise(raw, default_region=region, extra=extra, apart=True)
    named = Named(
        held["name"].to_numpy(), held["content"].to_numpy(), held["record_id"].combine_chunks()
    )
    numbers, versions = held["record"].to_numpy(), held["version"].to_numpy()
    return state.add(records, content_hashes(records), named, numbers, versions)


def as_read(held: pa.Table) -> pa.Table:
    """Rows of the table ``record`` as reading gives them: no column without a value."""
    columns = {
        name: held[name]
        for name in ("record_id", "source", "source_record_id", *CONTENT_COLUMNS)
        if name in held.column_names and (held[name].null_count < held.num_rows or name in _FIXED)
    }
    here = pa.nulls(held.num_rows, pa.int32()).fill_null(0)
    fixed = {
        "file": pa.DictionaryArray.from_arrays(here, pa.array(["the store"])),
        "row": held["version"],
    }
    return pa.table({**columns, **fixed, **from_more(held["more"])})
