"""The blocking keys, as a list that can be read: what two records must share to be compared.

``ALWAYS`` keys are cheap at any size. ``MEASURED`` keys find what misspelling hides, and are used
only where their counted cost is small (see ``blocking.candidates``), so they adapt to the size of
the file by themselves. ``blocking.near`` adds keys for values that are one edit apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, Protocol

import numpy as np
import pyarrow as pa

from blocking import features
from blocking.features import Bools, Codes, Column, Feature
from blocking.once import Once
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


class _Users(NamedTuple):
    """The users of emails.

    Attributes:
        slots: a feature of each position.
        texts: the distinct users by code.
    """

    slots: list[Feature]
    texts: pa.StringArray


class KeyMaker:
    """Makes the entries of any key over one set of records, each feature once.

    Nothing is made before somebody asks for it, in whichever thread that is.

    Args:
        attributes: normalised records.
        right_side: to pair two sets, True for the records of the second: of the larger set, those
            are left out that share a part of the key with none of the smaller.
    """

    def __init__(self, attributes: Attributes, right_side: Bools | None = None) -> None:
        self._attributes = attributes
        self._smaller = None if right_side is None else _smaller(right_side)
        self._made: dict[str, Once[Feature] | None] = {}
        self._narrowed: dict[str, Once[Feature] | None] = {}
        self._users = Once(self._make_users)

    def feature(self, name: str) -> Once[Feature] | None:
        """The feature of that name; ``None`` where no record has it."""
        if name not in self._made:
            make = self._maker(name)
            self._made[name] = None if make is None else Once(make)
        return self._made[name]

    def entries(self, key: Key) -> MakeEntries | None:
        """What makes the records and values of one key; ``None`` where no record has it."""
        if len(key.parts) == 1 and key.parts[0] in _REPEATED:
            columns, slots = _REPEATED[key.parts[0]]
            has_any = bool(columns(self._attributes))
            return (lambda: _stacked(self._narrow(slots(self)))) if has_any else None
        parts = [self._part(part) for part in key.parts]
        present = [part for part in parts if part is not None]
        return partial(_combined_of, present) if len(present) == len(parts) else None

    def _part(self, name: str) -> Once[Feature] | None:
        """A feature as a part of a key."""
        if name not in self._narrowed:
            feature = self.feature(name)
            self._narrowed[name] = None if feature is None else self._narrowed_once(feature)
        return self._narrowed[name]

    def _narrowed_once(self, feature: Callable[[], Feature]) -> Once[Feature]:
        return Once(lambda: self._narrow([feature()])[0])

    def _narrow(self, slots: list[Feature]) -> list[Feature]:
        return slots if self._smaller is None else features.held_by(slots, self._smaller)

    def finer(self, key: Key) -> list[Once[Feature]]:
        """The present features that split an oversized block of this key."""
        named = [self.feature(name) for name in key.finer if name not in key.parts]
        return [feature for feature in named if feature is not None]

    def near_entries(self) -> Iterator[tuple[Key, MakeEntries, Callable[[], pa.StringArray]]]:
        """Keys whose values may be one edit apart, and their distinct texts; the last of all.

        They need none of the features, which make room for them.
        """
        self._made.clear()
        self._narrowed.clear()
        if phones := self._attributes.phones:
            key = Key("phone, one edit", ("phone",))
            yield key, lambda: _stacked(self._phones()), lambda: phones[0].values
        if self._attributes.emails:
            users, self._users = self._users, Once(self._make_users)
            key = Key("email user, one edit", ("email user",))
            yield key, lambda: _stacked(users().slots), lambda: users().texts

    def identifier_keys(self) -> Iterator[tuple[Key, MakeEntries]]:
        """A key per id system."""
        for system, column in self._attributes.external_ids.items():
            yield Key(system, (system,)), partial(_combined_of, [self._whole(column)])

    def extra_keys(self) -> Iterator[tuple[Key, MakeEntries]]:
        """Keys from the columns that the caller asked to compare: alone and with each name."""
        for name, column in self._attributes.columns.items():
            if not name.startswith("extra:"):
                continue
            alone = self._whole(column)
            yield Key(name, (name,)), partial(_combined_of, [alone])
            for partner in ("first name", "last name"):
                other = self._part(partner)
                if other is not None:
                    both = partial(_combined_of, [alone, other])
                    yield Key(f"{name} + {partner}", (name, partner)), both

    def _whole(self, column: Column) -> Once[Feature]:
        """The value itself as a part of a key."""
        return self._narrowed_once(partial(features.whole, column))

    def _emails(self) -> list[Feature]:
        """The email of each position."""
        return [features.whole(column) for column in self._attributes.emails]

    def _phones(self) -> list[Feature]:
        """The phone of each position."""
        return [features.whole(column) for column in self._attributes.phones]

    def _make_users(self) -> _Users:
        """The user of the email of each position; all positions share the emails."""
        columns = self._attributes.emails
        first, texts = features.user(columns[0])
        return _Users([first._replace(held=column.codes) for column in columns], texts)

    def _maker(self, name: str) -> Callable[[], Feature] | None:
        """What makes a feature; ``None`` where no record has it."""
        columns = self._attributes.columns
        if name == "names":
            first, last = columns.get("first_name"), columns.get("last_name")
            return None if first is None or last is None else partial(_names, first, last)
        source, make = _SINGLE[name]
        column = columns.get(source)
        if column is None:
            return None
        if source == "organization":
            return partial(_of_organisations, self._attributes.organisation, make, column)
        return partial(make, column)


def _names(first: Column, last: Column) -> Feature:
    return features.either_order(*features.joint(first, last))


def _of_organisations(
    organisation: Bools, make: Callable[[Column], Feature], column: Column
) -> Feature:
    """The name of an organisation; the employer of a person is no key."""
    named = make(column)
    return Feature(np.where(organisation, named.codes, -1), named.size)


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
    "organisation": ("organization", features.whole),
    "organisation start": ("organization", _start(ORGANISATION_START)),
}


def _smaller(right_side: Bools) -> Codes:
    """The records of the smaller of two sets."""
    right = np.flatnonzero(right_side)
    return right if 2 * len(right) < len(right_side) else np.flatnonzero(~right_side)


def _combined_of(parts: Sequence[Callable[[], Feature]]) -> Entries:
    return _combined([part() for part in parts])


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


#: Attributes that repeat: their columns, and the feature of each position.
_REPEATED: Mapping[
    str, tuple[Callable[[Attributes], Sequence[Column]], Callable[[KeyMaker], list[Feature]]]
] = {
    "email": (lambda attributes: attributes.emails, KeyMaker._emails),
    "phone": (lambda attributes: attributes.phones, KeyMaker._phones),
    "email user": (lambda attributes: attributes.emails, lambda maker: maker._users().slots),
}
