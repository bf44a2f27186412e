"""One test or more for each rule of Action Network; the name begins with the rule's id."""

from __future__ import annotations

from typing import Any

import pytest

import matcher

P = "+12025550143"
P2 = "+12025550199"
A: dict[str, Any] = {"email": "a@example.org", "postal_code": "20009"}
B: dict[str, Any] = {"email": "b@example.org", "postal_code": "20009"}


def replay(*rows: dict[str, Any], **options: Any) -> matcher.Replay:
    return matcher.replay(list(rows), "action_network", **options)


def held(result: matcher.Replay) -> list[tuple[str, list[str], list[str]]]:
    """Id, emails and phones of everyone held."""
    people = result.people
    return list(zip(people["person_id"], people["emails"], people["phones"], strict=True))


def told(result: matcher.Replay, rule: str) -> list[dict[str, Any]]:
    """The events that a rule decided."""
    events = result.events
    found: list[dict[str, Any]] = events[events["rule"] == rule].to_dict("records")
    return found


def outcomes(result: matcher.Replay, row: int) -> list[str]:
    events = result.events
    return list(events[events["row"] == row]["outcome"])


def post(**person: Any) -> dict[str, Any]:
    return {"person": person}


def put(person_id: str, **person: Any) -> dict[str, Any]:
    return {"request": "update", "person_id": person_id, "person": person}


def email(address: str, **more: Any) -> list[dict[str, Any]]:
    return [{"address": address, **more}]


def phone(number: str, **more: Any) -> list[dict[str, Any]]:
    return [{"number": number, **more}]


def test_an_01_a_name_alone_is_refused() -> None:
    result = replay(A, {"first_name": "Ann", "last_name": "Lee"})
    assert len(result.people) == 1
    assert outcomes(result, 2) == ["rejected"]
    assert list(result.rejects["rule"]) == ["AN-01"]
    assert list(result.rejects["row"]) == [2]


def test_an_01_a_phone_alone_is_a_mobile_only_person_and_an_email_alone_a_person_too() -> None:
    assert held(replay({"phone": P}, A)) == [("1", [], [P]), ("2", ["a@example.org"], [])]


def test_an_02_a_missing_postal_code_is_a_warning_and_an_error_where_strict() -> None:
    (warning,) = told(replay({"email": "a@example.org"}), "AN-02")
    assert (warning["outcome"], warning["note"]) == ("warning", "postal_code_missing")
    assert not told(replay(A), "AN-02")
    strict = replay({"email": "a@example.org"}, B, strict=True)
    assert held(strict) == [("1", ["b@example.org"], [])]
    assert list(strict.rejects["rule"]) == ["AN-02"]


def test_an_03_the_email_is_the_first_key_and_the_phone_the_second() -> None:
    result = replay({**A, "phone": P}, {"phone": P, "first_name": "Ann"}, {**A, "last_name": "Lee"})
    assert held(result) == [("1", ["a@example.org"], [P])]
    assert list(result.people.iloc[0][["first_name", "last_name"]]) == ["Ann", "Lee"]


def test_an_04_an_email_that_somebody_has_is_refused_and_all_else_applied() -> None:
    result = replay(A, B, put("1", email_addresses=email("b@example.org"), given_name="Ann"))
    assert held(result) == [("1", ["a@example.org"], []), ("2", ["b@example.org"], [])]
    assert outcomes(result, 3) == ["updated", "email_change_refused"]
    (refused,) = told(result, "AN-04")
    assert (refused["person_id"], refused["other_person_id"]) == ("1", "2")
    assert (refused["before"], refused["after"]) == ("a@example.org", "b@example.org")
    assert refused["status_code"] == 200
    assert result.people.iloc[0]["first_name"] == "Ann"


def test_an_04_our_own_profile_says_conflict() -> None:
    rows = (A, B, {"request": "update", "person_id": "1", "email": "b@example.org"})
    (refused,) = told(replay(*rows, profile="native"), "AN-04")
    assert refused["status_code"] == 409


def test_an_04_a_put_to_nobody_is_refused() -> None:
    result = replay(A, {"request": "update", "person_id": "77", "email": "z@example.org"})
    assert list(result.rejects["rule"]) == ["AN-04"]
    assert len(result.people) == 1


