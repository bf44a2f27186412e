"""Sorting by packed numbers is sorting by two columns."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.ranking import sorted_places


@given(st.data(), st.sampled_from([3, 2**20, 2**63 - 1]))
def test_keys_come_first_and_then_content(data: st.DataObject, largest: int) -> None:
    keys = np.array(data.draw(st.lists(st.integers(0, largest), max_size=30)), np.int64)
    whole = st.integers(-(2**63), 2**63 - 1)
    each = st.lists(whole, min_size=len(keys), max_size=len(keys), unique=True)
    order = np.array(data.draw(each), np.int64)
    assert sorted_places(keys, order).tolist() == np.lexsort((order, keys)).tolist()
