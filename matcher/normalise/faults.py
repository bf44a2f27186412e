"""Values that could not be used: what was wrong, and the rejects table that says so."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matcher.normalise.lanes import spread
from matcher.records import REJECT_SCHEMA, Codes, empty_rejects

Faults = npt.NDArray[np.uint8]


class Fault(IntEnum):
    """What is wrong with a value; ``NONE`` where nothing is."""

    NONE = 0
    PLACEHOLDER = 1
    INVALID_EMAIL = 2
    MASKED = 3
    IMPOSSIBLE_PHONE = 4
    UNASSIGNED_PHONE = 5
    UNREADABLE_DATE = 6
    IMPOSSIBLE_DATE = 7
    INCOMPLETE_DATE = 8
    NOT_A_NUMBER = 9


#: The reason as a user reads it, by fault.
REASONS: tuple[str, ...] = (
    "",
    "placeholder",
    "not an email address",
    "masked value",
    "not a phone number",
    "no such phone number is in use: compared, but brings no records together",
    "not a date",
    "no such date",
    "incomplete date",
    "not a number",
)


def reject_table(
    records: pa.Table, name: str, codes: Codes, values: pa.StringArray, faults: Faults
) -> pa.Table:
    """One reject per record whose value is at fault (``REJECT_SCHEMA``).

    Args:
        records: the raw table; its ``file`` and ``row`` say where a value stood.
        name: canonical column of the values.
        codes: int32 per record, an index into ``values`` or -1.
        values: the distinct raw texts.
        faults: one fault per distinct value.
    """
    bad = np.flatnonzero(faults)
    if not bad.size:
        return empty_rejects()
    rows = np.flatnonzero(spread(faults, codes, Fault.NONE))
    where = pa.array(rows)
    found = codes[rows]
    return pa.table(
        [
            records["file"].take(where).cast(pa.string()),
            records["row"].take(where).cast(pa.int64()),
            pa.array([name], pa.string()).take(pa.array(np.zeros(len(rows), np.int32))),
            values.take(pa.array(found)),
            pa.array(REASONS, pa.string()).take(pa.array(faults[found])),
        ],
        schema=REJECT_SCHEMA,
    )
