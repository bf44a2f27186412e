from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks import apart
from benchmarks.contacts import generate
from benchmarks.datasets import Dataset

NAMES = ["first_name", "last_name", "suffix", "birth_date", "address", "email", "phone"]


def pairs(*rows: tuple[str | None, ...]) -> apart.Pairs:
    values = pd.DataFrame(rows, columns=NAMES)
    return apart.Pairs(values, np.arange(0, len(rows), 2), np.arange(1, len(rows), 2))


def test_what_two_records_have_in_common() -> None:
    found = pairs(
        ("ada", "okafor", "jr", None, None, "a@x.org", None),
        ("ada", "okafor", None, None, None, "b@x.org", None),
    )
    assert found.same_name.tolist() == [True]
    assert found.one_has("suffix").tolist() == [True]
    assert found.one_has("birth_date").tolist() == [False]
    assert found.unknown("suffix", "phone").tolist() == [True]
    assert found.unknown("suffix", "email").tolist() == [False]
    assert found.differ("email").tolist() == [True]
    assert found.same("email").tolist() == [False]


def test_kinds_are_counted_with_the_share_that_joins() -> None:
    contacts, truth = generate(4_000, 3)
    measured = apart.measure(Dataset("some", contacts, truth.to_pandas()))
    two, one = measured["two persons of one household"], measured["one person"]
    assert two["other first name"][0] > 500
    assert two["other first name"][1] < 0.05
    assert one["same name, same mailbox or phone"][1] > 0.95
    assert one["other last name"][1] < one["same name, same mailbox or phone"][1]
