"""The golden record: for each cluster one value per attribute, and the record it comes from.

Names: whole names before initials, then the most frequent, then the longest. Birth date, gender
and further columns: the most frequent. Address: all parts from one record, the most recent that
names a street. Email and phone: the most recent that is no role mailbox and no number that nobody
can have, with all others beside it. Whatever ties goes by date and then by content, never by the
order of the input. A caller may set another rule for a field (``matcher.golden_rules``).

Rows are chosen first, for all clusters at once; texts are written part by part, so that they need
not all be in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.golden_choice import Choice
from matcher.golden_rules import NAME_FIELDS, GoldenRule
from matcher.grouping import Ints, group_records
from matcher.normalise.emails import repaired
from matcher.normalise.lanes import coalesce
from matcher.records import (
    CONSENT_COLUMNS,
    EXTRA_PREFIX,
    Codes,
    Column,
    RawRecords,
    Records,
    encode,
)
from matcher.spelling import mixed_case, write_names

#: Between the values of a list in one cell.
LIST_SEPARATOR = "; "

_ADDRESS = ("address_line1", "address_line2", "city", "region", "postal_code", "country")
#: Where a name may have been typed that was read into another column.
_TYPED_IN = ("full_name", "first_name", "last_name")
#: What surrounds an address: a display name, a scheme, another address.
_AROUND_EMAIL = r"[\s<>,;:\"()\[\]|/]"
_CLUSTERS_A_PART = 50_000
_THREADS = 2

#: Makes the columns that it is about for some clusters, given by number.
_Write = Callable[[slice], Mapping[str, pa.Array]]


class Clustered(Protocol):
    """Records and the cluster of each: what a run and a store have in common.

    Attributes:
        raw: records as they came.
        records: normalised.
        order: int64 per record, a content order.
        clusters: int64 per record, the index of one record of its cluster.
    """

    @property
    def raw(self) -> RawRecords: ...  # noqa: D102 - above
    @property
    def records(self) -> Records: ...  # noqa: D102
    @property
    def order(self) -> Ints: ...  # noqa: D102
    @property
    def clusters(self) -> Ints: ...  # noqa: D102


class GoldenRecords:
    """Chooses the values of each cluster.

    Args:
        matched: records and who is who.
        cluster_ids: the name of each record's cluster.
        rules: field -> how its value is chosen, where not by the field's own rule.
        id_column: what the column of names is called.
    """

    def __init__(
        self,
        matched: Clustered,
        cluster_ids: pa.Array,
        rules: Mapping[str, GoldenRule] | None = None,
        id_column: str = "cluster_id",
    ) -> None:
        self._matched = matched
        self._id_column = id_column
        self._records = matched.records
        self._table = matched.raw.table.combine_chunks()
        self._ids = self._raw("record_id")
        self._cluster_ids = cluster_ids
        self._groups = group_records(matched.clusters, matched.order, matched.records)
        self._encodings: dict[str, Column] = {}
        self._choice = Choice(self._groups, rules or {}, lambda: self._encoded("source"))
        with ThreadPoolExecutor(_THREADS) as pool:
            self._writers = list(pool.map(lambda choose: choose(), self._attributes()))

    def __len__(self) -> int:
        return len(self._groups)

    def table(self) -> pa.Table:
        """One row per cluster, most columns followed by ``<column>_from``, a ``record_id``."""
        with ThreadPoolExecutor(_THREADS) as pool:
            return pa.concat_tables(pool.map(lambda part: part(), self.parts()))

    def parts(self) -> Sequence[Callable[[], pa.Table]]:
        """The same table in parts, each made when it is called."""
        starts = range(0, max(len(self), 1), _CLUSTERS_A_PART)
        return [partial(self._part, slice(start, start + _CLUSTERS_A_PART)) for start in starts]

    def _part(self, part: slice) -> pa.Table:
        columns: dict[str, pa.Array] = {}
        for write in (self._head, *self._writers):
            columns.update(write(part))
        return pa.table(columns)

    def _head(self, part: slice) -> Mapping[str, pa.Array]:
        first = self._groups.first[part]
        kinds = np.where(self._records.organisation[first], "organization", "person")
        return {
            self._id_column: self._cluster_ids.take(pa.array(first)),
            "record_count": pa.array(self._groups.sizes[part]),
            "entity_type": pa.array(kinds, pa.string()),
        }

    def _attributes(self) -> Iterator[Callable[[], _Write]]:
        """One choice for each attribute that any record has, in the order of the columns."""
        columns, present = self._records.columns, self._table.column_names
        yield partial(self._joined, "sources", "source")
        yield from (partial(self._spelt, name) for name in NAME_FIELDS if name in columns)
        if self._records.emails:
            yield self._emails
        if self._records.phones:
            yield self._phones
        yield self._address
        extras = (name for name in columns if name.startswith(EXTRA_PREFIX))
        for name in ("birth_date", "gender", *extras):
            if name in columns:
                yield partial(self._most_frequent, name)
        if "updated_at" in columns:
            yield self._updated_at
        for name in ("tags", *CONSENT_COLUMNS):
            if name in present:
                yield partial(self._joined, name, name)
        for name in self._records.external_ids:
            yield partial(self._joined, name, name)

    def _spelt(self, name: str) -> _Write:
        """A name, written as it was typed where that is possible."""
        names, groups = self._records.columns[name], self._groups
        typed = self._typed(name, names)
        here = groups.rows[groups.several.places]
        letters = _spread(pc.utf8_length(names.values), names, here)

        def own() -> Ints:
            mixed = np.append(mixed_case(typed.values), False)[typed.codes[here]]
            often = np.minimum(groups.frequency(names.codes), 2**16 - 1)
            score = (letters > 1).astype(np.int64) << 27
            score |= often << 11 | np.minimum(letters, 2**10 - 1) << 1 | mixed
            return score

        rows = self._choice.best(name, names.codes >= 0, names.codes, own, lambda: letters)
        shown = write_names(names, typed, rows)
        return lambda part: self._with_source(
            name, _decoded(shown.values, shown.codes[part]), rows[part]
        )

    def _typed(self, name: str, names: Column) -> Column:
        """What was typed where each record's name was found."""
        found: list[Column] = []
        for source in dict.fromkeys((name, *_TYPED_IN)):
            if source in self._table.column_names:
                found.append(self._encoded(source))
                if not ((names.codes >= 0) & (found[-1].codes < 0)).any():
                    break
        return coalesce(found)

    def _encoded(self, name: str) -> Column:
        """A raw column, encoded once."""
        if name not in self._encodings:
            self._encodings[name] = encode(self._table.column(name))
        return self._encodings[name]

    def _most_frequent(self, name: str) -> _Write:
        column, groups = self._records.columns[name], self._groups

        def letters() -> Ints:
            here = groups.rows[groups.several.places]
            return _spread(pc.utf8_length(column.values), column, here)

        field = name.removeprefix(EXTRA_PREFIX)
        own = partial(groups.frequency, column.codes)
        rows = self._choice.best(field, column.codes >= 0, column.codes, own, letters)
        if name.startswith(EXTRA_PREFIX):
            column, name = encode(self._table.column(name)), name.removeprefix(EXTRA_PREFIX)
        return lambda part: self._with_source(name, _taken(column, rows[part]), rows[part])

    def _emails(self) -> _Write:
        names = self._matched.raw.repeated("email")
        typed = pa.concat_arrays([self._raw(name) for name in names])
        return self._contacts("email", self._records.emails, lambda where: _sendable(typed, where))

    def _phones(self) -> _Write:
        slots = self._records.phones
        codes = np.concatenate([slot.codes for slot in slots])
        phones = Column(codes, slots[0].values)
        return self._contacts("phone", slots, lambda where: _taken(phones, where))

    def _contacts(
        self, name: str, slots: Sequence[Column], texts: Callable[[Ints], pa.Array]
    ) -> _Write:
        """The best value of each cluster and the list of all of them."""
        offsets, rows, slot = self._groups.gather(slots, self._choice.preference(name))
        where = slot * self._records.count + rows

        def write(part: slice) -> Mapping[str, pa.Array]:
            bounds = offsets[part.start : part.stop + 1]
            values = texts(where[bounds[0] : bounds[-1]])
            filled = np.flatnonzero(np.diff(bounds))
            best, chosen = np.full((2, len(bounds) - 1), -1, np.int64)
            best[filled] = bounds[filled] - bounds[0]
            chosen[filled] = rows[bounds[filled]]
            return {
                **self._with_source(name, values.take(_indices(best)), chosen),
                f"{name}s": _lists(bounds - bounds[0], values),
            }

        return write

    def _address(self) -> _Write:
        present = [name for name in _ADDRESS if name in self._table.column_names]
        texts = {name: self._raw(name) for name in present}
        if "address_line1" in texts and "street_number" in self._table.column_names:
            texts["address_line1"] = _numbered(self._raw("street_number"), texts["address_line1"])
        filled = {
            name: text.is_valid().to_numpy(zero_copy_only=False) for name, text in texts.items()
        }
        none = np.zeros(self._records.count, np.bool_)
        street = filled.get("address_line1", none)
        place = filled.get("city", none) | filled.get("postal_code", none)
        here = self._groups.rows[self._groups.several.places]
        rows = self._choice.best(
            "address",
            np.any([none, *filled.values()], axis=0),
            self._records.get("address").codes,
            lambda: street[here] * np.int64(2) + place[here],
            lambda: np.sum([none[here], *(each[here] for each in filled.values())], axis=0),
        )

        def write(part: slice) -> Mapping[str, pa.Array]:
            columns: dict[str, pa.Array] = {}
            for name, text in texts.items():
                columns |= self._with_source(name, text.take(_indices(rows[part])), rows[part])
            return columns

        return write

    def _updated_at(self) -> _Write:
        column = self._records.columns["updated_at"]
        return lambda part: {"updated_at": _taken(column, self._groups.first[part])}

    def _joined(self, name: str, column_name: str) -> _Write:
        """The distinct texts of each cluster in one cell, the most recent first."""
        column = self._records.external_ids.get(column_name)
        if column is None:
            column = encode(self._table.column(column_name))
        offsets, rows, _ = self._groups.gather([column])

        def write(part: slice) -> Mapping[str, pa.Array]:
            bounds = offsets[part.start : part.stop + 1]
            values = _taken(column, rows[bounds[0] : bounds[-1]])
            if len(values) == len(bounds) - 1 and (np.diff(bounds) == 1).all():
                return {name: values}
            joined = pc.binary_join(_lists(bounds - bounds[0], values), LIST_SEPARATOR)
            return {name: pc.if_else(pa.array(np.diff(bounds) > 0), joined, None)}

        return write

    def _with_source(self, name: str, texts: pa.Array, rows: Ints) -> Mapping[str, pa.Array]:
        """A column and the record that each text comes from."""
        missing = texts.is_null().to_numpy(zero_copy_only=False)
        return {name: texts, f"{name}_from": self._ids.take(_indices(np.where(missing, -1, rows)))}

    def _raw(self, name: str) -> pa.Array:
        column = self._table.column(name)
        return column.chunk(0) if column.num_chunks else pa.array([], column.type)


