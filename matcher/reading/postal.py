"""ZIP codes that lost their leading zeros in a spreadsheet.

``2139`` is Cambridge, Massachusetts, with its zero lost, or a postcode in Sydney. The file tells:
among codes of five digits, or beside American states, it is the former.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.reading.cells import flat
from matcher.reading.states import mostly_states

_AMERICAN = ("US", "USA", "UNITED STATES", "UNITED STATES OF AMERICA", "U.S.", "U.S.A.")
_SHORT = r"^\d{3,4}$"
_SHORT_PLUS_4 = r"^\d{3,4}-\d{4}$"
#: Whether what the two match can be of so many bytes; the last stands for more.
_SHORT_LENGTHS = np.isin(np.arange(11), (3, 4, 8, 9))
#: Codes that are looked through before it is asked whether they tell enough.
_AT_ONCE = 1 << 16


def restore_zeros(
    codes: pa.StringArray, regions: pa.StringArray | None, countries: pa.StringArray | None
) -> tuple[pa.StringArray, int]:
    """The postal codes with ZIP codes back at five digits, and how many were short.

    In rows whose country is the United States; in those without a country where the file looks
    American.
    """
    here = _SHORT_LENGTHS[np.minimum(np.diff(flat(codes)[0]), len(_SHORT_LENGTHS) - 1)]
    rows = pa.array(np.flatnonzero(here))
    few = codes.take(rows)
    short, short_plus = _matches(few, _SHORT), _matches(few, _SHORT_PLUS_4)
    if not (short.true_count or short_plus.true_count):
        return codes, 0
    american = pa.repeat(_american(codes, short.true_count, regions), len(few))
    if countries is not None:
        theirs = countries.take(rows)
        stated = pc.is_in(pc.utf8_upper(theirs), value_set=pa.array(_AMERICAN))
        american = pc.or_(stated, pc.and_(pc.is_null(theirs), american))
    short, short_plus = pc.and_(short, american), pc.and_(short_plus, american)
    padded = pc.if_else(short, pc.utf8_lpad(few, width=5, padding="0"), few)
    padded = pc.if_else(short_plus, pc.utf8_lpad(few, width=10, padding="0"), padded)
    restored = short.true_count + short_plus.true_count
    return pc.replace_with_mask(codes, pa.array(here), padded), restored


def _american(codes: pa.StringArray, short: int, regions: pa.StringArray | None) -> bool:
    """Whether codes without a country are ZIP codes: by their length, or by the states beside."""
    five = 0
    for start in range(0, len(codes), _AT_ONCE):
        five += _matches(codes.slice(start, _AT_ONCE), r"^\d{5}(-?\d{4})?$").true_count
        if five > short:
            return True
    return mostly_states(regions)


def _matches(codes: pa.StringArray, pattern: str) -> pa.BooleanArray:
    return pc.fill_null(pc.match_substring_regex(codes, pattern), False)
