from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient

TEXT = {
    "id": "t-1",
    "contactInfo": {"phone": ["+14135550142"], "firstName": "Bob"},
    "stateCode": "MA",
    "attemptDateTime": "2026-02-19T15:30:00Z",
}
STRANGER = {
    "id": "t-2",
    "contactInfo": {"phone": ["+14135867700"], "firstName": "Zoltan"},
    "stateCode": "MA",
}
NOBODY = {"id": "t-3", "contactInfo": {"firstName": "Maria"}}
LINES = {"Content-Type": "application/x-ndjson"}


def listed(client: TestClient, **query: Any) -> list[dict[str, Any]]:
    answer = client.get("/v1/interactions", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def test_one_an_array_or_lines_are_taken_in_and_linked(held: TestClient) -> None:
    one = held.post("/v1/interactions", json=TEXT).json()
    assert (one["received"], one["linked"]) == (1, 1)
    several = held.post("/v1/interactions", json=[TEXT, STRANGER]).json()
    assert (several["same"], several["unmatched"]) == (1, 1)
    content = b'{"id": "t-3", "contactInfo": {"email": ["bob.okafor@mailbox.org"]}}\n{"id": \n'
    lines = held.post("/v1/interactions", content=content, headers=LINES).json()
    assert (lines["received"], lines["linked"], lines["invalid"]) == (2, 1, 1)
    assert [row["interaction_id"] for row in listed(held, status="linked")] == ["t-1", "t-3"]
    assert {row["person_id"] for row in listed(held, person_id="P1")} == {"P1"}


def test_what_is_not_valid_is_told_with_its_path_and_the_rest_goes_on(held: TestClient) -> None:
    told = held.post("/v1/interactions", json=[NOBODY, TEXT]).json()
    assert (told["invalid"], told["linked"], told["reject_count"]) == (1, 1, 1)
    assert told["rejects"][0]["row"] == 1 and told["rejects"][0]["path"] == "$.contactInfo"
    (invalid,) = listed(held, status="invalid")
    assert invalid["person_id"] is None and invalid["occurred_at"] is None


def test_one_that_waits_is_linked_when_a_record_says_who_it_was(held: TestClient) -> None:
    held.post("/v1/interactions", json=STRANGER)
    assert listed(held, status="unmatched")
    held.post("/v1/records", json={"full_name": "Zoltan Farkas", "phone": "413-586-7700"})
    (now,) = listed(held, status="linked")
    told = held.get(f"/v1/interactions/{now['interaction']}").json()
    assert [moment["status"] for moment in told["moments"]] == ["unmatched", "linked"]
    assert told["content"] == STRANGER
    assert held.get("/v1/interactions/t-2").json() == told
    assert held.get("/v1/interactions/I99").status_code == 404


def test_interactions_come_in_pages(held: TestClient) -> None:
    held.post("/v1/interactions", json=[{**STRANGER, "id": f"t-{n}"} for n in range(5)])
    found, cursor = [], None
    for _ in range(3):
        query = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        answer = held.get("/v1/interactions", params=query).json()
        found += [row["interaction_id"] for row in answer["items"]]
        cursor = answer["next"]
    assert found == [f"t-{n}" for n in range(5)] and cursor is None


def test_what_is_no_interaction_is_refused(held: TestClient) -> None:
    for content, headers, status in (
        (b"", LINES, 422),
        (b"[]", {"Content-Type": "application/json"}, 422),
        (b"{", {"Content-Type": "application/json"}, 400),
        (b"{}", {"Content-Type": "text/plain"}, 415),
    ):
        answer = held.post("/v1/interactions", content=content, headers=headers)
        assert answer.status_code == status, answer.text
    assert held.post("/v1/interactions", json=[3, "x"]).status_code in (200, 422)
    assert held.get("/v1/interactions", params={"status": "lost"}).status_code == 422


def test_doubtful_pairs_are_shown_until_somebody_decides(client: TestClient) -> None:
    pair = [
        {"source": "a", "source_record_id": "1", "full_name": name, "birth_date": "1980-01-02"}
        for name in ("Ada Okonkwo", "Bea Okonkwo")
    ]
    pair[1]["source"] = "b"
    client.post("/v1/records", json=pair)
    items = client.get("/v1/review").json()["items"]
    assert items
    for item in items:
        assert 0.1 <= item["probability"] <= 0.9
        said = {"left": item["record_id_left"], "right": item["record_id_right"]}
        assert client.post("/v1/decisions", json={**said, "verdict": "unsure"}).status_code == 200
    assert client.get("/v1/review").json() == {"items": [], "next": None}
    assert client.get("/v1/review", params={"person_id": "P99"}).status_code == 404


def test_doubtful_pairs_come_in_pages(client: TestClient) -> None:
    names = ["Ada Okonkwo", "Bea Okonkwo", "Cy Okonkwo"]
    people = [
        {"source": "a", "source_record_id": name, "full_name": name, "birth_date": "1980-01-02"}
        for name in names
    ]
    client.post("/v1/records", json=people)
    whole = client.get("/v1/review").json()
    assert len(whole["items"]) == 3 and whole["next"] is None
    told: list[dict[str, str]] = []
    cursor: dict[str, str] = {}
    while cursor is not None:
        page = client.get("/v1/review", params={"limit": 1, **cursor}).json()
        told += page["items"]
        cursor = {"cursor": page["next"]} if page["next"] else None
    assert told == whole["items"]
    for wrong in ("x", "IjEyIg", "MTI"):
        assert client.get("/v1/review", params={"cursor": wrong}).status_code == 422


def test_a_refusal_leaves_what_is_in_memory(held: TestClient) -> None:
    """To read it again takes seconds where the store is large, in which nobody is answered."""
    session = held.app.state.service.store._session
    state = session.state
    asked = [
        held.delete("/v1/people/P99"),
        held.delete("/v1/people/x"),
        held.delete("/v1/people/P1?dry_run=true"),
        held.post("/v1/undo", json={"what": "R99"}),
        held.post("/v1/people/P1/split", json={"record_ids": ["van:78"]}),
        held.post("/v1/decisions", json={"left": "a:1", "right": "van:77", "verdict": "same"}),
        held.put("/api/v1/people/99", json={"person": {"first_name": "Ann"}}),
        held.delete("/api/v1/people/99"),
        held.post("/v1/interactions", json=[{"contactInfo": 3}]),
    ]
    statuses = [answer.status_code for answer in asked]
    assert statuses == [404, 404, 200, 404, 409, 404, 404, 404, 200]
    assert session.state is state
