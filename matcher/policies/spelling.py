"""Email addresses as a vendor compares them: by their letters, case aside.

The rest of this package takes ``j.doe+news@gmail.com`` and ``jdoe@gmail.com`` for one mailbox,
which they are; no vendor's document says that the vendor does.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.normalise.emails import repaired
from matcher.normalise.lanes import column, distinct, mask
from matcher.records import REJECT_SCHEMA, Column

_PLAIN = r"^[^\s@<>(),;:\"\\\[\]]+@[^\s@<>(),;:\"\\\[\]_]+\.[^\s@<>(),;:\"\\\[\]_.0-9]+$"
_NOT_ONE = "not an email address"


def spelt(text: str) -> str | None:
    """One address in lower case, or ``None`` where there is none in the text."""
    lowered = text.strip().lower()
    return lowered if pc.match_substring_regex(lowered, _PLAIN).as_py() else repaired(text)


def as_spelt(table: pa.Table, names: list[str]) -> tuple[list[Column], list[pa.Table]]:
    """The email columns of a raw table in lower case, and what is no email (``REJECT_SCHEMA``)."""
    columns, rejects = [], []
    for name in names:
        codes, values = distinct(table[name])
        lowered = pc.utf8_lower(pc.utf8_trim_whitespace(values))
        plain = mask(pc.match_substring_regex(lowered, _PLAIN))
        texts = lowered
        if not plain.all():
            odd = pa.array(~plain)
            rewritten = [repaired(value) for value in values.filter(odd).to_pylist()]
            texts = pc.replace_with_mask(lowered, odd, pa.array(rewritten, pa.string()))
        columns.append(column(codes, texts))
        rejects.append(_rejects(table, name, codes, values, mask(pc.is_null(texts))))
    return _without_repeats(columns), rejects


def _without_repeats(columns: list[Column]) -> list[Column]:
    """A value that a row holds already is dropped from its later columns."""
    if len(columns) < 2:
        return columns
    offsets = np.cumsum([0, *(len(c.values) for c in columns)])
    joined = pa.concat_arrays([c.values for c in columns])
    shifted = [
        np.where(c.codes >= 0, c.codes + offset, -1).astype(np.int32)
        for c, offset in zip(columns, offsets, strict=False)
    ]
    every = column(np.concatenate(shifted), joined)
    slots = [slot.copy() for slot in np.split(every.codes, len(columns))]
    for later in range(1, len(slots)):
        for earlier in slots[:later]:
            slots[later][slots[later] == earlier] = -1
    return [Column(slot, every.values) for slot in slots]


def _rejects(
    table: pa.Table, name: str, codes: np.ndarray, values: pa.StringArray, bad: np.ndarray
) -> pa.Table:
    rows = np.flatnonzero(np.append(bad, False)[codes])
    found = values.take(pa.array(codes[rows]))
    kept = mask(pc.greater(pc.binary_length(pc.utf8_trim_whitespace(found)), 0))
    rows, found = rows[kept], found.filter(pa.array(kept))
    where = pa.array(rows)
    return pa.table(
        [
            table["file"].take(where).cast(pa.string()),
            table["row"].take(where).cast(pa.int64()),
            pa.array([name] * len(rows), pa.string()),
            found,
            pa.array([_NOT_ONE] * len(rows), pa.string()),
        ],
        schema=REJECT_SCHEMA,
    )
