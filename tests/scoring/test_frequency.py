"""Rarity: rare values say more, records of one person do not make a value common."""

from __future__ import annotations

import numpy as np
import pytest

from scoring import Comparison, Evidence, Frequencies, Frequency, Level, Weights
from scoring.columns import NOTHING_SHARED, Shared, SharedValues

USUAL = 0.001
NAMES = Comparison(
    "last_name",
    (Level("exact", 0.9, USUAL, 0.5, Frequency.SHARE), Level("different", 0.1, 0.999, 0.5)),
)
FLOORED = Comparison("first_name", NAMES.levels, household_floor=0.01)
EMAILS = Comparison(
    "email", (Level("exact", 0.8, 1e-6, 0.1, Frequency.HOLDERS),), holders_unrelated=0.02
)
MODEL = Weights((NAMES, FLOORED, EMAILS))
RECORDS = 10_000


def counted(*holders: float) -> SharedValues:
    return SharedValues(np.array(holders), np.full(len(holders), USUAL))


def test_the_share_of_all_records_is_the_chance() -> None:
    found = Frequencies.counted({"last_name": counted(500.0, 2.0)}, RECORDS, MODEL)
    assert found.chance["last_name"] == pytest.approx([0.05, 0.0002], rel=0.05)


def test_few_records_lean_on_the_usual_share() -> None:
    found = Frequencies.counted({"last_name": counted(2.0)}, 4, MODEL)
    assert found.chance["last_name"][0] == pytest.approx((2 + 100 * USUAL) / 104)


def test_a_value_that_one_person_holds_is_as_rare_as_the_others_show() -> None:
    # Birth dates drawn evenly: the counts of the drawn ones say 1 in 2,000, and it is 1 in 30,000.
    dates, people = 30_000, 2_000
    holders = np.bincount(np.random.default_rng(3).integers(0, dates, people), minlength=dates)
    usual = np.full(dates, 1 / dates)
    values = SharedValues(holders[holders > 0].astype(float), usual[holders > 0])
    chance = Frequencies.counted({"last_name": values}, people, MODEL).chance["last_name"]
    assert np.median(chance) == pytest.approx(1 / dates, rel=0.25)


def test_values_of_one_kind_say_nothing_of_another_kind() -> None:
    # Cities follow ZIP codes in one numbering: nobody shares a ZIP code, everybody a city.
    alone, common = np.ones(990), np.full(5, 2.0)
    usual = np.concatenate([np.full(990, USUAL), np.full(5, 2 * USUAL)])
    values = SharedValues(np.concatenate([alone, common]), usual)
    chance = Frequencies.counted({"last_name": values}, RECORDS, MODEL).chance["last_name"]
    assert chance[0] == pytest.approx((0.01 + 100 * USUAL) / (RECORDS + 100))
    assert chance[-1] == pytest.approx((2 + 200 * USUAL) / (RECORDS + 100))


def test_identifiers_are_told_from_their_other_holders() -> None:
    values = SharedValues(np.array([2.0, 11.0]), np.array([np.nan, np.nan]))
    found = Frequencies.counted({"email": values}, RECORDS, MODEL)
    assert found.chance["email"] == pytest.approx([0.02 / RECORDS, 0.2 / RECORDS])


def test_records_of_one_person_do_not_make_a_name_common() -> None:
    plain = Frequencies.counted({"last_name": counted(3.0, 3.0)}, RECORDS, MODEL)
    rows = np.array([0, 1, 2])
    evidence = Evidence.of(
        np.ones((3, 3), np.int8),
        (Shared(rows, np.zeros(3, np.int64)), NOTHING_SHARED, NOTHING_SHARED),
    )
    certain = plain.without_matches(evidence, lambda part: np.ones(len(part)), MODEL)
    unsure = plain.without_matches(evidence, lambda part: np.zeros(len(part)), MODEL)
    left = 1 - 1 / 11  # a single name that one person holds tells little of the others
    assert certain.chance["last_name"][0] == pytest.approx((left + 100 * USUAL) / (RECORDS + 100))
    assert certain.chance["last_name"][1] > 2.5 * certain.chance["last_name"][0]
    np.testing.assert_array_equal(unsure.chance["last_name"], plain.chance["last_name"])


def test_rarities_add_up_over_what_a_pair_shares() -> None:
    values = {"last_name": counted(500.0), "first_name": counted(2.0)}
    found = Frequencies.counted(values, RECORDS, MODEL)
    both = Shared(np.array([0]), np.array([0]))
    rarities = found.of(Evidence.of(np.ones((2, 3), np.int8), (both, both, NOTHING_SHARED)), MODEL)
    chance = found.chance
    expected = np.log2(chance["last_name"][0]) + np.log2(chance["first_name"][0])
    assert rarities.unrelated.tolist() == pytest.approx([expected, 0.0])
    assert rarities.household.tolist() == pytest.approx([np.log2(0.01), 0.0])
