"""The record-outreach helper, with a key and blind."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

KEY = {"OSDI-API-Token": "any"}
PATH = "/api/v2/advocacy_campaigns/letters/outreaches"


def said(email: str | None = None, phone: str | None = None, **more: Any) -> dict[str, Any]:
    person: dict[str, Any] = {"given_name": "Ada", "family_name": "Quartermaine"}
    if email:
        person["email_addresses"] = [{"address": email}]
    if phone:
        person["phone_numbers"] = [{"number": phone}]
    return {"person": person, **more}


def outreaches(client: TestClient, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"{PATH}{query}", headers=KEY).json()["_embedded"][
        "osdi:outreaches"
    ]
    return found


def people(client: TestClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/api/v2/people", headers=KEY).json()["_embedded"][
        "osdi:people"
    ]
    return found


def test_what_was_said_of_an_outreach_comes_back(client: TestClient) -> None:
    told = {
        "identifiers": ["crm:55"],
        "subject": "Please",
        "message": "Vote yes",
        "targets": [{"title": "Senator", "given_name": "Joe", "ocdid": "ocd-division/country:us"}],
        "action_network:referrer_data": {"source": "flyer", "website": "example.org"},
        "created_date": "2014-03-27T17:58:45Z",
    }
    answer = client.post(PATH, json=said("ada@quarter.org", **told), headers=KEY).json()
    assert answer["identifiers"][1:] == ["crm:55"]
    for name in ("subject", "message", "targets", "action_network:referrer_data"):
        assert answer[name] == told[name]
    assert answer["created_date"] == answer["modified_date"] == told["created_date"]
    assert outreaches(client) == [answer]
    call = client.post(PATH, json=said("ada@quarter.org", duration="120"), headers=KEY).json()
    assert (call["type"], call["duration"]) == ("phone", "120")


def test_outreaches_are_not_deduplicated_and_are_a_persons_too(client: TestClient) -> None:
    answers = [client.post(PATH, json=said("ada@quarter.org"), headers=KEY) for _ in range(3)]
    (own,) = {answer.json()["action_network:person_id"] for answer in answers}
    theirs = client.get(f"/api/v2/people/{own}/outreaches", headers=KEY).json()
    assert len(theirs["_embedded"]["osdi:outreaches"]) == 3
    assert outreaches(client) == theirs["_embedded"]["osdi:outreaches"]
    assert len(outreaches(client, "?per_page=2&page=2")) == 1


def test_a_person_may_be_named_by_a_link(client: TestClient) -> None:
    made = client.post("/api/v2/people", json=said("ada@quarter.org"), headers=KEY).json()
    link = {"_links": {"osdi:person": made["_links"]["self"]}}
    answer = client.post(PATH, json=link, headers=KEY).json()
    assert answer["_links"]["osdi:person"] == made["_links"]["self"]
    for wrong in ({"_links": {}}, {"_links": []}, {"_links": {"osdi:person": {"href": 1}}}):
        assert client.post(PATH, json=wrong, headers=KEY).status_code == 400
    for blind in (link, {"_links": {"osdi:person": {"href": "https://x/people/nobody"}}}):
        answer = client.post(PATH, json=blind)
        assert answer.status_code == 400 and "person" in answer.json()["error"]
    gone = {"_links": {"osdi:person": {"href": "https://x/people/nobody"}}}
    assert client.post(PATH, json=gone, headers=KEY).status_code == 404


@pytest.mark.parametrize(
    "more",
    [
        {"targets": []},
        {"targets": {}},
        {"targets": [{}, {}]},
        {"targets": [{"title": 1}]},
        {"subject": 1},
        {"created_date": "then"},
        {"created_date": 5},
        {"identifiers": "crm:1"},
        {"identifiers": [1]},
        {"action_network:referrer_data": "flyer"},
        {"action_network:referrer_data": {"source": 1}},
    ],
)
@pytest.mark.parametrize("headers", [KEY, {}], ids=["with a key", "blind"])
def test_what_cannot_be_meant_is_refused(
    client: TestClient, more: dict[str, Any], headers: dict[str, str]
) -> None:
    answer = client.post(PATH, json=said("ada@quarter.org", **more), headers=headers)
    assert answer.status_code == 400 and answer.json()["error"]
    assert people(client) == [] and outreaches(client) == []


def test_campaigns_have_plain_ids(client: TestClient) -> None:
    path = "/api/v2/advocacy_campaigns/a b/outreaches"
    assert client.post(path, json=said("ada@quarter.org"), headers=KEY).status_code == 400


def test_blind_answers_are_the_same_bytes_whoever_it_was(client: TestClient) -> None:
    client.post("/api/v2/people", json=said("ada@quarter.org", "2024560171"), headers=KEY)
    van = {"source": "van", "full_name": "Bob Okafor", "email": "bob@okafor.net"}
    client.post("/v1/records", json=van)
    bob = {"person": {"given_name": "Bob", "family_name": "Okafor"}}
    bob["person"]["email_addresses"] = [{"address": "bob@okafor.net"}]  # type: ignore[assignment]
    answers = [
        client.post(PATH, json=body)
        for body in (
            said("ada@quarter.org"), said("new@mallory.org"), said("new@mallory.org"),
            said(None, "2024560171"), said("other@mallory.org", "2024560171"), bob,
        )
    ]  # fmt: skip
    told = {
        (a.status_code, a.content, a.headers["content-type"], frozenset(a.headers.keys()))
        for a in answers
    }
    assert len(told) == 1 and answers[0].content == b"{}"


def test_a_blind_outreach_changes_nobody_who_is_there(client: TestClient) -> None:
    client.post(
        "/api/v2/people", json=said("ada@quarter.org", "2024560171", add_tags=["a"]), headers=KEY
    )
    other = {"given_name": "Zoltan", "phone_numbers": [{"number": "2024560199"}]}
    client.post("/api/v2/people", json={"person": other}, headers=KEY)
    before = people(client)
    persons = [client.get(f"/v1/people/P{n}").json() for n in (1, 2)]
    assert [person["person_id"] for person in persons] == ["P1", "P2"]
    for body in (
        said("ada@quarter.org", "2024560199", add_tags=["b"], remove_tags=["a"]),
        {"person": {"email_addresses": [{"address": "ada@quarter.org", "status": "subscribed"}],
                    "given_name": "Mallory", "identifiers": ["crm:1"]}},
        said(None, "2024560171"),
    ):  # fmt: skip
        assert client.post(PATH, json=body).content == b"{}"
    assert people(client) == before
    assert len(outreaches(client)) == 3
    assert [client.get(f"/v1/people/P{n}").json() for n in (1, 2)] == persons


def test_a_blind_outreach_says_nothing_of_consent(client: TestClient) -> None:
    body = {"person": {"email_addresses": [{"address": "new@x.org", "status": "unsubscribed"}]}}
    assert client.post(PATH, json=body).content == b"{}"
    assert people(client)[0]["email_addresses"][0]["status"] == "subscribed"


def test_pages_of_other_sites_may_post_blindly_and_nothing_else(keyed: TestClient) -> None:
    origin = {"Origin": "https://form.example.org"}
    asked = {**origin, "Access-Control-Request-Method": "POST"}
    preflight = keyed.options(PATH, headers=asked)
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert preflight.headers["access-control-allow-methods"] == "POST"
    allowed = preflight.headers["access-control-allow-headers"].lower()
    assert "osdi-api-token" not in allowed and "authorization" not in allowed
    posted = keyed.post(PATH, json=said("ada@quarter.org"), headers=origin)
    assert posted.status_code == 200
    assert posted.headers["access-control-allow-origin"] == "*"
    wrong = keyed.post(PATH, json={}, headers=origin)
    assert wrong.status_code == 400 and "access-control-allow-origin" in wrong.headers
    for path in ("/api/v2/people", "/v1/people", "/v1/records"):
        answer = keyed.options(path, headers=asked)
        assert "access-control-allow-origin" not in answer.headers
        answer = keyed.get(path, headers=origin)
        assert "access-control-allow-origin" not in answer.headers


def test_a_key_that_is_shown_must_be_good(keyed: TestClient, tokens: dict[str, str]) -> None:
    for headers, status in (
        ({"OSDI-API-Token": "wrong"}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": "Basic eDp5"}, 401),
        ({"OSDI-API-Token": tokens["list:nationbuilder"]}, 403),
        ({"OSDI-API-Token": tokens["list:action_network"]}, 200),
        ({"Authorization": f"Bearer {tokens['list:action_network']}"}, 200),
    ):
        answer = keyed.post(PATH, json=said("ada@quarter.org"), headers=headers)
        assert answer.status_code == status, headers
        assert "access-control-allow-origin" not in answer.headers


def test_an_address_that_posts_too_often_is_told_when_to_come_again(start: Any) -> None:
    client = start(blind_rate=0.1, blind_burst=2)
    answers = [client.post(PATH, json=said(f"a{n}@quarter.org")) for n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert client.post(PATH, json=said("a@quarter.org"), headers=KEY).status_code == 200


def test_whoever_was_forgotten_is_told_to_nobody_without_a_key(client: TestClient) -> None:
    client.post(PATH, json=said("ada@quarter.org"), headers=KEY)
    assert client.delete("/v1/people/P1").status_code == 200
    assert client.post(PATH, json=said("ada@quarter.org")).content == b"{}"
    assert client.post(PATH, json=said("ada@quarter.org"), headers=KEY).status_code == 409
    assert people(client) == [] and outreaches(client) == []


@pytest.fixture
def keyed(start: Any, tokens: dict[str, str], tmp_path: Any) -> TestClient:
    client: TestClient = start(base_url="https://example.org", keys=tmp_path / "keys.json")
    return client
