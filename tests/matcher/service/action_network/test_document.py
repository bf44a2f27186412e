"""Each example request of Action Network's documents, as printed, and the shape of its answer."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

KEY = {"OSDI-API-Token": "your_api_key_here"}
CAMPAIGN = "/api/v2/advocacy_campaigns/f77e736b-d295-4e68-96ec-a765090c6523/outreaches"
OUTREACH: dict[str, Any] = {
    "targets": [{"given_name": "Joe", "family_name": "Schmoe"}],
    "person": {
        "family_name": "Smith",
        "given_name": "John",
        "postal_addresses": [{"postal_code": "20009"}],
        "email_addresses": [{"address": "jsmith@mail.com"}],
        "phone_numbers": [{"number": "2021234444"}],
    },
    "add_tags": ["advocate", "member"],
    "remove_tags": ["inactive"],
}
PERSON = {
    "identifiers", "created_date", "modified_date", "email_addresses", "phone_numbers",
    "postal_addresses", "languages_spoken", "custom_fields", "_links",
}  # fmt: skip
LINKS = {
    "self", "osdi:attendances", "osdi:signatures", "osdi:submissions", "osdi:donations",
    "osdi:outreaches", "osdi:taggings",
}  # fmt: skip
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture
def posted(client: TestClient) -> TestClient:
    assert client.post(CAMPAIGN, json=OUTREACH, headers=KEY).status_code == 200
    return client


def people(client: TestClient, query: str = "") -> dict[str, Any]:
    answer = client.get(f"/api/v2/people/{query}", headers=KEY)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/hal+json"
    found: dict[str, Any] = answer.json()
    return found


def own_id(person: dict[str, Any]) -> str:
    return next(
        each.partition(":")[2]
        for each in person["identifiers"]
        if each.startswith("action_network:")
    )


def test_posting_an_outreach_with_a_person(client: TestClient) -> None:
    answer = client.post(CAMPAIGN, json=OUTREACH, headers=KEY)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/hal+json"
    told = answer.json()
    (own,) = told["identifiers"]
    assert UUID.fullmatch(own.removeprefix("action_network:"))
    assert told["type"] == "email" and told["targets"] == OUTREACH["targets"]
    assert told["action_network:advocacy_campaign_id"] == "f77e736b-d295-4e68-96ec-a765090c6523"
    assert told["created_date"] == told["modified_date"] and TIME.fullmatch(told["created_date"])
    assert set(told["_links"]) == {"self", "osdi:advocacy_campaign", "osdi:person", "curies"}
    assert [curie["name"] for curie in told["_links"]["curies"]] == ["osdi", "action_network"]
    assert UUID.fullmatch(told["action_network:person_id"])
    for name in ("self", "osdi:person"):
        href = told["_links"][name]["href"]
        assert client.get(href, headers=KEY).status_code == 200
    assert client.get(told["_links"]["self"]["href"], headers=KEY).json() == told


def test_retrieving_a_collection_of_people(posted: TestClient) -> None:
    page = people(posted)
    assert set(page) == {"per_page", "page", "_links", "_embedded"}
    assert (page["per_page"], page["page"]) == (25, 1)
    assert "next" not in page["_links"]
    (person,) = page["_embedded"]["osdi:people"]
    assert page["_links"]["osdi:people"] == [{"href": person["_links"]["self"]["href"]}]
    assert person["email_addresses"] == [
        {"primary": True, "address": "jsmith@mail.com", "status": "subscribed"}
    ]
    assert person["phone_numbers"] == [
        {
            "primary": True,
            "number": "12021234444",
            "number_type": "Mobile",
            "status": "unsubscribed",
        }
    ]
    (address,) = person["postal_addresses"]
    assert (address["postal_code"], address["country"]) == ("20009", "US")
    assert person["languages_spoken"] == ["en"]
    assert set(person) >= PERSON and set(person["_links"]) == LINKS


def test_retrieving_a_person(posted: TestClient) -> None:
    (person,) = people(posted)["_embedded"]["osdi:people"]
    answer = posted.get(f"/api/v2/people/{own_id(person)}", headers=KEY)
    assert answer.status_code == 200
    told = answer.json()
    assert set(told["_links"]) == {*LINKS, "curies"}
    assert {name: told[name] for name in person if name != "_links"} == {
        name: value for name, value in person.items() if name != "_links"
    }
    for name in LINKS:
        assert posted.get(told["_links"][name]["href"], headers=KEY).status_code == 200, name


def test_modifying_a_person(posted: TestClient) -> None:
    (person,) = people(posted)["_embedded"]["osdi:people"]
    answer = posted.put(
        f"/api/v2/people/{own_id(person)}/", json={"languages_spoken": ["fr"]}, headers=KEY
    )
    assert answer.status_code == 200
    told = answer.json()
    assert told["languages_spoken"] == ["fr"]
    assert told["email_addresses"] == person["email_addresses"]
    assert set(told["_links"]) == {*LINKS, "curies"}


def test_posting_a_bare_person_is_refused(client: TestClient) -> None:
    answer = client.post("/api/v2/people", json=OUTREACH["person"], headers=KEY)
    assert answer.status_code == 400 and answer.json()["error"]
    assert people(client)["_embedded"]["osdi:people"] == []


def test_deleting_a_person_is_refused(posted: TestClient) -> None:
    (person,) = people(posted)["_embedded"]["osdi:people"]
    answer = posted.delete(f"/api/v2/people/{own_id(person)}", headers=KEY)
    assert answer.status_code == 405 and answer.json()["error"]
    assert len(people(posted)["_embedded"]["osdi:people"]) == 1


def test_the_same_outreach_without_a_key(client: TestClient) -> None:
    answer = client.post(CAMPAIGN, json=OUTREACH)
    assert (answer.status_code, answer.content) == (200, b"{}")
    assert len(people(client)["_embedded"]["osdi:people"]) == 1
    nobody = client.post(CAMPAIGN, json={"person": {"given_name": "John"}})
    assert nobody.status_code == 400 and nobody.json()["error"]


def test_background_processing_is_answered_at_once_and_done(client: TestClient) -> None:
    answer = client.post(f"{CAMPAIGN}?background_request=true", json=OUTREACH, headers=KEY)
    assert answer.status_code == 202
    job = answer.headers["location"]
    for _ in range(1000):
        state = client.get(job).json()
        if state["state"] == "done":
            break
    assert state["counts"] == {"created": 1}
    assert len(people(client)["_embedded"]["osdi:people"]) == 1
