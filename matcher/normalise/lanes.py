"""Two lanes for a dictionary of distinct texts: Arrow for the plain ones, Python for the odd.

Every cleaner in this package has one rule, written as a plain function of one text. A vectorised
lane takes the texts whose shape makes the rule trivial; the function takes the rest. Property
tests hold the lanes equal.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matcher.records import Codes, Column, remap

Mask = npt.NDArray[np.bool_]
_Scalar = TypeVar("_Scalar", bound=np.generic)


#: So few distinct texts are sooner done by the rule than by Arrow, whose every call takes longer.
FEW = 16


class Distinct(NamedTuple):
    """A raw column by its distinct values.

    Attributes:
        codes: int32 per record, an index into ``values``; -1 where null.
        values: distinct texts, no nulls.
    """

    codes: Codes
    values: pa.StringArray


#: Raw columns by canonical name.
Typed = Mapping[str, Distinct]


def distinct(texts: pa.Array | pa.ChunkedArray) -> Distinct:
    """The distinct values of a text column.

    Unlike ``matcher.records.encode`` blanks stay values: the cleaner decides what is missing.
    """
    encoded = texts
    if not pa.types.is_dictionary(texts.type):
        encoded = texts.cast(pa.string()).dictionary_encode()  # of chunks, one for all
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    indices = encoded.indices
    if indices.null_count:
        indices = indices.fill_null(-1)
    return Distinct(indices.to_numpy(zero_copy_only=False), encoded.dictionary)


def two_lanes(
    values: pa.StringArray,
    plain: pa.BooleanArray,
    fast: pa.StringArray,
    slow: Callable[[str], str | None],
) -> pa.StringArray:
    """``fast`` where ``plain``, elsewhere ``slow`` of each value; null or empty means missing."""
    if pc.all(plain, min_count=0).as_py():
        return fast
    odd = pc.invert(plain)
    rewritten = pa.array([slow(v) for v in values.filter(odd).to_pylist()], pa.string())
    return pc.replace_with_mask(fast, odd, rewritten)


def mask(boolean: pa.Array) -> Mask:
    """A boolean Arrow array as NumPy, null as False."""
    if boolean.null_count:
        boolean = boolean.fill_null(False)
    result: Mask = boolean.to_numpy(zero_copy_only=False)
    return result


def among(values: pa.StringArray, texts: Collection[str]) -> Mask:
    """Which values are one of the given texts."""
    return mask(pc.is_in(values, _value_set(frozenset(texts))))


@lru_cache(maxsize=256)
def _value_set(texts: frozenset[str]) -> pa.StringArray:
    return pa.array(sorted(texts), pa.string())


def filled(values: pa.StringArray) -> Mask:
    """Which texts hold anything but blanks; null does not."""
    return mask(pc.greater(pc.binary_length(pc.utf8_trim_whitespace(values)), 0))


def spread(per_value: npt.NDArray[_Scalar], codes: Codes, missing: object) -> npt.NDArray[_Scalar]:
    """What each record's value is given; ``missing`` where it has no value (code -1)."""
    last = np.full(1, missing, per_value.dtype)
    return np.concatenate([per_value, last])[codes]


def any_of(per_item: Mask, offsets: npt.NDArray[np.integer]) -> Mask:
    """Per list, whether any of its items is marked; ``offsets`` say where each list begins."""
    before = np.zeros(len(per_item) + 1, np.int32)
    np.cumsum(per_item, out=before[1:])
    marked: Mask = before[offsets[1:]] > before[offsets[:-1]]
    return marked


def scatter(where: Mask, texts: pa.StringArray) -> pa.StringArray:
    """The texts in the marked places, in order; null in all others."""
    return pc.replace_with_mask(pa.nulls(len(where), pa.string()), pa.array(where), texts)


def used(codes: Codes, count: int, rows: Mask) -> Mask:
    """Which of ``count`` distinct values occur in the given rows."""
    seen = np.zeros(count, np.bool_)
    chosen = codes[rows]
    seen[chosen[chosen >= 0]] = True
    return seen


def column(codes: Codes, texts: pa.StringArray, weak: Mask | None = None) -> Column:
    """The column of rewritten distinct values.

    Args:
        codes: int32 per record, an index into ``texts`` or -1.
        texts: the new text of each old code; null or empty means missing.
        weak: one bool per old code.
    """
    made = remap(codes, texts)
    if weak is None or not weak.any():
        return made
    return Column(made.codes, made.values, mask(pc.is_in(made.values, texts.filter(weak))))


def coalesce(columns: Sequence[Column]) -> Column:
    """Per record the first of the columns that has a value."""
    first, *others = [c for c in columns if len(c.values)] or list(columns[:1])
    if not others:
        return first
    codes, offset = first.codes, len(first.values)
    for other in others:
        shifted = np.where(other.codes >= 0, other.codes + np.int32(offset), np.int32(-1))
        codes = np.where(codes >= 0, codes, shifted.astype(np.int32))
        offset += len(other.values)
    return column(codes, pa.concat_arrays([first.values, *(c.values for c in others)]))


def keep_rows(source: Column, rows: Mask) -> Column:
    """The column with every other record's value missing, and no value that none holds."""
    codes = np.where(rows, source.codes, np.int32(-1))
    held = used(codes, len(source.values), rows)
    if held.all():
        return Column(codes, source.values, source.weak)
    places = (np.cumsum(held) - 1).astype(np.int32)
    weak = None if source.weak is None else source.weak[held]
    return Column(spread(places, codes, -1), source.values.filter(pa.array(held)), weak)


def has_value(source: Column) -> bool:
    """Whether any record has a value."""
    return bool((source.codes >= 0).any())