def test_an_05_an_email_that_nobody_has_may_be_put() -> None:
    result = replay(A, put("1", email_addresses=email("c@example.org")), {"email": "c@example.org"})
    assert held(result) == [("1", ["c@example.org"], [])]
    changed = told(result, "AN-05")[-1]
    assert (changed["outcome"], changed["after"]) == ("email_changed", "c@example.org")


def test_an_06_nobody_can_be_deleted() -> None:
    result = replay(A, {"request": "delete", "person_id": "1", "email": "a@example.org"})
    assert len(result.people) == 1
    (refused,) = told(result, "AN-06")
    assert (refused["outcome"], refused["status_code"]) == ("rejected", 405)


def test_an_07_identifiers_are_split_at_the_first_colon() -> None:
    result = replay(post(email_addresses=email("a@example.org"), identifiers=["a:b:c", "z:1"]))
    assert result.people.iloc[0]["identifiers"] == ["a:b:c", "z:1"]
    assert told(result, "AN-07") == []
    (person,) = result.people_list.everyone()
    assert person.identifiers[0] == ("a", "b:c")


@pytest.mark.parametrize("bad", ["nocolon", ":1", "system:", " : "])
def test_an_07_an_identifier_without_both_parts_is_a_fault(bad: str) -> None:
    result = replay(post(email_addresses=email("a@example.org"), identifiers=["x:1", bad]))
    assert result.people.iloc[0]["identifiers"] == ["x:1"]
    (reject,) = result.rejects.to_dict("records")
    assert reject["rule"] == "AN-07"
    assert reject["column"] == "$.person.identifiers[1]"


def test_an_07_the_same_in_a_column() -> None:
    result = replay({**A, "identifiers": "x:1; broken"})
    assert result.people.iloc[0]["identifiers"] == ["x:1"]
    assert list(result.rejects["value"]) == ["broken"]


def test_an_07_an_identifier_is_only_on_one_person() -> None:
    result = replay({**A, "identifiers": "x:1"}, {**B, "identifiers": "x:1"})
    assert list(result.people["identifiers"]) == [["x:1"], []]
    (conflict,) = told(result, "AN-07")
    assert (conflict["outcome"], conflict["note"]) == ("conflict", "identifier_not_unique")
    assert conflict["other_person_id"] == "1"


def test_an_07_only_in_our_own_profile_an_identifier_finds_a_person() -> None:
    rows = ({**A, "identifiers": "x:1"}, {"phone": P, "identifiers": "x:1"})
    assert len(replay(*rows).people) == 2
    assert held(replay(*rows, profile="native")) == [("1", ["a@example.org"], [P])]


def test_an_08_identifiers_accumulate_and_a_merge_unites_them() -> None:
    result = replay(
        {"phone": P, "identifiers": "x:1"},
        {**A, "identifiers": "y:2"},
        {**A, "identifiers": "z:3"},
        {"request": "update", "person_id": "2", "phone": P},
    )
    assert list(result.people["identifiers"]) == [["y:2", "z:3", "x:1"]]


def test_an_09_only_the_email_marked_primary_is_kept() -> None:
    two = [*email("a@example.org", primary=False), *email("b@example.org", primary=True)]
    result = replay(post(email_addresses=two))
    assert held(result) == [("1", ["b@example.org"], [])]
    (dropped,) = told(result, "AN-09")
    assert (dropped["outcome"], dropped["before"]) == ("email_dropped", "a@example.org")


def test_an_09_without_a_mark_the_first_is_kept_and_with_several_the_first_marked() -> None:
    plain = [*email("a@example.org"), *email("b@example.org")]
    assert held(replay(post(email_addresses=plain)))[0][1] == ["a@example.org"]
    marked = [
        *email("a@example.org"),
        *email("b@example.org", primary=True),
        *email("c@example.org", primary=True),
    ]
    result = replay(post(email_addresses=marked))
    assert held(result)[0][1] == ["b@example.org"]
    assert "multiple_primary" in [event["note"] for event in told(result, "AN-09")]


def test_an_10_only_the_phone_marked_primary_is_kept() -> None:
    two = [*phone(P), *phone(P2, primary=True)]
    result = replay(post(email_addresses=email("a@example.org"), phone_numbers=two))
    assert held(result)[0][2] == [P2]
    assert told(result, "AN-10")[0]["before"] == P


