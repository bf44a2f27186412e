"""Cities, regions, postal codes and countries."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.normalise import (
    normalise_city,
    normalise_country,
    normalise_postal_code,
    normalise_region,
)
from matcher.normalise.places import clean_postal_codes


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("97202", "97202"), ("97202-4944", "97202"), ("972024944", "97202"), (" 97202 ", "97202"),
        ("97202.0", "97202"), ("97202-", "97202"), ("K1A 0B1", "k1a0b1"), ("k1a-0b1", "k1a0b1"),
        ("SW1A 1AA", "sw1a1aa"), ("3107", "3107"), ("00000", None), ("99999", None),
        ("00000-0000", None), ("n/a", None), ("", None),
    ],
)  # fmt: skip
def test_postal_codes(typed: str, code: str | None) -> None:
    assert normalise_postal_code(typed) == code


@given(st.lists(st.from_regex(r"\s?[0-9]{4,6}(-?[0-9]{3,4})?", fullmatch=True) | st.text()))
def test_the_lanes_agree(texts: list[str]) -> None:
    cleaned = clean_postal_codes(pa.array(texts, pa.string())).to_pylist()
    assert [text or None for text in cleaned] == [normalise_postal_code(t) for t in texts]


@pytest.mark.parametrize(
    ("typed", "city"),
    [
        ("St. Paul", "saint paul"), ("Saint Paul", "saint paul"), ("Mt Vernon", "mount vernon"),
        ("Ft. Worth", "fort worth"), ("N. Las Vegas", "north las vegas"), ("Montréal", "montreal"),
        ("Federal  Way", "federal way"), ("unknown", None), ("", None),
    ],
)  # fmt: skip
def test_cities(typed: str, city: str | None) -> None:
    assert normalise_city(typed) == city


@pytest.mark.parametrize(
    ("typed", "region"),
    [
        ("Washington", "wa"), ("WA", "wa"), ("Wash.", "wa"), ("New South Wales", "nsw"),
        ("N.S.W.", "nsw"), ("British Columbia", "bc"), ("D.C.", "dc"), ("Bavaria", "bavaria"),
        ("", None),
    ],
)  # fmt: skip
def test_regions(typed: str, region: str | None) -> None:
    assert normalise_region(typed) == region


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        ("USA", "us"), ("U.S.A.", "us"), ("United States of America", "us"), ("us", "us"),
        ("UK", "gb"), ("England", "gb"), ("CAN", "ca"), ("México", "mx"), ("HR", "hr"),
        ("Ruritania", "ruritania"), ("", None),
    ],
)  # fmt: skip
def test_countries(typed: str, country: str | None) -> None:
    assert normalise_country(typed) == country


@given(st.text(max_size=12) | st.sampled_from(["St. Paul", "W. Va.", "D C", "1234-5678", "usa"]))
def test_places_normalise_to_themselves(text: str) -> None:
    for rule in (normalise_city, normalise_region, normalise_country, normalise_postal_code):
        once = rule(text)
        assert once is None or rule(once) == once
