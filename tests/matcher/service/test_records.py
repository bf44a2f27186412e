from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

BOB = {
    "source": "signups",
    "source_record_id": "1",
    "first_name": "Bob",
    "last_name": "Okafor",
    "email": "bob.okafor@mailbox.org",
    "phone": "413-555-0142",
}


def results(client: TestClient, path: str, body: Any) -> list[dict[str, Any]]:
    answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()["results"]


def test_a_record_creates_a_person_and_another_joins_it(client: TestClient) -> None:
    (first,) = results(client, "/v1/records", BOB)
    assert first["outcome"] == "created" and first["record_id"] == "signups:1"
    assert first["candidates"] == []
    robert = {"source": "van", "first_name": "Robert", "last_name": "Okafor", "email": BOB["email"]}
    (second,) = results(client, "/v1/records", robert)
    assert second["outcome"] == "joined" and second["person_id"] == first["person_id"]
    (candidate,) = second["candidates"]
    assert candidate["person_id"] == first["person_id"]
    assert candidate["reasons"]["first_name"] == "nickname"


def test_a_record_that_comes_again_says_nothing_new_and_one_that_changed_does(
    client: TestClient,
) -> None:
    results(client, "/v1/records", BOB)
    assert results(client, "/v1/records", BOB)[0]["outcome"] == "same"
    changed = {**BOB, "city": "Northampton"}
    assert results(client, "/v1/records", changed)[0]["outcome"] == "changed"


def test_a_batch_is_answered_in_its_order_whatever_the_sources(client: TestClient) -> None:
    people = [
        {"source": source, "source_record_id": n, "full_name": f"Person {name}"}
        for n, (source, name) in enumerate(
            [("b", "Aalto"), ("a", "Bolan"), ("b", "Cruz"), ("c", "Dorsey"), ("a", "Eng")]
        )
    ]
    ids = [told["record_id"] for told in results(client, "/v1/records", people)]
    assert ids == ["b:0", "a:1", "b:2", "c:3", "a:4"]


def test_records_may_come_as_lines(client: TestClient) -> None:
    lines = b'{"full_name": "Ann Aalto"}\n\n{"full_name": "Ben Bolan"}\n'
    answer = client.post(
        "/v1/records", content=lines, headers={"Content-Type": "application/x-ndjson"}
    )
    assert [told["outcome"] for told in answer.json()["results"]] == ["created", "created"]


def test_values_that_cannot_be_used_are_told_and_the_record_stays(client: TestClient) -> None:
    (told,) = results(client, "/v1/records", {"full_name": "Ann Aalto", "email": "nonsense"})
    assert told["outcome"] == "created"
    (reject,) = told["rejects"]
    assert reject["value"] == "nonsense"


def test_an_id_of_nationbuilder_does_not_make_the_record_an_export_of_it(
    client: TestClient,
) -> None:
    (told,) = results(
        client, "/v1/records", {"source": "form", "nationbuilder_id": 5, "full_name": "Ann Aalto"}
    )
    assert told["record_id"].startswith("form:") and told["record_id"] != "form:5"
    people = client.get("/v1/people", params={"external_id": "nationbuilder_id:5"}).json()
    assert [person["person_id"] for person in people["items"]] == [told["person_id"]]


def test_more_emails_and_phones_than_one_are_kept_in_their_order(client: TestClient) -> None:
    emails = [f"ann{number}@aalto.fi" for number in range(6)]
    phones = ["413-586-7700", "413-586-7701"]
    body = {"full_name": "Ann Aalto", "email": emails, "phone": phones}
    (told,) = results(client, "/v1/records", body)
    person = client.get(f"/v1/people/{told['person_id']}").json()
    assert [value["value"] for value in person["emails"]] == emails
    assert [value["value"] for value in person["phones"]] == ["+14135867700", "+14135867701"]


def test_candidates_are_left_out_where_nobody_wants_them(held: TestClient) -> None:
    answer = held.post("/v1/records?candidates=false", json={**BOB, "city": "Holyoke"})
    assert answer.json()["results"][0]["candidates"] == []


def test_resolve_says_none_one_or_many_and_writes_nothing(held: TestClient) -> None:
    before = held.get("/v1/people").json()
    stranger = {"full_name": "Zoltan Farkas", "email": "zoltan@mailbox.org"}
    robert = {"first_name": "Robert", "last_name": "Okafor", "email": BOB["email"]}
    found = results(held, "/v1/resolve", [stranger, robert])
    assert [one["match"] for one in found] == ["none", "one"]
    assert found[0]["person_id"] is None and found[1]["person_id"] == "P1"
    assert held.get("/v1/people").json() == before


def test_resolve_says_many_where_a_record_would_make_one_of_several(client: TestClient) -> None:
    by_phone = {"source": "a", "full_name": "Anna Lindqvist", "phone": "413-586-7700"}
    by_mail = {"source": "b", "full_name": "Anna Lindqvist", "email": "alindqvist@mailbox.org"}
    both = {**by_phone, **by_mail, "source": "c"}
    created = results(client, "/v1/records", [{**by_phone, "city": "Lowell"}, by_mail])
    (found,) = results(client, "/v1/resolve", both)
    persons = {one["person_id"] for one in created}
    assert {found["person_id"], *found["merges"]} == persons
    assert found["match"] == ("many" if len(persons) == 2 else "one")


@pytest.mark.parametrize(
    ("body", "path", "rule"),
    [
        ({"full_name": 3}, "$.full_name", "string_type"),
        ({"called": "Ann"}, "$.called", "extra_forbidden"),
        ({"source": "a:b", "full_name": "Ann"}, "$.source", "string_pattern_mismatch"),
        ({"city": "Lowell", "birth_date": "3/4/80"}, "$.birth_date", "string_pattern_mismatch"),
        ({"gender": "f"}, "$", "value_error"),
        ({"full_name": " "}, "$", "value_error"),
        ([{"full_name": "Ann Aalto"}, {"email": {}}], "$[1].email", None),
        ([], "$", "record_count"),
        ("text", "$", "model_type"),
        (
            [{"source_record_id": 1, "full_name": n} for n in ("Ann", "Ben")],
            "$[1].source_record_id",
            "repeated_record",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_path(
    client: TestClient, body: Any, path: str, rule: str | None
) -> None:
    answer = client.post("/v1/records", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    fault = answer.json()["errors"][0]
    assert fault["path"].startswith(path)
    assert rule is None or fault["rule"] == rule
    assert client.get("/v1/people").json()["items"] == []
