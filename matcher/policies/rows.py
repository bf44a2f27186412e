"""Rows of tables as contacts: cleaned by columns, then handed out one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from matcher.consent import forbids_calls
from matcher.normalise import normalise
from matcher.normalise.faults import REASONS, Fault
from matcher.policies import consent
from matcher.policies.cells import Cells, Decoded
from matcher.policies.contacts import (
    NO_FIELDS,
    ORGANIZATION,
    PERSON,
    Address,
    Contact,
    Email,
    Identifier,
    Keys,
    Names,
    Phone,
    Request,
    maker,
)
from matcher.policies.outcomes import Refusal
from matcher.policies.spelling import as_spelt
from matcher.records import (
    EXTERNAL_ID_COLUMNS,
    EXTRA_PREFIX,
    Column,
    RawRecords,
    Records,
)

#: Contacts made at a time: enough to make columns worth while, few enough to stay in a cache.
CHUNK = 10_000

#: Input columns of requests that any policy understands.
REQUEST_COLUMNS = (
    "request",
    "person_id",
    "identifiers",
    "add_tags",
    "remove_tags",
    "email_status",
    "phone_status",
)
_KEPT_ALL_THE_SAME = REASONS[Fault.UNASSIGNED_PHONE]
_SEPARATORS = (";", ",")
_NAMES = (
    "prefix", "first_name", "middle_name", "last_name", "suffix", "full_name", "nickname",
    "organization",
)  # fmt: skip
_ADDRESS = ("address_line1", "address_line2", "city", "region", "postal_code")
_NO_ADDRESS = (None,) * (len(_ADDRESS) + 1)
_KEYS = (
    "first_name", "last_name", "organization", "birth_date", "postal_code", "house_number",
    "street",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Raw records beside their normalised columns.

    Attributes:
        raw: as read.
        records: as normalised.
        emails: one column per email column of ``raw``, in the spelling that the policy compares.
        rejects: values that could not be used.
    """

    raw: RawRecords
    records: Records
    emails: Sequence[Column]
    rejects: pa.Table

    def __len__(self) -> int:
        return len(self.raw)


def clean(raw: RawRecords, *, default_region: str, keeps_spelling: bool) -> Cleaned:
    """Normalises all columns that contacts are made of."""
    records, rejects = normalise(raw, default_region=default_region)
    # A vendor keeps a number that nobody can have like any other.
    rejects = rejects.filter(pc.not_equal(rejects["reason"], _KEPT_ALL_THE_SAME))
    if not keeps_spelling:
        return Cleaned(raw, records, records.emails, rejects)
    names = raw.repeated("email")
    emails, bad = as_spelt(raw.table, names)
    others = rejects.filter(pc.invert(pc.is_in(rejects["column"], pa.array(names, pa.string()))))
    return Cleaned(raw, records, emails, pa.concat_tables([others, *bad]))


def contacts_of(cleaned: Cleaned, first_row: int, carries: Sequence[str]) -> Iterator[Contact]:
    """The contacts of a table in order.

    Args:
        cleaned: the table.
        first_row: what to add to its own row numbers.
        carries: the columns beyond the canonical ones that the policy reads.
    """
    decoded = Decoded(cleaned.raw.table, cleaned.records)
    for start in range(0, len(cleaned), CHUNK):
        stop = min(start + CHUNK, len(cleaned))
        yield from _Chunk(cleaned, decoded, start, stop, carries).contacts(first_row)


_Texts = list[str | None]
_Faults = tuple[Refusal, ...]
_Value = TypeVar("_Value")


