"""One value per attribute for some clusters, and the record that each comes from.

The rules are those of ``matcher.golden``. Everything here is about the records of these clusters
alone, taken out of the whole and numbered from 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.golden_choice import Choice
from matcher.golden_rules import NAME_FIELDS, GoldenRule
from matcher.grouping import Groups, Ints
from matcher.normalise.emails import repaired
from matcher.normalise.flat import holding, picked
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
_AROUND_EMAIL = ' \t\n\f\r<>,;:"()[]|/'

#: Columns of the golden record by name.
_Columns = Mapping[str, pa.Array]


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


class GoldenPart:
    """Chooses the values of some clusters.

    Args:
        rows: int64, the records of the clusters.
        groups: these clusters, with records numbered by their place in ``rows``.
        matched: records and who is who.
        table: what the records came with, in one piece.
        cluster_ids: the name of each record's cluster, for all records.
        rules: field -> how its value is chosen, where not by the field's own rule.
        id_column: what the column of names is called.
    """

    def __init__(
        self,
        rows: Ints,
        groups: Groups,
        *,
        matched: Clustered,
        table: pa.Table,
        cluster_ids: pa.Array,
        rules: Mapping[str, GoldenRule],
        id_column: str,
    ) -> None:
        self._raw_records = matched.raw
        self._records = matched.records
        self._table = table
        self._cluster_ids = cluster_ids
        self._id_column = id_column
        self._rows = rows
        self._groups = groups
        self._choice = Choice(groups, rules, lambda: encode(self._raw("source")))
        self._texts: dict[str, pa.StringArray] = {}

    def table(self) -> pa.Table:
        """A row per cluster."""
        columns: dict[str, pa.Array] = {}
        for choose in (self._head, *self._attributes()):
            columns.update(choose())
        return pa.table(columns)

    def _head(self) -> _Columns:
        first = self._rows[self._groups.first]
        kinds = pa.array(self._records.organisation[first].astype(np.int8))
        return {
            self._id_column: self._cluster_ids.take(pa.array(first)),
            "record_count": pa.array(self._groups.sizes),
            "entity_type": pa.array(["person", "organization"]).take(kinds),
        }

    def _attributes(self) -> Iterator[Callable[[], _Columns]]:
        """One choice for each attribute that any record of the run has, in order."""
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

    def _spelt(self, name: str) -> _Columns:
        """A name, written as it was typed where that is possible."""
        names, groups = self._column(name), self._groups
        typed = self._typed(name, names)
        here = groups.rows[groups.several.places]
        letters = _letters(names, here)

        def own() -> Ints:
            written = encode(typed.take(pa.array(here)))
            mixed = np.append(mixed_case(written.values), False)[written.codes]
            often = np.minimum(groups.frequency(names.codes), 2**16 - 1)
            score = (letters > 1).astype(np.int64) << 27
            score |= often << 11 | np.minimum(letters, 2**10 - 1) << 1 | mixed
            return score

        rows = self._choice.best(name, names.codes >= 0, names.codes, own, lambda: letters)
        return self._with_source(name, write_names(names, typed, rows), rows)

    def _typed(self, name: str, names: Column) -> pa.StringArray:
        """What was typed where each record's name was found."""
        found: pa.StringArray | None = None
        for source in dict.fromkeys((name, *_TYPED_IN)):
            if source in self._table.column_names:
                raw = self._raw(source)
                found = raw if found is None else pc.coalesce(found, raw)
                missing = found.is_null().to_numpy(zero_copy_only=False)
                if not ((names.codes >= 0) & missing).any():
                    break
        return found

    def _most_frequent(self, name: str) -> _Columns:
        column, groups = self._column(name), self._groups
        field = name.removeprefix(EXTRA_PREFIX)
        rows = self._choice.best(
            field,
            column.codes >= 0,
            column.codes,
            partial(groups.frequency, column.codes),
            lambda: _letters(column, groups.rows[groups.several.places]),
        )
        if field == name:
            return self._with_source(field, _taken(column, rows), rows)
        return self._with_source(field, picked(self._raw(name), rows), rows)

    def _emails(self) -> _Columns:
        typed = pa.concat_arrays([self._raw(name) for name in self._raw_records.repeated("email")])
        slots = self._slots(self._records.emails)
        return self._contacts("email", slots, lambda where: _sendable(typed, where))

    def _phones(self) -> _Columns:
        slots = self._slots(self._records.phones)
        phones = Column(np.concatenate([slot.codes for slot in slots]), slots[0].values)
        return self._contacts("phone", slots, lambda where: _taken(phones, where))

    def _contacts(
        self, name: str, slots: Sequence[Column], texts: Callable[[Ints], pa.Array]
    ) -> _Columns:
        """The best value of each cluster and the list of all of them."""
        offsets, rows, slot = self._groups.gather(slots, self._choice.preference(name))
        values = texts(slot * len(self._rows) + rows)
        filled = np.flatnonzero(np.diff(offsets))
        best, chosen = np.full((2, len(self._groups)), -1, np.int64)
        best[filled] = offsets[filled]
        chosen[filled] = rows[offsets[filled]]
        return {
            **self._with_source(name, picked(values, best), chosen),
            f"{name}s": _lists(offsets, values),
        }

    def _address(self) -> _Columns:
        present = [name for name in _ADDRESS if name in self._table.column_names]
        texts = {name: self._raw(name) for name in present}
        if "address_line1" in texts and "street_number" in self._table.column_names:
            texts["address_line1"] = _numbered(self._raw("street_number"), texts["address_line1"])
        filled = {
            name: text.is_valid().to_numpy(zero_copy_only=False) for name, text in texts.items()
        }
        none = np.zeros(len(self._rows), np.bool_)
        street = filled.get("address_line1", none)
        place = filled.get("city", none) | filled.get("postal_code", none)
        here = self._groups.rows[self._groups.several.places]
        rows = self._choice.best(
            "address",
            np.any([none, *filled.values()], axis=0),
            self._of(self._records.get("address")).codes,
            lambda: street[here] * np.int64(2) + place[here],
            lambda: np.sum([none[here], *(each[here] for each in filled.values())], axis=0),
        )
        columns: dict[str, pa.Array] = {}
        for name, text in texts.items():
            columns |= self._with_source(name, picked(text, rows), rows)
        return columns

    def _updated_at(self) -> _Columns:
        return {"updated_at": _taken(self._column("updated_at"), self._groups.first)}

    def _joined(self, name: str, column_name: str) -> _Columns:
        """The distinct texts of each cluster in one cell, the most recent first."""
        column = self._records.external_ids.get(column_name)
        column = self._of(column) if column is not None else encode(self._raw(column_name))
        offsets, rows, _ = self._groups.gather([column])
        values, sizes = _taken(column, rows), np.diff(offsets)
        if (sizes == 1).all():
            return {name: values}
        joined = pc.binary_join(_lists(offsets, values), LIST_SEPARATOR)
        return {name: pc.if_else(pa.array(sizes > 0), joined, None)}

    def _with_source(self, name: str, texts: pa.Array, rows: Ints) -> _Columns:
        """A column and the record that each text comes from."""
        if texts.null_count:
            rows = np.where(texts.is_null().to_numpy(zero_copy_only=False), -1, rows)
        return {name: texts, f"{name}_from": picked(self._raw("record_id"), rows)}

    def _column(self, name: str) -> Column:
        return self._of(self._records.columns[name])

    def _slots(self, columns: Sequence[Column]) -> Sequence[Column]:
        return [self._of(column) for column in columns]

    def _of(self, column: Column) -> Column:
        """A column of all records, for those at hand."""
        return Column(column.codes[self._rows], column.values, column.weak)

    def _raw(self, name: str) -> pa.StringArray:
        """What the records came with in one column."""
        if name not in self._texts:
            taken = self._table.column(name).take(pa.array(self._rows)).combine_chunks()
            self._texts[name] = taken if isinstance(taken, pa.Array) else pa.array([], taken.type)
        return self._texts[name]


