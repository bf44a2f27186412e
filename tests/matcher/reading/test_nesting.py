"""Nested JSON of the vendors' APIs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from matcher.reading import read


def one(person: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in read([person]).table.to_pylist()[0].items() if v is not None}


def test_a_person_of_action_network() -> None:
    got = one(
        {
            "given_name": "Ann",
            "family_name": "Lee",
            "email_addresses": [
                {"primary": False, "address": "b@x.org", "status": "subscribed"},
                {"primary": True, "address": "a@x.org", "status": "bouncing"},
            ],
            "phone_numbers": [{"primary": True, "number": "12025550100", "status": "subscribed"}],
            "postal_addresses": [
                {"primary": False, "locality": "Reno"},
                {"primary": True, "address_lines": ["1 Elm St", "Apt 4"], "locality": "Tulsa"}
                | {"region": "OK", "postal_code": "74101", "country": "US"},
            ],
            "custom_fields": {"job": "baker"},
        }
    )
    assert (got["first_name"], got["last_name"]) == ("Ann", "Lee")
    assert (got["email1"], got["email2"], got["phone1"]) == ("a@x.org", "b@x.org", "12025550100")
    assert (got["email_consent"], got["sms_consent"]) == ("bouncing", "subscribed")
    assert (got["address_line1"], got["address_line2"]) == ("1 Elm St", "Apt 4")
    assert (got["city"], got["region"], got["postal_code"]) == ("Tulsa", "OK", "74101")


def test_a_person_of_van() -> None:
    got = one(
        {
            "firstName": "Ann",
            "emails": [{"email": "a@x.org", "isPreferred": True}],
            "phones": [{"phoneNumber": "2025550100", "phoneType": "H"}],
            "addresses": [{"addressLine1": "1 Elm", "zipOrPostalCode": "74101"}],
            "dateOfBirth": "1970-01-02",
        }
    )
    assert (got["email1"], got["phone1"], got["address_line1"], got["postal_code"]) == (
        "a@x.org", "2025550100", "1 Elm", "74101",
    )  # fmt: skip


def test_contact_info_of_an_interaction() -> None:
    got = one(
        {
            "contactInfo": {
                "email": ["a@x.org", "b@x.org"],
                "phone": ["+14155552671"],
                "address": [{"addressLine1": "123 Main", "city": "SF", "state": "CA"}],
                "firstName": "John",
            },
            "channel": {"type": "email", "value": "c@x.org"},
            "person": [],
        }
    )
    assert (got["email1"], got["email2"], got["phone1"]) == ("a@x.org", "b@x.org", "+14155552671")
    assert (got["address_line1"], got["city"], got["first_name"]) == ("123 Main", "SF", "John")
    assert "email3" not in got  # the channel is not the person's


def test_addresses_of_nationbuilder() -> None:
    got = one({"first_name": "Ann", "home_address": {"address1": "1 Elm", "zip": "89501"}})
    assert (got["address_line1"], got["postal_code"]) == ("1 Elm", "89501")


def test_a_phone_without_a_number() -> None:
    got = one({"name": "Jane", "phone_numbers": [{"primary": True, "status": "unsubscribed"}]})
    assert "phone1" not in got


@pytest.mark.parametrize("value", [[], {}, None])
def test_nothing_nested(value: object) -> None:
    assert one({"name": "Ann", "emails": value})["full_name"] == "Ann"


def test_one_person_is_a_document_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "ann.json"
    path.write_text(json.dumps({"first_name": "Ann", "emails": [{"email": "a@x.org"}]}))
    assert read(path).table["email1"].to_pylist() == ["a@x.org"]


def test_bad_lines_of_ndjson_are_rejected_and_the_others_keep_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "people.ndjson"
    path.write_text('{"name": "Ann"}\n{"name": \n\n[1]\n{"name": "Bob"}\n')
    raw = read(path)
    assert raw.table["full_name"].to_pylist() == ["Ann", "Bob"]
    assert raw.table["row"].to_pylist() == [1, 4]
    assert raw.rejects["row"].to_pylist() == [2, 3]
