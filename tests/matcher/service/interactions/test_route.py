"""The Interactions API's own route."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from fastapi.testclient import TestClient

#: The document's example; its addresses, which it hides, are replaced.
EXAMPLE: dict[str, Any] = {
    "contactInfo": {
        "email": ["jpdoe@example.org", "john.doe@example.org"],
        "phone": ["+14155552671", "+14155559876"],
        "address": [
            {
                "addressLine1": "123 Main Street",
                "addressLine2": "Apt 4B",
                "city": "San Francisco",
                "state": "CA",
                "postalCode": "94102",
                "country": "US",
            }
        ],
        "firstName": "John",
        "middleName": "Paul",
        "lastName": "Doe",
        "socialHandle": ["@jpdoe", "@johndoe"],
    },
    "stateCode": "CA",
    "attemptDateTime": "2026-02-19T15:30:00Z",
    "method": "email",
    "committee": [{"id": "12345", "type": "campaign"}],
    "canvasser": [{"id": "67890", "type": "volunteer"}],
    "vendorSource": "EmailVendor",
    "outcome": "successful_contact",
    "outcomesDetailed": [{"type": "survey_response", "id": "101", "responseId": "202"}],
    "channel": {"type": "email", "value": "jpdoe@example.org"},
    "threadId": "thread-abc-123",
    "jsonMetadata": '{"campaign_name": "Spring 2026", "message_subject": "Town Hall Invitation"}',
}


def example(**changed: Any) -> dict[str, Any]:
    return copy.deepcopy(EXAMPLE) | changed


def count(client: TestClient) -> int:
    return len(client.get("/v1/interactions").json()["items"])


def test_the_example_is_kept_and_comes_again_as_the_same(client: TestClient) -> None:
    answer = client.post("/interactions", json=example())
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["accepted"], told["new"], told["unmatched"], told["warnings"]) == (1, 1, 1, [])
    again = client.post("/interactions", json=example())
    assert (again.status_code, again.json()["same"]) == (200, 1)
    assert count(client) == 1


def test_an_interaction_is_linked_to_whom_the_store_knows(client: TestClient) -> None:
    client.post(
        "/v1/records",
        json={"full_name": "John Doe", "email": "jpdoe@example.org", "phone": "+14155552671"},
    )
    assert client.post("/interactions", json=example()).json()["linked"] == 1


@pytest.mark.parametrize(
    ("interaction", "path", "rule"),
    [
        ({}, "$.contactInfo", "IX-02"),
        ({"contactInfo": {"firstName": "John"}}, "$.contactInfo", "IX-02"),
        ({"contactInfo": {"socialHandle": ["@x"]}}, "$.contactInfo", "IX-02"),
        ({"contactInfo": {"email": "a@example.org"}}, "$.contactInfo.email", "IX-04"),
        ({"contactInfo": {"phone": [5]}}, "$.contactInfo.phone[0]", "IX-04"),
        ({"contactInfo": {"address": ["x"]}}, "$.contactInfo.address[0]", "IX-05"),
        ({"person": "x"}, "$.person", "IX-03"),
        ([], "$", "IX-01"),
        ("x", "$", "IX-01"),
    ],
)
def test_what_breaks_a_rule_is_refused_with_its_path_and_none_comes_in(
    client: TestClient, interaction: Any, path: str, rule: str
) -> None:
    many = client.post("/interactions", json=[example(), interaction])
    assert many.status_code == 422
    fault = many.json()["errors"][0]
    assert (fault["path"], fault["rule"]) == (f"$[1]{path[1:]}", rule)
    if interaction != []:
        one = client.post("/interactions", json=interaction)
        assert one.status_code == 422
        assert (one.json()["errors"][0]["path"], one.json()["errors"][0]["rule"]) == (path, rule)
    assert count(client) == 0


def test_what_goes_to_van_needs_a_van_person_id(client: TestClient) -> None:
    refused = client.post("/interactions?destination=van", json=example())
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["rule"] == "IX-08"
    assert "van_person_id_required" in refused.json()["message"]
    other = example(person=[{"type": "nationbuilder", "id": "1"}])
    assert client.post("/interactions?destination=VAN", json=other).status_code == 422
    named = example(person=[{"type": "VAN", "id": "100"}])
    assert client.post("/interactions?destination=van", json=named).status_code == 201


def test_phones_should_be_e164_and_must_be_where_that_is_asked_for(client: TestClient) -> None:
    said = {"contactInfo": {"phone": ["(415) 555-2671"]}}
    strict = client.post("/interactions?strict=true", json=said)
    assert strict.status_code == 422 and strict.json()["errors"][0]["rule"] == "IX-06"
    answer = client.post("/interactions", json=said)
    (warning,) = answer.json()["warnings"]
    assert (warning["path"], warning["code"]) == ("$.contactInfo.phone[0]", "phone_not_e164")


@pytest.mark.parametrize("body", [[], [{}] * 1001])
def test_so_many_at_once_and_no_more(client: TestClient, body: Any) -> None:
    assert client.post("/interactions", json=body).status_code == 422


def test_a_key_of_that_list_is_needed(start: Any, tokens: dict[str, str], tmp_path: Any) -> None:
    client = start(base_url="https://example.org", keys=tmp_path / "keys.json")
    for scope, status in (("list:interactions", 201), ("write", 403), ("list:ngp_van", 403)):
        headers = {"Authorization": f"Bearer {tokens[scope]}"}
        assert client.post("/interactions", json=example(), headers=headers).status_code == status
    assert client.post("/interactions", json=example()).status_code == 401
