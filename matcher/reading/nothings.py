"""Words that mean "nothing" to a program and somebody's name to the world.

A name cell that reads null, none, nan, na or nil, however spelt, is a name. It counts as missing
only where the input gives it away:

* the same input writes that word, spelt the same, in a column where no name can stand; or
* the row's other name (first or last) is missing or such a word as well.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.reading.cells import WORDS, flat

#: Columns in which the words may be meant: names, and ``NA`` for Namibia.
NAME_COLUMNS = frozenset(
    {"first_name", "middle_name", "last_name", "full_name", "nickname", "organization", "country"}
)

#: Every word begins with an n and is of four letters at most, one of which (İ) may be two bytes.
_LONGEST_WORD = 5
#: The bit that makes a capital letter a small one.
_SMALL = 0x20

#: Rewrites cells before they are looked up.
_Spelling = Callable[[pa.StringArray], pa.StringArray]


def settle(columns: dict[str, pa.StringArray], nothings: frozenset[str]) -> None:
    """Replace, in place, the name columns in which some words turn out to mean nothing.

    Args:
        columns: canonical name -> cleaned values.
        nothings: the words as this input spells them where no name can stand.
    """
    for name in NAME_COLUMNS & columns.keys() if nothings else ():
        columns[name] = _cleared(columns[name], _is_any(columns[name], nothings))
    first, last = columns.get("first_name"), columns.get("last_name")
    if first is None or last is None:
        return
    doubtful_first, doubtful_last = _is_word(first), _is_word(last)
    if doubtful_first.true_count or doubtful_last.true_count:
        no_first = pc.or_(doubtful_first, pc.is_null(first))
        no_last = pc.or_(doubtful_last, pc.is_null(last))
        columns["first_name"] = _cleared(first, pc.and_(doubtful_first, no_last))
        columns["last_name"] = _cleared(last, pc.and_(doubtful_last, no_first))


def _is_word(values: pa.StringArray) -> pa.BooleanArray:
    """Where a cell is one of the words, however spelt."""
    return _is_any(values, WORDS, pc.utf8_lower)


def _is_any(
    values: pa.StringArray, words: frozenset[str], spelt: _Spelling = lambda cells: cells
) -> pa.BooleanArray:
    """Where a cell is one of some words; only short ones that begin like all are looked at."""
    offsets, data = flat(values)
    short = np.flatnonzero((lengths := np.diff(offsets)) <= _LONGEST_WORD)
    short = short[lengths[short] > 0]
    short = short[(data[offsets[short]] | _SMALL) == ord("n")]
    cells = spelt(values.take(pa.array(short)))
    found = pc.is_in(cells, value_set=pa.array(sorted(words), pa.string()))
    where = np.zeros(len(values), np.bool_)
    where[short] = found.to_numpy(zero_copy_only=False)
    return pa.array(where)


def _cleared(values: pa.StringArray, where: pa.BooleanArray) -> pa.StringArray:
    return pc.if_else(where, None, values) if where.true_count else values
