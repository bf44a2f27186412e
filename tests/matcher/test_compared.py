"""The values that comparisons looked at."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from matcher.compared import compared_texts, is_compared
from matcher.records import Column, Records

NAMES = pa.array(["ann", "bo"])
MAIL = pa.array(["a@x.org", "b@x.org"])


def column(codes: list[int], values: pa.StringArray) -> Column:
    return Column(np.array(codes, np.int32), values)


RECORDS = Records(
    3,
    {
        "first_name": column([1, -1, 0], NAMES),
        "address": column([0, -1, -1], pa.array(["1 elm st"])),
        "city": column([0, 0, -1], pa.array(["salem"])),
    },
    [column([0, 1, -1], MAIL), column([1, -1, -1], MAIL)],
    [],
    np.zeros(3, np.bool_),
    {},
)
ALL = np.arange(3)


def test_one_column_is_shown_as_it_is() -> None:
    assert compared_texts(RECORDS, "first_name", ALL).to_pylist() == ["bo", None, "ann"]
    assert compared_texts(RECORDS, "first_name", ALL[[2, 0]]).to_pylist() == ["ann", "bo"]


def test_several_columns_are_joined() -> None:
    emails = ["a@x.org; b@x.org", "b@x.org", None]
    assert compared_texts(RECORDS, "email", ALL).to_pylist() == emails
    places = ["1 elm st, salem", "salem", None]
    assert compared_texts(RECORDS, "location", ALL).to_pylist() == places


def test_what_no_record_has_is_missing() -> None:
    for name in ("phone", "birth_date", "external_id"):
        assert not is_compared(RECORDS, name)
        assert compared_texts(RECORDS, name, ALL).to_pylist() == [None] * 3
    assert is_compared(RECORDS, "location")


def test_no_rows_give_no_texts() -> None:
    for name in ("first_name", "email", "phone"):
        assert len(compared_texts(RECORDS, name, ALL[:0])) == 0
