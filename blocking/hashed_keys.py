"""Blocking keys as hashes: a record's key values, whatever other records there are.

Within one set, key values are numbered (``blocking.keys``), which is exact and fast. An index that
outlives the set needs values that never change: here each is a 64-bit hash of the texts. That two
different values share a hash is so unlikely that it would cost a needless comparison, no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from blocking import features
from blocking.features import Bools, Column
from blocking.hashes import Hashes, mixed, seed, text_hashes
from blocking.keys import ORGANISATION_START, Attributes, Key
from blocking.pairs import Entries

#: Rewrites the distinct texts of a column; an empty text has no value.
_Rewrite = Callable[[pa.StringArray], pa.StringArray]


class HashedKeys:
    """Makes the entries of any key, each feature once."""

    def __init__(self, attributes: Attributes) -> None:
        self._attributes = attributes
        self._made: dict[str, _Hashed | None] = {}

    def all(self, keys: Sequence[Key]) -> Iterator[tuple[str, Entries]]:
        """The name of each key that any record has, the ids' keys first, and its entries.

        The values of different keys differ.
        """
        for name, make in self.makers(keys):
            made = make()
            if made is not None:
                yield name, made

    def makers(self, keys: Sequence[Key]) -> list[tuple[str, Callable[[], Entries | None]]]:
        """The name of each key, the ids' keys first, and what makes its entries.

        Threads may make several at a time, best once ``values`` has made the features of all.
        """
        ids = self._attributes.external_ids
        return [
            *((system, partial(self._of_ids, system)) for system in ids),
            *((key.name, partial(self._entries, key)) for key in keys),
        ]

    def _of_ids(self, system: str) -> Entries:
        column = self._attributes.external_ids[system]
        return _entries(system, [_hashed(column, system, _same)])

    def values(self, feature: str) -> Hashes:
        """A hash per record of one feature, 0 where the record has none."""
        made = self._feature(feature)
        if made is None:
            return np.zeros(self._attributes.count, np.uint64)
        return np.where(made.known, made.hashes, np.uint64(0))

    def _entries(self, key: Key) -> Entries | None:
        if len(key.parts) == 1 and key.parts[0] in _REPEATED:
            columns, rewrite = _REPEATED[key.parts[0]]
            slots = [_hashed(slot, key.name, rewrite) for slot in columns(self._attributes)]
            return _entries(key.name, slots) if slots else None
        parts = [self._feature(part) for part in key.parts]
        present = [part for part in parts if part is not None]
        return _entries(key.name, [_combined(present)]) if len(present) == len(parts) else None

    def _feature(self, name: str) -> _Hashed | None:
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def _make(self, name: str) -> _Hashed | None:
        columns = self._attributes.columns
        if name == "names":
            first, last = columns.get("first_name"), columns.get("last_name")
            if first is None or last is None:
                return None
            one, other = _hashed(first, "names", _same), _hashed(last, "names", _same)
            return _Hashed(one.hashes + other.hashes, one.known & other.known)
        if name in _ORGANISATION:
            column = columns.get("organization")
            if column is None:
                return None
            found = _ORGANISATION[name](column, name)
            return _Hashed(found.hashes, found.known & self._attributes.organisation)
        source, make = _SINGLE[name]
        column = columns.get(source)
        return None if column is None else make(column, name)


class _Hashed:
    """A feature: a hash per record, and whether the record has one."""

    def __init__(self, hashes: Hashes, known: Bools) -> None:
        self.hashes = hashes
        self.known = known


def _hashed(column: Column, name: str, rewrite: _Rewrite) -> _Hashed:
    """The texts of a column, rewritten; weak values do not count."""
    texts = rewrite(column.values)
    per_value = mixed(text_hashes(texts) ^ seed(name))
    usable = pc.binary_length(texts).to_numpy(zero_copy_only=False) > 0
    if column.weak is not None:
        usable &= ~column.weak
    # The last is for what is missing.
    hashes = np.concatenate([per_value, _NO_HASH])[column.codes]
    return _Hashed(hashes, np.concatenate([usable, _NOT_USABLE])[column.codes])


_NO_HASH = np.zeros(1, np.uint64)
_NOT_USABLE = np.zeros(1, np.bool_)


def _numbered(feature: features.Feature, name: str) -> _Hashed:
    """A feature whose codes follow from the text alone."""
    codes = feature.codes.astype(np.int64)
    return _Hashed(mixed(codes.view(np.uint64) ^ seed(name)), codes >= 0)


def _combined(parts: Sequence[_Hashed]) -> _Hashed:
    hashes, known = parts[0].hashes, parts[0].known
    for part in parts[1:]:
        hashes = mixed(hashes) + part.hashes
        known = known & part.known
    return _Hashed(hashes, known)


def _entries(name: str, slots: Sequence[_Hashed]) -> Entries:
    rows = [np.flatnonzero(slot.known) for slot in slots]
    keys = [slot.hashes[at] for slot, at in zip(slots, rows, strict=True)]
    hashes: npt.NDArray[np.uint64] = mixed(np.concatenate(keys) ^ seed(name))
    return Entries(np.concatenate(rows), hashes.view(np.int64))


def _same(texts: pa.StringArray) -> pa.StringArray:
    return texts


def _user(texts: pa.StringArray) -> pa.StringArray:
    return pc.list_element(pc.split_pattern(texts, "@", max_splits=1), 0)


def _day_month(texts: pa.StringArray) -> pa.StringArray:
    return pc.utf8_slice_codeunits(texts, 5, 10)


_Make = Callable[[Column, str], _Hashed]


def _whole(column: Column, name: str) -> _Hashed:
    return _hashed(column, name, _same)


def _prefix(length: int) -> _Make:
    return lambda column, name: _numbered(features.prefix(column, length), name)


_SINGLE: Mapping[str, tuple[str, _Make]] = {
    "first name": ("first_name", _whole),
    "last name": ("last_name", _whole),
    "initial": ("first_name", _prefix(1)),
    "last initial": ("last_name", _prefix(1)),
    "first 3": ("first_name", _prefix(3)),
    "last 3": ("last_name", _prefix(3)),
    "last sound": ("last_name", lambda column, name: _numbered(features.sound(column), name)),
    "ZIP": ("postal_code", _whole),
    "ZIP area": ("postal_code", _prefix(3)),
    "address": ("address", _whole),
    "house number": ("house_number", _whole),
    "city": ("city", _whole),
    "birth date": ("birth_date", _whole),
    "birth year": ("birth_date", _prefix(4)),
    "birth day and month": ("birth_date", lambda c, name: _hashed(c, name, _day_month)),
    "street 4": ("street", _prefix(4)),
    "birth date folded": (
        "birth_date",
        lambda column, name: _hashed(column, name, features.folded_days),
    ),
}

#: Features of organisations alone; the employer of a person is none.
_ORGANISATION: Mapping[str, _Make] = {
    "organisation": _whole,
    "organisation start": _prefix(ORGANISATION_START),
}

_Slots = Callable[[Attributes], Sequence[Column]]

_REPEATED: Mapping[str, tuple[_Slots, _Rewrite]] = {
    "email": (lambda attributes: attributes.emails, _same),
    "phone": (lambda attributes: attributes.phones, _same),
    "email user": (lambda attributes: attributes.emails, _user),
}
