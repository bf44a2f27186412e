"""Address columns of all records."""

from __future__ import annotations

from collections.abc import Callable

from matcher.normalise.address_columns import address_columns
from matcher.records import RawRecords

MakeRaw = Callable[..., RawRecords]


def _clean(raw: RawRecords) -> dict[str, list[str | None]]:
    columns, _ = address_columns(raw.table)
    return {name: column.texts().to_pylist() for name, column in columns.items()}


def test_the_unit_stands_apart_wherever_it_was_typed(make_raw: MakeRaw) -> None:
    raw = make_raw(
        address_line1=["12 Oak Street Apt 5", "12 oak st", "12 Oak St. #5"],
        address_line2=[None, "Apartment 5", "Apt 5"],
    )
    assert _clean(raw) == {
        "house_number": ["12", "12", "12"],
        "street": ["oak st", "oak st", "oak st"],
        "address": ["12 oak st", "12 oak st", "12 oak st"],
        "unit": ["5", "5", "5"],
    }


def test_the_second_line_speaks_where_the_first_has_no_number(make_raw: MakeRaw) -> None:
    raw = make_raw(
        address_line1=["Rose Cottage", "c/o Ann Lee", None, "12 Oak St", "12 Oak St"],
        address_line2=["4 High St", "PO Box 7", "9 Elm St Apt 2", "4 High St", "Rose Cottage"],
    )
    cleaned = _clean(raw)
    assert cleaned["address"] == [
        "4 high st", "c o ann lee", "9 elm st", "12 oak st", "12 oak st",
    ]  # fmt: skip
    assert cleaned["unit"] == [None, None, "2", None, None]


def test_a_street_number_of_its_own_goes_before_the_line(make_raw: MakeRaw) -> None:
    raw = make_raw(
        street_number=["8", "12.0", None, "8", "7"],
        address_line1=["Cazaly Close", "oak st", "oak st", "8 cazaly close", None],
        address_line2=["apt 503", "telemon orchards", None, None, None],
    )
    assert _clean(raw) == {
        "house_number": ["8", "12", None, "8", "7"],
        "street": ["cazaly close", "oak st", "oak st", "cazaly close", None],
        "address": ["8 cazaly close", "12 oak st", "oak st", "8 cazaly close", None],
        "unit": ["503", None, None, None, None],
    }


def test_a_numbered_street_keeps_its_number_beside_a_street_number(make_raw: MakeRaw) -> None:
    raw = make_raw(street_number=["12"], address_line1=["5th Ave"])
    assert _clean(raw)["address"] == ["12 5 ave"]


def test_vague_addresses_are_weak_and_empty_ones_rejected(make_raw: MakeRaw) -> None:
    raw = make_raw(
        address_line1=["123 Main Street", "Oak St", "12 Oak St", "PO Box 5", "homeless", "N/A"]
    )
    columns, rejects = address_columns(raw.table)
    address = columns["address"]
    assert address.texts().to_pylist() == [
        "123 main st", "oak st", "12 oak st", "po box 5", None, None,
    ]  # fmt: skip
    assert address.weak is not None
    weak = dict(zip(address.values.to_pylist(), address.weak.tolist(), strict=True))
    assert weak == {"123 main st": True, "oak st": True, "12 oak st": False, "po box 5": False}
    assert rejects[0].to_pylist() == [
        {
            "file": "people.csv", "row": row, "column": "address_line1", "value": value,
            "reason": "placeholder",
        }
        for row, value in ((5, "homeless"), (6, "N/A"))
    ]  # fmt: skip


def test_no_address_columns(make_raw: MakeRaw) -> None:
    assert address_columns(make_raw(city=["Kent"]).table) == ({}, [])


def test_only_a_second_line_or_only_a_number(make_raw: MakeRaw) -> None:
    assert _clean(make_raw(address_line2=["Apt 5"]))["unit"] == ["5"]
    assert _clean(make_raw(street_number=["5"]))["house_number"] == ["5"]