def _taken(column: Column, rows: Ints) -> pa.Array:
    """The texts of some records; null for -1."""
    return _decoded(column.values, np.where(rows >= 0, column.codes[rows], np.int32(-1)))


def _decoded(values: pa.StringArray, codes: Codes) -> pa.Array:
    return picked(values, codes)


def _letters(column: Column, rows: Ints) -> Ints:
    """How long the values of some records are; 0 where missing."""
    lengths = pc.utf8_length(_taken(column, rows)).fill_null(0)
    found: Ints = lengths.to_numpy(zero_copy_only=False).astype(np.int64)
    return found


def _lists(offsets: Ints, values: pa.Array) -> pa.ListArray:
    return pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), values)


def _numbered(numbers: pa.Array, lines: pa.Array) -> pa.Array:
    """Street lines with the house number before them where it came in a column of its own."""
    return pc.coalesce(pc.binary_join_element_wise(numbers, lines, " "), lines)


def _sendable(typed: pa.StringArray, where: Ints) -> pa.Array:
    """Emails as they were typed, without what some type around them."""
    texts = typed.take(pa.array(where))
    odd = holding(texts, _AROUND_EMAIL)
    if not odd.any():
        return texts
    marked = pa.array(odd)
    cleaned = [repaired(text) or text for text in texts.filter(marked).to_pylist()]
    return pc.replace_with_mask(texts, marked, pa.array(cleaned, pa.string()))
