"""Payloads in the shape of Action Network's documents, whole and broken, in lists and files."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

import matcher

# The examples of the documents, their addresses replaced.
HELPER = {
    "targets": [{"given_name": "Joe", "family_name": "Schmoe"}],
    "person": {
        "family_name": "Smith",
        "given_name": "John",
        "postal_addresses": [{"postal_code": "20009"}],
        "email_addresses": [{"address": "jsmith@example.org"}],
        "phone_numbers": [{"number": "2021234444"}],
    },
    "add_tags": ["advocate", "member"],
    "remove_tags": ["inactive"],
}
JOHN = {
    "given_name": "John",
    "family_name": "Smith",
    "identifiers": ["action_network:d91b4b2e-ae0e-4cd3-9ed7-d0ec501b0bc3", "foreign_system:1"],
    "created_date": "2014-03-20T21:04:31Z",
    "modified_date": "2014-03-20T21:04:31Z",
    "email_addresses": [
        {"primary": True, "address": "johnsmith@example.org", "status": "unsubscribed"}
    ],
    "phone_numbers": [
        {"primary": True, "number": "12024444444", "number_type": "Mobile", "status": "subscribed"}
    ],
    "postal_addresses": [
        {
            "primary": True,
            "address_lines": ["1900 Pennsylvania Ave"],
            "locality": "Washington",
            "region": "DC",
            "postal_code": "20009",
            "country": "US",
            "language": "en",
            "location": {"latitude": 38.919, "longitude": -77.0379, "accuracy": "Approximate"},
        }
    ],
    "languages_spoken": ["en"],
    "custom_fields": {"phone": "310.753.8209", "I am a parent": "1"},
}
COLLECTION = {"per_page": 25, "page": 1, "_embedded": {"osdi:people": [JOHN, HELPER["person"]]}}
GOOD = {"email_addresses": [{"address": "good@example.org"}]}


def emails(result: matcher.Replay) -> list[str]:
    return [email for held in result.people["emails"] for email in held]


def nested(depth: int) -> str:
    return '{"person": ' + '{"a": ' * depth + "1" + "}" * depth + "}"


def test_the_helpers_example_makes_a_person_with_tags_and_an_outreach() -> None:
    result = matcher.replay([HELPER])
    (person,) = result.people.to_dict("records")
    assert (person["first_name"], person["last_name"]) == ("John", "Smith")
    assert person["emails"] == ["jsmith@example.org"]
    assert person["phones"] == ["+12021234444"]
    assert person["tags"] == ["advocate", "member"]
    assert (person["email_consent"], person["sms_consent"]) == ("subscribed", "unsubscribed")
    assert list(result.events["outcome"]) == ["created", "outreach_recorded"]


def test_a_person_as_read_from_the_vendor_keeps_what_it_says_of_consent() -> None:
    (person,) = matcher.replay([JOHN]).people.to_dict("records")
    assert (person["email_consent"], person["sms_consent"]) == ("unsubscribed", "subscribed")
    assert person["identifiers"] == JOHN["identifiers"]
    assert person["addresses"][0]["line1"] == "1900 Pennsylvania Ave"


@pytest.mark.parametrize("form", ["array", "lines", "collection", "gzip"])
def test_files_of_payloads_are_read_in_every_form(form: str, tmp_path: Path) -> None:
    path = tmp_path / "people.json"
    if form == "lines":
        path.write_text(json.dumps(JOHN) + "\n\n" + json.dumps(HELPER) + "\n")
    elif form == "collection":
        path.write_text(json.dumps(COLLECTION))
    else:
        data = json.dumps([JOHN, HELPER]).encode()
        path.write_bytes(gzip.compress(data) if form == "gzip" else b"\xef\xbb\xbf" + data)
    assert emails(matcher.replay(path)) == ["johnsmith@example.org", "jsmith@example.org"]


def test_plain_rows_may_stand_between_payloads_and_all_keep_their_order() -> None:
    rows = [
        {"email": "a@example.org", "phone": "+12025550143"},
        {"email_addresses": [{"address": "b@example.org"}]},
        {"request": "update", "person_id": "2", "phone": "+12025550143"},
    ]
    result = matcher.replay(rows)
    assert list(result.people["phones"]) == [[], ["+12025550143"]]
    assert list(result.people["rows"]) == [[1], [2, 3]]


BROKEN: dict[str, tuple[Any, str, str]] = {
    "array": ({"email_addresses": "x@example.org"}, "$.email_addresses", "AN-09"),
    "entry": ({"email_addresses": ["x@example.org"]}, "$.email_addresses[0]", "AN-09"),
    "number": ({"phone_numbers": [{"number": 5}]}, "$.phone_numbers[0].number", "AN-13"),
    "flag": (
        {"phone_numbers": [{"number": "+12025550143", "primary": "yes"}]},
        "$.phone_numbers[0].primary",
        "AN-10",
    ),
    "status": (
        {"phone_numbers": [{"number": "+12025550143", "status": "hm"}]},
        "$.phone_numbers[0].status",
        "AN-27",
    ),
    "name": ({**GOOD, "given_name": ["Ann"]}, "$.given_name", "AN-25"),
    "tag": ({"person": GOOD, "add_tags": [1]}, "$.add_tags[0]", "AN-30"),
    "request": ({**GOOD, "request": "smash"}, "$.request", "request"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_wrong_type_is_one_fault_with_its_path_and_rule(name: str) -> None:
    payload, path, rule = BROKEN[name]
    result = matcher.replay([payload, {"email_addresses": [{"address": "next@example.org"}]}])
    faults = result.rejects[result.rejects["column"].notna()].to_dict("records")
    assert [(fault["row"], fault["column"], fault["rule"]) for fault in faults] == [(1, path, rule)]
    assert emails(result)[-1] == "next@example.org"


def test_an_email_that_is_none_is_told_by_its_path() -> None:
    two = [{"address": "no email"}, {"address": "a@example.org"}]
    result = matcher.replay([{"person": {"email_addresses": two}}])
    assert list(result.rejects["column"]) == ["$.person.email_addresses[0].address"]
    assert emails(result) == ["a@example.org"]


@pytest.mark.parametrize("depth", [30, 5_000, 200_000])
def test_a_nesting_bomb_costs_only_its_own_line(depth: int, tmp_path: Path) -> None:
    lines, array = tmp_path / "lines.ndjson", tmp_path / "array.json"
    parts = [json.dumps(JOHN), nested(depth), json.dumps(HELPER)]
    lines.write_text("\n".join(parts))
    array.write_text("[" + ",\n".join(parts) + "]")
    for path in (lines, array):
        result = matcher.replay(path)
        assert len(result.people) == 2
        (reject,) = result.rejects.to_dict("records")
        assert (reject["row"], reject["column"], reject["rule"]) == (2, "$", "payload")
        assert list(result.events["row"]) == sorted(result.events["row"])


def test_a_payload_of_ten_megabytes_is_refused_in_a_line_and_in_a_list(tmp_path: Path) -> None:
    big = {**GOOD, "custom_fields": {"note": "x" * 10_000_000}}
    path = tmp_path / "lines.ndjson"
    path.write_text(json.dumps(JOHN) + "\n" + json.dumps(big) + "\n" + json.dumps(HELPER))
    for source in (path, [JOHN, big, HELPER]):
        result = matcher.replay(source)
        assert len(result.people) == 2
        (reject,) = result.rejects.to_dict("records")
        assert reject["row"] == 2
        assert "larger than" in reject["reason"]
        assert len(str(reject)) < 1_000


def test_many_values_are_refused() -> None:
    result = matcher.replay([GOOD, {**GOOD, "identifiers": ["x:1"] * 50_000}])
    assert list(result.rejects["row"]) == [2]


@pytest.mark.parametrize("odd", ["[1, 2]", '"text"', "7", "{broken", "null"])
def test_a_line_that_is_no_object_is_a_line_in_the_rejects(odd: str, tmp_path: Path) -> None:
    path = tmp_path / "lines.ndjson"
    path.write_text(json.dumps(JOHN) + "\n" + odd + "\n" + json.dumps(HELPER))
    result = matcher.replay(path)
    assert len(result.people) == 2
    assert list(result.rejects["row"]) == [2]


def test_things_that_are_no_objects_in_a_list_are_refused() -> None:
    result = matcher.replay([GOOD, 5, None, "text"])
    assert emails(result) == ["good@example.org"]
    assert list(result.rejects["row"]) == [2, 3, 4]


def test_a_file_of_plain_json_rows_is_read_as_any_table(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    path.write_text(json.dumps([{"email": "a@example.org"}, {"email": "b@example.org"}]))
    assert emails(matcher.replay(path)) == ["a@example.org", "b@example.org"]
