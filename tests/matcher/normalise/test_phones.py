"""Phone numbers: the library is the authority, the fast lane agrees with it."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from matcher.normalise import normalise_phone
from matcher.normalise.faults import Fault
from matcher.normalise.nanp import read, regions_read_alike
from matcher.normalise.phones import clean_phones


@pytest.mark.parametrize(
    ("typed", "region", "text", "valid"),
    [
        ("(503) 555-1234", "US", "+15035551234", True),
        ("1-503-555-1234", "US", "+15035551234", True),
        ("+1 503.555.1234", "GB", "+15035551234", True),
        ("020 7946 0958", "GB", "+442079460958", True),
        ("+44 20 7946 0958", "US", "+442079460958", True),
        ("503-555-1234 x3251", "US", "+15035551234x3251", True),
        ("503-555-1234 ext. 325", "US", "+15035551234x325", True),
        ("503-555-1234 #12", "US", "+15035551234", True),  # a desk, not a number
        ("1-800-FLOWERS", "US", "+18003569377", True),
        ("944-555-0119", "US", "+19445550119", False),  # no such area code
        ("555-1234", "US", "+15551234", False),
        ("5035551234.0", "US", "+15035551234", True),
        ("503-555-1234 / 360-555-9999", "US", "+15035551234", True),
        ("none; 360-555-9999", "US", "+13605559999", True),
        ("12", "US", None, False),
        ("n/a", "US", None, False),
        ("", "US", None, False),
    ],
)
def test_a_number_in_e164(typed: str, region: str, text: str | None, valid: bool) -> None:
    assert normalise_phone(typed, region) == (text, valid)
    found, weak, _ = clean_phones(pa.array([typed]), region)
    assert found.to_pylist() == [text]
    assert weak.tolist() == [text is not None and not valid]


_FORMATS = (
    "{}{}{}", "({}) {}-{}", "{}-{}-{}", "{}.{}.{}", "+1{}{}{}", "1-{}-{}-{}", "+1 ({}) {}-{}",
    "1{}{}{}", "+{}{}{}", " {} {} {} ", "({}){}-{} x4321", "{}-{}-{} ext. 99", "{}{}{}x12345678",
    "{}{}{}", "+1-{}-{}-{} x1", "{}-{}-{}#123", "tel {}{}{}", "{} / {} {}", "0{}{}{}",
)  # fmt: skip
_NUMBERS = st.builds(
    lambda form, area, exchange, line: form.format(area, exchange, line),
    st.sampled_from(_FORMATS),
    st.integers(0, 999).map("{:03d}".format),
    st.integers(0, 999).map("{:03d}".format),
    st.integers(0, 9999).map("{:04d}".format),
)
_JUNK = st.text(alphabet="0123456789+-.() xe#", max_size=18)


@given(st.lists(_NUMBERS | _JUNK, max_size=10), st.sampled_from(["US", "CA", "GB", "BS", "JM"]))
@example(["", "+", "1", "()", "x", "+1", "5035551234x", "x123", "50355512345035551234"], "US")
@example(["+15035551234", "15035551234", "+5035551234", "0115035551234"], "GB")
@settings(max_examples=300, deadline=None)
def test_the_lane_reads_what_the_library_reads(texts: list[str], region: str) -> None:
    found, valid, done = read(pa.array(texts, pa.string()), region)
    for text, e164, is_valid, is_done in zip(texts, found.to_pylist(), valid, done, strict=True):
        if is_done:
            assert (e164, is_valid) == normalise_phone(text, region)
        else:
            assert e164 is None


def test_the_lane_judges_every_area_code_and_edge_exchange_as_the_library() -> None:
    exchanges = ("200", "555", "999", "199", "011", "911", "234", "310", "976", "310")
    numbers = [f"{area}{exchange}0123" for area in range(200, 1000) for exchange in exchanges[::3]]
    found, valid, done = read(pa.array(numbers), "US")
    assert done.all()
    judged = [normalise_phone(number) for number in numbers]
    assert found.to_pylist() == [phone.text for phone in judged]
    assert valid.tolist() == [phone.valid for phone in judged]


def test_the_lane_takes_ordinary_numbers() -> None:
    ordinary = ["(503) 555-1234", "503.555.1234", "15035551234", "+1 503 555 1234 x22"]
    assert read(pa.array(ordinary), "US")[2].all()
    assert regions_read_alike() >= {"US", "CA"}


def test_a_slice_of_a_longer_array_reads_the_same() -> None:
    values = pa.array(["5035551234", "x", "(360) 555-0000", "4255559999"])
    whole, part = read(values, "US")[0].to_pylist(), read(values.slice(2), "US")[0].to_pylist()
    assert part == whole[2:]


@pytest.mark.parametrize(
    "typed",
    ["555-555-5555", "5555555555", "1234567890", "000-000-0000", "999 999 9999", "(503) 555-5555",
     "111-111-1111", "0000000", "n/a", "none"],
)  # fmt: skip
def test_a_filler_is_missing_and_says_so(typed: str) -> None:
    found, weak, faults = clean_phones(pa.array([typed]), "US")
    assert found.to_pylist() == [None]
    assert not weak.any()
    assert faults.tolist() == [Fault.PLACEHOLDER]


def test_faults_tell_unassigned_from_impossible_and_pass_over_blanks() -> None:
    typed = ["503-555-1234", "944-555-0119", "15 08 55 50 11 52 83 3", " "]
    _, weak, faults = clean_phones(pa.array(typed), "US")
    assert faults.tolist() == [
        Fault.NONE, Fault.UNASSIGNED_PHONE, Fault.IMPOSSIBLE_PHONE, Fault.NONE,
    ]  # fmt: skip
    assert weak.tolist() == [False, True, False, False]


@given(_NUMBERS)
@settings(deadline=None)
def test_e164_reads_as_itself(text: str) -> None:
    once = normalise_phone(text)
    if once.text is not None:
        assert normalise_phone(once.text) == once
