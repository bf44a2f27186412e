from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import matcher


def replay(*payloads: Any, **options: Any) -> matcher.Replay:
    return matcher.replay(list(payloads), policy="nationbuilder", **options)


def main(result: matcher.Replay) -> list[str]:
    return list(result.events.drop_duplicates("row").outcome)


#: The resources of the document, with addresses and people of our own.
CREATE = {
    "request": "create",
    "person": {
        "email": "bob@smith.net",
        "last_name": "Smith",
        "first_name": "Bob",
        "sex": "M",
        "signup_type": 0,
        "employer": "Dexter Labs",
        "party": "P",
        "registered_address": {"state": "TX", "country_code": "US"},
    },
}
SHOWN = {
    "person": {
        "birthdate": "1973-04-04",
        "civicrm_id": 123489,
        "county_file_id": "mycountyfileid",
        "created_at": "2014-02-02T11:51:23-05:00",
        "do_not_call": False,
        "do_not_contact": False,
        "dw_id": 987,
        "email": "joe@smith.net",
        "email_opt_in": True,
        "external_id": "8491",
        "first_name": "Joe",
        "id": 672,
        "is_possible_duplicate": False,
        "last_name": "Smith",
        "mobile": "213 3944 624",
        "mobile_normalized": None,
        "phone": "303-555-0841",
        "email1": "joe@smith.net",
        "email1_is_bad": False,
        "email2": "old@smith.net",
        "email2_is_bad": True,
        "primary_email_id": 1,
        "primary_address": None,
        "rnc_id": 1234567,
        "signup_type": 0,
        "tags": ["red"],
        "van_id": "d6767",
        "home_address": {
            "address1": "21292 Ahmad Rds",
            "address2": None,
            "city": "Doyleburgh",
            "state": "Wyoming",
            "zip": "57314-7614",
            "country_code": "US",
            "lat": "34.0522",
            "lng": -118.2,
        },
    },
    "precinct": None,
}


def test_nb_16_the_documents_create_example() -> None:
    result = replay(CREATE)
    assert result.events[["outcome", "rule", "status_code"]].values.tolist() == [
        ["created", "NB-16", 200]
    ]
    person = result.people.iloc[0]
    assert (person.first_name, person.emails, person.entity_type) == (
        "Bob",
        ["bob@smith.net"],
        "person",
    )
    (address,) = person.addresses
    assert (address["region"], address["kind"]) == ("TX", "registered_address")
    assert address["primary"]


def test_nb_20_the_documents_push_examples() -> None:
    result = replay(
        {"request": "push", "person": {"email": "by@erastos.net", "first_name": "Byron"}},
        {"request": "push", "person": {"email": "by@erastos.net", "last_name": "Erastos"}},
    )
    assert result.events[["outcome", "status_code"]].values.tolist() == [
        ["created", 201],
        ["updated", 200],
    ]


def test_nb_13_a_shown_person_is_read_whole() -> None:
    result = replay(SHOWN)
    person = result.people.iloc[0]
    assert person.emails == ["joe@smith.net", "old@smith.net"]
    assert person.phones == ["+13035550841", "+12133944624"]
    assert set(person.identifiers) == {
        "civicrm:123489", "county_file:mycountyfileid", "dw:987", "external:8491", "van:d6767",
        "rnc:1234567", "nationbuilder:672",
    }  # fmt: skip
    assert person.tags == ["red"]
    assert result.rejects.empty


def test_nb_14_a_shown_person_is_known_again_by_its_id() -> None:
    again = {"person": SHOWN["person"] | {"first_name": "Joseph"}}
    result = replay(SHOWN, SHOWN, again)
    assert main(result) == ["created", "unchanged", "updated"]


def test_nb_20_rows_and_payloads_are_one_list() -> None:
    row = {"request": "push", "van_id": "d6767", "last_name": "Jones"}
    result = replay(SHOWN, row)
    assert main(result) == ["created", "updated"]


