"""Lost zeros of ZIP codes, and four-digit postcodes that never had one."""

from __future__ import annotations

import pyarrow as pa
import pytest

from matcher.reading.postal import restore_zeros


@pytest.mark.parametrize(
    ("codes", "regions", "countries", "expected"),
    [
        (["601", "50309", "97201"], None, None, ["00601", "50309", "97201"]),
        (["2139", "7030"], ["MA", "New Jersey"], None, ["02139", "07030"]),
        (["2119", "3165"], ["nsw", "vic"], None, ["2119", "3165"]),
        (["2119", "3165", "4000"], None, None, ["2119", "3165", "4000"]),
        (["2139", "7030", "2000"], None, ["usa", None, "AU"], ["02139", "7030", "2000"]),
        (
            ["2139", "50309", "2000"],
            ["MA", "IA", None],
            [None, None, "AU"],
            ["02139", "50309", "2000"],
        ),
        (["2139-4307", "50309", "50310"], None, None, ["02139-4307", "50309", "50310"]),
        (["SW1A 1AA", None, "12"], None, None, ["SW1A 1AA", None, "12"]),
    ],
)
def test_zeros_are_restored_where_the_file_is_american(
    codes: list[str | None],
    regions: list[str] | None,
    countries: list[str | None] | None,
    expected: list[str | None],
) -> None:
    region = None if regions is None else pa.array(regions, pa.string())
    country = None if countries is None else pa.array(countries, pa.string())
    got, count = restore_zeros(pa.array(codes, pa.string()), region, country)
    assert got.to_pylist() == expected
    assert count == sum(a != b for a, b in zip(codes, expected, strict=True))


def test_the_file_tells_however_far_into_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matcher.reading.postal._AT_ONCE", 2)
    codes = pa.array(["2139", "7030", "x", "y", "50309", "97201", "97202"])
    assert restore_zeros(codes, None, None)[1] == 2
    assert restore_zeros(codes.slice(0, 6), None, None)[1] == 0
