"""Each rule of NGP VAN's contacts, and what holds after any contacts whatever."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matcher
from matcher.policies.ngp_van.typed import type_of

LEFTY: dict[str, Any] = {
    "type": "INDIVIDUAL",
    "firstName": "Lefty",
    "lastName": "McDonkey",
    "emails": [{"address": "lefty@mail.org", "type": "MAIN", "doNotEmail": False}],
    "addresses": [
        {
            "line1": "1203 12th St", "line2": "Suite 525", "city": "Washington",
            "stateProvince": "DC", "postalCode": "20005", "type": "WORK",
        }
    ],
    "phones": [
        {"number": "2025557979", "type": "MOBILE"}, {"number": "3014884002", "type": "HOME"},
    ],
    "externalLinks": [
        {"externalSourceTypeId": "13", "externalId": "12345"},
        {"externalSourceTypeId": "15", "externalId": "6789"},
    ],
    "contactCodes": [{"contactCodeId": 37653}],
    "employer": "NGP VAN",
}  # fmt: skip
PROFILES = ["document", "native"]


def contact(**changed: Any) -> dict[str, Any]:
    """Lefty without external links, with other values; what is ``None`` is left out."""
    whole = {**LEFTY, "externalLinks": None, **changed}
    return {key: value for key, value in whole.items() if value is not None}


def email(address: str, kind: str | None = "MAIN", **more: Any) -> dict[str, Any]:
    return {"address": address, "type": kind, **more}


def replayed(*contacts: Any, **options: Any) -> Any:
    return matcher.replay(list(contacts), policy="ngp_van", **options)


def main_events(result: Any) -> list[tuple[str, str, Any]]:
    """Outcome, rule and status of each row."""
    events = result.events.drop_duplicates("row")
    codes = [None if code is pd.NA else int(code) for code in events["status_code"]]
    return list(zip(events["outcome"], events["rule"], codes, strict=True))


@pytest.mark.parametrize("told", [None, "PERSON", 5, ""])
def test_ng_01_the_type_is_required(told: Any) -> None:
    result = replayed(contact(type=told), contact())
    assert list(result.people["rows"]) == [[2]]
    assert main_events(result)[0] == ("rejected", "NG-01", None)
    assert "NG-01" in set(result.rejects["rule"])
    assert set(result.rejects["column"]) == {"$.type"}


def test_ng_01_a_row_of_a_file_is_what_it_looks_like() -> None:
    rows = [
        {"first_name": "Ann", "last_name": "Lee", "email": "a@mail.org"},
        {"first_name": "Bo", "last_name": "Lee", "email": "b@mail.org", "type": "Donor"},
        {"organization": "Acme Inc", "email": "c@mail.org"},
    ]
    result = replayed(*rows)
    assert list(result.people["entity_type"]) == ["person", "person", "organization"]
    assert result.rejects.empty


@pytest.mark.parametrize(
    ("parts", "valid"),
    [
        ({"firstName": "A", "lastName": "B"}, True),
        ({"firstName": "A"}, False),
        ({"lastName": "B"}, False),
        ({"emails": [email("a@mail.org")]}, True),
        ({"phones": [{"number": "2025557979", "type": "HOME"}]}, True),
        ({"emails": []}, False),
        ({"commonName": "Acme"}, False),
    ],
)
def test_ng_02_an_individual_has_both_names_or_an_email_or_a_phone(
    parts: dict[str, Any], valid: bool
) -> None:
    result = replayed({"type": "INDIVIDUAL", **parts})
    assert main_events(result)[0][:2] == (("created", "NG-05") if valid else ("rejected", "NG-02"))
    if "emails" in parts and valid:
        assert "name_missing" in set(result.events["note"])


def test_ng_02_an_organization_has_its_own_name() -> None:
    result = replayed(
        {"type": "ORGANIZATION", "firstName": "A", "lastName": "B"},
        {"type": "ORGANIZATION", "commonName": "Acme"},
    )
    assert [event[0] for event in main_events(result)] == ["rejected", "created"]
    assert list(result.people["organization"]) == ["Acme"]


def test_ng_02_strict_demands_the_name_whatever_else_there_is() -> None:
    only_email = {"type": "INDIVIDUAL", "emails": [email("a@mail.org")]}
    result = replayed(only_email, contact(), strict=True)
    assert list(result.rejects["rule"]) == ["NG-02"]
    assert list(result.people["rows"]) == [[2]]


def test_ng_03_an_id_in_the_body_is_redirected_and_nothing_written() -> None:
    result = replayed(contact(contactId="VN93A9H7CW7"))
    assert main_events(result) == [("rejected", "NG-03", 301)]
    assert list(result.events["after"]) == ["/contacts/VN93A9H7CW7"]
    assert result.people.empty


def test_ng_03_the_address_called_names_the_contact() -> None:
    result = replayed(
        contact(),
        {"request": "update", "person_id": "1", **contact(firstName="Left")},
        {"request": "update", "person_id": "7", **contact()},
        profile="native",
    )
    assert list(result.people["first_name"]) == ["Left"]
    assert main_events(result)[1:] == [("updated", "NG-03", 200), ("rejected", "NG-03", 404)]


def test_ng_03_a_file_may_state_the_id_that_a_contact_has() -> None:
    rows = [
        {"contact_id": "VN1", "first_name": "Ann", "last_name": "Lee", "email": "a@mail.org"},
        {"contact_id": "VN1", "first_name": "Ann", "last_name": "Ray", "email": "b@mail.org"},
    ]
    assert list(replayed(*rows).people["rows"]) == [[1, 2]]


@pytest.mark.parametrize("profile", PROFILES)
def test_ng_04_name_and_email_or_name_and_phone_match(profile: str) -> None:
    result = replayed(
        contact(),
        contact(firstName="LÉFTY", phones=None),
        contact(emails=None, phones=[{"number": "+1 202 555 7979", "type": "HOME"}]),
        profile=profile,
    )
    assert list(result.people["rows"]) == [[1, 2, 3]]
    assert list(result.events["note"].dropna())[:2] == ["name and email", "name and phone"]


def test_ng_04_email_alone_phone_alone_and_name_alone_do_not_match() -> None:
    result = replayed(
        contact(),
        contact(firstName="Righty"),
        contact(emails=None, phones=None),
        contact(type="ORGANIZATION", commonName="Lefty McDonkey"),
    )
    assert list(result.people["rows"]) == [[1], [2], [3], [4]]


def test_ng_04_whoever_else_is_matched_is_told_and_left_alone() -> None:
    result = replayed(
        contact(phones=None),
        contact(emails=None),
        contact(),
    )
    assert list(result.people["rows"]) == [[1, 3], [2]]
    told = result.events[result.events["outcome"] == "possible_duplicate"]
    assert list(told["other_person_id"]) == ["2"]


def test_ng_05_created_and_updated_have_their_status() -> None:
    result = replayed(contact(), contact(), contact(employer=None, occupation="Mascot"))
    assert main_events(result) == [
        ("created", "NG-05", 201), ("unchanged", "NG-04", 200), ("updated", "NG-04", 200),
    ]  # fmt: skip
    assert all(isinstance(each, str) for each in result.people["person_id"])


def test_ng_06_the_second_of_a_type_is_set_aside_or_refused_if_strict() -> None:
    two = contact(emails=[email("a@mail.org"), email("b@mail.org")])
    result = replayed(two)
    assert list(result.people["emails"]) == [["a@mail.org"]]
    assert ("email_dropped", "NG-06", "b@mail.org") in set(
        zip(result.events["outcome"], result.events["rule"], result.events["before"], strict=True)
    )
    strict = replayed(two, strict=True)
    assert list(strict.rejects["column"]) == ["$.emails[1].type"]
    assert list(strict.rejects["rule"]) == ["NG-06"]


def test_ng_06_the_one_held_stays_and_the_other_still_tells_who_it_is() -> None:
    other = contact(phones=[{"number": "2025550123", "type": "HOME"}])
    by_phone = contact(emails=None, phones=[{"number": "2025550123", "type": "MOBILE"}])
    result = replayed(contact(), other, by_phone)
    assert list(result.people["phones"]) == [["+12025557979", "+13014884002"]]
    assert list(result.people["rows"]) == [[1, 2, 3]]
    (told,) = result.events[result.events["outcome"] == "conflict"].to_dict("records")
    assert (told["before"], told["after"]) == ("+13014884002", "+12025550123")


def test_ng_06_the_incoming_one_wins_where_that_is_chosen() -> None:
    other = contact(phones=[{"number": "2025550123", "type": "HOME"}])
    result = replayed(contact(), other, incoming_wins=True)
    assert list(result.people["phones"]) == [["+12025557979", "+12025550123"]]
    assert "phone_overwritten" in set(result.events["outcome"])


def test_ng_06_values_without_a_type_take_no_place() -> None:
    rows = [{"first_name": "Ann", "last_name": "Lee", "email1": "a@mail.org", "phone1": number}
            for number in ("2025550123", "2025550124")]  # fmt: skip
    assert list(replayed(*rows).people["phones"]) == [["+12025550123", "+12025550124"]]


def test_ng_07_an_external_link_is_a_key_within_its_source() -> None:
    link = {"externalSourceTypeId": "13", "externalId": "1"}
    other = {"externalSourceTypeId": "15", "externalId": "1"}
    ann = {"type": "INDIVIDUAL", "firstName": "Ann", "lastName": "Lee"}
    result = replayed(
        {**ann, "externalLinks": [link]},
        {**ann, "lastName": "Ray", "externalLinks": [link]},
        {**ann, "externalLinks": [other]},
        {"type": "ORGANIZATION", "commonName": "Acme", "externalLinks": [link]},
    )
    assert list(result.people["rows"]) == [[1, 2], [3], [4]]
    assert list(result.people["identifiers"]) == [["ngp_ext/13:1"], ["ngp_ext/15:1"], []]
    assert "identifier_not_unique" in set(result.events["note"])


def test_ng_07_half_a_link_is_an_error_with_its_path() -> None:
    result = replayed(contact(externalLinks=[{"externalSourceTypeId": "13"}]))
    assert list(result.rejects["column"]) == ["$.externalLinks[0].externalId"]
    assert list(result.people["rows"]) == [[1]]


def test_ng_08_a_preferred_way_of_contact_lifts_no_suppression() -> None:
    result = replayed(
        contact(
            emails=[email("a@mail.org", doNotEmail=True)],
            preferredContactMethod={"type": "email", "doNotEmail": False},
        )
    )
    assert list(result.people["email_consent"]) == ["unsubscribed"]
    assert ("consent_kept", "NG-08") in set(
        zip(result.events["outcome"], result.events["rule"], strict=True)
    )


@pytest.mark.parametrize("order", [(True, False, None), (False, None, True), (None, True, False)])
def test_ng_09_the_most_restrictive_word_about_an_email_holds(order: Any) -> None:
    result = replayed(*(contact(emails=[email("a@mail.org", doNotEmail=each)]) for each in order))
    assert list(result.people["email_consent"]) == ["unsubscribed"]
    assert list(result.people["rows"]) == [[1, 2, 3]]


def test_ng_09_only_a_newer_opt_in_lifts_a_restriction() -> None:
    def row(status: str, day: str) -> dict[str, str]:
        return {"first_name": "Ann", "last_name": "Lee", "email": "a@mail.org",
                "email_consent": status, "updated_at": day}  # fmt: skip

    older, newer = row("subscribed", "2024-01-01"), row("subscribed", "2026-01-01")
    never = row("unsubscribed", "2025-01-01")
    assert list(replayed(never, older).people["email_consent"]) == ["unsubscribed"]
    assert list(replayed(never, newer).people["email_consent"]) == ["subscribed"]


def test_ng_09_what_is_set_aside_keeps_its_restriction() -> None:
    calm = contact(emails=[email("b@mail.org", doNotEmail=True)])
    back = {"request": "update", "person_id": "1", **contact(emails=[email("b@mail.org")])}
    result = replayed(contact(), calm, back)
    assert list(result.people["emails"]) == [["b@mail.org"]]
    assert list(result.people["email_consent"]) == ["unsubscribed"]


def test_ng_10_fields_of_the_other_type_are_ignored_and_told() -> None:
    result = replayed(
        contact(commonName="Acme"),
        {"type": "ORGANIZATION", "commonName": "Acme", "firstName": "Ann"},
        {"request": "update", "person_id": "1", "type": "ORGANIZATION", "commonName": "Acme"},
    )
    assert list(result.people["first_name"].fillna("")) == ["Lefty", ""]
    told = result.events[result.events["outcome"] == "warning"]
    assert list(zip(told["rule"], told["field"], strict=True)) == [
        ("NG-10", "common_name"), ("NG-10", "first_name"),
    ]  # fmt: skip
    assert main_events(result)[2][:2] == ("rejected", "NG-10")


def test_ng_11_the_documents_example_is_read_whole() -> None:
    (person,) = replayed(LEFTY).people_list.everyone()
    assert [(phone.number, phone.kind) for phone in person.phones] == [
        ("+12025557979", "MOBILE"), ("+13014884002", "HOME"),
    ]  # fmt: skip
    assert person.emails[0].kind == "MAIN"
    (address,) = person.addresses
    assert address[:5] == ("1203 12th St", "Suite 525", "Washington", "DC", "20005")
    assert [str(each) for each in person.identifiers] == ["ngp_ext/13:12345", "ngp_ext/15:6789"]
    assert person.tags == ("contact_code:37653",)


def test_bad_values_cost_only_themselves() -> None:
    odd = contact(emails=[5, email("a@mail.org", doNotEmail="maybe")], phones="2025557979")
    result = replayed(odd, contact(firstName=["x"]), {"request": "delete", **contact()})
    assert list(result.people["rows"]) == [[1], [2]]
    assert {"$.emails[0]", "$.emails[1].doNotEmail", "$.phones", "$.firstName"} <= set(
        result.rejects["column"]
    )
    assert main_events(result)[2][:2] == ("rejected", "NG-04")


ENTRY = st.fixed_dictionaries(
    {"type": st.sampled_from(["MAIN", "WORK", None])},
    optional={"doNotEmail": st.booleans()},
)
EMAIL = st.builds(
    lambda entry, address: {**entry, "address": address},
    ENTRY,
    st.sampled_from(["a@mail.org", "b@mail.org", "c@mail.org", "broken"]),
)
PHONE = st.builds(
    lambda kind, number: {"type": kind, "number": number},
    st.sampled_from(["HOME", "MOBILE"]),
    st.sampled_from(["2025550123", "2025550124", "2025550125"]),
)
CONTACT = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["INDIVIDUAL", "INDIVIDUAL", "ORGANIZATION", "OTHER"]),
        "firstName": st.sampled_from(["Ann", "ann", "Bob", None]),
        "lastName": st.sampled_from(["Lee", "Ray"]),
        "commonName": st.sampled_from(["Acme", None]),
        "emails": st.lists(EMAIL, max_size=2),
        "phones": st.lists(PHONE, max_size=2),
        "externalLinks": st.lists(
            st.sampled_from([{"externalSourceTypeId": "1", "externalId": x} for x in "12"]),
            max_size=2,
        ),
    }
)
CONTACTS = st.lists(CONTACT, min_size=1, max_size=8)
OPTIONS = st.fixed_dictionaries(
    {"profile": st.sampled_from(PROFILES)},
    optional={"incoming_wins": st.booleans(), "strict": st.booleans()},
)


@settings(max_examples=60, deadline=None)
@given(CONTACTS, OPTIONS)
def test_nobody_is_lost_and_no_type_is_held_twice(items: list[Any], options: Any) -> None:
    result = replayed(*items, **options)
    on_people = [row for rows in result.people["rows"] for row in rows]
    refused = set(result.events[result.events["outcome"] == "rejected"]["row"])
    assert sorted([*on_people, *refused]) == list(range(1, len(items) + 1))
    assert refused <= set(result.rejects["row"])
    links = Counter(each for ids in result.people["identifiers"] for each in ids)
    assert all(count == 1 for count in links.values())
    for person in result.people_list.everyone():
        for entries in (person.emails, person.phones):
            kinds = Counter(filter(None, map(type_of, entries)))
            assert all(count == 1 for count in kinds.values())


@settings(max_examples=60, deadline=None)
@given(CONTACTS, st.sampled_from(PROFILES))
def test_the_same_contacts_again_change_nobody(items: list[Any], profile: str) -> None:
    result = replayed(*items, *items, profile=profile)
    again = result.events[result.events["row"] > len(items)].drop_duplicates("row")
    # Whoever has a name and nothing else cannot be found again.
    bare = {p.person_id for p in result.people_list.everyone() if not (p.lookup or p.identifiers)}
    for outcome, person_id in zip(again["outcome"], again["person_id"], strict=True):
        assert outcome in ("unchanged", "rejected") or (outcome == "created" and person_id in bare)


def test_ng_06_a_contact_holds_a_hundred_values_and_tells_of_more() -> None:
    result = replayed(
        *(contact(emails=[email("a@mail.org"), email(f"e{n}@mail.org", None)]) for n in range(103))
    )
    (held,) = result.people["emails"]
    assert len(held) == 100
    dropped = result.events.query("outcome == 'email_dropped'")
    assert list(dropped["before"]) == [f"e{n}@mail.org" for n in range(99, 103)]
    assert set(dropped["rule"]) == {"NG-06"}
