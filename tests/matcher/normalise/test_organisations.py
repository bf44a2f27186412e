"""Organisations told from persons."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from matcher.normalise import normalise_organisation
from matcher.normalise.lanes import Distinct, distinct
from matcher.normalise.organisations import tell_organisations
from matcher.records import RawRecords

MakeRaw = Callable[..., RawRecords]


def typed(raw: RawRecords) -> dict[str, Distinct]:
    return {name: distinct(raw.table[name]) for name in raw.table.column_names if name != "row"}


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("The Acme Company, Inc.", "acme co inc"), ("ACME Corporation", "acme corp"),
        ("Smith & Sons", "smith sons"), ("Smith and Sons", "smith sons"), ("The The", "the the"),
        ("Self-Employed", None), ("", None),
    ],
)  # fmt: skip
def test_one_spelling(typed: str, name: str | None) -> None:
    assert normalise_organisation(typed) == name
    assert name is None or normalise_organisation(name) == name


@pytest.mark.parametrize(
    "full_name",
    ["Acme Corp", "Friends of the Park", "First Baptist Church", "SEIU Local 32", "Teamsters",
     "Committee to Elect Ann Lee", "Ohio Teachers Union", "University of Oregon", "Acme, LLC"],
)  # fmt: skip
def test_organisation_words(make_raw: MakeRaw, full_name: str) -> None:
    organisation, _ = tell_organisations(typed(make_raw(full_name=[full_name])), 1)
    assert organisation.tolist() == [True]


@pytest.mark.parametrize(
    "full_name", ["Ann Lee", "Union", "Ann Church", "John Bank", "Corpus Ng", "Church", "Bank, Ann"]
)
def test_persons(make_raw: MakeRaw, full_name: str) -> None:
    # A person may be called Church, in the last name column with a first name beside it.
    first, _, last = full_name.partition(" ")
    raw = make_raw(first_name=[first], last_name=[last or None])
    assert tell_organisations(typed(raw), 1)[0].tolist() == [False]


def test_what_makes_a_record_an_organisation(make_raw: MakeRaw) -> None:
    raw = make_raw(
        entity_type=["Organization", "person", None, None, None, None, "natural_person"],
        first_name=["Ann", None, None, "Ann", None, None, None],
        last_name=["Lee", None, None, "Lee", "Acme Foundation", "Church", None],
        full_name=[None, "Acme Corp", None, None, None, None, None],
        organization=["Acme", None, "Acme, Inc", "Acme Inc.", None, None, None],
    )
    organisation, names = tell_organisations(typed(raw), len(raw))
    assert organisation.tolist() == [True, False, True, False, True, True, False]
    assert names is not None
    assert names.texts().to_pylist() == [
        "acme", None, "acme inc", "acme inc", "acme foundation", "church", None,
    ]  # fmt: skip


def test_a_list_of_organisations_holds_no_person(make_raw: MakeRaw) -> None:
    sounding = [f"{name} Foundation" for name in ("Ash", "Oak", "Elm", "Fir")] * 3
    silent = ["Chez Panisse", "Campanile", "Ruduswright Tools"] * 4
    listed, _ = tell_organisations(typed(make_raw(full_name=sounding + silent)), 24)
    assert listed.tolist() == [True] * 24
    few, _ = tell_organisations(typed(make_raw(full_name=sounding[:4] + silent[:4])), 8)
    assert few.tolist() == [True] * 4 + [False] * 4


def test_a_few_organisations_among_people_leave_them_people(make_raw: MakeRaw) -> None:
    names = ["Ash Foundation"] * 8 + [f"Ann Lee{letter}" for letter in "abcdefghijklmnop"]
    told, _ = tell_organisations(typed(make_raw(full_name=names)), 24)
    assert told.tolist() == [True] * 8 + [False] * 16


def test_an_entity_type_outranks_the_list(make_raw: MakeRaw) -> None:
    names = ["Ash Foundation"] * 23 + ["Ann Lee"]
    kinds = [None] * 23 + ["person"]
    told, _ = tell_organisations(typed(make_raw(full_name=names, entity_type=kinds)), 24)
    assert told.tolist() == [True] * 23 + [False]


def test_no_column_says_anything(make_raw: MakeRaw) -> None:
    organisation, names = tell_organisations(typed(make_raw(city=["Kent", "Kent"])), 2)
    assert organisation.tolist() == [False, False]
    assert names is None


def test_an_employer_that_is_none_makes_no_organisation(make_raw: MakeRaw) -> None:
    raw = make_raw(organization=["Retired", "N/A", "Acme"], email1=["a@x.org"] * 3)
    organisation, names = tell_organisations(typed(raw), 3)
    assert organisation.tolist() == [False, False, True]
    assert names is not None
    assert names.texts().to_pylist() == [None, None, "acme"]
