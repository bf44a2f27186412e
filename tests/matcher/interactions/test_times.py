"""Texts that say when something was."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.interactions.times import MOMENT, moment, moments
from matcher.normalise import Order


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-02-19T15:30:00Z", datetime(2026, 2, 19, 15, 30, tzinfo=UTC)),
        ("2026-02-19T15:30:00.250+02:00", datetime(2026, 2, 19, 13, 30, 0, 250_000, tzinfo=UTC)),
        ("2026-02-19 15:30", datetime(2026, 2, 19, 15, 30, tzinfo=UTC)),
        ("2026-02-19", datetime(2026, 2, 19, tzinfo=UTC)),
        ("19 February 2026", datetime(2026, 2, 19, tzinfo=UTC)),
        ("03/04/2026", datetime(2026, 3, 4, tzinfo=UTC)),
        ("2/19/26 3:30 PM", datetime(2026, 2, 19, tzinfo=UTC)),
        ("soon", None),
        ("2026-02-30", None),
        ("1970-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31", None),
        ("", None),
    ],
)
def test_a_time_is_read_or_told_to_be_none(text: str, expected: datetime | None) -> None:
    for beside in ([], ["not iso"]):  # all at once, and one by one
        found, lost = moments([text, None, *beside], "US")
        assert found.type == MOMENT
        assert found[0].as_py() == expected
        assert lost.tolist()[:1] == ([0] if expected is None else [2][: len(beside)])


def test_the_country_decides_which_of_day_and_month_comes_first() -> None:
    assert moments(["03/04/2026"], "GB")[0][0].as_py() == datetime(2026, 4, 3, tzinfo=UTC)
    assert moment("03/04/2026", Order.DAY_FIRST) == datetime(2026, 4, 3, tzinfo=UTC)


@given(st.lists(st.none() | st.text(max_size=12) | st.datetimes().map(str)))
def test_whatever_is_said_is_read_or_told(texts: list[str | None]) -> None:
    found, lost = moments(texts, "US")
    given_ones = np.array([text is not None for text in texts], np.bool_)
    read = found.is_valid().to_numpy(zero_copy_only=False)
    assert np.flatnonzero(given_ones & ~read).tolist() == lost.tolist()
    assert not (read & ~given_ones).any()
