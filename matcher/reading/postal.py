"""ZIP codes that lost their leading zeros in a spreadsheet.

``2139`` is Cambridge, Massachusetts, with its zero lost, or a postcode in Sydney. The file tells:
among codes of five digits, or beside American states, it is the former.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from matcher.reading.states import mostly_states

_AMERICAN = pa.array(["US", "USA", "UNITED STATES", "UNITED STATES OF AMERICA", "U.S.", "U.S.A."])
_SHORT = r"^\d{3,4}$"
_SHORT_PLUS_4 = r"^\d{3,4}-\d{4}$"


def restore_zeros(
    codes: pa.StringArray, regions: pa.StringArray | None, countries: pa.StringArray | None
) -> tuple[pa.StringArray, int]:
    """The postal codes with ZIP codes back at five digits, and how many were short.

    Only where the file looks American, and only in rows whose country is the United States or not
    given.
    """
    short = _matches(codes, _SHORT)
    short_plus = _matches(codes, _SHORT_PLUS_4)
    if not (pc.any(short).as_py() or pc.any(short_plus).as_py()):
        return codes, 0
    if not _american(codes, short, regions):
        return codes, 0
    if countries is not None:
        american = pc.is_in(pc.utf8_upper(countries), value_set=_AMERICAN)
        here = pc.or_(american, pc.is_null(countries))
        short, short_plus = pc.and_(short, here), pc.and_(short_plus, here)
    padded = pc.if_else(short, pc.utf8_lpad(codes, width=5, padding="0"), codes)
    padded = pc.if_else(short_plus, pc.utf8_lpad(codes, width=10, padding="0"), padded)
    return padded, pc.sum(short).as_py() or 0 + (pc.sum(short_plus).as_py() or 0)


def _american(
    codes: pa.StringArray, short: pa.BooleanArray, regions: pa.StringArray | None
) -> bool:
    five = _matches(codes, r"^\d{5}(-?\d{4})?$")
    counts = pc.sum(five).as_py() or 0, pc.sum(short).as_py() or 0
    return counts[0] > counts[1] or mostly_states(regions)


def _matches(codes: pa.StringArray, pattern: str) -> pa.BooleanArray:
    return pc.fill_null(pc.match_substring_regex(codes, pattern), False)