def _taken(column: Column, rows: Ints) -> pa.Array:
    """The texts of some records; null for -1."""
    return _decoded(column.values, np.where(rows >= 0, column.codes[rows], np.int32(-1)))


def _decoded(values: pa.StringArray, codes: Codes) -> pa.Array:
    return values.take(pa.array(codes, mask=codes < 0))


def _indices(rows: Ints) -> pa.Array:
    """Indices for ``take``; -1 gives null."""
    return pa.array(rows, mask=rows < 0)


def _spread(numbers: pa.Array, column: Column, rows: Ints) -> Ints:
    """A number of each distinct value for some records; 0 where the value is missing."""
    spread: Ints = np.append(numbers.to_numpy(zero_copy_only=False), 0)[column.codes[rows]]
    return spread.astype(np.int64)


def _lists(offsets: Ints, values: pa.Array) -> pa.ListArray:
    return pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), values)


def _numbered(numbers: pa.Array, lines: pa.Array) -> pa.Array:
    """Street lines with the house number before them where it came in a column of its own."""
    return pc.coalesce(pc.binary_join_element_wise(numbers, lines, " "), lines)


def _sendable(typed: pa.StringArray, where: Ints) -> pa.Array:
    """Emails as they were typed, without what some type around them."""
    texts = typed.take(pa.array(where))
    odd = pc.match_substring_regex(texts, _AROUND_EMAIL)
    if not pc.any(odd, min_count=0).as_py():
        return texts
    cleaned = [repaired(text) or text for text in texts.filter(odd).to_pylist()]
    return pc.replace_with_mask(texts, odd, pa.array(cleaned, pa.string()))