def test_an_11_only_the_address_marked_primary_is_kept() -> None:
    two = [{"postal_code": "20009"}, {"postal_code": "10001", "primary": True}]
    result = replay(post(email_addresses=email("a@example.org"), postal_addresses=two))
    (address,) = result.people.iloc[0]["addresses"]
    assert address["postal_code"] == "10001"
    assert told(result, "AN-11")[0]["outcome"] == "address_dropped"


def test_an_12_only_the_first_line_of_an_address_is_kept() -> None:
    address = {"address_lines": ["1 Main St", "Apt 2"], "postal_code": "20009"}
    result = replay(post(email_addresses=email("a@example.org"), postal_addresses=[address]))
    (kept,) = result.people.iloc[0]["addresses"]
    assert (kept["line1"], kept["line2"]) == ("1 Main St", None)
    assert told(result, "AN-12")[0]["before"] == "Apt 2"


@pytest.mark.parametrize("number", ["202-123-4444", "+1 202 123 4444", "12021234444"])
def test_an_13_a_number_is_one_however_it_is_written(number: str) -> None:
    result = replay({"phone": number})
    assert held(result)[0][2] == ["+12021234444"]


@pytest.mark.parametrize(
    ("rows", "number"),
    [
        ([{"phone": "07911 123456", "country": "GB", "postal_code": "N1 9GU"}], "+447911123456"),
        (
            [
                {"email": "a@example.org", "country": "FR", "postal_code": "75001"},
                {"email": "a@example.org", "phone": "06 12 34 56 78"},
            ],
            "+33612345678",
        ),
    ],
)
def test_an_14_the_country_passed_dials_and_then_the_persons(
    rows: list[dict[str, Any]], number: str
) -> None:
    assert held(replay(*rows))[0][2] == [number]


def test_an_14_then_the_groups_country_and_never_one_that_was_assumed() -> None:
    assert held(replay({"phone": "416-555-0143"}, default_region="CA"))[0][2] == ["+14165550143"]
    rows = ({"email": "a@example.org", "postal_code": "N1 9GU"},)
    later = {"email": "a@example.org", "phone": "07911 123456"}
    assert held(replay(*rows, later, default_region="GB"))[0][2] == ["+447911123456"]


def test_an_15_an_address_without_a_country_is_in_the_united_states() -> None:
    (address,) = replay(A).people.iloc[0]["addresses"]
    assert (address["country"], address["country_assumed"]) == ("US", True)
    (told_so,) = replay({**A, "country": "GB"}).people.iloc[0]["addresses"]
    assert (told_so["country"], told_so["country_assumed"]) == ("GB", False)


@pytest.mark.parametrize(("profile", "country"), [("document", "US"), ("native", "GB")])
def test_an_15_to_the_letter_it_overwrites_a_country_and_in_our_own_profile_not(
    profile: str, country: str
) -> None:
    rows = ({**A, "country": "GB"}, post(email_addresses=email("a@example.org"),
                                         postal_addresses=[{"postal_code": "20009"}]))  # fmt: skip
    (address,) = replay(*rows, profile=profile).people.iloc[0]["addresses"]
    assert address["country"] == country


def test_an_16_nothing_is_geocoded() -> None:
    address = {"region": "Somewhere", "locality": "Upton", "postal_code": "20009"}
    result = replay(post(email_addresses=email("a@example.org"), postal_addresses=[address]))
    (kept,) = result.people.iloc[0]["addresses"]
    assert (kept["region"], kept["city"]) == ("Somewhere", "Upton")


@pytest.mark.parametrize("kind", ["mobile", "Mobile", "HOME", None])
def test_an_17_every_number_is_a_mobile_one(kind: str | None) -> None:
    result = replay(post(phone_numbers=phone(P, number_type=kind)))
    (person,) = result.people_list.everyone()
    assert person.phones[0].kind == "mobile"
    assert not len(result.rejects)


def test_an_18_an_entry_without_a_number_is_no_phone() -> None:
    jane = post(
        given_name="Jane",
        email_addresses=email("jane@example.org"),
        phone_numbers=[{"primary": True, "number_type": "Mobile", "status": "unsubscribed"}],
    )
    john = post(email_addresses=email("john@example.org"), phone_numbers=[{"primary": True}])
    result = replay(jane, john)
    assert [phones for _, _, phones in held(result)] == [[], []]
    assert not len(result.rejects)


