"""Each example request of NationBuilder's document, as printed, and the shape of its answer.

Addresses that the document hides are replaced, and brackets that its text has lost are added.
"""

from __future__ import annotations

import os
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from matcher.service.nationbuilder.fields import ABBREVIATED, FULL

SHARED = Path(os.environ.get("MATCHER_SHARED", Path(__file__).parents[5] / "shared"))
DOCUMENT = SHARED / "vendor-docs" / "nationbuilder-people-api.txt"
PEOPLE = "/api/v1/people"
CREATED = {
    "person": {
        "email": "bob@example.org",
        "last_name": "Smith",
        "first_name": "Bob",
        "sex": "M",
        "signup_type": 0,
        "employer": "Dexter Labs",
        "party": "P",
        "registered_address": {"state": "TX", "country_code": "US"},
    }
}
PUSHED = {
    "person": {
        "email": "byron@example.org", "first_name": "Byron", "last_name": "Erastos", "sex": "M",
    }
}  # fmt: skip
ADDRESS = {"address1", "address2", "address3", "city", "state", "country_code", "zip", "lat", "lng"}


@pytest.fixture
def bob(client: TestClient) -> dict[str, Any]:
    answer = client.post(PEOPLE, json=CREATED)
    assert answer.status_code == 200, answer.text
    person: dict[str, Any] = answer.json()["person"]
    return person


def test_the_fields_are_those_of_the_document() -> None:
    if not DOCUMENT.is_file():
        pytest.skip("the vendor's document is not here")
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    starts = [n for n, line in enumerate(lines) if re.fullmatch(r"[A-Z]\w+( \w+)* Resource", line)]
    full, abbreviated = (
        {found[1] for line in lines[a:b] if (found := re.match(r"\s*• (\w+) - ", line))}
        for a, b in pairwise(starts[:3])
    )
    assert full <= set(FULL) and abbreviated <= set(ABBREVIATED)
    create = next(n for n, line in enumerate(lines) if line == "Create Endpoint")
    update = next(n for n, line in enumerate(lines) if line == "Update Endpoint")
    shown = {
        found[1] for line in lines[create:update] if (found := re.match(r'\s*"(\w+)": ', line))
    }
    assert shown - ADDRESS - {"person", "precinct"} <= set(FULL)


def test_create(client: TestClient) -> None:
    answer = client.post(PEOPLE, json=CREATED)
    assert answer.status_code == 200
    assert set(answer.json()) == {"person", "precinct"}
    person = answer.json()["person"]
    assert set(person) == set(FULL)
    assert {name: person[name] for name in CREATED["person"] if name != "registered_address"} == {
        name: value for name, value in CREATED["person"].items() if name != "registered_address"
    }
    for name in ("registered_address", "primary_address"):
        assert set(person[name]) == ADDRESS
        assert (person[name]["state"], person[name]["country_code"]) == ("TX", "US")
    assert person["home_address"] is None
    assert person["email1"] == "bob@example.org" and person["primary_email_id"] == 1
    assert person["full_name"] == "Bob Smith" and type(person["id"]) is int
    assert person["created_at"] == person["updated_at"] == person["first_supporter_at"]
    assert person["email_opt_in"] is True and person["tags"] == [] and person["precinct_id"] is None


def test_create_without_an_identity_names_that_field(client: TestClient) -> None:
    answer = client.post(PEOPLE, json={"person": {"sex": "M"}})
    assert answer.status_code == 400
    assert answer.json()["code"] == "validation_failed"
    assert "identity" in answer.json()["validation_errors"][0]


def test_count(client: TestClient, bob: dict[str, Any]) -> None:
    answer = client.get(f"{PEOPLE}/count")
    assert (answer.status_code, answer.json()) == (200, {"people_count": 1})


def test_index(client: TestClient, bob: dict[str, Any]) -> None:
    client.put(f"{PEOPLE}/push", json=PUSHED)
    answer = client.get(PEOPLE)
    assert answer.status_code == 200
    assert set(answer.json()) == {"next", "prev", "results"}
    assert answer.json()["next"] is None and answer.json()["prev"] is None
    results = answer.json()["results"]
    assert [set(each) for each in results] == [set(ABBREVIATED)] * 2
    assert set(results[0]["primary_address"]) == ADDRESS
    assert results[1]["primary_address"] is None


def test_show(client: TestClient, bob: dict[str, Any]) -> None:
    answer = client.get(f"{PEOPLE}/{bob['id']}")
    assert answer.status_code == 200 and answer.json() == {"person": bob, "precinct": None}
    client.put(f"{PEOPLE}/{bob['id']}", json={"person": {"external_id": "8491"}})
    external = client.get(f"{PEOPLE}/8491?id_type=external")
    assert external.status_code == 200 and external.json()["person"]["external_id"] == "8491"
    assert external.json()["person"]["id"] == bob["id"]
    missing = client.get(f"{PEOPLE}/8492?id_type=external")
    assert missing.status_code == 404 and missing.json()["code"] == "not_found"


def test_match(client: TestClient, bob: dict[str, Any]) -> None:
    answer = client.get(f"{PEOPLE}/match?email=bob@example.org")
    assert answer.status_code == 200 and answer.json() == {"person": bob, "precinct": None}
    nobody = client.get(f"{PEOPLE}/match?email=nobody@example.org")
    assert nobody.status_code == 400 and nobody.json()["code"] == "no_matches"


