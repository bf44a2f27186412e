"""What is kept of a person who was forgotten: salted fingerprints, to know who comes again.

A *mark* is what makes a row somebody's: the name of the record (its source and id there), an id
that a system gave, an email address, a phone number with a given name, an address or a birth date
with the whole name. An address or number that others share says little alone, so it counts alone
only where nobody else in the store had it when the person was forgotten; with a given name, also
in another form of it (Bob for Robert), it always does. Of a mark only a keyed hash (HMAC-SHA256,
RFC 2104, with the salt of the store) is kept, and a *hint* of 24 bits: the row of a file whose
identifiers have none of the hints need not be looked at.
"""

from __future__ import annotations

import hmac
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from blocking.hashes import Hashes, mixed, seed, text_hashes
from matcher.nicknames import formal_names
from matcher.records import Column, Records

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: Bytes of a fingerprint that are kept.
_LENGTH = 16
#: The hint of a value is its hash without so many bits.
_NOT_HINT = np.uint64(64 - 24)
#: The kind of the mark that is a record's name.
NAME = "record_id"


@dataclass(frozen=True)
class Mark:
    """One thing that makes a row somebody's.

    Attributes:
        kind: ``record_id``, ``email``, ``phone``, ``address``, ``birth_date``, or the system of
            an id.
        value: the normalised value.
        names: what must be so of the name too; empty where the value does alone.
    """

    kind: str
    value: str
    names: tuple[str, ...] = ()

    @property
    def identifier(self) -> tuple[str, str]:
        """Kind and value."""
        return self.kind, self.value


@dataclass(frozen=True)
class NamedRecords:
    """Normalised records and what they are called.

    Attributes:
        records: normalised.
        names: int64 per record, the hash of its source and id (``matcher.store.naming``).
    """

    records: Records
    names: Ints

    def marks(self, row: int) -> Iterator[Mark]:
        """The marks of one record."""
        records = self.records
        yield Mark(NAME, str(self.names[row]))
        for system, column in records.external_ids.items():
            for value in _values([column], row):
                yield Mark(system, value)
        given = sorted(_forms(_text(records, "first_name", row)))
        last = _text(records, "last_name", row)
        for email in _values(records.emails, row):
            yield Mark("email", email)
            yield from (Mark("email", email, (name,)) for name in given)
        for phone in _values(records.phones, row):
            yield from (Mark("phone", phone, (name,)) for name in given)
            if not given and not last:
                yield Mark("phone", phone)
        for kind in ("address", "birth_date"):
            value = _text(records, kind, row)
            if value and last:
                yield from (Mark(kind, value, (name, last)) for name in given)

    def marks_left(self, row: int, shared: Container[tuple[str, str]]) -> Iterator[Mark]:
        """The marks by which the record is to be known again.

        Args:
            row: which record.
            shared: identifiers that somebody else has.
        """
        for mark in self.marks(row):
            if mark.names or mark.identifier not in shared:
                yield mark
        initials = {name[0] for name in [_text(self.records, "first_name", row)] if name}
        for kind, columns in (("email", self.records.emails), ("phone", self.records.phones)):
            for value in _values(columns, row):
                yield from (Mark(kind, value, (initial,)) for initial in initials)
                if (kind, value) not in shared:
                    yield Mark(kind, value)


@dataclass(frozen=True)
class Fingerprints:
    """Makes fingerprints, and finds records that have some of those kept.

    Attributes:
        salt: of the store.
        kept: fingerprint -> the run in which its person was forgotten.
        hints: int64, sorted.
    """

    salt: bytes
    kept: dict[bytes, int] = field(default_factory=dict)
    hints: Ints = field(default_factory=lambda: np.zeros(0, np.int64))

    def of(self, mark: Mark) -> bytes:
        """The fingerprint of a mark."""
        text = "\x1f".join((mark.kind, mark.value, *mark.names))
        return hmac.digest(self.salt, text.encode(), "sha256")[:_LENGTH]

    def hint(self, mark: Mark) -> int:
        """The hint of a mark: of its value alone."""
        if mark.kind == NAME:
            return int(self._hints(np.array([int(mark.value)]).view(np.uint64), NAME)[0])
        return int(self._hints(text_hashes(pa.array([mark.value], pa.string())), mark.kind)[0])

    def found(self, named: NamedRecords, rows: Ints) -> dict[int, tuple[str, set[int]]]:
        """Those of some rows that have marks of persons who were forgotten.

        Returns:
            row -> the kind of the first such mark, and the runs in which they were forgotten.
        """
        found: dict[int, tuple[str, set[int]]] = {}
        if not self.kept:
            return found
        hinted = self._hinted(named)
        for row in rows[hinted[rows]].tolist():
            runs = [(m.kind, self.kept.get(self.of(m))) for m in named.marks(row)]
            known = [(kind, run) for kind, run in runs if run is not None]
            if known:
                found[row] = known[0][0], {run for _, run in known}
        return found

    def _hinted(self, named: NamedRecords) -> Bools:
        """Which records have a value whose hint is kept."""
        records = named.records
        names = self._hints(named.names.view(np.uint64), NAME)
        hinted: Bools = np.isin(names, self.hints)
        columns = [("email", column) for column in records.emails]
        columns += [("phone", column) for column in records.phones]
        columns += list(records.external_ids.items())
        columns += [
            (kind, records.columns[kind])
            for kind in ("address", "birth_date")
            if kind in records.columns
        ]
        for kind, column in columns:
            hints = self._hints(text_hashes(column.values), kind)
            hinted |= np.append(np.isin(hints, self.hints), False)[column.codes]
        return hinted

    def _hints(self, hashes: Hashes, kind: str) -> Ints:
        key = np.frombuffer(self.salt[:8], np.uint64)[0] ^ seed(kind)
        hints: Ints = (mixed(hashes ^ key) >> _NOT_HINT).astype(np.int64)
        return hints


def _forms(name: str) -> frozenset[str]:
    """A given name and the formal names that it may stand for."""
    return formal_names().get(name, frozenset()) | {name} if name else frozenset()


def _text(records: Records, name: str, row: int) -> str:
    column = records.columns.get(name)
    if column is None or column.codes[row] < 0:
        return ""
    return str(column.values[int(column.codes[row])].as_py())


def _values(columns: Sequence[Column], row: int) -> list[str]:
    """The values of a record in some columns, without those that are nobody's own."""
    found = []
    for column in columns:
        code = int(column.codes[row])
        if code >= 0 and (column.weak is None or not column.weak[code]):
            found.append(str(column.values[code].as_py()))
    return found
