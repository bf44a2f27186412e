from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from matcher.service.paging import cursor_of


def get(client: TestClient, path: str, **query: Any) -> dict[str, Any]:
    answer = client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def ids(told: dict[str, Any]) -> list[str]:
    return [person["person_id"] for person in told["items"]]


def test_a_person_is_told_with_the_record_of_every_value(held: TestClient) -> None:
    person = get(held, "/v1/people/P1")
    assert person["golden"]["last_name"] == "Okafor"
    assert sorted(record["record_id"] for record in person["records"]) == ["signups:1", "van:77"]
    assert {told["record_id"] for told in person["values"]} <= {"signups:1", "van:77"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"email": "BOB.OKAFOR@mailbox.org"}, ["P1"]),
        ({"phone": "(413) 555 0142"}, ["P1"]),
        ({"external_id": "van:78"}, ["P2"]),
        ({"name": "maria diaz"}, ["P2"]),
        ({"email": "stranger@mailbox.org"}, []),
        ({"email": "bob.okafor@mailbox.org", "name": "maria diaz"}, []),
        ({}, ["P1", "P2"]),
    ],
)
def test_people_are_found_by_what_is_known_of_them(
    held: TestClient, query: dict[str, str], found: list[str]
) -> None:
    assert ids(get(held, "/v1/people", **query)) == found


def test_what_cannot_be_looked_up_is_refused(held: TestClient) -> None:
    for query in ({"email": "nonsense"}, {"phone": "12"}, {"limit": 0}, {"cursor": "x"}):
        assert held.get("/v1/people", params=query).status_code == 422


def test_pages_hold_everybody_once_also_when_people_come_meanwhile(client: TestClient) -> None:
    names = ["Aalto", "Bolan", "Cruz", "Dorsey", "Eng", "Farkas", "Greco"]
    client.post("/v1/records", json=[{"full_name": f"Ann {name}"} for name in names])
    found, cursor = [], None
    while True:
        told = get(client, "/v1/people", limit=3, **({"cursor": cursor} if cursor else {}))
        assert len(told["items"]) <= 3
        found += ids(told)
        if len(found) == 3:
            client.post("/v1/records", json={"full_name": "Zoe Haddad"})
        cursor = told["next"]
        if cursor is None:
            break
    assert found == [f"P{number}" for number in range(1, 9)]


@pytest.mark.parametrize("cursor", ["", "!!!!", "e30", cursor_of("x"), cursor_of(-1), "9" * 150])
def test_a_cursor_that_no_answer_gave_is_refused(held: TestClient, cursor: str) -> None:
    assert held.get("/v1/people", params={"cursor": cursor}).status_code == 422


def test_the_history_of_a_person_comes_in_pages_too(held: TestClient) -> None:
    for city in ("Lowell", "Boston", "Salem"):
        record = {"source": "van", "source_record_id": "78", "full_name": "Maria Diaz"}
        held.post("/v1/records", json={**record, "city": city, "email": "maria@diaz.org"})
    whole = get(held, "/v1/people/P2/history")
    assert [line["kind"] for line in whole["items"]] == ["created", "changed", "changed", "changed"]
    first = get(held, "/v1/people/P2/history", limit=3)
    rest = get(held, "/v1/people/P2/history", limit=3, cursor=first["next"])
    assert first["items"] + rest["items"] == whole["items"] and rest["next"] is None


def test_why_and_how_say_what_holds_the_records_together(held: TestClient) -> None:
    why = get(held, "/v1/why", left="signups:1", right="van:77")
    assert why["same_cluster"] is True and why["persons"] == ["P1", "P1"]
    assert {reason["comparison"] for reason in why["reasons"]} >= {"first_name", "email"}
    how = get(held, "/v1/people/P1/how")
    assert how["record_ids"] == ["signups:1", "van:77"] and len(how["steps"]) == 1
    assert get(held, "/v1/how", person_id="P1") == how


def test_a_decision_outranks_the_weights_until_it_is_withdrawn(held: TestClient) -> None:
    pair = {"left": "signups:1", "right": "van:77"}
    parted = held.post("/v1/decisions", json={**pair, "verdict": "different", "note": "brothers"})
    assert parted.status_code == 200
    assert list(parted.json()["split"].values()) == ["P1"]
    assert get(held, "/v1/why", **pair)["decisions"][0]["by"] == "api"
    joined = held.post("/v1/decisions", json={**pair, "verdict": "withdrawn"}).json()
    assert list(joined["merged"].values()) == ["P1"]


def test_a_split_is_made_and_undone(held: TestClient) -> None:
    split = held.post("/v1/people/P1/split", json={"record_ids": ["van:77"]}).json()
    assert len(split["split"]) == 1
    assert held.post("/v1/undo", json={"what": split["run"]}).status_code == 200
    assert len(get(held, "/v1/people/P1")["records"]) == 2
    assert held.post("/v1/undo", json={"what": split["run"]}).status_code == 409
    assert held.post("/v1/undo", json={"what": "R999"}).status_code == 404


def test_what_contradicts_is_refused_and_changes_nothing(held: TestClient) -> None:
    assert held.post("/v1/people/P1/split", json={"record_ids": ["van:78"]}).status_code == 409
    same = {"left": "van:77", "right": "van:77", "verdict": "same"}
    assert held.post("/v1/decisions", json=same).status_code in (409, 422)
    assert len(get(held, "/v1/people/P1/history")["items"]) == 1


def test_erasure_is_shown_first_and_then_done_with_a_receipt(held: TestClient) -> None:
    shown = held.delete("/v1/people/P1", params={"dry_run": True}).json()
    assert shown["dry_run"] is True and sorted(shown["records"]) == ["signups:1", "van:77"]
    assert get(held, "/v1/people/P1")["person_id"] == "P1"
    done = held.delete("/v1/people/P1", params={"reason": "letter of 3 November"}).json()
    assert done["reason"] == "letter of 3 November" and done["run"]
    assert held.get("/v1/people/P1").status_code == 404
    assert held.delete("/v1/people/P1").status_code == 404
    again = held.post("/v1/records", json={"full_name": "Bob Okafor", "phone": "413-555-0142"})
    assert again.json()["results"][0]["outcome"] == "turned_away"
    assert again.json()["results"][0]["person_id"] is None


def test_the_counts_are_of_routes_and_of_nobodys_data(held: TestClient) -> None:
    get(held, "/v1/people/P1")
    told = held.get("/metrics")
    assert told.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = told.text.splitlines()
    assert (
        'matcher_requests_total{method="GET",route="/v1/people/{person_id}",status="200"} 1'
        in lines
    )
    assert 'matcher_group_requests_count{kind="records"} 1' in lines
    assert "P1" not in told.text