def test_search(client: TestClient, bob: dict[str, Any]) -> None:
    home = {"address1": "123 Fake St", "city": "Beverly Hills", "state": "CA", "zip": "90201"}
    client.put(f"{PEOPLE}/push", json={"person": {**PUSHED["person"], "home_address": home}})
    answer = client.get(f"{PEOPLE}/search?first_name=Byron&city=Beverly%20Hills&state=CA")
    assert answer.status_code == 200 and set(answer.json()) == {"next", "prev", "results"}
    (byron,) = answer.json()["results"]
    assert set(byron) == set(ABBREVIATED) and byron["first_name"] == "Byron"


def test_nearby(client: TestClient, bob: dict[str, Any]) -> None:
    home = {
        "address1": "21292 Ahmad Rds", "city": "Doyleburgh", "state": "Wyoming",
        "zip": "57314-7614", "lat": "34.0522", "lng": "-118.2428",
    }  # fmt: skip
    client.put(f"{PEOPLE}/push", json={"person": {**PUSHED["person"], "home_address": home}})
    answer = client.get(f"{PEOPLE}/nearby?location=34.0522,-118.2428&distance=1")
    assert answer.status_code == 200 and set(answer.json()) == {"next", "prev", "results"}
    (byron,) = answer.json()["results"]
    assert float(byron["primary_address"]["lat"]) == 34.0522
    elsewhere = client.get(f"{PEOPLE}/nearby?location=39.7559,-104.9942")
    assert elsewhere.json()["results"] == []


def test_update(client: TestClient, bob: dict[str, Any]) -> None:
    said = {"person": {"first_name": "Joe", "email": "joe@example.org"}}
    answer = client.put(f"{PEOPLE}/{bob['id']}", json=said)
    assert answer.status_code == 201
    person = answer.json()["person"]
    assert set(person) == set(FULL)
    assert (person["first_name"], person["email"]) == ("Joe", "joe@example.org")
    assert (person["email1"], person["email2"]) == ("bob@example.org", "joe@example.org")
    assert person["primary_email_id"] == 2


def test_push_updates_whom_the_email_finds(client: TestClient, bob: dict[str, Any]) -> None:
    said = {"person": {"email": "bob@example.org", "first_name": "Joe", "sex": "F"}}
    answer = client.put(f"{PEOPLE}/push", json=said)
    assert answer.status_code == 200
    person = answer.json()["person"]
    assert (person["id"], person["first_name"], person["sex"]) == (bob["id"], "Joe", "F")


def test_push_creates_whom_nobody_is(client: TestClient) -> None:
    answer = client.put(f"{PEOPLE}/push", json=PUSHED)
    assert answer.status_code == 201
    assert {name: answer.json()["person"][name] for name in PUSHED["person"]} == PUSHED["person"]


def test_destroy(client: TestClient, bob: dict[str, Any]) -> None:
    answer = client.delete(f"{PEOPLE}/{bob['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert client.get(f"{PEOPLE}/{bob['id']}").status_code == 404
    assert client.get(f"{PEOPLE}/count").json() == {"people_count": 0}


def test_register(client: TestClient, bob: dict[str, Any]) -> None:
    answer = client.get(f"{PEOPLE}/{bob['id']}/register")
    assert (answer.status_code, answer.json()) == (200, {"status": "success"})
    assert client.get(f"{PEOPLE}/123/register").status_code == 404


def test_me(client: TestClient) -> None:
    answer = client.get(f"{PEOPLE}/me")
    assert answer.status_code == 200 and set(answer.json()) == {"person", "precinct"}
    assert set(answer.json()["person"]) == set(FULL)
    assert answer.json()["person"]["full_name"]


def test_lists(client: TestClient, bob: dict[str, Any]) -> None:
    answer = client.get(f"{PEOPLE}/{bob['id']}/lists")
    assert answer.status_code == 200 and answer.json()["results"] == []


@pytest.mark.parametrize("body", [{"tag": "my_tag"}, {"tag": ["my_tag1", "my_tag2"]}])
def test_taggings_are_put_got_and_deleted(
    client: TestClient, bob: dict[str, Any], body: dict[str, Any]
) -> None:
    tags = [body["tag"]] if isinstance(body["tag"], str) else body["tag"]
    path = f"{PEOPLE}/{bob['id']}/taggings"
    answer = client.put(path, json={"tagging": body})
    assert answer.status_code == 200
    told = answer.json()
    made = [told["tagging"]] if isinstance(body["tag"], str) else told["taggings"]
    assert [(each["person_id"], each["tag"]) for each in made] == [(bob["id"], tag) for tag in tags]
    assert client.get(path).json() == {"taggings": made}
    assert client.get(f"{PEOPLE}/{bob['id']}").json()["person"]["tags"] == tags
    assert client.request("DELETE", path, json={"tagging": body}).status_code == 204
    assert client.get(path).json() == {"taggings": []}


def test_a_single_tag_is_removed(client: TestClient, bob: dict[str, Any]) -> None:
    path = f"{PEOPLE}/{bob['id']}/taggings"
    client.put(path, json={"tagging": {"tag": ["a b", "c"]}})
    answer = client.delete(f"{path}/a%20b")
    assert (answer.status_code, answer.content) == (204, b"")
    assert [each["tag"] for each in client.get(path).json()["taggings"]] == ["c"]


def test_a_private_note(client: TestClient, bob: dict[str, Any]) -> None:
    note = {"note": {"content": "Seems likely to be a supporter"}}
    answer = client.post(f"{PEOPLE}/{bob['id']}/notes", json=note)
    assert answer.status_code == 200
    assert answer.json()["note"]["content"] == "Seems likely to be a supporter"
    assert answer.json()["note"]["person_id"] == bob["id"]
