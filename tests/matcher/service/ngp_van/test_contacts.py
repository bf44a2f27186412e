"""Contacts of NGP VAN: the document's example, and what it says of answers."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from fastapi.testclient import TestClient

CONTACTS = "/v4/contacts"
JSON = {"Content-Type": "application/json"}
#: As printed, spare comma and all; but for the address, which the document hides.
EXAMPLE = """{
"type": "INDIVIDUAL",
"firstName": "Lefty",
"lastName": "McDonkey",
"emails": [
{
"address": "lefty@example.org",
"type": "MAIN",
"doNotEmail": false,
"appliedEmailLists": [{
"emailListId": 12,
},
{
"emailListId": 14
}]
}
],
"addresses" : [
{
"line1": "1203 12th St",
"line2": "Suite 525",
"city": "Washington",
"stateProvince": "DC",
"postalCode": "20005",
"type": "WORK"
}
],
"phones" : [
{
"number": "2025557979",
"type": "MOBILE"
},
{
"number": "3014884002",
"type": "HOME"
}
],
"externalLinks" : [
{
"externalSourceTypeId": "13",
"externalId": "12345"
},
{
"externalSourceTypeId": "15",
"externalId": "6789"
}
],
"contactCodes": [
{
"contactCodeId": 37653
},
{
"contactCodeId": 1022
},
{
"contactCodeId": 27
}
],
"employer": "NGP VAN",
"occupation": "Mascot",
"facebookProfileUrl": "http://facebook.com/shia_labeouf",
"disclosureFields": [
{
"disclosureFieldId": 1,
"designationId": 8,
"value": 702
},
{
"disclosureFieldId": 2114,
"designationId": 8,
"value": 2013
}
]
}"""
LEFTY = {"type": "INDIVIDUAL", "firstName": "Lefty", "lastName": "McDonkey"}


def test_the_example_creates_a_contact_and_is_merged_into_it_next_time(client: TestClient) -> None:
    answer = client.post(CONTACTS, content=EXAMPLE, headers=JSON)
    assert answer.status_code == 201
    assert set(answer.json()) == {"contactId"}
    own = answer.json()["contactId"]
    assert type(own) is str and own.startswith("VN") and len(own) == 11
    again = client.post(CONTACTS, content=EXAMPLE, headers=JSON)
    assert (again.status_code, again.json()) == (200, {"contactId": own})
    told = client.get(answer.headers["location"]).json()
    assert (told["contactId"], told["type"], told["firstName"]) == (own, "INDIVIDUAL", "Lefty")
    assert told["phones"] == [
        {"type": "MOBILE", "number": "2025557979"}, {"type": "HOME", "number": "3014884002"},
    ]  # fmt: skip
    assert [code["contactCodeId"] for code in told["contactCodes"]] == [37653, 1022, 27]
    assert told["externalLinks"][1] == {"externalSourceTypeId": "15", "externalId": "6789"}
    assert told["disclosureFields"][0]["value"] == 702


def test_a_contact_id_in_the_body_is_a_redirect_and_writes_nothing(client: TestClient) -> None:
    answer = client.post(CONTACTS, json={**LEFTY, "contactId": "VN93A9H7CW7"}, **_NO_FOLLOW)
    assert answer.status_code == 301
    assert answer.headers["location"] == "/v4/contacts/VN93A9H7CW7"
    assert client.get(CONTACTS).json()["items"] == []
    odd = client.post(CONTACTS, json={**LEFTY, "contactId": "../x\r\ny: z"}, **_NO_FOLLOW)
    assert odd.headers["location"] == "/v4/contacts/..%2Fx%0D%0Ay%3A%20z"
    assert client.post(CONTACTS, json={**LEFTY, "contactId": {}}, **_NO_FOLLOW).status_code == 400


_NO_FOLLOW: dict[str, Any] = {"follow_redirects": False}


def test_a_contact_is_changed_by_its_id(client: TestClient) -> None:
    own = client.post(CONTACTS, content=EXAMPLE, headers=JSON).json()["contactId"]
    for method, name in (("POST", "Leftie"), ("PUT", "Lefteris")):
        body = {**LEFTY, "firstName": name, "contactId": own}
        answer = client.request(method, f"{CONTACTS}/{own}", json=body)
        assert (answer.status_code, answer.json()) == (200, {"contactId": own})
        assert client.get(f"{CONTACTS}/{own}").json()["firstName"] == name
    missing = client.post(f"{CONTACTS}/VN000000000", json=LEFTY)
    assert missing.status_code == 404 and missing.json()["errors"][0]["code"] == "NOT_FOUND"
    other = client.post(f"{CONTACTS}/{own}", json={"type": "ORGANIZATION", "commonName": "Acme"})
    assert other.status_code == 409


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"type": "PERSON", "firstName": "A", "lastName": "B"}, 400),
        ({"firstName": "A", "lastName": "B"}, 400),
        ({"type": "INDIVIDUAL", "firstName": "A"}, 400),
        ({"type": "ORGANIZATION", "firstName": "A", "lastName": "B"}, 400),
        ({"type": "INDIVIDUAL", "emails": [{"address": "a@example.org"}]}, 201),
        ({"type": "INDIVIDUAL", "phones": [{"number": "2025557979"}]}, 201),
        ({"type": "ORGANIZATION", "commonName": "Acme"}, 201),
        ([], 400),
    ],
)
def test_what_a_contact_needs(client: TestClient, body: Any, status: int) -> None:
    answer = client.post(CONTACTS, json=body)
    assert answer.status_code == status, answer.text
    if status == 400:
        assert answer.json()["errors"][0]["code"] == "INVALID_PARAMETER"
        assert client.get(CONTACTS).json()["count"] == 0


def test_a_name_alone_never_matches(client: TestClient) -> None:
    assert [client.post(CONTACTS, json=LEFTY).status_code for _ in range(2)] == [201, 201]


def test_contacts_are_listed_page_by_page(client: TestClient) -> None:
    for n in range(5):
        client.post(CONTACTS, json={**LEFTY, "emails": [{"address": f"a{n}@example.org"}]})
    first = client.get(CONTACTS, params={"$top": 2}).json()
    assert (len(first["items"]), first["count"]) == (2, 5)
    second = client.get(first["nextPageLink"]).json()
    third = client.get(second["nextPageLink"]).json()
    assert len(third["items"]) == 1 and third["nextPageLink"] is None
    emails = [c["emails"][0]["address"] for p in (first, second, third) for c in p["items"]]
    assert emails == [f"a{n}@example.org" for n in range(5)]


@pytest.mark.parametrize("body", ["{,}", "[1,]x", '{"a": "b,}', "\xff", "{" * 100])
def test_what_is_no_json_in_spite_of_all_is_refused(client: TestClient, body: str) -> None:
    answer = client.post(CONTACTS, content=body.encode("latin-1"), headers=JSON)
    assert answer.status_code == 400 and answer.json()["errors"]
    no_kind = client.post(CONTACTS, content="{}", headers={"Content-Type": "text/plain"})
    assert no_kind.status_code == 415


def test_each_way_of_showing_a_key(start: Any, tokens: dict[str, str], tmp_path: Any) -> None:
    client = start(base_url="https://example.org", keys=tmp_path / "keys.json")
    own = tokens["list:ngp_van"]
    for password in (f"{own}|0", f"{own}|1", own):
        coded = base64.b64encode(f"acme:{password}".encode()).decode()
        answer = client.get(CONTACTS, headers={"Authorization": f"Basic {coded}"})
        assert answer.status_code == 200
    people = client.get("/v4/people", headers={"Authorization": f"Basic {coded}"})
    assert people.status_code == 403 and people.json()["errors"][0]["code"] == "FORBIDDEN"
    assert client.get(CONTACTS, headers={"Authorization": f"Bearer {own}"}).status_code == 200
    wrong = client.get(CONTACTS, headers={"Authorization": "Basic eDp5fDA="})
    assert wrong.status_code == 401 and wrong.json()["errors"][0]["code"] == "UNAUTHORIZED"
    assert client.get(CONTACTS).status_code == 401
