"""The collection of people, the signup helper and PUT, beyond the document's examples."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

KEY = {"OSDI-API-Token": "any"}


def sign_up(client: TestClient, email: str | None, **more: Any) -> Any:
    person = {"given_name": "Ada", "family_name": f"Quartermaine {email}", **more.pop("person", {})}
    if email:
        person["email_addresses"] = [{"address": email}]
    return client.post("/api/v2/people", json={"person": person, **more}, headers=KEY)


def own_id(answer: Any) -> str:
    return str(answer.json()["identifiers"][0]).removeprefix("action_network:")


def found(client: TestClient, query: str) -> list[str]:
    answer = client.get(f"/api/v2/people?{query}", headers=KEY)
    assert answer.status_code == 200, answer.text
    return [each["family_name"][13:] for each in answer.json()["_embedded"]["osdi:people"]]


def test_who_is_new_has_two_equal_dates_and_a_header_says_so(client: TestClient) -> None:
    first = sign_up(client, "ada@quarter.org", add_tags=["a", "b"], remove_tags=["b"])
    assert first.json()["created_date"] == first.json()["modified_date"]
    assert first.headers["matcher-outcome"] == "created"
    assert first.headers["matcher-person"] == "P1"
    again = sign_up(client, "ADA@quarter.org", person={"given_name": "Adele"})
    assert again.headers["matcher-outcome"] == "updated" and own_id(again) == own_id(first)
    taggings = client.get(f"/api/v2/people/{own_id(first)}/taggings", headers=KEY).json()
    tags = [t["action_network:tag_name"] for t in taggings["_embedded"]["osdi:taggings"]]
    assert tags == ["a"]


def test_ids_and_dates_of_the_system_are_nobody_elses_to_set(client: TestClient) -> None:
    said = {
        "identifiers": ["action_network:mine", "crm:7"],
        "created_date": "2001-01-01T00:00:00Z",
        "modified_date": "2001-01-01T00:00:00Z",
    }
    told = sign_up(client, "ada@quarter.org", person=said).json()
    assert told["identifiers"][1:] == ["crm:7"] and "mine" not in told["identifiers"][0]
    assert told["created_date"] == told["modified_date"] > "2020"


def test_pages_have_25_people_without_totals_and_the_one_after_the_last_has_nobody(
    client: TestClient,
) -> None:
    for n in range(26):
        assert sign_up(client, f"a{n}@quarter.org").status_code == 200
    first = client.get("/api/v2/people", headers=KEY).json()
    assert len(first["_embedded"]["osdi:people"]) == 25
    assert not {"total_records", "total_pages"} & set(first)
    second = client.get(first["_links"]["next"]["href"], headers=KEY).json()
    assert [p["family_name"] for p in second["_embedded"]["osdi:people"]] == [
        "Quartermaine a25@quarter.org"
    ]
    assert "next" not in second["_links"]
    third = client.get("/api/v2/people?page=3", headers=KEY).json()
    assert third["_embedded"]["osdi:people"] == []
    few = client.get("/api/v2/people?per_page=4&page=2", headers=KEY).json()
    assert few["per_page"] == 4 and len(few["_embedded"]["osdi:people"]) == 4
    assert client.get("/api/v2/people?per_page=100", headers=KEY).json()["per_page"] == 25


def test_a_filter_finds_by_the_fields_that_clients_use(client: TestClient) -> None:
    sign_up(client, "ada@quarter.org", person={"postal_addresses": [{"postal_code": "20009"}]})
    sign_up(client, "o'hara@quarter.org", person={"given_name": "Bob", "identifiers": ["crm:7"]})
    sign_up(client, "eve@quarter.org", person={"phone_numbers": [{"number": "202 456 0171"}]})
    for query, expected in {
        "filter=email_address eq 'ADA@quarter.org'": ["ada@quarter.org"],
        "filter=email eq ada@quarter.org": ["ada@quarter.org"],
        "filter=email_address eq 'o''hara@quarter.org'": ["o'hara@quarter.org"],
        "filter=given_name eq 'bob'": ["o'hara@quarter.org"],
        "filter=given_name ne 'Bob' and postal_code eq '20009'": ["ada@quarter.org"],
        "filter=identifier eq 'crm:7'": ["o'hara@quarter.org"],
        "filter=phone_number eq '12024560171'": ["eve@quarter.org"],
        "filter=modified_date gt '2101-01-01'": [],
        "filter=modified_date lt '2101-01-01T00:00:00Z' and given_name eq 'Bob'": [
            "o'hara@quarter.org"
        ],
        "filter=email_address eq 'nobody@quarter.org'": [],
        "filter=": ["ada@quarter.org", "o'hara@quarter.org", "eve@quarter.org"],
    }.items():
        assert found(client, query) == expected, query


@pytest.mark.parametrize(
    "text",
    ["x", "email_address", "email_address like 'a'", "password eq 'a'", "modified_date gt 'then'",
     "email_address eq 'a' or email_address eq 'b'", "email_address eq 'a' and"],
)  # fmt: skip
def test_a_filter_that_cannot_be_meant_is_refused(client: TestClient, text: str) -> None:
    answer = client.get("/api/v2/people", params={"filter": text}, headers=KEY)
    assert answer.status_code == 400 and "filter" in answer.json()["error"]


def test_an_email_that_somebody_has_is_not_taken_over_and_a_header_says_so(
    client: TestClient,
) -> None:
    ada = own_id(sign_up(client, "ada@quarter.org"))
    bob = own_id(sign_up(client, "bob@quarter.org"))
    before = client.get(f"/api/v2/people/{bob}", headers=KEY).json()
    answer = client.put(
        f"/api/v2/people/{ada}",
        json={"email_addresses": [{"address": "bob@quarter.org"}]},
        headers=KEY,
    )
    assert answer.status_code == 200
    assert answer.json()["email_addresses"][0]["address"] == "ada@quarter.org"
    assert answer.headers["matcher-outcome"] == "unchanged"
    assert answer.headers["matcher-events"] == "email_change_refused AN-04"
    assert client.get(f"/api/v2/people/{bob}", headers=KEY).json() == before
    free = client.put(
        f"/api/v2/people/{ada}", json={"email_addresses": [{"address": "a@x.org"}]}, headers=KEY
    )
    assert free.json()["email_addresses"][0]["address"] == "a@x.org"
    assert free.headers["matcher-events"] == "email_changed AN-05"


def test_a_whole_resource_may_be_put_back(client: TestClient) -> None:
    ada = own_id(sign_up(client, "ada@quarter.org", person={"custom_fields": {"tea": "green"}}))
    told = client.get(f"/api/v2/people/{ada}", headers=KEY).json()
    for outcome in ("updated", "unchanged"):  # the language that was assumed is said now
        answer = client.put(f"/api/v2/people/{ada}", json=told, headers=KEY)
        assert answer.headers["matcher-outcome"] == outcome
        assert answer.json() | {"modified_date": told["modified_date"]} == told


def test_a_put_unsubscribes_which_the_helper_cannot(client: TestClient) -> None:
    unsubscribed = [{"address": "ada@quarter.org", "status": "unsubscribed"}]
    ada = own_id(sign_up(client, "ada@quarter.org"))
    by_helper = client.post(
        "/api/v2/people", json={"person": {"email_addresses": unsubscribed}}, headers=KEY
    )
    assert by_helper.json()["email_addresses"][0]["status"] == "subscribed"
    by_put = client.put(
        f"/api/v2/people/{ada}", json={"email_addresses": unsubscribed}, headers=KEY
    )
    assert by_put.json()["email_addresses"][0]["status"] == "unsubscribed"
    again = sign_up(client, "ada@quarter.org")
    assert again.json()["email_addresses"][0]["status"] == "unsubscribed"


def test_an_id_of_another_system_names_a_person_too(client: TestClient) -> None:
    ada = own_id(sign_up(client, "ada@quarter.org", person={"identifiers": ["crm:7"]}))
    assert own_id(client.get("/api/v2/people/crm:7", headers=KEY)) == ada
    answer = client.put("/api/v2/people/crm:7", json={"given_name": "Adele"}, headers=KEY)
    assert own_id(answer) == ada and answer.json()["given_name"] == "Adele"
    assert client.get("/api/v2/people/crm:8", headers=KEY).status_code == 404


def test_whoever_is_put_must_be_there(client: TestClient) -> None:
    for method in ("PUT", "GET"):
        body = {"json": {}} if method == "PUT" else {}
        answer = client.request(method, "/api/v2/people/nobody", headers=KEY, **body)
        assert answer.status_code == 404 and answer.json()["error"]


@pytest.mark.parametrize(
    "body", [[], "x", {"person": []}, {"person": "x"}, {"person": None}, {"person": {}}]
)
def test_a_body_without_a_person_is_refused(client: TestClient, body: Any) -> None:
    answer = client.post("/api/v2/people", json=body, headers=KEY)
    assert answer.status_code == 400 and answer.json()["error"]


def test_a_person_of_the_list_is_one_of_the_store(client: TestClient) -> None:
    sign_up(client, "ada@quarter.org")
    van = {"source": "van", "full_name": "Ada Quartermaine ada@quarter.org"}
    answer = client.post("/v1/records", json=van | {"email": "ada@quarter.org"})
    assert answer.json()["results"][0]["person_id"] == "P1"


def test_clients_that_begin_at_the_entry_point_find_people(client: TestClient) -> None:
    entry = client.get("/api/v2/", headers=KEY).json()
    assert {"motd", "_links"} <= set(entry)
    people = client.get(entry["_links"]["osdi:people"]["href"], headers=KEY)
    assert people.json()["_embedded"]["osdi:people"] == []


def test_the_steps_of_a_public_client(client: TestClient) -> None:
    """Those of ``parsons.ActionNetwork``: upsert, get, update, and pages until one is empty."""
    said = {
        "person": {
            "given_name": "Ada",
            "email_addresses": [{"address": "ada@quarter.org"}],
            "phone_numbers": [{"number": "2024560171", "status": "subscribed"}],
            "custom_fields": {"favourite": "tea"},
        },
        "add_tags": ["volunteer"],
    }
    made = client.post("/api/v2/people", json=said, headers=KEY).json()
    own = next(each.split(":")[1] for each in made["identifiers"] if "action_network:" in each)
    assert made["phone_numbers"][0]["status"] == "subscribed"
    changed = client.put(f"/api/v2/people/{own}", json={"family_name": "Quarter"}, headers=KEY)
    assert changed.json()["family_name"] == "Quarter"
    listed: list[Any] = []
    for page in range(1, 10):
        query = {"page": page, "per_page": 25}
        answer = client.get("/api/v2/people", params=query, headers=KEY).json()
        people = answer["_embedded"][next(iter(answer["_embedded"]))]
        if not people:
            break
        listed += people
    assert [each["given_name"] for each in listed] == ["Ada"]
    assert listed[0]["custom_fields"] == {"favourite": "tea"}
