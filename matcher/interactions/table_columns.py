"""What the columns of a table tell of interactions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from matcher.errors import UnusableColumns
from matcher.reading.canonical import canonical
from matcher.reading.cells import Kind, clean
from matcher.reading.choices import Choices, header_list, position
from matcher.reading.headers import header_key
from matcher.reading.layout import lay_out
from matcher.reading.sheet import Sheet
from matcher.reading.states import state_codes
from matcher.reading.van_ids import qualify
from matcher.records import EXTERNAL_ID_COLUMNS, empty_rejects

Columns = Mapping[str, str | Sequence[str]]

#: What a table may tell of an interaction besides the canonical columns, by header key.
_OWN: Mapping[str, tuple[str, ...]] = {
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
#: Canonical columns that say the same where a table has no column of its own for it.
_OTHERWISE = {
    "interaction_id": ("record_id", "source_record_id"),
    "occurred_at": ("updated_at",),
    "source": ("source",),
    "handle": ("twitter", "facebook"),
}
#: Those of them that the caller may map; ``source`` is canonical.
_MAPPED = frozenset(_OWN) - {"source"}
#: A handle names a person no better than a first name does (IX-07).
_IDS = tuple(name for name in EXTERNAL_ID_COLUMNS if name not in ("facebook", "twitter"))
#: Canonical columns that say when or how, not who.
_NOT_WHO = frozenset(
    {
        "record_id", "source", "source_record_id", "updated_at", "tags", "email_consent",
        "sms_consent", "phone_consent", "facebook", "twitter",
    }
)  # fmt: skip


@dataclass(frozen=True)
class TableColumns:
    """A table, or some rows of it.

    Attributes:
        names: the headers, a repeated one with a number.
        written: the text under each, as it came.
        own: what is told of the interaction: ``interaction_id``, ``occurred_at``, ``state_code``,
            ``channel_type``, ``channel_value``, ``handle`` and ``source``, where there is such.
        who: canonical columns that say who the person is.
        ids: those of them that hold ids, as they came.
        rejects: values that were cut from use.
    """

    names: Sequence[str]
    written: Sequence[pa.ChunkedArray]
    own: Mapping[str, pa.Array]
    who: Mapping[str, pa.Array]
    ids: Mapping[str, pa.Array]
    rejects: pa.Table

    @classmethod
    def of(cls, sheet: Sheet, columns: Columns) -> TableColumns:
        """The columns of a sheet, by the caller's mapping and by their names.

        Raises:
            UnusableColumns: see ``matcher.interactions.tables.table_batches``.
        """
        written = list(sheet.columns)
        mapped = {name: each for name, each in columns.items() if name in _MAPPED}
        others = {name: each for name, each in columns.items() if name not in _MAPPED}
        layout = lay_out(sheet, Choices.check(others, None, [sheet]))
        found = canonical(replace(sheet, columns=list(written)), layout)
        values = found.columns
        ids = {name: values[name] for name in _IDS if name in values}
        own = _own(sheet, written, mapped)
        numbers = _numbering(list(found.id_candidates.values()))
        for name, known in _OTHERWISE.items():
            told = [held[each] for held in (values, numbers) for each in known if each in held]
            if name not in own and told:
                own[name] = told[0]
        if "state_code" not in own and "region" in values:
            own["state_code"] = state_codes(values["region"])
        qualify(values, layout.vendor)
        who = {name: each for name, each in values.items() if name not in _NOT_WHO}
        rejects = pa.concat_tables([empty_rejects(), *found.rejects])
        return cls(_apart(sheet.headers), written, own, who, ids, rejects)

    def part(self, start: int, count: int) -> TableColumns:
        """Some rows of it; the rejects are of all."""
        own, who, ids = (
            {name: each.slice(start, count) for name, each in held.items()}
            for held in (self.own, self.who, self.ids)
        )
        written = [each.slice(start, count) for each in self.written]
        return TableColumns(self.names, written, own, who, ids, self.rejects)

    @property
    def phones(self) -> list[str]:
        """The names of its columns of phones."""
        return [name for name in self.who if name.startswith("phone") and name[5:].isdigit()]

    def rows(self) -> list[dict[str, str | None]]:
        """What stands in each row, by header."""
        columns = [each.to_pylist() for each in self.written]
        return [dict(zip(self.names, row, strict=True)) for row in zip(*columns, strict=True)]

    def person_ids(self) -> list[list[tuple[str, str]]]:
        """The system and the id of each id that a row gives."""
        kinds = [name.removesuffix("_id") for name in self.ids]
        kinds = ["VAN" if kind == "van" else kind for kind in kinds]
        columns = [each.to_pylist() for each in self.ids.values()]
        return [
            [(kind, value) for kind, value in zip(kinds, row, strict=True) if value]
            for row in zip(*columns, strict=True)
        ]


def as_json(row: Mapping[str, str | None]) -> str:
    """A row as the JSON that is kept of it."""
    return _encode(row)


_encode = json.JSONEncoder(ensure_ascii=False).encode


def _own(sheet: Sheet, written: Sequence[pa.ChunkedArray], mapped: Columns) -> dict[str, pa.Array]:
    """The columns that only interactions have, cleaned; the first that is filled counts."""
    keys = [header_key(header) for header in sheet.headers]
    found = {}
    for name, known in _OWN.items():
        if name in mapped:
            given = mapped[name]
            headers = [given] if isinstance(given, str) else given
            places = [_place(header, sheet, name) for header in headers]
        else:
            places = [keys.index(key) for key in known if key in keys]
        kind = Kind.NUMBER if name == "interaction_id" else Kind.TEXT
        columns = [clean(pa.concat_arrays(written[at].chunks), kind).values for at in places]
        if columns:
            found[name] = pc.coalesce(*columns)
    return found


def _place(header: str, sheet: Sheet, name: str) -> int:
    at = position(header, sheet.headers)
    if at is None:
        raise UnusableColumns(
            f"{sheet.name}: columns maps {name} to the column {header!r}, which is not there;"
            f" the columns are {header_list(sheet.headers)}."
        )
    return at


def _numbering(candidates: Sequence[pa.Array]) -> dict[str, pa.Array]:
    """The first column that numbers the rows; one that repeats is the id of something else."""
    for each in candidates:
        if not each.null_count and pc.count_distinct(each).as_py() == len(each):
            return {"record_id": each}
    return {}


def _apart(headers: Sequence[str]) -> list[str]:
    """The headers, a repeated one with a number."""
    names: dict[str, None] = {}
    for header in headers:
        name, again = header, 2
        while name in names:
            name, again = f"{header} ({again})", again + 1
        names[name] = None
    return list(names)
