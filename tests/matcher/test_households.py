"""Who lives together stays apart, and one person stays together: the hard cases, end to end."""

from __future__ import annotations

from typing import Any

import pytest

import matcher

Row = dict[str, Any]

HOME = {
    "last_name": "Smith",
    "address_line1": "12 Oak St",
    "postal_code": "10001",
    "city": "New York",
    "phone": "212-867-5309",
}
ELSEWHERE = {
    "last_name": "Smith",
    "address_line1": "987 Elm Ave",
    "postal_code": "60601",
    "city": "Chicago",
}
MAILBOX = {"email": "thesmiths@example.org"}
FATHER = {"first_name": "John", "birth_date": "1950-03-04", **HOME}
SON = {"first_name": "John", "birth_date": "1978-11-20", **HOME}
JOHN = {"first_name": "John", **HOME}


def persons(*rows: Row) -> list[list[int]]:
    """The places of the rows, those of one person together."""
    listed = [{"record_id": str(place), **row} for place, row in enumerate(rows)]
    clusters = matcher.dedupe(listed).clusters
    groups = clusters.groupby("cluster_id")["record_id"].apply(lambda ids: sorted(map(int, ids)))
    return sorted(groups)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(FATHER, SON, id="father and son, birth dates"),
        pytest.param(FATHER | MAILBOX, SON | MAILBOX, id="father and son, birth dates, mailbox"),
        pytest.param(JOHN | {"suffix": "Sr"}, JOHN | {"suffix": "Jr"}, id="Sr and Jr"),
        pytest.param(
            JOHN | {"last_name": "Smith Sr."}, JOHN | {"last_name": "Smith, Jr"}, id="in the name"
        ),
        *(
            pytest.param(
                {**HOME, "birth_date": "1990-05-06", "first_name": one},
                {**HOME, "birth_date": "1990-05-06", "first_name": other},
                id=f"twins {one} and {other}",
            )
            for one, other in (("Robert", "William"), ("Emma", "Olivia"), ("Xiomara", "Quillon"))
        ),
        pytest.param(
            {**HOME, **MAILBOX, "first_name": "Robert"},
            {**HOME, **MAILBOX, "first_name": "Mary"},
            id="a couple with one mailbox and phone",
        ),
        pytest.param(
            {**HOME, **MAILBOX, "first_name": "R"},
            {**HOME, **MAILBOX, "first_name": "Mary"},
            id="a couple, an initial",
        ),
    ],
)
def test_people_of_one_household_stay_apart(one: Row, other: Row) -> None:
    assert persons(one, other) == [[0], [1]]


def test_a_record_like_either_does_not_join_father_and_son() -> None:
    assert len(persons(FATHER, SON, JOHN)) == 2
    assert len(persons(JOHN | {"suffix": "Sr"}, JOHN | {"suffix": "Jr"}, JOHN)) == 2


def test_what_only_one_of_them_has_sorts_the_other_records() -> None:
    own, sons = {"email": "jsmith50@example.org"}, {"email": "johnny.s@example.com"}
    rows = (FATHER | own, JOHN | own, SON | sons, JOHN | sons)
    assert persons(*rows) == [[0, 1], [2, 3]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            {**HOME, "first_name": "Robert", "email": "rsmith@example.org", "phone": None},
            {**ELSEWHERE, "first_name": "Robert", "email": "rsmith@example.org"},
            id="two addresses, one mailbox",
        ),
        pytest.param(
            {**HOME, "first_name": "Robert"},
            {**ELSEWHERE, "first_name": "Robert", "phone": HOME["phone"]},
            id="two addresses, one phone",
        ),
        pytest.param(
            {**HOME, "first_name": "Robert", "birth_date": "1990-05-06"},
            {**ELSEWHERE, "first_name": "Robert", "birth_date": "1990-05-06"},
            id="two addresses, one birth date",
        ),
        pytest.param(
            {**HOME, "first_name": "Robert"}, {**HOME, "first_name": "Bob"}, id="a nickname"
        ),
        pytest.param(
            {**HOME, "first_name": "Robert", "birth_date": "1960-01-02"},
            {**HOME, "first_name": "Robert", "birth_date": "1980-01-02"},
            id="a digit of the decade mistyped",
        ),
        pytest.param(
            {**HOME, "first_name": "Robert", "birth_date": "1990-05-06"},
            {**HOME, "first_name": "Robert", "birth_date": "1990-05-06", "suffix": "Jr"},
            id="a suffix in one, one birth date",
        ),
        pytest.param(
            {**HOME, "first_name": "Robert", "middle_name": "William"},
            {**HOME, "first_name": "William"},
            id="goes by the middle name",
        ),
    ],
)
def test_one_person_stays_together(one: Row, other: Row) -> None:
    assert persons(one, other) == [[0, 1]]