def test_nb_06_a_primary_address_in_a_request_is_not_writable() -> None:
    payload = {
        "request": "push",
        "person": {"external_id": "7", "first_name": "Ann", "primary_address": {"city": "Salem"}},
    }
    result = replay(payload)
    assert result.events.query("rule == 'NB-06'").note.to_list() == ["not_writable"]
    assert result.people.addresses[0] == []


def test_nb_21_taggings_add_and_remove() -> None:
    result = replay(
        CREATE,
        {"person_id": 1, "tagging": {"tag": ["red", "blue"]}},
        {"person_id": 1, "tagging": {"tag": "green"}},
        {"person_id": 1, "request": "delete", "tagging": {"tag": "blue"}},
        {"person_id": 9, "tagging": {"tag": "blue"}},
    )
    assert main(result) == ["created", "updated", "updated", "updated", "rejected"]
    assert result.people.tags[0] == ["red", "green"]


def test_nb_19_a_search_payload_is_refused() -> None:
    result = replay({"request": "search", "person": {"last_name": "Smith"}})
    assert result.rejects.rule.to_list() == ["NB-19"]


@pytest.mark.parametrize(
    ("fields", "path", "rule"),
    [
        ({"email": 5}, "$.person.email", "NB-03"),
        ({"email3": ["a@x.org"]}, "$.person.email3", "NB-03"),
        ({"mobile": {"n": 1}}, "$.person.mobile", "NB-08"),
        ({"first_name": ["Ann"]}, "$.person.first_name", "NB-10"),
        ({"home_address": ["1 Main St"]}, "$.person.home_address", "NB-06"),
        ({"home_address": {"zip": ["1"]}}, "$.person.home_address.zip", "NB-07"),
        ({"van_id": {"id": 1}}, "$.person.van_id", "NB-13"),
        ({"do_not_call": []}, "$.person.do_not_call", "NB-09"),
        ({"tags": "red"}, "$.person.tags", "NB-21"),
        ({"tags": ["red", 5]}, "$.person.tags[1]", "NB-21"),
        ({"signup_type": {}}, "$.person.signup_type", "NB-11"),
        ({"email": "not one"}, "$.person.email", None),
    ],
)
def test_nb_01_a_wrong_type_costs_its_value_alone(
    fields: dict[str, Any], path: str, rule: str | None
) -> None:
    payload = {"request": "push", "person": {"external_id": "7", "last_name": "Smith"} | fields}
    result = replay(payload, CREATE)
    assert main(result) == ["created", "created"]
    (reject,) = result.rejects.itertuples()
    assert (reject.row, reject.column) == (1, path)
    assert rule is None or reject.rule == rule


def test_nb_01_what_is_no_person_costs_its_row_alone(tmp_path: Path) -> None:
    bomb: Any = "x"
    for _ in range(200):
        bomb = {"parent": bomb}
    lines = [
        json.dumps(CREATE),
        json.dumps({"person": "Ann"}),
        json.dumps({"person": {"last_name": "Smith", "parent": bomb}}),
        json.dumps({"person": {"last_name": "Smith", "note": "x" * 10_000_000}}),
        "[" * 100_000,
        json.dumps({"person": {}}),
        json.dumps({"request": "push", "person": {"email": "bob@smith.net", "sex": "M"}}),
    ]
    file = tmp_path / "people.ndjson"
    file.write_text("\n".join(lines), encoding="utf-8")
    result = matcher.replay(file, policy="nationbuilder")
    assert result.people.rows.to_list() == [[1, 7]]
    assert set(result.rejects.row) == {2, 3, 4, 5, 6}


def test_nb_15_osdi_people_are_no_nationbuilder_people() -> None:
    osdi = {"person": {"given_name": "Ann", "email_addresses": [{"address": "ann@smith.net"}]}}
    assert replay(osdi).people.emails.to_list() == [["ann@smith.net"]]
