from __future__ import annotations

import numpy as np
import pyarrow as pa

from matcher.policies.cells import Decoded
from matcher.records import Column, Records, encode


def decoded(table: pa.Table, **columns: Column) -> Decoded:
    rows = table.num_rows
    return Decoded(table, Records(rows, columns, (), (), np.zeros(rows, np.bool_), {}))


def test_a_raw_column_comes_without_blanks_at_its_ends_and_in_any_piece() -> None:
    table = pa.table({"city": [" Lowell", "Lowell ", None, "  ", "", "Ayer"]})
    cells = decoded(table).raw("city")
    assert cells is not None
    assert cells.part(0, 6) == ["Lowell", "Lowell", None, None, None, "Ayer"]
    assert cells.part(1, 3) == ["Lowell", None]
    assert cells.part(6, 6) == []


def test_a_column_that_the_table_has_not_is_none() -> None:
    assert decoded(pa.table({"city": ["Ayer"]})).raw("region") is None
    assert decoded(pa.table({"city": ["Ayer"]})).normalised("city") is None


def test_a_column_in_many_pieces_and_one_without_rows_are_read_alike() -> None:
    pieces = pa.chunked_array([["a"], ["b", "a"]])
    cells = decoded(pa.table({"city": pieces})).raw("city")
    nothing = decoded(pa.table({"city": pa.array([], pa.string())})).raw("city")
    assert cells is not None and cells.part(0, 3) == ["a", "b", "a"]
    assert nothing is not None and nothing.part(0, 0) == []


def test_equal_texts_are_one_object_in_all_pieces_and_columns_of_one_dictionary() -> None:
    first = encode(pa.array(["a long text", None, "a long text"]))
    second = Column(np.array([-1, 0, -1], np.int32), first.values)
    columns = decoded(pa.table({"row": [1, 2, 3]}), first=first)
    one = columns.normalised("first")
    assert one is not None and one.part(0, 3) == ["a long text", None, "a long text"]
    assert one.part(0, 1)[0] is one.part(2, 3)[0]
    assert columns.clean(second).part(1, 2)[0] is one.part(0, 1)[0]


def test_columns_that_come_and_go_are_not_taken_for_one_another() -> None:
    columns = decoded(pa.table({"row": [1]}))
    for text in map(str, range(50)):
        assert columns.clean(encode(pa.array([text]))).part(0, 1) == [text]
