"""Interactions as rows of a table: judged by the same rules as far as a table can break them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matcher.interactions.batches import SCHEMA, SOURCE, InteractionBatch
from matcher.interactions.contact_rows import contact_table
from matcher.interactions.gathering import (
    LOST_TIME,
    Options,
    canonical_json,
    digest,
    hashes,
    id_lists,
    lists,
    named,
)
from matcher.interactions.table_columns import Columns, TableColumns, as_json
from matcher.interactions.times import moments
from matcher.policies.interactions.validation import E164, odd_phones
from matcher.reading.inputs import Input, read_inputs
from matcher.reading.rejects import reject
from matcher.reading.sheet import Sheet
from matcher.records import empty_rejects

Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

_ADDRESS = ("address_line1", "address_line2", "city", "region", "postal_code")
_NOBODY = "without a person an email, phone or address is required (IX-02)"
_ODD_PHONE = f"{odd_phones(['?'])[0].reason} (IX-06)"


def table_batches(
    source: Input, columns: Columns | None, options: Options
) -> Iterator[InteractionBatch]:
    """The interactions of one table.

    Args:
        source: a file or a table in memory.
        columns: see ``matcher.interactions.read_interactions``.
        options: see there.

    Raises:
        UnreadableFile: it cannot be read.
        UnusableColumns: no column says who anybody is, or ``columns`` names one that is absent.
    """
    (sheet,) = read_inputs([source])
    table = TableColumns.of(sheet, columns or {})
    unread = _unread(sheet)
    before = 0
    for start in range(0, len(sheet), options.batch):
        rows = sheet.rows[start : start + options.batch]
        last = int(rows[-1]) if start + options.batch < len(sheet) else np.iinfo(np.int64).max
        batch = _batch(table.part(start, len(rows)), rows, sheet.name, options)
        here = [each for each in unread if before < each["row"] <= last]
        yield _with_unread(batch, here, sheet, (before, last))
        before = last


def _batch(table: TableColumns, rows: Ints, file: str, options: Options) -> InteractionBatch:
    count = len(rows)
    nothing = pa.nulls(count, pa.string())
    own = {name: table.own.get(name, nothing) for name in SCHEMA.names}
    texts = [name for name in table.who if name.rstrip("0123456789") in ("email", "phone")]
    given = _filled([table.who[n] for n in (*texts, *_ADDRESS) if n in table.who], count)
    known = given | _filled(list(table.ids.values()), count)
    odd = _odd_phones(table, count)
    valid = known & ~odd.any(axis=0) if options.strict else known
    occurred, lost = moments(own["occurred_at"].to_pylist(), options.default_region)
    source = pc.fill_null(own["source"], SOURCE)
    handles = table.own.get("handle", nothing).to_pylist()
    written = table.rows()
    keys, contents = _digests(source, own["interaction_id"], written, valid)
    columns = own | {
        "key": keys,
        "content": contents,
        "source": source,
        "file": pa.array([file] * count),
        "line": pa.array(rows),
        "occurred_at": occurred,
        "valid": pa.array(valid),
        "problem": _problems(table, known, odd if options.strict else odd[:0]),
        "person_ids": id_lists(table.person_ids() if table.ids else [()] * count),
        "handles": lists([[handle] if handle else () for handle in handles]),
        "raw": pa.array(map(as_json, written), pa.string()),
    }
    chosen = pa.array(np.flatnonzero(valid))
    contacts = contact_table(
        chosen,
        pa.nulls(len(chosen), pa.int16()).fill_null(0),
        source.take(chosen),
        own["interaction_id"].take(chosen),
        file=file,
        columns={name: each.take(chosen) for name, each in table.who.items()},
    )
    rejects = [
        *_phone_rejects(table, rows, odd, file, strict=options.strict),
        reject(file, rows[~known], _NOBODY),
        reject(file, rows[lost], LOST_TIME, column="occurred_at",
               values=own["occurred_at"].to_numpy(zero_copy_only=False)[lost]),
    ]  # fmt: skip
    interactions = pa.table({name: columns[name] for name in SCHEMA.names}, schema=SCHEMA)
    return InteractionBatch(interactions, contacts, pa.concat_tables(rejects))


def _filled(columns: Sequence[pa.Array], count: int) -> Flags:
    """Per row, whether any of the columns has a value."""
    filled = np.zeros(count, np.bool_)
    for column in columns:
        filled |= column.is_valid().to_numpy(zero_copy_only=False)
    return filled


def _odd_phones(table: TableColumns, count: int) -> Flags:
    """Per column of phones and row, whether there is one that is not E.164."""
    odd = np.zeros((len(table.phones), count), np.bool_)
    for place, name in enumerate(table.phones):
        good = pc.match_substring_regex(table.who[name], f"^(?:{E164.pattern})$")
        odd[place] = pc.fill_null(pc.invert(good), False).to_numpy(zero_copy_only=False)
    return odd


def _problems(table: TableColumns, known: Flags, odd: Flags) -> pa.Array:
    """Why each row is not valid."""
    found: list[str | None] = [None] * len(known)
    for name, flags in zip(table.phones, odd, strict=False):
        for at in np.flatnonzero(flags).tolist():
            before = found[at]
            found[at] = f"{name}: {_ODD_PHONE}" if before is None else f"{before}; {name} too"
    for at in np.flatnonzero(~known).tolist():
        found[at] = _NOBODY
    return pa.array(found, pa.string())


def _digests(
    sources: pa.Array, ids: pa.Array, rows: Sequence[Mapping[str, str | None]], valid: Flags
) -> tuple[pa.Array, pa.Array]:
    """The key and the content of each row: an empty cell says as little as none."""
    both = [
        named(source, own, canonical_json({n: text for n, text in row.items() if text}), judged)
        for source, own, row, judged in zip(
            sources.to_pylist(), ids.to_pylist(), rows, valid.tolist(), strict=True
        )
    ]
    return hashes([key for key, _ in both]), hashes([content for _, content in both])


def _phone_rejects(
    table: TableColumns, rows: Ints, odd: Flags, file: str, *, strict: bool
) -> Iterator[pa.Table]:
    reason = _ODD_PHONE if strict else f"warning: {_ODD_PHONE}"
    for name, flags in zip(table.phones, odd, strict=True):
        values = table.who[name].filter(pa.array(flags))
        yield reject(file, rows[flags], reason, column=name, values=values)


def _unread(sheet: Sheet) -> list[dict[str, Any]]:
    """The rejects that are whole rows of the file, which reading left out, each once."""
    if not sheet.rejects.num_rows:
        return []
    held = set(sheet.rows.tolist())
    found = {each["row"]: each for each in reversed(sheet.rejects.to_pylist())}
    return [each for row, each in found.items() if row is not None and row not in held]


def _with_unread(
    batch: InteractionBatch,
    unread: Sequence[Mapping[str, Any]],
    sheet: Sheet,
    between: tuple[int, int],
) -> InteractionBatch:
    """The batch with the rows that could not be read where they stood.

    Args:
        batch: the others.
        unread: the reject of each.
        sheet: what they are of.
        between: the row before the batch and its last one.
    """
    numbers = pc.fill_null(sheet.rejects["row"], between[0] + 1)
    here = pc.and_(pc.greater(numbers, between[0]), pc.less_equal(numbers, between[1]))
    rejects = pa.concat_tables([empty_rejects(), sheet.rejects.filter(here), batch.rejects])
    if not unread:
        return InteractionBatch(batch.interactions, batch.contacts, rejects)
    table = pa.concat_tables([batch.interactions, _unread_table(unread, sheet.name)])
    order = pc.sort_indices(table, [("line", "ascending")])
    place = np.empty(len(order), np.int64)
    place[order.to_numpy()] = np.arange(len(order))
    rows = place[batch.contacts["row"].to_numpy()]
    texts = pc.binary_join_element_wise(pa.array(rows).cast(pa.string()), "0", ":")
    contacts = batch.contacts.set_column(0, "row", pa.array(rows))
    contacts = contacts.set_column(2, "record_id", texts)
    return InteractionBatch(table.take(order), contacts, rejects)


def _unread_table(unread: Sequence[Mapping[str, Any]], file: str) -> pa.Table:
    texts = [each["value"] or "" for each in unread]
    said = [
        digest(f"raw\x1f{each['row']}\x1f{text}".encode())
        for each, text in zip(unread, texts, strict=True)
    ]
    count = len(unread)
    filled = {
        "key": hashes(said),
        "content": hashes(said),
        "source": [SOURCE] * count,
        "file": [file] * count,
        "line": [each["row"] for each in unread],
        "valid": [False] * count,
        "problem": [each["reason"] for each in unread],
        "person_ids": id_lists([()] * count),
        "handles": lists([()] * count),
        "raw": texts,
    }
    return pa.table(
        {field.name: filled.get(field.name, pa.nulls(count, field.type)) for field in SCHEMA},
        schema=SCHEMA,
    )
