"""The key sets of part 2C of the catalogue, find or create, and the merge by request."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matcher

ADDRESS = {"addressLine1": "12 Main St", "city": "Salem", "zipOrPostalCode": "01970-1234"}


def person(first: str | None, last: str | None, **more: Any) -> dict[str, Any]:
    """A person of the People endpoints: emails, phones as texts; ``born`` a date."""
    whole: dict[str, Any] = {"contactMode": "Person", "firstName": first, "lastName": last}
    emails, phones = more.pop("emails", ()), more.pop("phones", ())
    whole["emails"] = [{"email": each} for each in emails]
    whole["phones"] = [{"phoneNumber": each, "phoneType": "C"} for each in phones]
    whole["dateOfBirth"] = more.pop("born", None)
    return {key: value for key, value in {**whole, **more}.items() if value}


def replayed(*people: Any, **options: Any) -> Any:
    return matcher.replay(list(people), policy="ngp_van_people", **options)


def rows(*people: Any, **options: Any) -> list[list[int]]:
    return list(replayed(*people, **options).people["rows"])


def test_2c_1_first_last_and_email_find() -> None:
    result = replayed(
        person("Ann", "Lee", emails=["a@mail.org"]),
        person("Ann", "Lee", emails=["a@mail.org", "b@mail.org"]),
    )
    assert list(result.events["rule"]) == ["2C-6", "2C-1"]
    assert list(result.people["emails"]) == [["a@mail.org", "b@mail.org"]]


def test_2c_2_first_last_and_phone_find_but_no_phone_alone() -> None:
    ann = person("Ann", "Lee", phones=["2025550123"])
    result = replayed(ann, person("Ann", "Lee", phones=["(202) 555-0123"]))
    assert list(result.events["rule"]) == ["2C-6", "2C-2"]
    assert rows(ann, person("Bob", "Lee", phones=["2025550123"])) == [[1], [2]]


def test_2c_3_names_zip_and_date_of_birth_find() -> None:
    ann = person("Ann", "Lee", born="1970-02-03", addresses=[{"zipOrPostalCode": "01970"}])
    result = replayed(ann, {**ann, "addresses": [{"zipOrPostalCode": "01970-1234"}]})
    assert list(result.events["rule"])[:2] == ["2C-6", "2C-3"]
    assert rows(ann, {**ann, "dateOfBirth": "1971-02-03"}) == [[1], [2]]


def test_2c_4_names_street_number_street_and_zip_find() -> None:
    ann = person("Ann", "Lee", addresses=[ADDRESS])
    other = {**ADDRESS, "addressLine1": "12 MAIN STREET"}
    result = replayed(ann, {**ann, "addresses": [other]})
    assert list(result.events["rule"])[:2] == ["2C-6", "2C-4"]
    assert rows(ann, {**ann, "addresses": [{**ADDRESS, "addressLine1": "14 Main St"}]}) == [
        [1],
        [2],
    ]


def test_2c_5_an_email_alone_finds_to_the_letter() -> None:
    people = (
        person("Ann", "Lee", emails=["f@mail.org"]),
        person("Bob", "Ray", emails=["f@mail.org"]),
    )
    assert rows(*people) == [[1, 2]]


def test_2c_5_x2_a_family_mailbox_is_no_person_in_our_own_profile() -> None:
    shared = [person(name, "Lee", emails=["f@mail.org"]) for name in ("Ann", "Bob", "Ann", "Bob")]
    result = replayed(*shared, person(None, None, emails=["f@mail.org"]), profile="native")
    assert list(result.people["rows"]) == [[1, 3, 5], [2, 4]]
    told = result.events[result.events["outcome"] == "possible_duplicate"]
    assert told["rule"].iloc[0] == "X2"


def test_2c_6_less_than_the_minimum_always_creates_and_never_finds() -> None:
    bare = person("Ann", "Lee", addresses=[{"zipOrPostalCode": "01970"}])
    assert rows(bare, bare, bare) == [[1], [2], [3]]
    result = replayed(bare, {"request": "match", **bare})
    assert list(result.events["outcome"])[-1] == "no_match"
    assert list(result.rejects["row"]) == [2]


def test_2c_6_find_writes_nothing() -> None:
    ann = person("Ann", "Lee", emails=["a@mail.org"])
    result = replayed(
        ann, {"request": "match", **ann, "phones": [{"phoneNumber": "2025550123"}]},
        {"request": "match", **person("Ann", "Lee", emails=["x@mail.org"])}, profile="native",
    )  # fmt: skip
    assert list(result.people["phones"]) == [[]]
    assert list(result.events["outcome"]) == ["created", "matched", "no_match"]
    assert list(result.events["status_code"]) == [201, 200, 404]


@pytest.mark.parametrize(
    ("one", "other"),
    [(("José", "Pérez"), ("JOSE", "perez")), (("Robert", "Smith"), ("Bob", "Smith")),
     (("Ann", "Lee"), ("Lee", "Ann"))],
)  # fmt: skip
def test_2c_7_accents_case_nicknames_and_order_do_not_count(one: Any, other: Any) -> None:
    people = (person(*one, phones=["2025550123"]), person(*other, phones=["2025550123"]))
    assert rows(*people) == [[1, 2]]
    whole = rows(*people, disable_partial_matching=True)
    assert whole == ([[1, 2]] if one == ("José", "Pérez") else [[1], [2]])


def test_2c_8_a_merge_keeps_the_target_and_combines_what_may_be_many() -> None:
    source = person("Annie", "Lee", emails=["a@mail.org"], phones=["2025550123"])
    target = person("Ann", "Lee", emails=["b@mail.org"], middleName="B")
    merge = {"request": "merge", "person_id": "1", "vanId": 2}
    result = replayed(source, target, merge)
    assert list(result.people["person_id"]) == ["2"]
    assert list(result.people["first_name"]) == ["Ann"]
    assert list(result.people["emails"]) == [["b@mail.org", "a@mail.org"]]
    assert list(result.people["phones"]) == [["+12025550123"]]
    assert list(result.people["rows"]) == [[1, 2, 3]]
    again = replayed(source, target, merge, merge, source)
    assert list(again.rejects["rule"]) == ["2C-8"]
    assert list(again.people["rows"]) == [[1, 2, 3, 5]]


def test_2c_8_what_if_and_what_cannot_be_merged_change_nothing() -> None:
    ann, bob = (
        person("Ann", "Lee", emails=["a@mail.org"]),
        person("Bo", "Lee", emails=["b@mail.org"]),
    )
    acme = {
        "contactMode": "Organization",
        "commonName": "Acme",
        "emails": [{"email": "c@mail.org"}],
    }
    merge = {"request": "merge", "person_id": "1"}
    result = replayed(
        ann, bob, acme, {**merge, "vanId": 2, "whatIf": True}, {**merge, "vanId": 3},
        {**merge, "vanId": 9}, profile="native",
    )  # fmt: skip
    assert list(result.people["person_id"]) == ["1", "2", "3"]
    assert list(result.rejects["row"]) == [5, 6]
    events = result.events.drop_duplicates("row")
    assert list(events["status_code"])[-2:] == [400, 400]


def test_2c_8_an_update_names_its_person_and_wins() -> None:
    result = replayed(
        person("Ann", "Lee", emails=["a@mail.org"]),
        {"request": "update", "person_id": "1", **person("Anna", "Lee", emails=["b@mail.org"])},
    )
    assert list(result.people["first_name"]) == ["Anna"]
    assert list(result.people["emails"]) == [["a@mail.org", "b@mail.org"]]


def test_x7_an_organisation_never_finds_a_person() -> None:
    acme = {
        "contactMode": "Organization",
        "commonName": "Acme",
        "emails": [{"email": "a@mail.org"}],
    }
    assert rows(person("Ann", "Lee", emails=["a@mail.org"]), acme, acme) == [[1], [2, 3]]


PERSON = st.builds(
    lambda first, last, emails, phones: person(first, last, emails=emails, phones=phones),
    st.sampled_from(["Ann", "Bob", "Robert", "Lee", None]),
    st.sampled_from(["Lee", "Ray", None]),
    st.lists(st.sampled_from(["a@mail.org", "b@mail.org"]), max_size=2),
    st.lists(st.sampled_from(["2025550123", "2025550124"]), max_size=1),
)
MERGE = st.builds(
    lambda source, target: {"request": "merge", "person_id": source, "vanId": target},
    st.sampled_from(["1", "2", "3"]),
    st.sampled_from(["1", "2", "3"]),
)
PROFILES = st.sampled_from(["document", "native"])


@settings(max_examples=60, deadline=None)
@given(st.lists(PERSON | MERGE, min_size=1, max_size=8), PROFILES, st.booleans())
def test_nobody_is_lost(items: list[Any], profile: str, full: bool) -> None:
    result = replayed(*items, profile=profile, disable_partial_matching=full)
    on_people = [row for held in result.people["rows"] for row in held]
    refused = set(result.rejects["row"])
    assert sorted([*on_people, *refused]) == list(range(1, len(items) + 1))
    emails = {each for held in result.people["emails"] for each in held}
    came = {each["email"] for item in items for each in item.get("emails", ())}
    assert emails == came


@settings(max_examples=60, deadline=None)
@given(st.lists(PERSON, min_size=1, max_size=8), PROFILES)
def test_who_can_be_found_is_not_created_again(items: list[Any], profile: str) -> None:
    result = replayed(*items, *items, profile=profile)
    again = result.events[result.events["row"] > len(items)].drop_duplicates("row")
    for row, outcome in zip(again["row"], again["outcome"], strict=True):
        item = items[row - len(items) - 1]
        minimum = "emails" in item or {"firstName", "lastName", "phones"} <= item.keys()
        assert (outcome == "created") == (not minimum)


def test_2c_2_a_family_of_hundreds_is_found_by_first_names() -> None:
    phone = {"phones": ["2025550123"]}
    family = [person(f"Ann{'abcdefghij'[n // 10]}{'abcdefghij'[n % 10]}", "Lee", **phone)
              for n in range(60)]  # fmt: skip
    assert rows(*family, *family) == [[n, n + 60] for n in range(1, 61)]


@pytest.mark.parametrize("count", [99, 104])
def test_2c_8_a_person_holds_a_hundred_values_and_tells_of_more(count: int) -> None:
    result = replayed(
        *(person("Ann", "Lee", emails=["a@mail.org", f"e{n}@mail.org"]) for n in range(count))
    )
    (held,) = result.people["emails"]
    assert len(held) == 100
    dropped = result.events.query("outcome == 'email_dropped'")
    assert list(dropped["before"]) == [f"e{n}@mail.org" for n in range(99, count)]


def test_2c_8_a_merge_holds_a_hundred_ids_and_tells_of_more() -> None:
    ann, bob = (
        {"first_name": name, "last_name": "Lee", "email": f"{name}@mail.org",
         "identifiers": ";".join(f"{name}{n}:{n}" for n in range(60))}
        for name in ("ann", "bob")
    )  # fmt: skip
    result = replayed(ann, bob, {"request": "merge", "person_id": "1", "target_id": "2"})
    (held,) = result.people["identifiers"]
    assert held == [f"bob{n}:{n}" for n in range(60)] + [f"ann{n}:{n}" for n in range(40)]
    told = result.events.query("outcome == 'conflict' and field == 'identifiers'")
    assert list(told["after"]) == [f"ann{n}:{n}" for n in range(40, 60)]


def test_2c_8_a_person_is_found_by_four_hundred_keys_and_tells_of_more() -> None:
    ann = person("Ann", "Lee", emails=["a@mail.org"])
    born = [{**ann, "dateOfBirth": f"{1900 + n // 28}-02-{1 + n % 28:02}",
             "addresses": [{"zipOrPostalCode": "01970"}]} for n in range(402)]  # fmt: skip
    result = replayed(*born)
    assert rows(*born) == [list(range(1, 403))]
    told = result.events.query("outcome == 'warning'")
    assert list(told["row"]) == [400, 401, 402]
    assert set(told["rule"]) == {"2C-8"}
