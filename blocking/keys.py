"""The blocking keys, as a list that can be read: what two records must share to be compared.

``ALWAYS`` keys are cheap at any size. ``MEASURED`` keys find what misspelling hides, and are used
only where their counted cost is small (see ``blocking.candidates``), so they adapt to the size of
the file by themselves. ``blocking.near`` adds keys for values that are one edit apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np
import pyarrow as pa

from blocking import features
from blocking.features import Bools, Codes, Column, Feature
from blocking.pairs import Entries

_LARGEST_KEY = 2**62

#: Makes the entries of a key.
MakeEntries = Callable[[], Entries]


class Attributes(Protocol):
    """What blocking needs of normalised records."""

    @property
    def count(self) -> int:
        """The number of records."""

    @property
    def columns(self) -> Mapping[str, Column]:
        """Attributes that a record has once, by canonical name."""

    @property
    def emails(self) -> Sequence[Column]:
        """One column per position, sharing ``values``."""

    @property
    def phones(self) -> Sequence[Column]:
        """One column per position, sharing ``values``."""

    @property
    def organisation(self) -> Bools:
        """True where a record is an organisation."""

    @property
    def external_ids(self) -> Mapping[str, Column]:
        """Identifiers that systems gave, by id system."""


@dataclass(frozen=True, slots=True)
class Key:
    """One blocking key.

    Attributes:
        name: what records share, in words.
        parts: features whose values together make the key; empty for a key with a rule of its own.
        finer: features that split a block which is too large, the most telling first.
    """

    name: str
    parts: tuple[str, ...]
    finer: tuple[str, ...] = ("first name", "last name", "ZIP", "birth date")


_NAMES_THEN_PLACE = ("last name", "ZIP", "address", "birth date")

#: Cheap at any size.
ALWAYS: tuple[Key, ...] = (
    Key("email", ("email",)),
    Key("phone", ("phone",)),
    Key("last name + ZIP", ("last name", "ZIP"), ("first name", "address")),
    Key("address + ZIP", ("address", "ZIP"), ("first name", "last name")),
    Key("first + last name, either order", ("names",), ("ZIP", "city", "birth date")),
    Key("birth date + last name", ("birth date", "last name"), ("first name", "ZIP")),
    Key("birth date + first name", ("birth date", "first name"), ("last name", "ZIP")),
    Key("email user", ("email user",)),
    Key("sound of last name + ZIP + initial", ("last sound", "ZIP", "initial")),
    Key("first 3 letters of both names + ZIP area", ("first 3", "last 3", "ZIP area")),
    Key("house number + ZIP + initial", ("house number", "ZIP", "initial")),
    Key("address + first name", ("address", "first name"), ("last name", "ZIP")),
    Key("last name + city + initial", ("last name", "city", "initial"), ("first name", "ZIP")),
    Key("first name + city + last initial", ("first name", "city", "last initial")),
    Key("organisation", ("organisation",), ("ZIP", "city")),
    Key("start of organisation + ZIP", ("organisation start", "ZIP"), ("city",)),
    Key("start of organisation + city", ("organisation start", "city"), ("ZIP",)),
)

#: Used where their counted cost is small; those that find most for their cost come first.
MEASURED: tuple[Key, ...] = (
    Key("first name + ZIP", ("first name", "ZIP"), _NAMES_THEN_PLACE),
    Key("address", ("address",), ("first name", "last name")),
    Key("ZIP + birth day and month", ("ZIP", "birth day and month")),
    Key("street + ZIP", ("street 4", "ZIP"), ("first name", "last name")),
    Key("birth date, day and month in either order", ("birth date folded",)),
    Key("first name + city", ("first name", "city"), _NAMES_THEN_PLACE),
    Key("first name + sound of last name", ("first name", "last sound"), _NAMES_THEN_PLACE),
    Key("last name + initial", ("last name", "initial"), ("first name", "ZIP", "birth date")),
    Key("sound of last name + birth year", ("last sound", "birth year")),
    Key("last name", ("last name",), ("first name", "ZIP")),
    Key("first name", ("first name",), _NAMES_THEN_PLACE),
    Key("start of organisation", ("organisation start",), ("ZIP", "city")),
)


class KeyMaker:
    """Makes the entries of any key over one set of records, each feature once.

    Args:
        attributes: normalised records.
        right_side: to pair two sets, True for the records of the second: of the larger set, those
            are left out that share a part of the key with none of the smaller.
    """

    def __init__(self, attributes: Attributes, right_side: Bools | None = None) -> None:
        self._attributes = attributes
        self._smaller = None if right_side is None else _smaller(right_side)
        self._made: dict[str, Feature | None] = {}
        self._narrowed: dict[str, Feature | None] = {}
        self._users: list[Feature] = []
        self._user_texts: pa.StringArray = pa.array([], pa.string())

    def feature(self, name: str) -> Feature | None:
        """The feature of that name; ``None`` where no record has it."""
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def entries(self, key: Key) -> MakeEntries | None:
        """What makes the records and values of one key; ``None`` where no record has it.

        What it needs is made here, so that it may run beside others.
        """
        if len(key.parts) == 1 and key.parts[0] in _REPEATED:
            found = self._narrow(_REPEATED[key.parts[0]](self))
            return partial(_stacked, found) if found else None
        parts = [self._part(part) for part in key.parts]
        present = [part for part in parts if part is not None]
        return partial(_combined, present) if len(present) == len(parts) else None

    def _part(self, name: str) -> Feature | None:
        """A feature as a part of a key."""
        if name not in self._narrowed:
            feature = self.feature(name)
            self._narrowed[name] = None if feature is None else self._narrow([feature])[0]
        return self._narrowed[name]

    def _narrow(self, slots: list[Feature]) -> list[Feature]:
        return slots if self._smaller is None else features.held_by(slots, self._smaller)

    def finer(self, key: Key) -> list[Feature]:
        """The present features that split an oversized block of this key."""
        named = [self.feature(name) for name in key.finer if name not in key.parts]
        return [feature for feature in named if feature is not None]

    def near_entries(self) -> Iterator[tuple[Key, MakeEntries, pa.StringArray]]:
        """Keys whose values may be one edit apart, with their distinct texts; the last of all.

        They need none of the features, which make room for them.
        """
        self._made.clear()
        self._narrowed.clear()
        if phones := self.phones():
            texts = self._attributes.phones[0].values
            yield Key("phone, one edit", ("phone",)), partial(_stacked, phones), texts
        if users := self.users():
            found = partial(_stacked, users), self._user_texts
            self._users = []
            yield Key("email user, one edit", ("email user",)), *found

    def identifier_keys(self) -> Iterator[tuple[Key, MakeEntries]]:
        """A key per id system."""
        for system, column in self._attributes.external_ids.items():
            found = self._narrow([features.whole(column)])
            yield Key(system, (system,)), partial(_combined, found)

    def extra_keys(self) -> Iterator[tuple[Key, MakeEntries]]:
        """Keys from the columns that the caller asked to compare: alone and with each name."""
        for name, column in self._attributes.columns.items():
            if not name.startswith("extra:"):
                continue
            alone = self._narrow([features.whole(column)])[0]
            yield Key(name, (name,)), partial(_combined, [alone])
            for partner in ("first name", "last name"):
                other = self._part(partner)
                if other is not None:
                    both = partial(_combined, [alone, other])
                    yield Key(f"{name} + {partner}", (name, partner)), both

    def emails(self) -> list[Feature]:
        """The email of each position."""
        return [features.whole(column) for column in self._attributes.emails]

    def phones(self) -> list[Feature]:
        """The phone of each position."""
        return [features.whole(column) for column in self._attributes.phones]

    def users(self) -> list[Feature]:
        """The user of the email of each position; all positions share the emails."""
        columns = self._attributes.emails
        if columns and not self._users:
            first, self._user_texts = features.user(columns[0])
            self._users = [first._replace(held=column.codes) for column in columns]
        return self._users

    def _make(self, name: str) -> Feature | None:
        if name == "names":
            return self._names()
        if name == "organisation":
            return self._organisation(features.whole)
        if name == "organisation start":
            return self._organisation(_start(ORGANISATION_START))
        source, make = _SINGLE[name]
        column = self._attributes.columns.get(source)
        return None if column is None else make(column)

    def _names(self) -> Feature | None:
        columns = self._attributes.columns
        if "first_name" not in columns or "last_name" not in columns:
            return None
        return features.either_order(*features.joint(columns["first_name"], columns["last_name"]))

    def _organisation(self, make: Callable[[Column], Feature]) -> Feature | None:
        """The name of an organisation; the employer of a person is no key."""
        column = self._attributes.columns.get("organization")
        if column is None:
            return None
        named = make(column)
        return Feature(np.where(self._attributes.organisation, named.codes, -1), named.size)


#: Letters of an organisation's name that misspelling and legal forms seldom touch.
ORGANISATION_START = 5


def _start(length: int) -> Callable[[Column], Feature]:
    return lambda column: features.numbered(features.prefix(column, length))


_SINGLE: Mapping[str, tuple[str, Callable[[Column], Feature]]] = {
    "first name": ("first_name", features.whole),
    "last name": ("last_name", features.whole),
    "initial": ("first_name", _start(1)),
    "last initial": ("last_name", _start(1)),
    "first 3": ("first_name", _start(3)),
    "last 3": ("last_name", _start(3)),
    "last sound": ("last_name", lambda column: features.numbered(features.sound(column))),
    "ZIP": ("postal_code", features.whole),
    "ZIP area": ("postal_code", _start(3)),
    "address": ("address", features.whole),
    "house number": ("house_number", features.whole),
    "city": ("city", features.whole),
    "birth date": ("birth_date", features.whole),
    "birth year": ("birth_date", _start(4)),
    "birth day and month": ("birth_date", features.day_month),
    "street 4": ("street", _start(4)),
    "birth date folded": ("birth_date", features.day_month_folded),
}


def _smaller(right_side: Bools) -> Codes:
    """The records of the smaller of two sets."""
    right = np.flatnonzero(right_side)
    return right if 2 * len(right) < len(right_side) else np.flatnonzero(~right_side)


def _combined(parts: Sequence[Feature]) -> Entries:
    """The records that have all parts, with one key value per combination of codes, exact."""
    columns = [part.codes for part in parts]
    known = columns[0] >= 0
    for codes in columns[1:]:
        known &= codes >= 0
    rows = np.flatnonzero(known)
    keys, size = columns[0][rows], parts[0].size
    for part, codes in zip(parts[1:], columns[1:], strict=True):
        if size * part.size >= _LARGEST_KEY:
            kept, keys = np.unique(keys, return_inverse=True)
            size = len(kept)
        keys = keys.astype(np.int64, copy=False) * part.size
        keys += codes[rows]
        size *= part.size
    return Entries(rows.astype(np.int32), keys)


def _stacked(slots: Sequence[Feature]) -> Entries:
    """The entries of an attribute that repeats."""
    made = [_combined([slot]) for slot in slots]
    if len(made) == 1:
        return made[0]
    return Entries(
        np.concatenate([entries.rows for entries in made]),
        np.concatenate([entries.keys for entries in made]),
    )


_REPEATED: Mapping[str, Callable[[KeyMaker], list[Feature]]] = {
    "email": KeyMaker.emails,
    "phone": KeyMaker.phones,
    "email user": KeyMaker.users,
}
