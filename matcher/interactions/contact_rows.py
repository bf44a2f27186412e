"""What interactions say of the person, as raw records under canonical names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from matcher.policies.contacts import Identifier
from matcher.policies.interactions.validation import ADDRESS, ARRAYS, NAMES, Problem
from matcher.reading.canonical import LONGEST
from matcher.reading.cells import Kind, clean
from matcher.reading.headers import header_key
from matcher.records import EXTERNAL_ID_COLUMNS

#: Emails, and phones, of one row; what an interaction has more goes into further rows.
MOST = 8

_NAMES = ("first_name", "middle_name", "last_name")
_ADDRESS = ("address_line1", "address_line2", "city", "region", "postal_code", "country")
_NO_ADDRESS: tuple[str | None, ...] = (None,) * len(_ADDRESS)
#: A handle names a person no better than a first name does (IX-07).
_HANDLES = frozenset({"facebook", "twitter"})
_SYSTEMS: Mapping[str, str] = {
    header_key(name.removesuffix("_id")): name
    for name in EXTERNAL_ID_COLUMNS
    if name not in _HANDLES
}
_FIXED = frozenset({"row", "place", "record_id", "source", "source_record_id", "file"})
_KINDS = {"phone": Kind.NUMBER, "postal_code": Kind.NUMBER} | dict.fromkeys(_NAMES, Kind.NAME)


class Contact(NamedTuple):
    """What one interaction says of the person, blanks left out.

    Attributes:
        names: first, middle and last name.
        emails: as written.
        phones: as written.
        addresses: each two lines, city, state, postal code and country.
    """

    names: tuple[str | None, ...]
    emails: list[str]
    phones: list[str]
    addresses: list[tuple[str | None, ...]]

    def identifies(self) -> bool:
        """Whether a person can be known by it: a name alone is nobody's (IX-07)."""
        return bool(self.emails or self.phones or self.addresses)


def contact_of(interaction: Mapping[str, Any], *, use_channel: bool) -> Contact:
    """The contact of a valid interaction.

    Args:
        interaction: as parsed; every text of its ``contactInfo`` is one, or is missing.
        use_channel: the address or number of the channel is the person's too (IX-11).
    """
    info = interaction.get("contactInfo") or {}
    get = info.get
    names = tuple([((value := get(key)) and value.strip()) or None for key in NAMES])
    emails = [text for value in get("email") or () if (text := value.strip())]
    phones = [text for value in get("phone") or () if (text := value.strip())]
    addresses = []
    for entry in get("address") or ():
        parts = tuple([((value := entry.get(key)) and value.strip()) or None for key in ADDRESS])
        if parts != _NO_ADDRESS:
            addresses.append(parts)
    if use_channel:
        value = channel_of(interaction)[1]
        if value is not None:
            (emails if "@" in value else phones).append(value)
    return Contact(names, emails, phones, addresses)


