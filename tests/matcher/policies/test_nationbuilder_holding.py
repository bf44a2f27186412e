from __future__ import annotations

from typing import Any

import pytest

import matcher


def replay(*rows: dict[str, Any], **options: Any) -> matcher.Replay:
    return matcher.replay(list(rows), policy="nationbuilder", **options)


ANN = {"first_name": "Ann", "external_id": "7"}


def push(**fields: Any) -> dict[str, Any]:
    return ANN | fields | {"request": "push"}


def kinds(result: matcher.Replay) -> list[tuple[str, bool]]:
    return [(a["kind"], a["primary"]) for a in result.people.addresses[0]]


def test_nb_06_the_first_type_in_the_documents_order_becomes_primary() -> None:
    result = replay(
        push(home_address1="1 Main St", registered_address1="2 Main St", billing_city="Salem")
    )
    assert kinds(result) == [
        ("billing_address", True),
        ("registered_address", False),
        ("home_address", False),
    ]


def test_nb_06_the_primary_address_stays_what_it_was() -> None:
    result = replay(push(home_address1="1 Main St"), push(work_address1="9 Elm St"))
    assert kinds(result) == [("home_address", True), ("work_address", False)]


def test_nb_06_a_mailing_address_is_never_primary_by_itself() -> None:
    assert kinds(replay(push(mailing_address1="PO Box 1"))) == [("mailing_address", False)]


def test_nb_06_the_primary_address_cannot_be_written() -> None:
    result = replay(push(primary_address1="1 Main St", primary_city="Salem"))
    (told,) = result.events.query("rule == 'NB-06'").itertuples()
    assert (told.outcome, told.field, told.note) == ("warning", "primary_address", "not_writable")
    assert result.people.addresses[0] == []


def test_nb_06_an_export_shows_which_address_is_primary() -> None:
    home = {"address_address1": "1 Main St", "address_city": "Salem"}
    row = {"nationbuilder_id": "5", "first_name": "Ann", "work_address1": "9 Elm St"} | home
    shown = {"primary_address1": "1 Main St", "primary_city": "Salem"}
    assert kinds(replay(row | shown)) == [("home_address", True), ("work_address", False)]
    alone = replay({"nationbuilder_id": "5", "first_name": "Ann"} | shown)
    assert kinds(alone) == [("home_address", True)]


def test_nb_07_states_and_zip_codes_are_normalised() -> None:
    home = {"home_city": "Doyleburgh", "home_state": "Wyoming", "home_zip": "57314-7614"}
    (address,) = replay(push(**home, home_country_code="us")).people.addresses[0]
    assert (address["region"], address["postal_code"], address["country"]) == ("WY", "57314", "US")


def test_nb_07_three_lines_are_kept() -> None:
    lines = {"home_address1": "High St", "home_address2": "Apt 2", "home_address3": "Suite 5A"}
    (address,) = replay(push(**lines)).people.addresses[0]
    assert (address["line1"], address["line2"]) == ("High St", "Apt 2, Suite 5A")


def test_nb_07_another_zip_code_is_another_place() -> None:
    first = push(home_address1="1 Main St", home_city="Salem", home_zip="97301")
    result = replay(first, push(home_address2="Apt 2"), push(home_zip="90013"))
    (address,) = result.people.addresses[0]
    assert (address["line1"], address["city"], address["postal_code"]) == (None, None, "90013")


def test_nb_08_phones_keep_their_field_and_are_normalised() -> None:
    result = replay(
        push(phone="303-555-0841", mobile="213 3944 624", work_phone_number="503.555.0100"),
        push(mobile="213-394-4625"),
    )
    assert result.people.phones[0] == ["+13035550841", "+12133944625", "+15035550100"]
    (told,) = result.events.query("rule == 'NB-08'").itertuples()
    assert (told.outcome, told.field) == ("phone_overwritten", "mobile")
    assert (told.before, told.after) == ("+12133944624", "+12133944625")


def test_nb_08_normalised_phones_are_read_only() -> None:
    result = replay(push(phone="303-555-0841", phone_normalized="2133944624"))
    assert result.people.phones[0] == ["+13035550841"]
    assert result.events.query("rule == 'NB-08'").note.to_list() == ["not_writable"]


def test_nb_08_columns_of_the_export_are_the_same_phones() -> None:
    export = {"phone_number": "303-555-0841", "mobile_number": "213 3944 624"}
    result = replay(push(**export), push(mobile="213 3944 624", phone="303-555-0841"))
    assert list(result.events.outcome) == ["created", "unchanged"]


def test_nb_08_one_number_may_be_in_two_fields_and_loses_no_other() -> None:
    number = "303-555-0841"
    result = replay(push(phone=number, mobile=number, cell="503-555-0100"))
    assert result.people.phones[0] == ["+13035550841", "+13035550841", "+15035550100"]


def test_nb_09_flags_are_consent() -> None:
    contact = {"email": "a@x.org", "mobile": "213 3944 624"}
    result = replay(push(**contact, email_opt_in="false", mobile_opt_in="false", do_not_call="1"))
    row = result.people.iloc[0]
    assert (row.email_consent, row.sms_consent, row.phone_consent) == ("unsubscribed",) * 3


