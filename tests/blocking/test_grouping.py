"""Blocks made in parts are the blocks made at once."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from blocking.grouping import grouped_parts
from blocking.pairs import Entries, Grouped, blocks

Block = frozenset[int]

keys_of_records = st.lists(st.integers(0, 2**40) | st.integers(0, 12), min_size=1, max_size=60)


def found_in(parts: list[Grouped]) -> set[Block]:
    return {
        frozenset(part.rows[start : start + size].tolist())
        for part in parts
        for start, size in zip(part.starts.tolist(), part.sizes.tolist(), strict=True)
    }


@given(keys_of_records, st.integers(1, 20))
def test_parts_hold_every_block_once(keys: list[int], at_once: int) -> None:
    order = np.arange(len(keys))
    entries = Entries(order.astype(np.int32), np.array(keys))
    whole, parts = blocks(entries), grouped_parts(entries, at_once=at_once)
    assert found_in(parts) == found_in([whole])
    assert sum(part.pair_count for part in parts) == whole.pair_count


@given(keys_of_records, st.data())
def test_of_two_sets_the_blocks_have_records_of_both(keys: list[int], data: st.DataObject) -> None:
    sides = st.lists(st.booleans(), min_size=len(keys), max_size=len(keys))
    right_side, order = np.array(data.draw(sides)), np.arange(len(keys))
    entries = Entries(order, np.array(keys))
    found = found_in(grouped_parts(entries, right_side))
    assert found == {
        block
        for block in found_in([blocks(entries)])
        if len({bool(right_side[row]) for row in block}) == 2
    }
