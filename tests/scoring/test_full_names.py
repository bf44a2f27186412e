from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.full_names import SAME, organisation_similarity, person_similarity

NICKNAMES = {"bob": {"robert"}, "rob": {"robert"}, "robert": {"robert"}}
NAMES = st.lists(st.text("abcdeijkl1", min_size=1, max_size=8), max_size=6).map(" ".join)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada okafor", "okafor ada"),
        ("ada okafor", "dr ada okafor"),
        ("ada okafor", "ada grace okafor"),
        ("ada okafor", "a okafor"),
        ("bob okafor", "rob okafor"),
        ("adaokafor", "ada okafor"),
        ("ada o kafor", "ada okafor"),
        ("ada okafro", "ada okafor"),
        ("sergej lavrov", "sergey lavrov"),
        ("juan de la cruz", "juan cruz"),
        ("mohammed bin salman", "mohammed salman"),
    ],
)
def test_one_person_written_twice(one: str, other: str) -> None:
    assert person_similarity(one, other, NICKNAMES) >= SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada okafor", "bob okafor"),
        ("ada okafor", "b okafor"),
        ("ada grace okafor", "ada ruth okafor"),
        ("ada okafor", "ada mensah"),
        ("ada okafor", "ruth mensah"),
        ("ada okafor", ""),
    ],
)
def test_two_people(one: str, other: str) -> None:
    assert person_similarity(one, other, NICKNAMES) < SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("acme limited", "acme ltd"),
        ("acme gmbh", "acme"),
        ("acme g m b h", "acme gmbh"),
        ("a b c works", "abc works"),
        ("joint stock company acme works", "acme works jsc"),
        ("the bank of ghana", "bank ghana"),
        ("first international bank", "1st intl bank"),
        ("brigade forty four", "brigade 44"),
        ("pla", "peoples liberation army"),
    ],
)
def test_one_organisation_written_twice(one: str, other: str) -> None:
    assert organisation_similarity(one, other) >= SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("acme works ltd", "bolt works ltd"),
        ("acme fund iii", "acme fund iv"),
        ("acme 12", "acme 13"),
        ("acme ltd", "bolt ltd"),
    ],
)
def test_two_organisations(one: str, other: str) -> None:
    assert organisation_similarity(one, other) < SAME


def test_a_differing_legal_form_costs_a_little() -> None:
    assert organisation_similarity("acme ag", "acme gmbh") < organisation_similarity(
        "acme ag", "acme"
    )


def test_what_is_left_out_costs_less_than_what_is_contradicted() -> None:
    same, longer, other = (
        person_similarity("ada okafor", name)
        for name in ("ada okafor", "ada ruth okafor", "ada bo")
    )
    assert same == 1.0
    assert same > longer > other


@given(NAMES, NAMES)
def test_similarities_are_symmetric_shares(one: str, other: str) -> None:
    for judge in (person_similarity, organisation_similarity):
        found = judge(one, other)
        assert 0.0 <= found <= 1.0
        assert found == pytest.approx(judge(other, one))


@given(NAMES.filter(bool))
def test_a_name_is_like_itself(name: str) -> None:
    assert person_similarity(name, name) == 1.0