def test_an_19_a_phone_in_a_custom_field_is_never_matched_on() -> None:
    custom = post(email_addresses=email("a@example.org"), custom_fields={"phone": "202.555.0143"})
    result = replay({"phone": P}, custom)
    assert held(result) == [("1", [], [P]), ("2", ["a@example.org"], [])]
    assert [dict(p.fields) for p in result.people_list.everyone()][1] == {"phone": "202.555.0143"}


@pytest.mark.parametrize(
    ("spoken", "language"), [(["xx", "fr", "de"], "fr"), (["xx"], "en"), ([], "en")]
)
def test_an_20_the_first_known_language_is_kept(spoken: list[str], language: str) -> None:
    result = replay(post(email_addresses=email("a@example.org"), languages_spoken=spoken))
    (person,) = result.people_list.everyone()
    assert person.fields["language"] == language


def test_an_21_the_vendors_dates_tell_the_older_of_two_and_are_no_fields() -> None:
    young = post(phone_numbers=phone(P), created_date="2020-05-01T00:00:00Z")
    old = post(phone_numbers=phone(P2), created_date="2014-03-20T21:04:31Z")
    result = replay(young, old, put("1", phone_numbers=phone(P2)))
    assert held(result) == [("2", [], [P2])]
    (person,) = result.people_list.everyone()
    assert not person.fields
    assert str(person.created).startswith("2014-03-20")


def test_an_22a_between_two_with_emails_the_phone_moves() -> None:
    result = replay({**A, "phone": P}, B, put("2", phone_numbers=phone(P)))
    assert held(result) == [("1", ["a@example.org"], []), ("2", ["b@example.org"], [P])]
    (moved,) = told(result, "AN-22a")
    assert moved["outcome"] == "phone_moved"
    assert (moved["person_id"], moved["other_person_id"]) == ("2", "1")


def test_an_22b_a_mobile_only_person_becomes_one_with_the_email_that_comes() -> None:
    result = replay({"phone": P}, {**B, "phone": P})
    assert held(result) == [("1", ["b@example.org"], [P])]
    assert told(result, "AN-22b")[0]["outcome"] == "merged"
    assert list(result.people["rows"]) == [[1, 2]]


def test_an_22b_a_mobile_only_person_is_merged_into_the_one_with_an_email() -> None:
    result = replay({"phone": P, "first_name": "Ann"}, B, put("2", phone_numbers=phone(P)))
    assert held(result) == [("2", ["b@example.org"], [P])]
    (merged,) = told(result, "AN-22b")
    assert (merged["person_id"], merged["other_person_id"]) == ("2", "1")
    assert result.people.iloc[0]["first_name"] == "Ann"
    assert list(result.people["rows"]) == [[1, 2, 3]]
    merged_away = result.people_list.get("1")
    assert merged_away is not None
    assert merged_away.person_id == "2"


def test_an_22b_the_one_with_an_email_survives_even_if_the_other_is_written_to() -> None:
    result = replay({**A, "phone": P}, {"phone": P2}, put("2", phone_numbers=phone(P)))
    assert held(result) == [("1", ["a@example.org"], [P])]


def test_an_22b_of_two_mobile_only_people_the_older_survives() -> None:
    result = replay({"phone": P}, {"phone": P2}, put("2", phone_numbers=phone(P), given_name="Bo"))
    assert held(result) == [("1", [], [P])]
    assert result.people.iloc[0]["first_name"] == "Bo"
    other = replay({"phone": P}, {"phone": P2}, put("1", phone_numbers=phone(P2)))
    assert held(other) == [("1", [], [P2])]


def test_an_22b_what_comes_wins_then_the_survivor_then_the_absorbed() -> None:
    result = replay(
        {"phone": P, "first_name": "Old", "middle_name": "Mid", "last_name": "Last"},
        {**A, "first_name": "Survivor", "middle_name": "Stays"},
        put("2", phone_numbers=phone(P), given_name="Came"),
    )
    person = result.people.iloc[0]
    assert (person["first_name"], person["middle_name"], person["last_name"]) == (
        "Came",
        "Stays",
        "Last",
    )


def test_an_23_another_phone_of_the_same_email_overwrites() -> None:
    result = replay({**A, "phone": P}, {**A, "phone": P2})
    assert held(result) == [("1", ["a@example.org"], [P2])]
    (overwritten,) = told(result, "AN-23")
    assert overwritten["outcome"] == "phone_overwritten"
    assert (overwritten["before"], overwritten["after"]) == (P, P2)


