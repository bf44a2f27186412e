"""Delimited text: the delimiter, the header, and rows that are broken."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.reading import arrow_rows
from matcher.reading.damaged import read_damaged
from matcher.reading.delimited import DELIMITERS, read_delimited, sniff
from matcher.reading.sheet import Sheet


def sheet_from(text: str) -> Sheet:
    return read_delimited(pa.py_buffer(text.encode()), "x.csv", "x", [])


def rows_of(sheet: Sheet) -> list[tuple[str | None, ...]]:
    return list(zip(*(column.to_pylist() for column in sheet.columns), strict=True))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["name;email", "Lee, Ann;a@x", "Ray, Bob;b@x"], ";"),
        (["a\tb,c\td", "1\t2\t3"], "\t"),
        (["email", "a@x", "b@x"], ","),
        (["a,b|c", "1,2|3"], ","),
        (['a,"b;c;d;e"', '1,"2;3"'], ","),
        (["a|b|c", "1|2|3"], "|"),
    ],
)
def test_the_delimiter_is_the_one_that_fits_header_and_rows(
    lines: list[str], expected: str
) -> None:
    assert sniff(lines) == expected


_CELL = st.text(st.sampled_from(list("abcXYZ0189 @.,;|\t\"'\nÉ€-")), max_size=12)


@given(
    st.sampled_from(DELIMITERS),
    st.lists(st.tuples(_CELL, _CELL, _CELL, _CELL), min_size=1, max_size=15),
)
def test_what_the_csv_module_writes_is_read_back(
    delimiter: str, rows: list[tuple[str, ...]]
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([("first", "last", "email", "city"), *rows])
    sheet = sheet_from(text.getvalue())
    assert list(sheet.headers) == ["first", "last", "email", "city"]
    got = rows_of(sheet)
    if sheet.rejects.num_rows == 0:  # a cell that looks like rows in itself may cost its row
        assert got == rows
    else:
        assert len(got) + sheet.rejects.num_rows >= len(rows)


def test_surnames_that_mean_nothing_to_a_parser_survive() -> None:
    assert rows_of(sheet_from("a,b\nNull,NA\nnan,#N/A\n")) == [("Null", "NA"), ("nan", "#N/A")]


def test_ragged_rows_are_rejected_one_by_one() -> None:
    sheet = sheet_from("a,b,c\n1,2,3\n4,5\n\n6,7,8,9\n10,11,12\n")
    assert rows_of(sheet) == [("1", "2", "3"), ("10", "11", "12")]
    assert sheet.rows.tolist() == [1, 4]
    assert [(r["row"], r["value"], r["reason"]) for r in sheet.rejects.to_pylist()] == [
        (2, "4,5", "has 2 fields where the header has 3"),
        (3, "6,7,8,9", "has 4 fields where the header has 3"),
    ]
    assert sheet.notes == ["rows that could not be read and are in the rejects: 2"]


def test_ragged_rows_keep_their_numbers_across_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrow_rows, "BLOCKS", (64, 1 << 11))
    lines = [f"{i},x" if i % 7 else f"{i}" for i in range(1, 101)]
    sheet = sheet_from("a,b\n" + "\n".join(lines) + "\n")
    assert sheet.rejects["row"].to_pylist() == list(range(7, 101, 7))
    assert [int(a or 0) for a, _ in rows_of(sheet)] == sheet.rows.tolist()


BROKEN = (
    'first,last,email,city\nAnn,"Lee,a@x,Ely\nBob,Ray,b@x,Ely\n'
    "Cat,{last},c@x,Ely\nDan,Day,d@x,Ely\n"
)


@pytest.mark.parametrize("last", ["Poe", '"Poe"', '"Poe, Jr"'])
def test_a_quote_that_is_never_closed_costs_its_own_row_only(last: str) -> None:
    sheet = sheet_from(BROKEN.format(last=last))
    assert [row[0] for row in rows_of(sheet)] == ["Bob", "Cat", "Dan"]
    assert sheet.rows.tolist() == [2, 3, 4]
    (line,) = sheet.rejects.to_pylist()
    assert (line["row"], line["reason"]) == (1, "a quote is opened and not closed")


def test_a_quote_left_open_in_the_last_column_does_not_swallow_the_rest() -> None:
    sheet = sheet_from('a,b,c,d\n1,2,3,"4\n5,6,7,8\n9,10,11,12\n')
    assert rows_of(sheet) == [("5", "6", "7", "8"), ("9", "10", "11", "12")]
    assert sheet.rejects["row"].to_pylist() == [1]


def test_a_quote_left_open_in_a_narrow_file() -> None:
    sheet = sheet_from('a,b\n1,"2\n3,"4"\n5,6\n')
    assert rows_of(sheet) == [("3", "4"), ("5", "6")]
    assert sheet.rejects["row"].to_pylist() == [1]


def test_notes_over_several_lines_stay_whole_beside_a_broken_row() -> None:
    sheet = sheet_from('a,b,c,d\n1,2,3,"one\ntwo, three\nfour"\nx\n5,6,7,8\n')
    assert rows_of(sheet) == [("1", "2", "3", "one\ntwo, three\nfour"), ("5", "6", "7", "8")]
    assert sheet.rejects["row"].to_pylist() == [2]


def test_an_inch_mark_within_a_cell_is_a_character() -> None:
    assert rows_of(sheet_from('a,b\n5" pipe,x\n6",y\n')) == [('5" pipe', "x"), ('6"', "y")]


def test_a_cell_longer_than_any_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrow_rows, "BLOCKS", (1 << 10, 1 << 11))
    long = "x" * 10_000
    parsed = arrow_rows.parse_rows(pa.py_buffer(f'1,"{long}"\n2,y\n'.encode()), 2, ",")
    assert parsed is not None
    assert parsed.table.to_pydict() == {"0": ["1", "2"], "1": [long, "y"]}


def test_a_cell_of_ten_megabytes() -> None:
    long = "x" * 10_000_000
    assert [len(b or "") for _, b in rows_of(sheet_from(f"a,b\n1,{long}\n2,y\n"))] == [10**7, 1]


@pytest.mark.parametrize("broken", ["2", '2,"x', '"2,x'])
def test_a_cell_of_ten_megabytes_beside_a_broken_row(broken: str) -> None:
    limit = csv.field_size_limit()
    sheet = sheet_from(f"a,b\n1,{'x' * 10_000_000}\n{broken}\n3,y\n")
    assert [(a, len(b or "")) for a, b in rows_of(sheet)] == [("1", 10_000_000), ("3", 1)]
    assert sheet.rejects["row"].to_pylist() == [2]
    assert csv.field_size_limit() == limit


def test_a_rejected_row_of_ten_megabytes_is_shown_in_part() -> None:
    sheet = sheet_from(f"a,b\n1,x,{'x' * 10_000_000}\n3,y\n")
    assert list(map(len, sheet.rejects["value"].to_pylist())) == [500]


@given(st.lists(st.tuples(_CELL, _CELL), min_size=1, max_size=10))
def test_good_rows_read_the_careful_way_are_the_same(rows: list[tuple[str, str]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows(rows)
    sheet = read_damaged(pa.py_buffer(text.getvalue().encode()), "x", "x", ["a", "b"], ",")
    assert rows_of(sheet) == rows
    assert sheet.rejects.num_rows == 0


def test_headers_without_a_name_are_numbered() -> None:
    assert list(sheet_from("a,, b \n1,2,3\n").headers) == ["a", "column 2", "b"]


def test_a_header_with_a_line_end_in_quotes(tmp_path: Path) -> None:
    sheet = sheet_from('"first\nname",b\n1,2\n')
    assert list(sheet.headers) == ["first\nname", "b"]
    assert rows_of(sheet) == [("1", "2")]


ROWS = [("Ann", "plain", "x"), ("Bob", "a note", "y"), ("Cy", "", "z"), ("Dee", "more", "")]


def text_of(rows: list[tuple[str, ...]], end: str = "\n") -> pa.Buffer:
    out = io.StringIO()
    csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)
    return pa.py_buffer(out.getvalue().encode())


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("note", ["plain", "two\nlines", "two\r\nlines"])
def test_columns_that_are_not_used_are_left_out_and_rows_stay(end: str, note: str) -> None:
    rows = [*ROWS, ("Eve", note, "w")]
    whole = arrow_rows.parse_rows(text_of(rows, end), 3, ",")
    some = arrow_rows.parse_rows(text_of(rows, end), 3, ",", used=[0, 2])
    assert whole is not None
    assert some is not None
    assert some.table.equals(whole.table.select(["0", "2"]))


def test_rows_swallowed_by_a_column_that_is_not_used_are_seen() -> None:
    text = 'Ann,x,1,2\nBob,"y,3,4\nCy,z,5,6\nDee,w,7,8\nEve,"v",9,10\n'
    body = pa.py_buffer(text.encode())
    for used in (None, [0, 2, 3]):
        assert arrow_rows.parse_rows(body, 4, ",", used=used) is None


def test_long_rows_read_a_part_at_a_time_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    body = text_of([(f"n{i}", "word " * (i % 50), "x") for i in range(2_000)])
    whole = arrow_rows.parse_rows(body, 3, ",")
    monkeypatch.setattr(arrow_rows, "_WIDE", 10)
    monkeypatch.setattr(arrow_rows, "BLOCKS", (1 << 12,))
    part = arrow_rows.parse_rows(body, 3, ",")
    assert whole is not None
    assert part is not None
    assert part.table.num_rows == 2_000
    assert part.table.equals(whole.table)
    assert part.table.column(0).num_chunks > 5
