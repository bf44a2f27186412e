"""Features: what sounds alike, what begins alike, what is the same either way round."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocking import features
from matcher.records import Column, encode


def column(*texts: str | None) -> Column:
    return encode(pa.array(texts, pa.string()))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("smith", "smyth"),
        ("catherine", "kathryn"),
        ("phillips", "filips"),
        ("o brien", "obrien"),
        ("meyer", "maier"),
        ("schmidt", "schmit"),
    ],
)
def test_names_that_sound_alike_share_a_code(one: str, other: str) -> None:
    codes = features.sound(column(one, other)).codes
    assert codes[0] == codes[1] >= 0


@pytest.mark.parametrize(
    ("one", "other"), [("smith", "jones"), ("garcia", "lopez"), ("lee", "li ng")]
)
def test_names_that_sound_unlike_do_not(one: str, other: str) -> None:
    codes = features.sound(column(one, other)).codes
    assert codes[0] != codes[1]


def test_a_name_without_latin_letters_has_no_sound() -> None:
    assert features.sound(column("山田", "123", None)).codes.tolist() == [-1, -1, -1]


@given(st.lists(st.one_of(st.none(), st.text("abcdeéx ", min_size=1, max_size=6)), max_size=12))
def test_prefix_equals_a_slice_of_bytes(texts: list[str | None]) -> None:
    codes = features.prefix(column(*texts), 3).codes.tolist()
    for text, code in zip(texts, codes, strict=True):
        if text is None:
            assert code == -1
        else:
            start = text.encode()[:3]
            assert code == int.from_bytes(start.ljust(3, b"\0"), "big")


def test_weak_values_do_not_block() -> None:
    plain = column("info@x.org", "ann@x.org")
    marked = Column(plain.codes, plain.values, np.array([True, False]))
    assert features.whole(marked).codes.tolist() == [-1, 1]
    assert features.user(marked)[0].codes[0] == -1


def test_swapped_names_meet_in_either_order() -> None:
    first, last = features.joint(column("kim", "lee", "ann"), column("lee", "kim", "kim"))
    codes = features.either_order(first, last).codes
    assert codes[0] == codes[1] != codes[2]


def test_swapped_day_and_month_meet() -> None:
    codes = features.day_month_folded(
        column("1990-03-07", "1990-07-03", "1990-03-08", "1990")
    ).codes
    assert codes[0] == codes[1] != codes[2]
    assert codes[3] == -1


def test_a_sliced_dictionary_reads_right() -> None:
    values = pa.array(["zz", "bob", "ann"]).slice(1)
    sliced = Column(np.array([0, 1], np.int32), values)
    assert features.prefix(sliced, 1).codes.tolist() == [ord("b"), ord("a")]


@given(st.lists(st.none() | st.text("ab", max_size=4), max_size=12))
def test_codes_numbered_through_tell_the_same_apart(texts: list[str | None]) -> None:
    feature = features.prefix(encode(pa.array(texts, pa.string())), 2)
    codes, numbered = feature.codes, features.numbered(feature)
    assert ((codes < 0) == (numbered.codes < 0)).all()
    assert (codes[:, None] == codes).tolist() == (
        numbered.codes[:, None] == numbered.codes
    ).tolist()
    assert numbered.codes.max(initial=0) < numbered.size == max(len(set(codes[codes >= 0])), 1)


CODES = st.lists(st.integers(-1, 5), min_size=4, max_size=4)


@given(st.lists(CODES, min_size=1, max_size=3), st.lists(st.integers(0, 3)), st.booleans())
def test_codes_that_some_records_hold_stay_alone(
    slots: list[list[int]], rows: list[int], by_value: bool
) -> None:
    codes = [np.array(slot, np.int32) for slot in slots]
    table = np.array([*range(6), -1], np.int32) if by_value else None
    made = [features.Feature(slot, 6, table) for slot in codes]
    held = {slot[row] for slot in slots for row in rows} - {-1}
    found = features.held_by(made, np.array(rows, np.int64))
    assert [each.codes.tolist() for each in found] == [
        [code if code in held else -1 for code in slot] for slot in slots
    ]
