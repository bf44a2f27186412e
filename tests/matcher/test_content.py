"""The content order depends on what records say and on nothing else."""

from __future__ import annotations

from random import Random

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.content import content_order
from matcher.normalise import normalise
from matcher.reading import read

Row = dict[str, str | None]


def numbers(rows: list[Row]) -> dict[str, int]:
    """The content number of each record, by id."""
    raw = read(rows)
    records, _ = normalise(raw)
    order = content_order(records, raw)
    return dict(zip(raw.table["record_id"].to_pylist(), order.tolist(), strict=True))


WORDS = st.sampled_from(["ann", "Ann", "ANN", "bo", "okafor", None])
MAILS = st.sampled_from(["a.moss@example.org", "b.li@example.org", None])
ROWS = st.lists(
    st.fixed_dictionaries(
        {"first_name": WORDS, "last_name": WORDS, "email": MAILS, "email2": MAILS}
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=30, deadline=None)
@given(ROWS, st.randoms(use_true_random=False))
def test_a_record_has_the_same_number_wherever_it_stands(rows: list[Row], random: Random) -> None:
    named: list[Row] = [{"record_id": f"r{place}", **row} for place, row in enumerate(rows)]
    shuffled = named.copy()
    random.shuffle(shuffled)
    assert numbers(named) == numbers(shuffled)


@settings(max_examples=30, deadline=None)
@given(ROWS)
def test_every_record_has_a_number_of_its_own(rows: list[Row]) -> None:
    named: list[Row] = [{"record_id": f"r{place}", **row} for place, row in enumerate(rows)]
    assert len(set(numbers(named).values())) == len(rows)


def number(**row: str) -> int:
    return next(iter(numbers([{"record_id": "r", **row}]).values()))


def test_different_content_has_different_numbers() -> None:
    base = {"first_name": "ann", "last_name": "moss", "email": "ann.moss@example.org"}
    others = [
        {**base, "first_name": "anne"},
        {**base, "email": "ann.mos@example.org"},
        {**base, "city": "salem"},
        {"first_name": "ann", "last_name": "moss"},
        {"first_name": "moss", "last_name": "ann", "email": base["email"]},
    ]
    found = [number(**row) for row in (base, *others)]
    assert len(set(found)) == len(found)


def test_what_was_typed_does_not_count_where_the_normalised_values_differ() -> None:
    assert number(first_name="ANN", last_name="Moss") == number(first_name="ann", last_name="moss")


def test_an_email_says_the_same_in_any_position() -> None:
    one = {"email": "a.moss@example.org", "email2": "b.li@example.org"}
    other = {"email": one["email2"], "email2": one["email"]}
    assert number(**one) == number(**other)


def test_the_numbers_spread_over_the_whole_range(made: tuple[pa.Table, pa.Table]) -> None:
    raw = read(made[0])
    order = content_order(normalise(raw)[0], raw)
    assert 0.4 < (order > 0).mean() < 0.6
    assert len(np.unique(order >> 40)) > 0.9 * len(order)
