"""One address line into its parts, by the rule and by the fast lane."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from matcher.normalise import Line, split_line
from matcher.normalise.address_lane import split_plain_lines


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("16021 Rosewood Lane Apt 5", Line("16021", "rosewood ln", "5")),
        ("123 N. Main Street, #4B", Line("123", "n main st", "4b")),
        ("123 North Main St Apt. # 4-B", Line("123", "n main st", "4b")),
        ("123 main st unit 4b", Line("123", "main st", "4b")),
        ("77 elm st 5b", Line("77", "elm st", "5b")),
        ("P.O. Box 12", Line(None, "po box 12")),
        ("Post Office Box 12", Line(None, "po box 12")),
        ("pobox 12", Line(None, "po box 12")),
        ("109-63 Cresta Verde", Line("109-63", "cresta verde")),
        ("5 1/2 Oak St", Line("5 1/2", "oak st")),
        ("11710 1 2 hunter lane", Line("11710 1/2", "hunter ln")),
        ("123B Oak Street", Line("123b", "oak st")),
        ("N123W456 Oak Road", Line("n123w456", "oak rd")),
        ("1S4 Oak Road", Line("1s4", "oak rd")),
        ("Linebrook Drive", Line(None, "linebrook dr")),
        ("46th Av South", Line(None, "46 ave s")),
        ("128 Ave", Line(None, "128 ave")),
        ("1108 SW 128th Ave", Line("1108", "sw 128 ave")),
        ("123 First Avenue", Line("123", "1 ave")),
        ("4000", Line("4000")),
        ("8248 State Route 44", Line("8248", "sr 44")),
        ("440 SR-78", Line("440", "sr 78")),
        ("904 County Road 755A", Line("904", "cr 755a")),
        ("904 Co Rd 755A", Line("904", "cr 755a")),
        ("100 US Highway 30", Line("100", "us 30")),
        ("22 W Stop 11 Rd", Line("22", "w stop 11 rd")),
        ("8606 O'Neal Road", Line("8606", "oneal rd")),
        ("12 Sault Ste Marie Ave", Line("12", "sault ste marie ave")),
        ("10 North West 5th St", Line("10", "nw 5 st")),
        ("123 Main St 2nd Floor", Line("123", "main st", "fl 2")),
        ("123 Main St Apt 2 2 Fl", Line("123", "main st", "2 fl 2")),
        ("123 Main St Rear", Line("123", "main st", "rear")),
        ("5 Front St", Line("5", "front st")),
        ("Cazaly Close", Line(None, "cazaly close")),
        ("№ 1193 Matheis St", Line("1193", "matheis st")),
        ("", Line()),
    ],
)
def test_first_lines(typed: str, line: Line) -> None:
    assert split_line(typed) == line


@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        ("apt 503", "503"),
        ("Apartment # 5", "5"),
        ("Suite 200", "200"),
        ("4b", "4b"),
        ("12 B", "12b"),
        ("#12", "12"),
        ("flt 36 a", "36a"),
        ("1st fl", "fl 1"),
        ("no 4 floor", "fl 4"),
        ("# 2 flr", "fl 2"),
        ("floor number 3 apartment # 377", "377 fl 3"),
        ("8th floor ap 505", "505 fl 8"),
        ("fl # 1 unit 10087", "10087 fl 1"),
        ("unit # 284l fl 2", "284l fl 2"),
        ("Basement", "bsmt"),
        ("bsmt aprt # 1014", "bsmt 1014"),
        ("apt 2 2 fl", "2 fl 2"),
        ("# 2 floor f", "2 fl f"),
        ("# 20001 fl no 2", "20001 fl 2"),
        ("third floor apt 57", "57 fl 3"),
        ("ground floor", "fl ground"),
        ("lot a 43", "a43"),
        ("office number 576", "576"),
        ("lot 12", "12"),
        ("trlr 12", "12"),
        ("Bldg 5 Apt 2", "bldg 5 2"),
    ],
)
def test_second_lines_hold_units(typed: str, unit: str) -> None:
    assert split_line(typed, second=True) == Line(unit=unit)


def test_a_second_line_may_be_something_else() -> None:
    assert split_line("Telemon Orchards", second=True) == Line(street="telemon orchards")
    assert split_line("123 Main St", second=True) == Line("123", "main st")


_WORDS = st.sampled_from(
    [
        "12", "123", "12b", "n123", "1", "2", "109-63", "1/2", "1st", "5th", "Main", "Oak", "st",
        "Street", "ave", "saint", "Road", "hwy", "rte", "state", "county", "us", "n", "west", "no",
        "apt", "#", "#5", "unit", "ste", "suite", "apt5", "fl", "floor", "rear", "bsmt", "lot",
        "box", "po", "p", "o", "bldg", "b", "e", "O'Neal", "St.", "a-b", "1-", "-2", "é", "_",
        "cr", "sr", "sh", "u", "s", "w", "ground", "first",
    ]
)  # fmt: skip
_LINES = st.lists(_WORDS, max_size=7).map(" ".join) | st.text(max_size=15)


def lane_agrees(texts: list[str]) -> bool:
    plain, house, street, unit = split_plain_lines(pa.array(texts, pa.string()))
    parts = zip(house.to_pylist(), street.to_pylist(), unit.to_pylist(), strict=True)
    for text, is_plain, found in zip(texts, plain, parts, strict=True):
        assert not is_plain or Line(*found) == split_line(text)
    return bool(plain.all())


@given(st.lists(_LINES, max_size=8))
@example(["12 Oak 5-", "6 Elm St"])  # digits that meet at the border of two lines
@example(["", " ", "apt", "#", "12", "5 #"])
@settings(max_examples=300, deadline=None)
def test_the_lane_parses_as_the_rule_does(texts: list[str]) -> None:
    lane_agrees(texts)


def test_the_lane_takes_ordinary_lines() -> None:
    assert lane_agrees(
        ["16021 Rosewood Lane Apt 5", "123 N. Main St. #4B", "109-63 cresta verde", "77 elm st 5b",
         "linebrook dr", "1108 SW 128th Ave", "12 St. James St., Unit 7", "9 Hwy 58"]
    )  # fmt: skip


@pytest.mark.parametrize(
    "canonical",
    ["16021 rosewood ln", "109-63 cresta verde", "5 1/2 oak st", "1108 sw 128 ave", "8248 sr 44",
     "904 cr 755a", "100 us 30", "12 st james st", "n123w456 oak rd", "10 nw 5 st"],
)  # fmt: skip
def test_a_canonical_line_parses_to_itself(canonical: str) -> None:
    house, street, unit = split_line(canonical)
    assert (f"{house} {street}", unit) == (canonical, None)
