"""Comparisons: what each level means, in words, and the properties that hold for all pairs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.nicknames import formal_names
from matcher.records import Column, Records, encode
from scoring import CONTACT_MODEL, Comparer, Weights, extra_comparison

NAMES = [
    "first_name",
    "last_name",
    "middle_name",
    "suffix",
    "birth_date",
    "address",
    "house_number",
    "street",
    "unit",
    "postal_code",
    "city",
    "region",
    "organization",
]


def records(rows: list[dict[str, str]], extra: str = "") -> Records:
    def column(name: str) -> Column:
        return encode(pa.array([row.get(name) for row in rows], pa.string()))

    names = [*NAMES, extra] if extra else NAMES
    return Records(
        count=len(rows),
        columns={name: column(name) for name in names},
        emails=_slots(rows, "email"),
        phones=_slots(rows, "phone"),
        organisation=np.zeros(len(rows), bool),
        external_ids={"van_id": column("van_id")},
    )


def _slots(rows: list[dict[str, str]], name: str) -> list[Column]:
    texts = [row.get(f"{name}{place}") for place in (1, 2) for row in rows]
    both = encode(pa.array(texts, pa.string()))
    return [
        Column(both.codes[: len(rows)], both.values),
        Column(both.codes[len(rows) :], both.values),
    ]


def comparer(rows: list[dict[str, str]]) -> Comparer:
    return Comparer(records(rows), CONTACT_MODEL, formal_names(), {})


def level(comparison: str, one: dict[str, str], other: dict[str, str]) -> str:
    details = comparer([one, other]).details(np.array([0]), np.array([1]))
    return CONTACT_MODEL.comparison(comparison).label(int(details[comparison].levels[0]))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("robert", "robert", "exact"),
        ("robert", "bob", "nickname"),
        ("bob", "rob", "nickname"),
        ("robert", "r", "initial"),
        ("maxim", "ma", "prefix"),
        ("delphine", "delphina", "very similar"),
        ("marta", "maria", "similar"),
        ("alexander", "alexandra", "similar, both in use"),
        ("robert", "roberta", "similar, both in use"),
        ("ethan", "etmwn", "somewhat similar"),
        ("maeve", "cvae", "different, both in use"),
        ("robert", "susan", "different, both in use"),
        ("robert", None, "missing"),
    ],
)
def test_first_names(one: str, other: str | None, expected: str) -> None:
    right = {} if other is None else {"first_name": other}
    assert level("first_name", {"first_name": one}, right) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("okafor", "okafor", "exact"),
        ("gonzalez", "gonzales", "very similar"),
        ("mata gonzalez", "gonzalez", "one contains the other"),
        ("barton", "nhba", "different, both in use"),
        ("patel", "yu", "different, both in use"),
    ],
)
def test_last_names(one: str, other: str, expected: str) -> None:
    assert level("last_name", {"last_name": one}, {"last_name": other}) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("keanu", "kenau", "very similar"),
        ("keanu", "keana", "similar, both in use"),
        ("keanu", "xkuq", "different"),
        ("keanu", "zora", "different, both in use"),
    ],
)
def test_a_slip_makes_a_name_that_hardly_anybody_has(one: str, other: str, expected: str) -> None:
    """Of a list that is long enough to tell."""
    held = {"keanu": 60, "keana": 3, "zora": 40}
    common = [{"first_name": name} for name, times in held.items() for _ in range(times)]
    details = comparer([{"first_name": one}, {"first_name": other}, *common]).details(
        np.array([0]), np.array([1])
    )["first_name"]
    assert CONTACT_MODEL.comparison("first_name").label(int(details.levels[0])) == expected


def test_a_name_much_rarer_than_one_that_it_is_like_may_be_its_slip() -> None:
    """Even a slip is made several times where enough people bear the name."""
    names = ["keanu"] * 1000 + ["kenau"] * 5
    details = comparer([{"first_name": name} for name in names])
    levels = details.details(np.array([0]), np.array([1000]))["first_name"].levels
    assert CONTACT_MODEL.comparison("first_name").label(int(levels[0])) == "very similar"


@pytest.mark.parametrize(
    ("middle", "expected"),
    [
        ("william", "the other's middle name"),
        ("w", "its initial the other's middle one"),
        ("paul", "different, both in use"),
        (None, "different, both in use"),
    ],
)
def test_who_goes_by_a_middle_name(middle: str | None, expected: str) -> None:
    one = {"first_name": "robert", **({"middle_name": middle} if middle else {})}
    assert level("first_name", one, {"first_name": "william"}) == expected
    assert level("first_name", {"first_name": "william"}, one) == expected


def test_swapped_names_count_once() -> None:
    one = {"first_name": "kim", "last_name": "park"}
    other = {"first_name": "park", "last_name": "kim"}
    assert level("first_name", one, other) == "swapped with last name"
    assert level("last_name", one, other) == "missing"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"first_name": "weller", "last_name": "ebony"}, {"first_name": "flynn"}),
        ({"first_name": "weller"}, {"first_name": "flynn"}),
        ({"first_name": "weller"}, {}),
    ],
)
def test_one_name_in_the_place_of_the_other_counts_once(
    one: dict[str, str], other: dict[str, str]
) -> None:
    other = other | {"last_name": "weller"}
    assert level("first_name", one, other) == "one name in the place of the other"
    assert level("last_name", one, other) == "missing"


def test_a_name_that_agrees_in_its_own_place_is_not_looked_for_in_another() -> None:
    one = {"first_name": "thomas", "last_name": "james"}
    other = {"first_name": "thomas", "last_name": "thomas"}
    assert level("first_name", one, other) == "exact"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("marie", "marie", "exact"),
        ("marie", "m", "same initial"),
        ("m", "m", "same initial"),
        ("marie", "mario", "similar"),
        ("marie", "k", "different initial"),
        ("marie", "susan", "different"),
    ],
)
def test_middle_names(one: str, other: str, expected: str) -> None:
    assert level("middle_name", {"middle_name": one}, {"middle_name": other}) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("jr", "sr", "contradicts"),
        ("jr", "ii", "same"),
        ("iii", "jr", "contradicts"),
        ("jr", None, "in one"),
        (None, None, "in neither"),
    ],
)
def test_suffixes(one: str | None, other: str | None, expected: str) -> None:
    left, right = ({"first_name": "ann", "suffix": text or ""} for text in (one, other))
    left, right = ({name: text for name, text in row.items() if text} for row in (left, right))
    assert level("suffix", left, right) == expected


@pytest.mark.parametrize(("other", "expected"), [(None, "missing"), ("sr", "contradicts")])
def test_a_suffix_in_one_says_nothing_where_names_differ(other: str | None, expected: str) -> None:
    right = {"first_name": "susan", **({"suffix": other} if other else {})}
    assert level("suffix", {"first_name": "bob", "suffix": "jr"}, right) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("ann.lee7@x.org", "ann.lee7@x.org", "exact"),
        ("sunny77@x.org", "sunny77@y.org", "same user, other domain"),
        ("annokafor@x.org", "annokafor@y.org", "same user made of the name"),
        ("sunnyday@x.org", "sunnydya@x.org", "letters mistyped"),
        ("anthony33@x.org", "anthony73@x.org", "digits differ"),
        ("ann@x.org", "bob@x.org", "different"),
    ],
)
def test_emails_of_people_whose_names_differ(one: str, other: str, expected: str) -> None:
    left = {"email1": one, "first_name": "ann", "last_name": "okafor"}
    right = {"email1": other, "first_name": "susan", "last_name": "park"}
    assert level("email", left, right) == expected


@pytest.mark.parametrize(
    ("last", "expected"),
    [("park", "digits differ, a name agrees"), ("lee", "digits differ, both names agree")],
)
def test_a_near_email_is_no_news_when_names_agree(last: str, expected: str) -> None:
    left = {"email1": "anthony33@x.org", "first_name": "anthony", "last_name": "lee"}
    right = {"email1": "anthony73@x.org", "first_name": "anthony", "last_name": last}
    assert level("email", left, right) == expected


def test_any_email_or_phone_may_agree() -> None:
    left = {"email1": "a@x.org", "email2": "b@x.org", "phone1": "+15035550101"}
    right = {"email1": "b@x.org", "phone1": "+15035550199", "phone2": "+15035550101"}
    assert level("email", left, right) == "exact"
    assert level("phone", left, right) == "exact"


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ("+15035550101", "exact"),
        ("+15035550110", "one edit"),
        ("+15035550122", "two edits"),
        ("+12065559999", "different"),
    ],
)
def test_phones(other: str, expected: str) -> None:
    assert level("phone", {"phone1": "+15035550101"}, {"phone1": other}) == expected


HOME = {
    "address": "12 oak st",
    "house_number": "12",
    "street": "oak st",
    "postal_code": "97202",
    "city": "portland",
    "region": "or",
}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "same address"),
        ({"unit": "2"}, "same address, unit differs"),
        ({"address": "12 oake st", "street": "oake st"}, "similar address"),
        ({"postal_code": "98101"}, "same address, ZIP differs"),
        ({"address": "12 elm ave", "street": "elm ave"}, "same number or street, same ZIP"),
        (
            {"address": "9 elm ave", "street": "elm ave", "house_number": "9"},
            "same ZIP, address differs",
        ),
        ({"address": None, "house_number": None, "street": None}, "same ZIP"),
        (
            {"address": None, "house_number": None, "street": None, "postal_code": "97203"},
            "near ZIP",
        ),
        (
            {
                "address": "9 elm ave",
                "street": "elm ave",
                "house_number": "9",
                "postal_code": "98101",
            },
            "same city",
        ),
    ],
)
def test_locations(change: dict[str, str | None], expected: str) -> None:
    other = {name: text for name, text in {**HOME, **change}.items() if text is not None}
    assert level("location", {**HOME, "unit": "1"}, other) == expected


def test_locations_without_anything_shared() -> None:
    assert (
        level("location", {"city": "salem", "region": "or"}, {"city": "bend", "region": "or"})
        == "same region"
    )
    assert (
        level("location", {"city": "salem", "region": "or"}, {"city": "reno", "region": "nv"})
        == "different"
    )
    assert level("location", {"city": "salem"}, {}) == "missing"


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ("1990-03-07", "exact"),
        ("1990-07-03", "day and month swapped"),
        ("1990-03-08", "one character"),
        ("1971-03-07", "two of three parts"),
        ("1991-04-07", "two characters"),
        ("1992-11-30", "different"),
        ("1954-11-30", "a generation apart"),
        ("1954", "a generation apart"),
    ],
)
def test_birth_dates(other: str, expected: str) -> None:
    assert level("birth_date", {"birth_date": "1990-03-07"}, {"birth_date": other}) == expected


def test_external_ids_agree_or_say_nothing() -> None:
    assert level("external_id", {"van_id": "or:1"}, {"van_id": "or:1"}) == "exact"
    assert level("external_id", {"van_id": "or:1"}, {"van_id": "or:2"}) == "missing"


@pytest.mark.parametrize(
    ("kind", "one", "other", "expected"),
    [
        ("text", "carpenter", "carpentr", "very similar"),
        ("exact", "123456", "123465", "one edit"),
        ("exact", "123456", "999999", "different"),
        ("number", "100", "100.5", "within 1%"),
        ("number", "100", "95", "within 10%"),
        ("number", "100", "7", "different"),
        ("date", "1990-03-07", "1990-07-03", "day and month swapped"),
    ],
)
def test_further_columns(kind: str, one: str, other: str, expected: str) -> None:
    comparison = extra_comparison("extra:it", kind)
    some = records([{"extra:it": one}, {"extra:it": other}], "extra:it")
    model = Weights((*CONTACT_MODEL.comparisons, comparison))
    details = Comparer(some, model, {}, {"extra:it": kind}).details(np.array([0]), np.array([1]))
    assert comparison.label(int(details["extra:it"].levels[0])) == expected


VALUES = {
    "first_name": ["ann", "anne", "a", "bob", "robert"],
    "last_name": ["lee", "park", "mata gonzalez", "gonzalez", "ann"],
    "middle_name": ["m", "marie", "k"],
    "suffix": ["jr", "sr"],
    "email1": ["ann.lee@x.org", "annlee@y.org", "bob1@x.org", "bob2@x.org"],
    "email2": ["bob1@x.org", "zed@q.org"],
    "phone1": ["+15035550101", "+15035550110", "+12065559999"],
    "address": ["12 oak st", "12 oake st", "9 elm ave"],
    "house_number": ["12", "9"],
    "street": ["oak st", "elm ave"],
    "unit": ["1", "2"],
    "postal_code": ["97202", "97203", "10001"],
    "city": ["salem", "bend"],
    "region": ["or", "nv"],
    "birth_date": ["1990-03-07", "1990-07-03", "1990", "1954-11-30"],
    "van_id": ["1", "2"],
    "organization": ["food bank", "food banks"],
}
ROW = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(texts) for name, texts in VALUES.items()}
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ROW, min_size=2, max_size=6))
def test_comparisons_are_symmetric_and_equal_records_reach_the_top(
    rows: list[dict[str, str]],
) -> None:
    some = comparer([*rows, rows[0]])
    count = len(rows)
    left, right = (index.ravel() for index in np.indices((count + 1, count + 1)))
    apart = left != right
    left, right = left[apart], right[apart]
    one, other = some.compare(left, right), some.compare(right, left)
    np.testing.assert_array_equal(one.levels, other.levels)
    for mine, theirs in zip(one.shared, other.shared, strict=True):
        assert sorted(zip(*map(np.ndarray.tolist, mine), strict=True)) == sorted(
            zip(*map(np.ndarray.tolist, theirs), strict=True)
        )
    same = some.compare(np.array([0]), np.array([count])).levels[0]
    tops = {"middle_name": (0, 1, 4), "location": (0, 1, 6, 9, 10), "suffix": (0, 1, 2)}
    for place, comparison in enumerate(CONTACT_MODEL.comparisons):
        assert same[place] in tops.get(comparison.name, (0, 1))


def test_nearly_swapped_names_count_once() -> None:
    one = {"first_name": "carol", "last_name": "okafor"}
    other = {"first_name": "okafo", "last_name": "carolq"}
    assert level("first_name", one, other) == "nearly swapped with last name"
    assert level("last_name", one, other) == "missing"


def test_each_pair_says_which_value_it_shares() -> None:
    rows = [{"last_name": "smith"}, {"last_name": "lee"}, {"last_name": "smith"}]
    some = comparer(rows)
    compared = some.details(np.array([0, 0]), np.array([1, 2]))["last_name"]
    assert compared.shared.rows.tolist() == [1]
    shared = records(rows).columns["last_name"].values[int(compared.shared.codes[0])].as_py()
    assert shared == "smith"


def test_an_employer_is_no_evidence_and_the_name_of_an_organisation_is() -> None:
    rows = [{"organization": "food bank"}, {"organization": "food bank"}]
    assert level("organization", *rows) == "missing"
    some = replace(records(rows), organisation=np.array([True, True]))
    details = Comparer(some, CONTACT_MODEL, {}, {}).details(np.array([0]), np.array([1]))
    assert details["organization"].levels.tolist() == [1]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("seattle food bank", "seattle food bank inc", "very similar"),
        (
            "naacp",
            "national association for advancement of colored people",
            "initials of the other",
        ),
        ("bfc", "belosdon family clinic", "initials of the other"),
        ("food bank seattle", "seattle food bank of king county", "all words in the other"),
        ("church", "first baptist church", "different"),
        ("seattle food bank", "tacoma youth center", "different"),
    ],
)
def test_names_of_organisations(one: str, other: str, expected: str) -> None:
    rows = [{"organization": one}, {"organization": other}]
    some = replace(records(rows), organisation=np.array([True, True]))
    details = Comparer(some, CONTACT_MODEL, {}, {}).details(np.array([0]), np.array([1]))
    number = int(details["organization"].levels[0])
    assert CONTACT_MODEL.comparison("organization").label(number) == expected