class _Chunk:
    """Some rows of a table as Python lists, one a column; a missing column is a list of ``None``.

    Each attribute is built as a list of its own and the contacts are zipped from them, which is
    several times as fast as looking each value up in its row.
    """

    def __init__(
        self, cleaned: Cleaned, decoded: Decoded, start: int, stop: int, carries: Sequence[str]
    ) -> None:
        self._cleaned, self._decoded, self._start, self._stop = cleaned, decoded, start, stop
        self._count = stop - start
        self._table = cleaned.raw.table.slice(start, self._count)
        self._carries = carries
        self._nothing: _Texts = [None] * self._count

    def contacts(self, first_row: int) -> Iterator[Contact]:
        rows = (self._table.column("row").to_numpy() + first_row).tolist()
        when = self._key("updated_at")
        countries = self._countries()
        keys = keys_of(self._decoded, self._start, self._stop)
        identifiers, faults = self._identifiers()
        made = zip(
            rows,
            self._requests(),
            self._carried("person_id"),
            self._entity_types(),
            self._names(keys),
            keys,
            self._emails(when),
            self._phones(when, countries),
            self._addresses(countries),
            identifiers,
            self._lists("tags"),
            self._lists(EXTRA_PREFIX + "add_tags"),
            self._lists(EXTRA_PREFIX + "remove_tags"),
            countries,
            self._refusals_of_calls(),
            when,
            self._fields(),
            faults,
            strict=False,
        )
        return map(maker(Contact), made)

    def _raw(self, name: str) -> _Texts:
        return self._part(self._decoded.raw(name))

    def _part(self, cells: Cells | None) -> _Texts:
        return self._nothing if cells is None else cells.part(self._start, self._stop)

    def _carried(self, name: str) -> _Texts:
        return self._raw(EXTRA_PREFIX + name)

    def _key(self, name: str) -> _Texts:
        return self._part(self._decoded.normalised(name))

    def _names(self, keys: list[Keys]) -> Iterable[Names]:
        """Names as written; first and last are split off a whole name that stands alone."""
        written = map(maker(Names), zip(*(self._raw(name) for name in _NAMES), strict=True))
        if self._raw("full_name") is self._nothing:
            return written
        return (
            name
            if name.full is None or name.first is not None or name.last is not None
            else name._replace(
                first=key.first and key.first.title(), last=key.last and key.last.title()
            )
            for name, key in zip(written, keys, strict=True)
        )

    def _lists(self, name: str) -> Iterable[tuple[str, ...]]:
        texts = self._raw(name)
        return repeat(()) if texts is self._nothing else map(listed, texts)

    def _refusals_of_calls(self) -> Iterable[bool | None]:
        """Whatever stands in that column is that nobody may ring, but for a plain yes."""
        texts = self._raw("phone_consent")
        if texts is self._nothing:
            return repeat(None)
        known: dict[str | None, bool | None] = {
            text: forbids_calls(text) or None for text in set(texts) if text is not None
        }
        return (known.get(text) for text in texts)

    def _requests(self) -> Iterable[Request]:
        known = {request.value: request for request in Request}
        texts = self._carried("request")
        if texts is self._nothing:
            return repeat(Request.UPLOAD)
        return (
            Request.UPLOAD if text is None else known.get(text.lower(), Request.UPLOAD)
            for text in texts
        )

    def _entity_types(self) -> list[str]:
        flags = self._cleaned.records.organisation[self._start : self._stop]
        return [ORGANIZATION if flag else PERSON for flag in flags.tolist()]

    def _countries(self) -> _Texts:
        if "country" not in self._cleaned.records.columns:
            return self._nothing
        found = self._key("country")
        return [code.upper() if code and len(code) == 2 else None for code in found]

    def _statuses(self, column: str, carried: str) -> _Texts:
        """What is said of the first email or phone."""
        texts = self._raw(column)
        told = self._carried(carried)
        if texts is self._nothing and told is self._nothing:
            return self._nothing
        known: dict[str | None, str | None] = {
            text: consent.status_of(text) or text.lower()
            for text in {*texts, *told}
            if text is not None
        }
        return [
            known.get(more if more is not None else text)
            for text, more in zip(texts, told, strict=True)
        ]

    def _emails(self, when: _Texts) -> list[tuple[Email, ...]]:
        status = self._statuses("email_consent", "email_status")
        make = maker(Email)
        slots = []
        for name, column in zip(
            self._cleaned.raw.repeated("email"), self._cleaned.emails, strict=True
        ):
            cells = zip(self._clean_texts(column), self._raw(name), status, when, strict=True)
            slots.append(
                [
                    None
                    if address is None
                    else make((address, raw or address, None, told, name, day))
                    for address, raw, told, day in cells
                ]
            )
            status = self._nothing  # what a row says is of its first address
        return _together(slots, self._count)

    def _phones(self, when: _Texts, countries: _Texts) -> list[tuple[Phone, ...]]:
        status = self._statuses("sms_consent", "phone_status")
        make = maker(Phone)
        slots = []
        for name, column in zip(
            self._cleaned.raw.repeated("phone"), self._cleaned.records.phones, strict=True
        ):
            cells = zip(
                self._clean_texts(column), self._raw(name), status, when, countries, strict=True
            )
            slots.append(
                [
                    None
                    if number is None
                    else make((
                        number.partition("x")[0] if "x" in number else number,
                        raw or number, None, told, name, day,
                        country is None and raw is not None and raw[:1] != "+",
                    ))
                    for number, raw, told, day, country in cells
                ]
            )  # fmt: skip
            status = self._nothing
        return _together(slots, self._count)

    def _clean_texts(self, column: Column) -> _Texts:
        return self._part(self._decoded.clean(column))

    def _addresses(self, countries: _Texts) -> Iterable[tuple[Address, ...]]:
        parts = [*(self._raw(name) for name in _ADDRESS), countries]
        if all(part is self._nothing for part in parts):
            return repeat(())
        made = map(maker(Address), zip(*parts, repeat(False), repeat(None), repeat(None)))
        return (() if each[:6] == _NO_ADDRESS else (each,) for each in made)

    def _identifiers(self) -> tuple[list[tuple[Identifier, ...]], Sequence[_Faults]]:
        """Ids from their own columns and from a column of ``system:id``, and what is none."""
        systems = [
            [None if text is None else Identifier(system, text) for text in self._raw(name)]
            for name in self._table.column_names
            if name in EXTERNAL_ID_COLUMNS or name.startswith("id:")
            for system in [name.removeprefix("id:").removesuffix("_id")]
        ]
        own = _together(systems, self._count)
        carried = self._carried("identifiers")
        if carried is self._nothing:
            return own, [()] * self._count
        foreign = [_parsed(text) for text in carried]
        both = [(*mine, *found) for mine, (found, _) in zip(own, foreign, strict=True)]
        return both, [faults for _, faults in foreign]

    def _fields(self) -> Iterator[Mapping[str, Any]]:
        """Carried columns by name; contacts without any share one empty mapping."""
        names = [n for n in self._carries if EXTRA_PREFIX + n in self._table.column_names]
        if not names:
            return iter([NO_FIELDS] * self._count)
        rows = zip(*(self._carried(name) for name in names), strict=True)
        nothing = (None,) * len(names)
        return (
            NO_FIELDS
            if row == nothing
            else {name: text for name, text in zip(names, row, strict=False) if text is not None}
            for row in rows
        )


