"""The states and territories of the United States, as addresses write them."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

_NAMES = (
    "AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,"
    "DE Delaware,DC District of Columbia,FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,"
    "IN Indiana,IA Iowa,KS Kansas,KY Kentucky,LA Louisiana,ME Maine,MD Maryland,MA Massachusetts,"
    "MI Michigan,MN Minnesota,MS Mississippi,MO Missouri,MT Montana,NE Nebraska,NV Nevada,"
    "NH New Hampshire,NJ New Jersey,NM New Mexico,NY New York,NC North Carolina,ND North Dakota,"
    "OH Ohio,OK Oklahoma,OR Oregon,PA Pennsylvania,RI Rhode Island,SC South Carolina,"
    "SD South Dakota,TN Tennessee,TX Texas,UT Utah,VT Vermont,VA Virginia,WA Washington,"
    "WV West Virginia,WI Wisconsin,WY Wyoming,AS American Samoa,GU Guam,"
    "MP Northern Mariana Islands,PR Puerto Rico,VI U.S. Virgin Islands"
)
#: Code or name in capitals -> code.
STATES: Mapping[str, str] = {
    spelling.upper(): entry[:2]
    for entry in _NAMES.split(",")
    for spelling in (entry[:2], entry[3:])
}


def state_codes(regions: pa.StringArray) -> pa.StringArray:
    """The two-letter code of each region; null where it is no state of the United States."""
    encoded = regions.dictionary_encode()
    codes = [STATES.get(text.upper()) for text in encoded.dictionary.to_pylist()]
    return pa.array(codes, pa.string()).take(encoded.indices)


def mostly_states(regions: pa.StringArray | None) -> bool:
    """Whether nearly all regions that are given are states of the United States."""
    if regions is None or regions.null_count == len(regions):
        return False
    given = len(regions) - regions.null_count
    states = given - (pc.and_(pc.is_null(state_codes(regions)), pc.is_valid(regions)).true_count)
    return bool(states >= 0.8 * given)
