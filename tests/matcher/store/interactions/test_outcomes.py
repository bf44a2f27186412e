"""Whom an interaction was with: what links, what is to be looked at, and what is not."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.store.interactions.outcomes import (
    LINK_FROM,
    LINKED,
    REVIEW,
    REVIEW_FROM,
    UNMATCHED,
    Fits,
    decide,
)

#: Of a pair: whose contact, whose record, log2 odds, whether identified, whether by id.
Pair = tuple[int, int, float, bool, bool]


def fits(pairs: Sequence[Pair], slots: Sequence[int] | None = None) -> Fits:
    """Pairs with a record each, unless ``slots`` says otherwise."""
    columns = list(zip(*pairs, strict=True)) if pairs else [()] * 5
    asked, person = (np.array(column, np.int64) for column in columns[:2])
    records = np.arange(len(pairs)) if slots is None else np.array(slots, np.int64)
    return Fits(
        asked, person, records, records, np.full(len(pairs), -1),
        np.arange(len(pairs), dtype=np.uint64),
        np.array(columns[2], np.float64), np.array(columns[3], np.bool_),
        np.array(columns[4], np.bool_),
    )  # fmt: skip


def odds(probability: float) -> float:
    return float(np.log2(probability / (1.0 - probability)))


def one(*pairs: tuple[int, float, bool, bool]) -> tuple[int, float]:
    """The status and probability of one interaction; pairs lack whose contact it is."""
    found = decide(fits([(0, *pair) for pair in pairs]), 1)
    return int(found.status[0]), float(found.probability[0])


def test_one_person_who_fits_well_is_linked() -> None:
    status, probability = one((5, odds(0.9), True, False))
    assert status == LINKED
    assert probability == pytest.approx(0.9)


def test_two_persons_who_fit_equally_well_are_for_review() -> None:
    status, probability = one((5, odds(0.9), True, False), (6, odds(0.9), True, False))
    assert status == REVIEW
    assert probability == pytest.approx(9 / 19)


def test_of_a_couple_with_one_number_the_one_of_that_name_is_linked() -> None:
    assert one((5, odds(0.99), True, False), (6, odds(0.05), True, False))[0] == LINKED


def test_a_name_alone_says_nothing_however_sure_it_looks() -> None:
    assert one((5, 20.0, False, False)) == (UNMATCHED, 0.0)


def test_two_records_of_one_person_speak_louder_than_one() -> None:
    alone, together = (one(*[(5, odds(0.6), True, False)] * count)[1] for count in (1, 2))
    assert together == pytest.approx(3.0 / 4.0)
    assert together > alone


def test_two_addresses_of_one_contact_do_not_make_one_record_two() -> None:
    pair = (0, 5, odds(0.6), True, False)
    found = decide(fits([pair, (0, 5, odds(0.3), True, False)], slots=[9, 9]), 1)
    assert found.probability[0] == pytest.approx(0.6)


def test_an_id_outranks_any_other_evidence() -> None:
    status, probability = one((5, -20.0, True, True), (6, 25.0, True, False))
    assert status == LINKED
    assert probability > 0.999


def test_an_id_that_two_persons_have_is_for_review() -> None:
    assert one((5, 0.0, True, True), (6, 0.0, True, True))[0] == REVIEW


def test_nobody_who_fits_leaves_an_interaction_unmatched() -> None:
    found = decide(fits([]), 3)
    assert found.status.tolist() == [UNMATCHED] * 3
    assert found.best.tolist() == [-1] * 3


def test_candidates_are_those_in_review_alone_the_likeliest_first() -> None:
    found = decide(
        fits([
            (0, 1, odds(0.4), True, False), (0, 2, odds(0.5), True, False),
            (1, 3, odds(0.9), True, False),
        ]),
        2,
    )  # fmt: skip
    assert found.status.tolist() == [REVIEW, LINKED]
    assert found.listed.tolist() == [1, 0]
    assert (np.diff(found.listed_probability) < 0).all()


pairs_of = st.lists(
    st.tuples(
        st.integers(0, 3), st.integers(0, 4), st.floats(-8, 20), st.booleans(), st.booleans()
    ).map(lambda pair: (*pair[:3], pair[3] or pair[4], pair[4])),
    max_size=20,
)


def slowly(pairs: Sequence[Pair], asked: int) -> tuple[int, float]:
    """The same, one interaction at a time and in plain words."""
    persons: dict[int, float] = {}
    for whose, person, log_odds, identified, by_id in pairs:
        if whose == asked and identified:
            persons[person] = persons.get(person, 0.0) + 2.0 ** (60.0 if by_id else log_odds)
    everything = 1.0 + sum(persons.values())
    likeliest = max(persons.values(), default=0.0) / everything
    if likeliest >= LINK_FROM:
        return LINKED, likeliest
    anybody = sum(persons.values()) / everything
    return (REVIEW if anybody >= REVIEW_FROM else UNMATCHED), likeliest


@given(pairs_of)
def test_all_at_once_is_as_one_at_a_time(pairs: list[Pair]) -> None:
    found = decide(fits(pairs), 4)
    for asked in range(4):
        status, probability = slowly(pairs, asked)
        assert found.probability[asked] == pytest.approx(probability, abs=1e-12)
        if min(abs(probability - edge) for edge in (LINK_FROM, REVIEW_FROM)) > 1e-9:
            assert found.status[asked] == status


@given(pairs_of, st.randoms(use_true_random=False))
def test_the_order_of_pairs_does_not_matter(pairs: list[Pair], random: Random) -> None:
    told = fits(pairs)
    order = list(range(len(pairs)))
    random.shuffle(order)
    found, again = decide(told, 4), decide(told.of(np.array(order, np.int64)), 4)
    assert found.status.tolist() == again.status.tolist()
    assert found.probability == pytest.approx(again.probability, abs=1e-12)
    best = [-1 if place < 0 else order[place] for place in again.best.tolist()]
    assert found.best.tolist() == best