def test_an_23_another_email_of_the_same_phone_takes_the_phone_and_its_status_alone() -> None:
    result = replay(
        post(
            email_addresses=email("a@example.org"),
            phone_numbers=phone(P, status="subscribed"),
            given_name="Ann",
            custom_fields={"shirt": "L"},
        ),
        post(email_addresses=email("b@example.org"), phone_numbers=phone(P)),
    )
    assert held(result) == [("1", ["a@example.org"], []), ("2", ["b@example.org"], [P])]
    assert list(result.people["sms_consent"])[1] == "subscribed"
    new = result.people_list.get("2")
    assert new is not None
    assert new.names.first is None
    assert not new.fields


def test_an_24_the_email_of_one_and_the_phone_of_another_with_an_email() -> None:
    result = replay({**A, "phone": P}, {**B, "phone": P2}, {**A, "phone": P2})
    assert held(result) == [("1", ["a@example.org"], [P2]), ("2", ["b@example.org"], [])]
    assert outcomes(result, 3) == ["updated", "phone_moved", "phone_overwritten"]


def test_an_24_the_email_of_one_and_the_phone_of_a_mobile_only_one() -> None:
    result = replay(A, {"phone": P}, {**A, "phone": P})
    assert held(result) == [("1", ["a@example.org"], [P])]
    assert told(result, "AN-24")[0]["outcome"] == "merged"


def test_an_25_an_email_or_a_phone_that_is_known_updates() -> None:
    result = replay({**A, "phone": P}, {**A, "first_name": "Ann"}, {"phone": P, "last_name": "Lee"})
    assert [outcomes(result, row)[0] for row in (1, 2, 3)] == ["created", "updated", "updated"]
    assert len(result.people) == 1


def test_an_25_there_is_no_match_request() -> None:
    result = replay(A, {**A, "request": "match"})
    assert outcomes(result, 2) == ["rejected"]


@pytest.mark.parametrize("rows", [[A], [post(email_addresses=email("a@example.org"))]])
def test_an_26_a_new_email_is_subscribed(rows: list[dict[str, Any]]) -> None:
    assert list(replay(*rows).people["email_consent"]) == ["subscribed"]


def test_an_26_who_unsubscribed_stays_so_until_subscribed_is_passed() -> None:
    gone = put("1", email_addresses=email("a@example.org", status="unsubscribed"))
    silent = post(email_addresses=email("a@example.org"))
    assert list(replay(A, gone, silent).people["email_consent"]) == ["unsubscribed"]
    back = post(email_addresses=email("a@example.org", status="subscribed"))
    result = replay(A, gone, back)
    assert list(result.people["email_consent"]) == ["subscribed"]
    assert "consent_raised" in outcomes(result, 3)


def test_an_26_the_helper_can_only_subscribe() -> None:
    gone = post(email_addresses=email("a@example.org", status="unsubscribed"))
    document = replay(A, gone)
    assert list(document.people["email_consent"]) == ["subscribed"]
    assert told(document, "AN-27")[0]["note"] == "status_not_settable"
    assert list(replay(A, gone, profile="native").people["email_consent"]) == ["unsubscribed"]


@pytest.mark.parametrize("status", ["bouncing", "previous bounce", "spam complaint"])
def test_an_27_only_two_statuses_can_be_put(status: str) -> None:
    result = replay(A, put("1", email_addresses=email("a@example.org", status=status)))
    assert list(result.people["email_consent"]) == ["subscribed"]
    assert told(result, "AN-27")[0]["after"] == status


def test_an_27_a_file_may_say_whatever_can_be_read() -> None:
    result = replay({**A, "email_consent": "Bouncing"})
    assert list(result.people["email_consent"]) == ["bouncing"]


def test_an_27_a_phone_knows_no_spam_and_nothing_knows_other_words() -> None:
    spam = put("1", phone_numbers=phone(P, status="spam complaint"))
    result = replay({**A, "phone": P}, spam, profile="native")
    assert told(result, "AN-27")
    assert list(result.people["sms_consent"]) == ["unsubscribed"]
    odd = replay(post(email_addresses=email("a@example.org", status="maybe")))
    assert list(odd.rejects["column"]) == ["$.person.email_addresses[0].status"]
    assert list(odd.rejects["rule"]) == ["AN-27"]
    assert len(odd.people) == 1


