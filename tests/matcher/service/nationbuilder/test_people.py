"""NationBuilder's routes beyond the document's examples."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from fastapi.testclient import TestClient

from matcher.service.nationbuilder.finding import miles_between

PEOPLE = "/api/v1/people"


def push(client: TestClient, **person: Any) -> Any:
    return client.put(f"{PEOPLE}/push", json={"person": person})


def ids(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [person["id"] for person in answer.json()["results"]]


@pytest.fixture
def many(client: TestClient) -> TestClient:
    for n in range(1, 8):
        assert push(client, email=f"p{n}@example.org").status_code == 201
    return client


def test_pages_go_on_and_back_by_nonce_and_token(many: TestClient) -> None:
    pages, path = [], f"{PEOPLE}?limit=3"
    while path:
        answer = many.get(path)
        pages.append(answer.json())
        path = answer.json()["next"]
    assert [[p["id"] for p in page["results"]] for page in pages] == [[1, 2, 3], [4, 5, 6], [7]]
    assert pages[0]["prev"] is None
    back = many.get(pages[2]["prev"])
    assert ids(back) == [4, 5, 6]
    first = many.get(back.json()["prev"])
    assert ids(first) == [1, 2, 3] and first.json()["prev"] is None
    assert ids(many.get(first.json()["next"])) == [4, 5, 6]
    query = parse_qs(urlparse(pages[0]["next"]).query)
    assert len(query["__nonce"][0]) > 10 and query["limit"] == ["3"]


def test_pages_stay_right_while_people_come_and_go(many: TestClient) -> None:
    following = many.get(f"{PEOPLE}?limit=3").json()["next"]
    many.delete(f"{PEOPLE}/2")
    push(many, email="p8@example.org")
    assert ids(many.get(following)) == [4, 5, 6]


def test_the_next_page_of_a_search_asks_for_the_same(many: TestClient) -> None:
    for n in (1, 3, 5, 7):
        many.put(f"{PEOPLE}/{n}", json={"person": {"sex": "F"}})
    answer = many.get(f"{PEOPLE}/search?sex=F&limit=2&access_token=secret")
    assert ids(answer) == [1, 3]
    assert "secret" not in answer.text
    assert ids(many.get(answer.json()["next"])) == [5, 7]


@pytest.mark.parametrize("token", ["x", "a1", "MQ", "ImMxIg"])
def test_a_token_that_nobody_gave_is_refused(client: TestClient, token: str) -> None:
    assert client.get(PEOPLE, params={"__token": token}).status_code in (400, 422)


def test_what_the_document_has_no_field_for_is_a_custom_field(client: TestClient) -> None:
    said = {"email": "ada@example.org", "tea": "green", "cups": 3, "likes": ["a", "b"]}
    person = push(client, **said).json()["person"]
    assert {name: person[name] for name in said} == said
    changed = client.put(f"{PEOPLE}/{person['id']}", json={"person": {"cups": 4}}).json()["person"]
    assert (changed["tea"], changed["cups"]) == ("green", 4)
    found = client.get(f"{PEOPLE}/search", params={"custom_values[tea]": "Green"})
    assert ids(found) == [person["id"]]


def test_a_whole_resource_may_be_put_back(client: TestClient) -> None:
    said = {
        "email": "ada@example.org", "mobile": "303-555-0841", "phone": "213 3944 624",
        "civicrm_id": 7, "birthdate": "1973-04-04", "support_level": 1, "tags": ["a"],
        "home_address": {"address1": "1 High St", "city": "Denver", "state": "CO", "lat": 39.75,
                         "lng": "-104.99"},
        "precinct_id": 77, "precinct_code": "9876", "tea": "green",
    }  # fmt: skip
    told = push(client, **said).json()
    assert told["precinct"] == {"id": 77, "code": "9876", "name": None}
    assert told["person"]["mobile_normalized"] == "3035550841"
    answer = client.put(f"{PEOPLE}/{told['person']['id']}", json=told)
    again = answer.json()
    dates = {"updated_at": told["person"]["updated_at"]}
    assert again["person"] | dates == told["person"]


def test_numbers_that_the_vendor_works_out_are_not_written(client: TestClient) -> None:
    said = {"email": "a@b.org", "donations_count": 5, "capital_amount_in_cents": 7, "id": 99}
    person = push(client, **said).json()["person"]
    assert (person["donations_count"], person["capital_amount_in_cents"]) == (0, 0)


def test_an_address_that_moves_loses_its_place(client: TestClient) -> None:
    home = {"address1": "1 High St", "city": "Denver", "state": "CO", "lat": 39.75, "lng": -104.99}
    own = push(client, email="ada@example.org", home_address=home).json()["person"]["id"]
    near = f"{PEOPLE}/nearby?location=39.75,-104.99"
    assert ids(client.get(near)) == [own]
    client.put(f"{PEOPLE}/{own}", json={"person": {"home_address": {"city": "Austin"}}})
    assert ids(client.get(near)) == []


def test_distances_are_those_of_a_globe() -> None:
    assert miles_between((34.0522, -118.2428), (34.0522, -118.2428)) == 0
    assert miles_between((40.7128, -74.006), (34.0522, -118.2437)) == pytest.approx(2445, abs=5)
    assert miles_between((0, 179.9), (0, -179.9)) == pytest.approx(13.8, abs=0.1)
    assert miles_between((90, 0), (-90, 0)) == pytest.approx(12436, abs=10)


@pytest.mark.parametrize(
    "query",
    ["nearby", "nearby?location=x", "nearby?location=91,0", "nearby?location=nan,0",
     "nearby?location=1,2&distance=-1", "search?updated_since=then", "match"],
)  # fmt: skip
def test_a_query_that_cannot_be_meant_is_refused(client: TestClient, query: str) -> None:
    answer = client.get(f"{PEOPLE}/{query}")
    assert answer.status_code == 400 and answer.json()["message"]


def test_search_takes_each_documented_criterion(client: TestClient) -> None:
    push(client, email="other@example.org", first_name="Zoe")
    said = {
        "email": "ada@example.org", "first_name": "Ada", "last_name": "Quarter", "sex": "F",
        "birthdate": "1973-04-04", "mobile": "303-555-0841", "civicrm_id": "1",
        "county_file_id": "2", "state_file_id": "3", "datatrust_id": "4", "dw_id": "5",
        "media_market_id": "6", "ngp_id": "7", "pf_strat_id": "8", "van_id": "9",
        "salesforce_id": "10", "rnc_id": "11", "rnc_regid": "12", "external_id": "13",
        "work_address": {"address1": "1 High St", "city": "Denver", "state": "Colorado"},
    }  # fmt: skip
    own = push(client, **said).json()["person"]["id"]
    asked = {name: value for name, value in said.items() if name not in ("mobile", "work_address")}
    asked |= {"city": "denver", "state": "colorado", "with_mobile": "true"}
    asked |= {"updated_since": "2020-01-01T00:00:00+00:00"}
    for name, value in asked.items():
        found = ids(client.get(f"{PEOPLE}/search", params={name: value}))
        assert own in found and (len(found) == 1 or name == "updated_since"), name
        if name not in ("with_mobile", "updated_since"):
            assert ids(client.get(f"{PEOPLE}/search", params={name: f"{value}9"})) == [], name
    assert ids(client.get(f"{PEOPLE}/search", params=asked)) == [own]


def test_match_needs_a_single_person(client: TestClient) -> None:
    for n in range(2):
        push(client, email=f"p{n}@example.org", first_name="Ada", last_name="Quarter")
    several = client.get(f"{PEOPLE}/match?first_name=Ada&last_name=Quarter")
    assert several.status_code == 400 and several.json()["code"] == "multiple_matches"
    one = client.get(f"{PEOPLE}/match?first_name=Ada&email=p1@example.org")
    assert one.status_code == 200 and one.json()["person"]["email"] == "p1@example.org"


def test_ids_that_name_different_people_are_a_conflict(client: TestClient) -> None:
    push(client, email="ada@example.org", external_id="1")
    push(client, email="bob@example.org", external_id="2")
    answer = push(client, email="ada@example.org", external_id="2")
    assert answer.status_code == 409 and answer.json()["code"] == "validation_failed"
    taken = client.post(PEOPLE, json={"person": {"email": "ada@example.org"}})
    assert taken.status_code == 409
    assert client.get(f"{PEOPLE}/count").json() == {"people_count": 2}


def test_an_id_of_the_nations_own_export_finds_the_person(client: TestClient) -> None:
    held = client.app.state.service.store  # type: ignore[attr-defined]
    held.ingest([{"nationbuilder_id": "453", "email": "ada@example.org"}], policy="nationbuilder")
    person = client.get(f"{PEOPLE}/453").json()["person"]
    assert (person["id"], person["email"]) == (453, "ada@example.org")
    assert client.put(f"{PEOPLE}/453", json={"person": {"sex": "F"}}).status_code == 201
    assert client.delete(f"{PEOPLE}/453").status_code == 204


def test_those_whom_a_person_names_are_shown(client: TestClient) -> None:
    recruiter = push(client, email="mina@example.org", first_name="Mina").json()["person"]["id"]
    own = push(client, email="ada@example.org", recruiter_id=recruiter).json()["person"]
    assert own["recruiter"]["first_name"] == "Mina" and own["recruiter_id"] == recruiter
    assert "recruiter" not in own["recruiter"]
    lost = push(client, email="eve@example.org", recruiter_id=999).json()["person"]
    assert lost["recruiter"] is None


def test_a_person_who_is_created_with_a_date_keeps_it(client: TestClient) -> None:
    said = {"person": {"email": "ada@example.org", "created_at": "2014-02-02T11:51:23-05:00"}}
    person = client.post(PEOPLE, json=said).json()["person"]
    assert person["created_at"] == "2014-02-02T11:51:23-05:00"
    later = {"person": {"created_at": "2001-01-01T00:00:00+00:00"}}
    again = client.put(f"{PEOPLE}/{person['id']}", json=later).json()["person"]
    assert again["created_at"] == "2014-02-02T11:51:23-05:00"


@pytest.mark.parametrize("body", [[], {}, {"person": "x"}, {"person": None}, {"person": [1]}])
def test_a_body_without_a_person_is_refused(client: TestClient, body: Any) -> None:
    for method, path in (("POST", PEOPLE), ("PUT", f"{PEOPLE}/push"), ("PUT", f"{PEOPLE}/1")):
        answer = client.request(method, path, json=body)
        assert answer.status_code == 400 and answer.json()["message"]


@pytest.mark.parametrize(
    "body",
    [{}, {"tagging": []}, {"tagging": {}}]
    + [{"tagging": {"tag": tag}} for tag in (1, [], ["", "a"], ["a"] * 101)],
)
def test_a_tagging_without_a_tag_is_refused(client: TestClient, body: Any) -> None:
    own = push(client, email="ada@example.org").json()["person"]["id"]
    for method in ("PUT", "DELETE"):
        answer = client.request(method, f"{PEOPLE}/{own}/taggings", json=body)
        assert answer.status_code == 400, answer.text


def test_the_date_of_birth_helps_to_tell_people_apart(client: TestClient) -> None:
    push(client, email="ada@example.org", birthdate="1973-04-04")
    person = client.get("/v1/people/P1").json()
    assert person["golden"]["birth_date"] == "1973-04-04"


def test_each_way_of_showing_a_key(start: Any, tokens: dict[str, str], tmp_path: Any) -> None:
    client = start(base_url="https://example.org", keys=tmp_path / "keys.json")
    own = tokens["list:nationbuilder"]
    assert client.get(f"{PEOPLE}/count?access_token={own}").status_code == 200
    bearer = {"Authorization": f"Bearer {own}"}
    assert client.get(f"{PEOPLE}/count", headers=bearer).status_code == 200
    assert client.get(f"{PEOPLE}/me?access_token={own}").json()["person"]["full_name"] == (
        "list:nationbuilder"
    )
    for token, status in ((tokens["list:action_network"], 403), (own[:-1] + "?", 401), ("", 401)):
        answer = client.get(f"{PEOPLE}/count?access_token={token}")
        assert answer.status_code == status and answer.json()["code"] in (
            "unauthorized", "forbidden",
        )  # fmt: skip


def test_the_steps_of_a_public_client(client: TestClient) -> None:
    """Those of ``parsons.NationBuilder``: upsert, update, and pages by nonce and token."""
    assert push(client, email="ada@example.org", tags=["foo", "bar"]).status_code == 201
    assert push(client, email="ada@example.org", last_name="Q").status_code == 200
    assert client.put(f"{PEOPLE}/1", json={"person": {"first_name": "Adele"}}).is_success
    for n in range(12):
        push(client, email=f"p{n}@example.org")
    listed, path = [], PEOPLE
    while path:
        answer = client.get(path).json()
        listed += answer["results"]
        following = parse_qs(urlparse(answer["next"] or "").query)
        path = following and (
            f"{PEOPLE}?limit=100&__nonce={following['__nonce'][0]}"
            f"&__token={following['__token'][0]}"
        )
    assert len(listed) == 13 and listed[0]["first_name"] == "Adele"