@pytest.mark.parametrize(
    ("flags", "email", "sms", "phone"),
    [
        ({"do_not_contact": "true"}, "unsubscribed", "unsubscribed", "unsubscribed"),
        ({"federal_donotcall": "yes"}, "subscribed", "subscribed", "unsubscribed"),
        ({"is_mobile_bad": "true"}, "subscribed", "bouncing", None),
        ({"email1_is_bad": "true"}, "bouncing", "subscribed", None),
        ({"unsubscribed_at": "2024-05-01T10:00:00Z"}, "unsubscribed", "subscribed", None),
        ({}, "subscribed", "subscribed", None),  # as the document's samples show
    ],
)
def test_nb_09_each_flag_restricts_its_channel(
    flags: dict[str, str], email: str, sms: str, phone: str | None
) -> None:
    result = replay(push(email1="a@x.org", mobile="213 3944 624", **flags))
    row = result.people.astype(object).where(result.people.notna(), None).iloc[0]
    assert (row.email_consent, row.sms_consent, row.phone_consent) == (email, sms, phone)


def test_nb_09_in_our_profile_nobody_opted_in_who_did_not_say_so() -> None:
    result = replay(push(email="a@x.org", mobile="213 3944 624"), profile="native")
    assert result.people[["email_consent", "sms_consent"]].isna().all(axis=None)


def test_x8_only_a_newer_opt_in_lifts_what_a_file_says() -> None:
    old = ANN | {"email": "a@x.org", "email_opt_in": "false", "updated_at": "2024-05-01"}
    opt_in = ANN | {"email": "a@x.org", "email_opt_in": "true"}
    for when, consent, outcome in (
        ({}, "unsubscribed", "consent_kept"),
        ({"updated_at": "2024-04-01"}, "unsubscribed", "consent_kept"),
        ({"updated_at": "2024-06-01"}, "subscribed", "consent_raised"),
    ):
        result = replay(old, opt_in | when)
        assert result.people.email_consent.to_list() == [consent]
        assert outcome in set(result.events.outcome)


@pytest.mark.parametrize("profile", ["document", "native"])
def test_x8_an_older_restriction_of_a_file_lowers_no_newer_opt_in(profile: str) -> None:
    ann = ANN | {"email": "a@example.org"}
    opt_in = ann | {"email_opt_in": "true", "updated_at": "2024-05-01"}
    opt_out = ann | {"email_opt_in": "false"}
    for when, consent, outcome in (
        ({}, "unsubscribed", "consent_lowered"),
        ({"updated_at": "2024-06-01"}, "unsubscribed", "consent_lowered"),
        ({"updated_at": "2024-04-01"}, "subscribed", "consent_kept"),
    ):
        result = replay(opt_in, opt_out | when, profile=profile)
        assert result.people.email_consent.to_list() == [consent]
        assert outcome in set(result.events.outcome)


@pytest.mark.parametrize(
    ("profile", "consent"), [("document", "unsubscribed"), ("native", "subscribed")]
)
def test_nb_09_a_request_restricts_whatever_its_date_to_the_letter_only(
    profile: str, consent: str
) -> None:
    opt_in = push(email="a@example.org", email_opt_in="true", updated_at="2024-05-01")
    opt_out = push(email="a@example.org", email_opt_in="false", updated_at="2024-04-01")
    result = replay(opt_in, opt_out, profile=profile)
    assert result.people.email_consent.to_list() == [consent]


def test_nb_13_a_person_has_ids_of_a_hundred_systems_and_tells_of_more() -> None:
    result = replay(*(push(identifiers=f"s{number}:{number}") for number in range(102)))
    (held,) = result.people.identifiers
    assert len(held) == 100
    told = result.events.query("outcome == 'conflict'")
    assert told.after.to_list() == ["99", "100", "101"]
    assert set(told.note) == {"100 are held already"}


def test_x8_a_file_never_lifts_do_not_call() -> None:
    rows = (ANN | {"do_not_call": "true"}, ANN | {"do_not_call": "false", "updated_at": "2030-1-1"})
    assert replay(*rows).people.phone_consent.to_list() == ["unsubscribed"]


def test_nb_09_a_request_sets_what_it_passes() -> None:
    rows = (push(email="a@x.org", email_opt_in="false"), push(email_opt_in="true"))
    result = replay(*rows)
    assert result.people.email_consent.to_list() == ["subscribed"]
    (told,) = result.events.query("rule == 'NB-09'").itertuples()
    assert (told.outcome, told.before, told.after) == ("consent_raised", "false", "true")


def test_nb_09_a_new_mobile_is_not_the_bad_one() -> None:
    rows = (push(mobile="213 3944 624", is_mobile_bad="true"), push(mobile="213 3944 625"))
    assert replay(*rows).people.sms_consent.to_list() == ["subscribed"]


def test_nb_09_a_flag_is_true_or_false() -> None:
    result = replay(push(email="a@x.org", email_opt_in="maybe"))
    assert result.events.query("rule == 'NB-09'").outcome.to_list() == ["warning"]


def test_nb_21_tags_are_added_and_removed() -> None:
    result = replay(
        push(tags="red,blue"),
        push(add_tags="green,gone", remove_tags="blue,gone"),
        push(tags="red"),
    )
    assert result.people.tags[0] == ["red", "green"]
    told = result.events.query("rule == 'NB-21'")
    assert told.after.to_list() == ["gone"]
