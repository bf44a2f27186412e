"""Interactions as rows of a table: columns as anywhere else, and a few of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matcher.interactions.batches import SCHEMA, SOURCE, InteractionBatch
from matcher.interactions.contact_rows import contact_table
from matcher.interactions.gathering import (
    Options,
    canonical_json,
    digest,
    hashes,
    id_lists,
    lists,
    named,
)
from matcher.interactions.times import moments
from matcher.policies.interactions.validation import E164, odd_phones
from matcher.reading.canonical import canonical
from matcher.reading.cells import Kind, clean
from matcher.reading.choices import Choices, position
from matcher.reading.headers import header_key
from matcher.reading.inputs import Input, read_inputs
from matcher.reading.layout import lay_out
from matcher.reading.rejects import reject
from matcher.reading.sheet import Sheet
from matcher.reading.states import state_codes
from matcher.reading.van_ids import qualify
from matcher.records import EXTERNAL_ID_COLUMNS

Columns = Mapping[str, str | Sequence[str]]
Flags = npt.NDArray[np.bool_]

#: What a table may tell of an interaction besides the canonical columns, by header key.
OWN: Mapping[str, tuple[str, ...]] = {
    "interaction_id": ("interactionid",),
    "occurred_at": (
        "occurredat", "occurredon", "attemptdatetime", "interactiondate", "interactiontime",
        "contactedat", "contactedon", "datecanvassed",
    ),
    "state_code": ("statecode",),
    "channel_type": ("channeltype", "channel", "method", "kind"),
    "channel_value": ("channelvalue",),
    "handle": ("socialhandle", "handle"),
    "source": ("vendorsource",),
}  # fmt: skip
#: A handle names a person no better than a first name does (IX-07).
_HANDLES = ("facebook", "twitter")
#: Canonical columns that say when or how, not who.
_NOT_WHO = frozenset(
    {
        "record_id", "source", "source_record_id", "updated_at", "tags", "email_consent",
        "sms_consent", "phone_consent", *_HANDLES,
    }
)  # fmt: skip
_IDENTIFYING = ("address_line1", "address_line2", "city", "region", "postal_code")
_IDS = tuple(name for name in EXTERNAL_ID_COLUMNS if name not in _HANDLES)
_NOBODY = "without a person an email, phone or address is required"


def table_batches(
    source: Input, columns: Columns | None, options: Options
) -> Iterator[InteractionBatch]:
    """The interactions of one table.

    Args:
        source: a file or a table in memory.
        columns: as for ``matcher.reading.read``; and the names in ``OWN``.
        options: see there.

    Raises:
        UnreadableFile: it cannot be read.
        UnusableColumns: no column says who anybody is, or ``columns`` names one that is absent.
    """
    (sheet,) = read_inputs([source])
    table = _Table.of(sheet, columns or {}, options)
    file = sheet.name
    unread = _unread_rows(sheet)
    first = True
    for start in range(0, len(sheet), options.batch):
        batch = table.batch(start, min(start + options.batch, len(sheet)))
        if first:
            batch = _with_unread(batch, unread, sheet.rejects, file)
        yield batch
        first = False


@dataclass(frozen=True)
class _Table:
    """One sheet, its columns told apart."""

    sheet: Sheet
    written: Sequence[pa.ChunkedArray]
    own: Mapping[str, pa.Array]
    content: Mapping[str, pa.Array]
    ids: Mapping[str, pa.Array]
    rejects: pa.Table
    options: Options

    @classmethod
    def of(cls, sheet: Sheet, columns: Columns, options: Options) -> _Table:
        written = list(sheet.columns)
        mapped = {name: columns[name] for name in columns if name in OWN and name != "source"}
        choices = Choices.check(
            {name: each for name, each in columns.items() if name not in mapped}, None, [sheet]
        )
        layout = lay_out(replace(sheet, columns=written), choices)
        found = canonical(replace(sheet, columns=list(written)), layout)
        values = found.columns
        ids = {name: values[name] for name in _IDS if name in values}
        own = _own(sheet, written, mapped)
        for name in ("record_id", "source_record_id"):
            if "interaction_id" not in own and name in values:
                own["interaction_id"] = values[name]
        numbering = next(iter(found.id_candidates.values()), None)
        if "interaction_id" not in own and numbering is not None:
            own["interaction_id"] = numbering
        for wanted, name in (("occurred_at", "updated_at"), ("source", "source")):
            if wanted not in own and name in values:
                own[wanted] = values[name]
        if "state_code" not in own and "region" in values:
            own["state_code"] = state_codes(values["region"])
        for name in _HANDLES:
            if "handle" not in own and name in values:
                own["handle"] = values[name]
        qualify(values, layout.vendor)
        who = {name: each for name, each in values.items() if name not in _NOT_WHO}
        rejects = [t for t in found.rejects if t.num_rows]
        told = pa.concat_tables([sheet.rejects.slice(0, 0), *rejects])
        return cls(sheet, written, own, who, ids, told, options)

    def batch(self, start: int, stop: int) -> InteractionBatch:
        """Some of its rows."""
        count = stop - start
        rows = self.sheet.rows[start:stop]
        who = {name: each.slice(start, count) for name, each in self.content.items()}
        own = {name: each.slice(start, count) for name, each in self.own.items()}
        nothing = pa.nulls(count, pa.string())
        known = _any_filled(self.ids, start, count)
        emails_phones = [n for n in who if n.rstrip("0123456789") in ("email", "phone")]
        given = _filled([who[n] for n in (*emails_phones, *_IDENTIFYING) if n in who], count)
        odd = _odd_phones(who, count)
        valid = (known | given) & ~(odd.any(axis=0) if self.options.strict else np.False_)
        problems = _problems(known | given, odd, who, strict=self.options.strict)
        source = pc.fill_null(own.get("source", nothing), SOURCE)
        occurred, lost = moments(
            own.get("occurred_at", nothing).to_pylist(), self.options.default_region
        )
        raw = self._raw(start, stop)
        interactions = {
            "interaction_id": own.get("interaction_id", nothing),
            "source": source,
            "file": pa.array([self.sheet.name] * count),
            "line": pa.array(rows),
            "occurred_at": occurred,
            "state_code": own.get("state_code", nothing),
            "valid": pa.array(valid),
            "problem": pa.array(problems, pa.string()),
            "person_ids": self._person_ids(start, count),
            "handles": lists([[h] if h else () for h in own.get("handle", nothing).to_pylist()]),
            "channel_type": own.get("channel_type", nothing),
            "channel_value": own.get("channel_value", nothing),
            "raw": pa.array(raw, pa.string()),
        }
        said = self._said(start, stop)
        own_ids, sources = interactions["interaction_id"].to_pylist(), source.to_pylist()
        both = [named(*each) for each in zip(sources, own_ids, said, valid.tolist(), strict=True)]
        interactions["key"] = hashes([name for name, _ in both])
        interactions["content"] = hashes([content for _, content in both])
        chosen = pa.array(np.flatnonzero(valid & given))
        contacts = contact_table(
            chosen,
            pa.nulls(len(chosen), pa.int16()).fill_null(0),
            source.take(chosen),
            interactions["interaction_id"].take(chosen),
            file=self.sheet.name,
            columns={name: each.take(chosen) for name, each in who.items()},
        )
        rejects = [self._rejects_of(rows)]
        rejects += self._warnings(rows, who, odd, own, lost)
        nobody = np.flatnonzero(~(known | given))
        rejects.append(reject(self.sheet.name, rows[nobody], f"{_NOBODY} (IX-02)"))
        table = pa.table({name: interactions[name] for name in SCHEMA.names}, schema=SCHEMA)
        return InteractionBatch(table, contacts, pa.concat_tables(rejects))

    def _raw(self, start: int, stop: int) -> list[str]:
        """The rows as JSON objects of what stood in them."""
        names = _apart(self.sheet.headers)
        columns = [each.slice(start, stop - start).to_pylist() for each in self.written]
        encode = json.JSONEncoder(ensure_ascii=False).encode
        return [encode(dict(zip(names, row, strict=True))) for row in zip(*columns, strict=True)]

    def _said(self, start: int, stop: int) -> list[bytes]:
        """What the rows say, whatever stands where they say nothing."""
        names = _apart(self.sheet.headers)
        columns = [each.slice(start, stop - start).to_pylist() for each in self.written]
        rows = zip(*columns, strict=True)
        return [
            canonical_json({n: v for n, v in zip(names, row, strict=True) if v}) for row in rows
        ]

    def _person_ids(self, start: int, count: int) -> pa.Array:
        kinds = [name.removesuffix("_id") for name in self.ids]
        kinds = ["VAN" if kind == "van" else kind for kind in kinds]
        columns = [each.slice(start, count).to_pylist() for each in self.ids.values()]
        if not columns:
            return id_lists([()] * count)
        return id_lists(
            [
                [(kind, value) for kind, value in zip(kinds, row, strict=True) if value]
                for row in zip(*columns, strict=True)
            ]
        )

    def _rejects_of(self, rows: npt.NDArray[np.int64]) -> pa.Table:
        if not self.rejects.num_rows or not len(rows):
            return self.rejects.slice(0, 0)
        numbers = self.rejects["row"].to_numpy()
        return self.rejects.filter(pa.array((numbers >= rows[0]) & (numbers <= rows[-1])))

    def _warnings(
        self,
        rows: npt.NDArray[np.int64],
        who: Mapping[str, pa.Array],
        odd: Flags,
        own: Mapping[str, pa.Array],
        lost: npt.NDArray[np.int64],
    ) -> list[pa.Table]:
        """Phones that are not E.164, and texts that are no time."""
        mark = "" if self.options.strict else "warning: "
        tables = []
        for name, flags in zip(_phones(who), odd, strict=True):
            at = np.flatnonzero(flags)
            reason = f"{mark}{_PHONE_REASON} (IX-06)"
            values = who[name].take(pa.array(at))
            tables.append(reject(self.sheet.name, rows[at], reason, column=name, values=values))
        if len(lost):
            reason = "warning: is no time that is understood; it is kept as text (IX-11)"
            values = own["occurred_at"].take(pa.array(lost))
            tables.append(
                reject(self.sheet.name, rows[lost], reason, column="occurred_at", values=values)
            )
        return tables


_PHONE_REASON = odd_phones(["?"])[0].reason


def _own(sheet: Sheet, written: Sequence[pa.ChunkedArray], mapped: Columns) -> dict[str, pa.Array]:
    """The columns that only interactions have, cleaned."""
    keys = [header_key(header) for header in sheet.headers]
    found = {}
    for name, known in OWN.items():
        if name in mapped:
            given = mapped[name]
            headers = [given] if isinstance(given, str) else list(given)
            places = [at for h in headers if (at := position(h, sheet.headers)) is not None]
        else:
            places = [keys.index(key) for key in known if key in keys]
        kind = Kind.NUMBER if name == "interaction_id" else Kind.TEXT
        columns = [clean(pa.concat_arrays(written[at].chunks), kind).values for at in places]
        if columns:
            found[name] = pc.coalesce(*columns)
    return found


def _phones(who: Mapping[str, pa.Array]) -> list[str]:
    return [name for name in who if name.startswith("phone") and name[5:].isdigit()]


def _odd_phones(who: Mapping[str, pa.Array], count: int) -> Flags:
    """Per phone column and row, whether there is one that is not E.164."""
    odd = np.zeros((len(_phones(who)), count), np.bool_)
    for place, name in enumerate(_phones(who)):
        good = pc.match_substring_regex(who[name], f"^(?:{E164.pattern})$")
        odd[place] = pc.fill_null(pc.invert(good), False).to_numpy(zero_copy_only=False)
    return odd


def _filled(columns: Sequence[pa.Array], count: int) -> Flags:
    filled = np.zeros(count, np.bool_)
    for column in columns:
        filled |= column.is_valid().to_numpy(zero_copy_only=False)
    return filled


def _any_filled(columns: Mapping[str, pa.Array], start: int, count: int) -> Flags:
    return _filled([each.slice(start, count) for each in columns.values()], count)


def _problems(
    known: Flags, odd: Flags, who: Mapping[str, pa.Array], *, strict: bool
) -> list[str | None]:
    """Why each row is not valid."""
    found: list[str | None] = [None] * len(known)
    if strict:
        for name, flags in zip(_phones(who), odd, strict=True):
            for at in np.flatnonzero(flags).tolist():
                said = f"{name}: {_PHONE_REASON} (IX-06)"
                found[at] = said if found[at] is None else f"{found[at]}; {said}"
    for at in np.flatnonzero(~known).tolist():
        found[at] = f"{_NOBODY} (IX-02)"
    return found


def _apart(headers: Sequence[str]) -> list[str]:
    """The headers, a repeated one with a number."""
    names: list[str] = []
    for header in headers:
        name, again = header, 2
        while name in names:
            name, again = f"{header} ({again})", again + 1
        names.append(name)
    return names


def _unread_rows(sheet: Sheet) -> list[dict[str, Any]]:
    """The rejects that are whole rows of the file, which reading left out."""
    held = set(sheet.rows.tolist()) if sheet.rejects.num_rows else set()
    found: dict[int, dict[str, Any]] = {}
    for each in sheet.rejects.to_pylist():
        if each["row"] is not None and each["row"] not in held:
            found.setdefault(each["row"], each)
    return list(found.values())


def _with_unread(
    batch: InteractionBatch, unread: list[dict[str, Any]], rejects: pa.Table, file: str
) -> InteractionBatch:
    """The batch with, behind its rows, those that could not be read."""
    told = pa.concat_tables([rejects, batch.rejects])
    if not unread:
        return InteractionBatch(batch.interactions, batch.contacts, told)
    texts = [str(each["value"] or "") for each in unread]
    said = [
        digest(b"raw\x1f%d\x1f" % each["row"] + text.encode())
        for each, text in zip(unread, texts, strict=True)
    ]
    rows = pa.table(
        {
            "interaction_id": pa.nulls(len(unread), pa.string()),
            "key": hashes(said),
            "content": hashes(said),
            "source": [SOURCE] * len(unread),
            "file": [file] * len(unread),
            "line": [each["row"] for each in unread],
            "occurred_at": pa.nulls(len(unread), SCHEMA.field("occurred_at").type),
            "state_code": pa.nulls(len(unread), pa.string()),
            "valid": [False] * len(unread),
            "problem": [str(each["reason"]) for each in unread],
            "person_ids": id_lists([()] * len(unread)),
            "handles": lists([()] * len(unread)),
            "channel_type": pa.nulls(len(unread), pa.string()),
            "channel_value": pa.nulls(len(unread), pa.string()),
            "raw": texts,
        },
        schema=SCHEMA,
    )
    return InteractionBatch(pa.concat_tables([batch.interactions, rows]), batch.contacts, told)