def channel_of(interaction: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The channel's type and its value."""
    channel = interaction.get("channel")
    if type(channel) is not dict:
        return None, None
    return text_of(channel, "type"), text_of(channel, "value")


def text_of(values: Mapping[str, Any], key: str) -> str | None:
    """A text with the blanks at its ends off; ``None`` where it is missing, blank or none."""
    value = values.get(key)
    return value.strip() or None if type(value) is str else None


def without_long(info: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """A valid ``contactInfo`` without texts too long to be what they should, and their names."""
    kept, cut = dict(info), []

    def short(value: Any, path: str) -> Any:
        if type(value) is not str or len(value) <= LONGEST:
            return value
        reason = f"longer than {LONGEST:,} characters; the value is not used"
        cut.append(Problem(path, "payload", "too_long", reason, value[:100], False))
        return ""

    for key in NAMES:
        kept[key] = short(info.get(key), f"$.contactInfo.{key}")
    for key in ARRAYS:
        path = f"$.contactInfo.{key}"
        kept[key] = [short(v, f"{path}[{i}]") for i, v in enumerate(info.get(key) or ())]
    kept["address"] = [
        {key: short(entry.get(key), f"$.contactInfo.address[{i}].{key}") for key in ADDRESS}
        for i, entry in enumerate(info.get("address") or ())
    ]
    return kept, cut


def _by_column(identifiers: Sequence[Identifier]) -> dict[str, list[str]]:
    """The ids of the person by canonical column.

    A VAN id in an interaction is one of the voter file; a list that is no export of VAN's may give
    it too, and cannot say of which instance it is.
    """
    found: dict[str, list[str]] = {}
    for system, value in identifiers:
        name = _SYSTEMS.get(header_key(system))
        if name is None:
            continue
        values = found.setdefault(name, [])
        instance, colon, rest = value.partition(":")
        if name == "van_id" and colon and instance == "unknown":
            values.append(f"my_voters:{rest}")
        values.append(value)
    return found


class ContactRows:
    """Contacts on their way into a table."""

    def __init__(self) -> None:
        self._rows: list[int] = []
        self._places: list[int] = []
        self._sources: list[str] = []
        self._ids: list[str | None] = []
        self._names: list[tuple[str | None, ...]] = []
        self._emails: list[Sequence[str]] = []
        self._phones: list[Sequence[str]] = []
        self._addresses: list[tuple[str | None, ...]] = []
        self._systems: dict[str, dict[int, str]] = {}

    def add(
        self,
        row: int,
        source: str,
        own_id: str | None,
        contact: Contact,
        identifiers: Sequence[Identifier],
    ) -> None:
        """One row for each address and each id of a system, and for every eight emails or phones;
        one at least.
        """
        emails, phones, addresses = contact.emails, contact.phones, contact.addresses
        ids = _by_column(identifiers)
        count = max(
            len(addresses), -(-len(emails) // MOST), -(-len(phones) // MOST), 1,
            *map(len, ids.values()),
        )  # fmt: skip
        for place in range(count):
            for name, values in ids.items():
                value = values[place % len(values)]
                self._systems.setdefault(name, {})[len(self._rows)] = value
            self._rows.append(row)
            self._places.append(place)
            self._sources.append(source)
            self._ids.append(own_id)
            self._names.append(contact.names)
            self._emails.append(_part(emails, place))
            self._phones.append(_part(phones, place))
            self._addresses.append(addresses[place % len(addresses)] if addresses else _NO_ADDRESS)

    def table(self, file: str | None) -> pa.Table:
        """The columns that any of them fills, beside the fixed ones.

        Args:
            file: where they came from, for messages.
        """
        count = len(self._rows)
        columns: dict[str, Sequence[str | None]] = {}
        for names, held in ((_NAMES, self._names), (_ADDRESS, self._addresses)):
            columns |= zip(names, zip(*held, strict=True), strict=True) if held else {}
        for name, values in (("email", self._emails), ("phone", self._phones)):
            for place in range(max(map(len, values), default=0)):
                columns[f"{name}{place + 1}"] = [
                    each[place] if len(each) > place else None for each in values
                ]
        for name, found in self._systems.items():
            columns[name] = [found.get(row) for row in range(count)]
        return contact_table(
            pa.array(self._rows, pa.int64()),
            pa.array(self._places, pa.int16()),
            pa.array(self._sources, pa.string()),
            pa.array(self._ids, pa.string()),
            file=file,
            columns={name: pa.array(values, pa.string()) for name, values in columns.items()},
        )


def cleaned(contacts: pa.Table) -> pa.Table:
    """Contacts with every cell cleaned as those of a file are; empty columns left out."""
    count = contacts.num_rows
    for place, name in reversed(list(enumerate(contacts.column_names))):
        if name in _FIXED:
            continue
        kind = _KINDS.get(name.rstrip("12345678"), Kind.TEXT)
        values = clean(contacts[name].combine_chunks(), kind).values
        if values.null_count == count:
            contacts = contacts.remove_column(place)
        else:
            contacts = contacts.set_column(place, name, values)
    return contacts


def contact_table(
    rows: pa.Array,
    places: pa.Array,
    sources: pa.Array,
    own_ids: pa.Array,
    *,
    file: str | None,
    columns: Mapping[str, pa.Array],
) -> pa.Table:
    """A table of contacts: see ``InteractionBatch``; a column that nothing fills is left out."""
    count = len(rows)
    here = pa.nulls(count, pa.int32()).fill_null(0)
    return pa.table(
        {
            "row": rows,
            "place": places,
            "record_id": pc.binary_join_element_wise(
                rows.cast(pa.string()), places.cast(pa.string()), ":"
            ),
            "source": sources,
            "source_record_id": own_ids,
            "file": pa.DictionaryArray.from_arrays(here, pa.array([file or "interactions"])),
            **{name: each for name, each in columns.items() if each.null_count < count},
        }
    )


def _part(values: list[str], place: int) -> Sequence[str]:
    """The emails or phones of one row: all where they fit, which is nearly always."""
    if len(values) <= MOST:
        return values
    start = place % -(-len(values) // MOST) * MOST
    return values[start : start + MOST]