def test_an_28_a_new_phone_is_not_subscribed_unless_it_is_passed() -> None:
    silent = post(phone_numbers=phone(P))
    assert list(replay(silent).people["sms_consent"]) == ["unsubscribed"]
    loud = post(phone_numbers=phone(P, status="subscribed"))
    assert list(replay(silent, loud).people["sms_consent"]) == ["subscribed"]
    assert list(replay(loud, silent).people["sms_consent"]) == ["subscribed"]


@pytest.mark.parametrize(
    ("profile", "kept"), [("document", "subscribed"), ("native", "unsubscribed")]
)
def test_an_28_a_number_that_is_overwritten_leaves_its_status_to_the_letter_only(
    profile: str, kept: str
) -> None:
    first = post(
        email_addresses=email("a@example.org"), phone_numbers=phone(P, status="subscribed")
    )
    second = post(email_addresses=email("a@example.org"), phone_numbers=phone(P2))
    assert list(replay(first, second, profile=profile).people["sms_consent"]) == [kept]


def test_an_29_what_one_list_says_changes_no_other_list() -> None:
    gone = put("1", email_addresses=email("a@example.org", status="unsubscribed"))
    assert list(replay(A, gone).people["email_consent"]) == ["unsubscribed"]
    assert list(replay(A).people["email_consent"]) == ["subscribed"]


def test_an_30_tags_are_added_before_others_are_removed() -> None:
    person = {"email_addresses": email("a@example.org")}
    both = {"person": person, "add_tags": ["member", "x"], "remove_tags": ["x", "old"]}
    assert list(replay({**A, "tags": "old"}, both).people["tags"]) == [["member"]]


def test_an_31_only_tags_of_the_group_count_and_near_misses_are_told() -> None:
    person = {"email_addresses": email("a@example.org")}
    order = {"person": person, "add_tags": ["Member", "member", "nothing"]}
    result = replay(order, tags=["member"])
    assert list(result.people["tags"]) == [["member"]]
    notes = {event["after"]: event["note"] for event in told(result, "AN-31")}
    assert notes == {"Member": "near miss: member", "nothing": "no such tag"}


def test_an_32_and_an_35_only_the_events_tell_new_from_known() -> None:
    result = replay(A, A)
    assert list(result.events[result.events["rule"] == "AN-25"]["status_code"]) == [200, 200]


def test_an_33_a_request_in_the_background_is_a_request() -> None:
    order = {**post(email_addresses=email("a@example.org")), "background_request": True}
    assert held(replay(order)) == [("1", ["a@example.org"], [])]


def outreach(*targets: dict[str, str]) -> dict[str, Any]:
    return {**post(email_addresses=email("a@example.org")), "targets": list(targets)}


def test_an_34_outreaches_of_one_person_stay_several() -> None:
    target = {"title": "Senator", "family_name": "Schmoe"}
    result = replay(outreach(target), outreach(target))
    assert len(result.people) == 1
    assert len(told(result, "AN-34")) == 2


def test_an_34_an_outreach_has_one_target() -> None:
    result = replay(outreach({"family_name": "A"}, {"family_name": "B"}))
    (reject,) = result.rejects.to_dict("records")
    assert (reject["column"], reject["rule"]) == ("$.targets", "AN-34")
    assert len(result.people) == 1


@pytest.mark.parametrize(("profile", "codes"), [("document", [200, 200]), ("native", [201, 200])])
def test_an_35_created_and_updated_are_told_apart(profile: str, codes: list[int]) -> None:
    result = replay(A, {**A, "first_name": "Ann"}, profile=profile)
    main = result.events[result.events["rule"] == "AN-25"]
    assert list(main["outcome"]) == ["created", "updated"]
    assert list(main["status_code"]) == codes


def test_an_36_a_put_changes_what_it_passes_and_nothing_else() -> None:
    first = post(
        given_name="John",
        email_addresses=email("john@example.org"),
        phone_numbers=phone(P),
        identifiers=["foreign_system:1"],
    )
    before, after = replay(first), replay(first, put("1", languages_spoken=["fr"]))
    shown = ["first_name", "emails", "phones", "identifiers", "sms_consent"]
    assert list(after.people.iloc[0][shown]) == list(before.people.iloc[0][shown])
    main = after.events.iloc[-1]
    assert (main["field"], main["after"]) == ("language", "fr")
