"""Fingerprints: they tell who comes again, and tell nothing to who has no salt."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.normalise import normalise
from matcher.reading import read
from matcher.store.fingerprints import Fingerprints, Mark, NamedRecords

ROW = {
    "record_id": "a", "source": "list", "first_name": "Robert", "last_name": "Okafor",
    "email": "rob@example.com", "phone": "3125550101", "address": "12 Oak Ave", "zip": "60601",
    "birth_date": "1980-03-04", "van_id": "7781",
}  # fmt: skip


def named(*rows: dict[str, str | None]) -> NamedRecords:
    records, _ = normalise(read(list(rows)))
    return NamedRecords(records, np.arange(len(rows), dtype=np.int64) - 5)


def kept(of: NamedRecords, shared: frozenset[tuple[str, str]] = frozenset()) -> Fingerprints:
    """The fingerprints of records that were forgotten in run 3."""
    blank = Fingerprints(b"0123456789abcdef")
    marks = [m for row in range(of.records.count) for m in of.marks_left(row, shared)]
    hints = np.unique([blank.hint(mark) for mark in marks])
    return Fingerprints(blank.salt, {blank.of(mark): 3 for mark in marks}, hints)


def test_a_record_is_known_by_everything_that_makes_it_somebodys() -> None:
    kinds = {mark.kind for mark in named(ROW).marks(0)}
    assert kinds == {"record_id", "van_id", "email", "phone", "address", "birth_date"}


def test_a_mark_that_others_share_counts_only_with_the_name() -> None:
    shared = frozenset({("email", "rob@example.com")})
    marks = list(named(ROW).marks_left(0, shared))
    assert Mark("email", "rob@example.com") not in marks
    assert Mark("email", "rob@example.com", ("robert",)) in marks
    assert Mark("phone", "+13125550101") in marks


@pytest.mark.parametrize("name", ["Robert", "Bob", "Rob", "R"])
def test_other_forms_of_a_name_are_known(name: str) -> None:
    shared = frozenset({("phone", "+13125550101")})
    row = {"record_id": "x", "source": "s", "first_name": name, "phone": "312 555 0101"}
    found = kept(named(ROW), shared).found(named(ROW, row), np.array([1]))
    assert found == {1: ("phone", {3})}


@given(st.sets(st.sampled_from(["email", "phone", "address", "birth_date", "van_id"])))
def test_the_hint_never_hides_a_mark(columns: set[str]) -> None:
    row = {k: v for k, v in ROW.items() if k in columns | {"record_id", "source", "first_name",
                                                           "last_name"}}  # fmt: skip
    came = named({**ROW, "record_id": "other"}, row)
    came = NamedRecords(came.records, came.names + 1000)
    known = kept(named(ROW))
    by_mark = {known.kept.get(known.of(mark)) for mark in came.marks(1)} - {None}
    assert bool(known.found(came, np.array([1]))) == bool(by_mark) == bool(columns)


@given(st.text(min_size=1, max_size=30), st.text(max_size=10), st.text(max_size=10))
def test_fingerprints_differ_by_kind_value_name_and_salt(value: str, one: str, two: str) -> None:
    prints, others = Fingerprints(b"0" * 16), Fingerprints(b"1" * 16)
    marks = {Mark("email", value), Mark("phone", value), Mark("email", value, ("ann",)),
             Mark("email", value + "x"), Mark("email", value, ("ann", one, two))}  # fmt: skip
    assert len({prints.of(mark) for mark in marks}) == len(marks)
    assert {prints.of(mark) for mark in marks}.isdisjoint({others.of(mark) for mark in marks})
