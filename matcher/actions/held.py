"""The ids that a tool's lists hold, with the records that carry them.

Only a tool's own records count: an id of VAN in an export of NationBuilder says nothing about
whether VAN still has it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matcher.actions.tools import Tool

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_UNKNOWN = "unknown"
_BETWEEN = "\x1f"


@dataclass(frozen=True)
class Held:
    """Ids by number, and the records that carry each.

    Attributes:
        lists: the list of each id: ``my_campaign:MA`` in VAN, elsewhere the source.
        ids: as the tool writes them.
        unclear: True where it is not known which list an id is of.
        rows: int64, records that carry an id.
        owner: int64 per such record, the number of the id.
    """

    lists: pa.StringArray
    ids: pa.StringArray
    unclear: Bools
    rows: Ints
    owner: Ints

    def __len__(self) -> int:
        return len(self.ids)

    def lowest(self, values: Ints) -> Ints:
        """The smallest of the values that the records of each id have.

        Args:
            values: one per record that carries an id.
        """
        out = np.full(len(self), np.iinfo(np.int64).max)
        np.minimum.at(out, self.owner, values)
        return out

    def highest(self, values: Ints) -> Ints:
        """The greatest, likewise."""
        return -self.lowest(-values.astype(np.int64))


def held_ids(table: pa.Table, tool: Tool) -> Held:
    """The ids of a tool in a raw table."""
    own = _own(table, tool)
    rows, lists, ids = [], [], []
    for name in tool.id_columns:
        if name in table.column_names:
            texts = _column(table, name)
            here = np.flatnonzero(own & texts.is_valid().to_numpy(zero_copy_only=False))
            part = texts.take(pa.array(here))
            source = _column(table, "source").take(pa.array(here))
            rows.append(here)
            lists.append(_list_of(part) if tool.namespaced else source)
            ids.append(_after_last_colon(part) if tool.namespaced else part)
    if not rows:
        nothing = np.zeros(0, np.int64)
        none = pa.array([], pa.string())
        return Held(none, none, nothing.astype(np.bool_), nothing, nothing)
    return _numbered(
        table, np.concatenate(rows), pa.concat_arrays(lists), pa.concat_arrays(ids), tool
    )


def _own(table: pa.Table, tool: Tool) -> Bools:
    """Whether each record comes from the tool: by its source's name, or by the id that it has."""
    own = pc.is_in(table.column("source"), value_set=pa.array(tool.sources))
    for name in tool.id_columns:
        if name in table.column_names:
            same = pc.equal(table.column(name), table.column("source_record_id"))
            own = pc.or_(own, pc.fill_null(same, False))
    flags: Bools = own.combine_chunks().to_numpy(zero_copy_only=False)
    return flags


def _numbered(
    table: pa.Table, rows: Ints, lists: pa.StringArray, ids: pa.StringArray, tool: Tool
) -> Held:
    keys = pc.binary_join_element_wise(lists, ids, _BETWEEN).dictionary_encode()
    owner = keys.indices.to_numpy().astype(np.int64)
    first = np.zeros(len(keys.dictionary), np.int64)
    first[owner[::-1]] = np.arange(len(owner))[::-1]
    places = pa.array(first)
    names = lists.take(places)
    unclear = np.zeros(len(names), np.bool_)
    if tool.namespaced:
        sources = _column(table, "source").take(pa.array(rows))
        unclear = _unclear(lists, sources)[first]
    return Held(names, ids.take(places), unclear, rows, owner)


def _unclear(lists: pa.StringArray, sources: pa.StringArray) -> Bools:
    """Whether an id's instance is unknown, or its state where that may be several lists.

    Ids without a state that all come from one source are of one list.
    """
    instance = pc.starts_with(lists, f"{_UNKNOWN}:").to_numpy(zero_copy_only=False)
    state = pc.ends_with(lists, f":{_UNKNOWN}").to_numpy(zero_copy_only=False)
    several = len(sources.filter(pa.array(state)).unique()) > 1
    flags: Bools = instance | (state & several)
    return flags


def _list_of(texts: pa.StringArray) -> pa.StringArray:
    return pc.replace_substring_regex(texts, r":[^:]*$", "")


def _after_last_colon(texts: pa.StringArray) -> pa.StringArray:
    return pc.replace_substring_regex(texts, r"^.*:", "")


def _column(table: pa.Table, name: str) -> pa.StringArray:
    array = table.column(name).combine_chunks()
    return array.chunk(0) if isinstance(array, pa.ChunkedArray) else array
