"""People of NGP VAN's public API."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

PEOPLE = "/v4/people"
JIM = {"firstName": "James", "lastName": "Gordon", "emails": [{"email": "jim@example.org"}]}


def create(client: TestClient, **said: Any) -> Any:
    return client.post(f"{PEOPLE}/findOrCreate", json=said)


def test_find_or_create_says_which(client: TestClient) -> None:
    made = create(client, **JIM)
    assert made.status_code == 201
    assert made.json() == {"vanId": 1, "status": "UnmatchedStored"}
    assert made.headers["location"] == "/v4/people/1"
    found = create(client, **JIM, phones=[{"phoneNumber": "2025557979", "phoneType": "C"}])
    assert (found.status_code, found.json()) == (200, {"vanId": 1, "status": "Matched"})
    told = client.get(f"{PEOPLE}/1").json()
    assert told["phones"] == [{"phoneNumber": "2025557979", "phoneType": "C", "isPreferred": False}]


def test_find_writes_nothing_and_nobody_is_not_found(client: TestClient) -> None:
    nobody = client.post(f"{PEOPLE}/find", json=JIM)
    assert (nobody.status_code, nobody.json()) == (404, {"vanId": None, "status": "Unmatched"})
    create(client, **JIM)
    found = client.post(f"{PEOPLE}/find", json={**JIM, "firstName": "Jim"})
    assert (found.status_code, found.json()) == (200, {"vanId": 1, "status": "Matched"})
    assert client.get(f"{PEOPLE}/1").json()["firstName"] == "James"


@pytest.mark.parametrize(
    "said",
    [
        {"firstName": "Ada", "lastName": "Q", "emails": [{"email": "ada@example.org"}]},
        {"firstName": "Ada", "lastName": "Q", "phones": [{"phoneNumber": "2024560171"}]},
        {"firstName": "Ada", "lastName": "Q", "dateOfBirth": "1973-04-04",
         "addresses": [{"zipOrPostalCode": "20005"}]},
        {"firstName": "Ada", "lastName": "Q",
         "addresses": [{"addressLine1": "1 High Street", "zipOrPostalCode": "20005"}]},
        {"emails": [{"email": "ada@example.org"}]},
    ],
)  # fmt: skip
def test_each_of_the_sets_of_keys_finds(client: TestClient, said: dict[str, Any]) -> None:
    assert create(client, **said).status_code == 201
    assert client.post(f"{PEOPLE}/find", json=said).json()["vanId"] == 1


def test_less_than_the_minimum_creates_each_time(client: TestClient) -> None:
    said = {"firstName": "Ada", "lastName": "Q"}
    assert [create(client, **said).status_code for _ in range(2)] == [201, 201]


def test_a_person_is_changed_by_number_or_by_an_id_of_another_system(client: TestClient) -> None:
    create(client, **JIM, identifiers=[{"type": "dwid", "externalId": "77"}])
    for place in ("1", "dwid:77"):
        answer = client.post(f"{PEOPLE}/{place}", json={"firstName": f"J{place[0]}", "vanId": 5})
        assert (answer.status_code, answer.json()) == (200, {"vanId": 1, "status": "Matched"})
        assert client.get(f"{PEOPLE}/{place}").json()["firstName"] == f"J{place[0]}"
    by_body = create(client, vanId=1, firstName="Jimmy")
    assert (by_body.status_code, by_body.json()["vanId"]) == (200, 1)
    for place in ("2", "dwid:78"):
        assert client.post(f"{PEOPLE}/{place}", json={"firstName": "X"}).status_code == 404
        assert client.get(f"{PEOPLE}/{place}").status_code == 404
    assert create(client, vanId=2, firstName="X").status_code == 404


def test_sections_are_told_where_they_are_asked_for(client: TestClient) -> None:
    create(client, **JIM)
    assert client.get(f"{PEOPLE}/1").json()["emails"] == [{"email": "jim@example.org"}]
    told = client.get(f"{PEOPLE}/1", params={"$expand": "phones,externalIds"}).json()
    assert (told["emails"], told["phones"], told["identifiers"]) == (None, [], [])


def test_people_are_listed_and_looked_for(client: TestClient) -> None:
    for n in range(5):
        create(
            client, firstName=f"A{n}", lastName="Quarter",
            emails=[{"email": f"a{n}@example.org"}],
            phones=[{"phoneNumber": f"202456017{n}"}],
            addresses=[{"city": "Utica", "zipOrPostalCode": f"1350{n}"}],
        )  # fmt: skip
    page = client.get(PEOPLE, params={"$top": 3}).json()
    assert (len(page["items"]), page["count"]) == (3, 5)
    assert len(client.get(page["nextPageLink"]).json()["items"]) == 2
    for name, value in {
        "email": "A2@example.org", "phoneNumber": "(202) 456-0172", "firstName": "a2",
        "zipOrPostalCode": "13502",
    }.items():  # fmt: skip
        found = client.get(PEOPLE, params={name: value}).json()
        assert [each["vanId"] for each in found["items"]] == [3], name
    both = {"city": "utica", "lastName": "quarter", "$top": 2}
    some = client.get(PEOPLE, params=both).json()
    assert len(client.get(some["nextPageLink"]).json()["items"]) == 2


def test_people_go_only_by_being_merged(client: TestClient) -> None:
    create(client, **JIM)
    create(client, firstName="Bob", lastName="Okafor", emails=[{"email": "bob@example.org"}])
    assert client.delete(f"{PEOPLE}/1").status_code == 405
    path = f"{PEOPLE}/1/mergeInto"
    maybe = client.put(f"{path}?whatIf=true", json={"vanId": 2})
    assert (maybe.status_code, client.get(PEOPLE).json()["count"]) == (200, 2)
    merged = client.put(path, json={"vanId": 2})
    assert (merged.status_code, merged.json()["vanId"]) == (200, 2)
    told = client.get(f"{PEOPLE}/1").json()
    assert (told["vanId"], told["firstName"], len(told["emails"])) == (2, "Bob", 2)
    for body in ({}, {"vanId": None}, {"vanId": 9}):
        assert client.put(path, json=body).status_code == 400


def test_the_steps_of_public_clients(client: TestClient) -> None:
    """Those of ``parsons.VAN``: upsert, find, get and update; of ``everyaction``: list too."""
    said = {**JIM, "phones": [{"phoneNumber": "2024560171", "phoneType": "H"}]}
    assert create(client, **said).json()["vanId"] == 1
    assert client.post(f"{PEOPLE}/find", json=said).json()["vanId"] == 1
    asked = {"$expand": "contributionHistory,addresses,phones,emails,codes,externalIds"}
    told = client.get(f"{PEOPLE}/1", params=asked).json()
    assert told["phones"][0]["phoneType"] == "H"
    assert client.post(f"{PEOPLE}/1", json={"firstName": "Jim", "lastName": None}).is_success
    listed = client.get(PEOPLE, params={"$top": 50, "$skip": 0}).json()
    assert [each["firstName"] for each in listed["items"]] == ["Jim"]
    assert listed["items"][0]["lastName"] == "Gordon"