def keys_of(decoded: Decoded, start: int, stop: int) -> list[Keys]:
    """The normalised attributes of some rows."""
    nothing: _Texts = [None] * (stop - start)
    columns = map(decoded.normalised, _KEYS)
    texts = (nothing if column is None else column.part(start, stop) for column in columns)
    return list(map(maker(Keys), zip(*texts, strict=True)))


def listed(text: str | None) -> tuple[str, ...]:
    """The parts of a cell that holds several, separated by semicolons or commas."""
    if text is None:
        return ()
    separator = next((mark for mark in _SEPARATORS if mark in text), None)
    parts = text.split(separator) if separator else [text]
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _parsed(text: str | None) -> tuple[tuple[Identifier, ...], _Faults]:
    parts = [(part, Identifier.parse(part)) for part in listed(text)]
    return (
        tuple(found for _, found in parts if found is not None),
        tuple(
            Refusal("identifiers", part, "an identifier is written system:id", "AN-07")
            for part, found in parts
            if found is None
        ),
    )


def _together(slots: Sequence[Sequence[_Value | None]], count: int) -> list[tuple[_Value, ...]]:
    """Per row what its slots hold, without the empty ones."""
    if not slots:
        return [()] * count
    if len(slots) == 1:
        return [() if value is None else (value,) for value in slots[0]]
    return [tuple(v for v in values if v is not None) for values in zip(*slots, strict=True)]
