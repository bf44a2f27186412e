from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from starlette.requests import Request
from starlette.responses import Response

import matcher
from matcher.service import create_app
from matcher.service.idempotency import Idempotency, Replayed
from matcher.service.journal import Journal
from matcher.service.problems import Problem

Start = Callable[..., TestClient]

BOB = {
    "source": "signups", "source_record_id": "1", "first_name": "Bob", "last_name": "Okafor",
    "email": "bob.okafor@mailbox.org",
}  # fmt: skip
ROBERT = BOB | {"source": "van", "source_record_id": "77", "first_name": "Robert"}


def served(folder: Path) -> TestClient:
    """A service that can be started again."""
    return TestClient(create_app(folder / "identity.duckdb"), base_url="http://127.0.0.1")


KEY = {"Idempotency-Key": "form-17"}


def test_a_request_that_comes_twice_is_done_once(held: TestClient) -> None:
    body = {"record_ids": ["van:77"]}
    first = held.post("/v1/people/P1/split", json=body, headers=KEY)
    again = held.post("/v1/people/P1/split", json=body, headers=KEY)
    assert first.status_code == again.status_code == 200
    assert again.json() == first.json()
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert held.post("/v1/people/P1/split", json=body).status_code == 409


def test_a_key_is_for_one_request_alone(held: TestClient) -> None:
    assert held.post("/v1/undo", json={"what": "R1"}, headers=KEY).status_code == 200
    other = held.post("/v1/undo", json={"what": "R2"}, headers=KEY)
    assert other.status_code == 422
    assert other.json()["rule"] == "idempotency_key_reused"
    elsewhere = held.post("/v1/records", json={"what": "R1"}, headers=KEY)
    assert elsewhere.json()["rule"] == "idempotency_key_reused"


def test_a_request_that_failed_may_be_tried_again_under_its_key(client: TestClient) -> None:
    answers = [
        client.post("/v1/records", json=body, headers=KEY).status_code
        for body in ({"full_name": 3}, {"full_name": "Ann Aalto"})
    ]
    assert answers == [422, 200]


@pytest.mark.parametrize("key", ["", "with blank", "a" * 256])
def test_what_is_no_key_is_refused(client: TestClient, key: str) -> None:
    answer = client.post(
        "/v1/records", json={"full_name": "Ann Aalto"}, headers={"Idempotency-Key": key}
    )
    assert answer.status_code == 422
    assert client.get("/v1/people").json()["items"] == []


def test_a_vendors_call_that_comes_twice_is_done_once(client: TestClient) -> None:
    said = {"person": {"email_addresses": [{"address": "ann@mailbox.org"}]}}
    path = "/api/v2/advocacy_campaigns/letters/outreaches"
    osdi = {"OSDI-API-Token": "any"}
    answers = [client.post(path, json=said, headers=KEY | osdi) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["content-type"] == "application/hal+json"
    assert answers[1].headers["matcher-outcome"] == "created"
    assert answers[1].headers["idempotent-replayed"] == "true"
    assert len(client.get(path, headers=osdi).json()["_embedded"]["osdi:outreaches"]) == 1
    other = client.put("/api/v1/people/push", json={"person": {"email": "b@x.org"}}, headers=KEY)
    assert other.status_code == 422
    assert other.json()["rule"] == "idempotency_key_reused"


def test_answers_are_for_the_key_that_asked(
    start: Start, tokens: dict[str, str], tmp_path: Path
) -> None:
    client = start(keys=tmp_path / "keys.json")
    said = {"person": {"email": "ann@mailbox.org"}}

    def pushed(token: str) -> Response:
        return client.put(f"/api/v1/people/push?access_token={token}", json=said, headers=KEY)

    assert pushed(tokens["list:nationbuilder"]).status_code == 201
    assert pushed("mk_nobody").status_code == 401
    assert pushed(tokens["read"]).status_code == 403
    other = pushed(tokens["admin"])
    assert other.status_code == 200
    assert "idempotent-replayed" not in other.headers


def test_answers_are_the_same_after_a_restart(tmp_path: Path) -> None:
    with served(tmp_path) as client:
        client.post("/v1/records", json=[BOB, ROBERT])
        first = client.post("/v1/people/P1/split", json={"record_ids": ["van:77"]}, headers=KEY)
        assert first.status_code == 200
    with served(tmp_path) as client:
        again = client.post("/v1/people/P1/split", json={"record_ids": ["van:77"]}, headers=KEY)
        assert again.json() == first.json()
        assert again.headers["idempotent-replayed"] == "true"


def test_nothing_of_somebody_who_was_erased_is_said_again(tmp_path: Path) -> None:
    with served(tmp_path) as client:
        assert client.post("/v1/records", json=BOB, headers=KEY).status_code == 200
        push = {"person": {"email": "bob.okafor@mailbox.org", "first_name": "Bob"}}
        path = "/api/v1/people"
        assert client.post(path, json=push, headers={"Idempotency-Key": "2"}).status_code == 200
        assert client.delete("/v1/people/P1").status_code == 200
        again = client.post(path, json=push, headers={"Idempotency-Key": "2"})
        assert again.status_code == 409
        assert again.json()["rule"] == "carried_out"
        sent = client.post("/v1/records", json=BOB, headers=KEY)
        assert sent.json()["results"][0]["outcome"] == "turned_away"
    assert b"okafor" not in (tmp_path / "identity.duckdb.service").read_bytes().lower()


def test_erasure_by_another_program_counts_too(tmp_path: Path) -> None:
    with served(tmp_path) as client:
        assert client.post("/v1/records", json=BOB, headers=KEY).status_code == 200
    with matcher.open(tmp_path / "identity.duckdb") as store:
        store.forget("P1")
    with served(tmp_path) as client:
        sent = client.post("/v1/records", json=BOB, headers=KEY)
        assert sent.json()["results"][0]["outcome"] == "turned_away"


def request(body: bytes = b"{}", path: str = "/x", key: bytes = b"k") -> Request:
    async def receive() -> dict:
        return {"type": "http.request", "body": body, "more_body": False}

    length = str(len(body)).encode()
    scope = {
        "type": "http", "method": "POST", "path": path, "query_string": b"", "server": ("h", 80),
        "headers": [(b"idempotency-key", key), (b"host", b"h"), (b"content-length", length)],
        "scheme": "http",
    }  # fmt: skip
    return Request(scope, receive)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path / "identity.duckdb")
    yield journal
    journal.close()


async def said(kept: Idempotency, who: str = "me", may_repeat: bool = False) -> bytes:
    """The answer to a request; a new one says how it came to be."""
    try:
        begun = await kept.begin(request(), who, may_repeat=may_repeat)
    except Replayed as before:
        return bytes(before.answer.body)
    assert begun is not None
    answer = Response(f"new for {who}")
    await kept.end(begun, answer)
    return bytes(answer.body)


def test_while_the_first_is_being_carried_out_the_second_is_told_so(journal: Journal) -> None:
    async def both() -> None:
        kept = Idempotency(journal, 1, 10)
        begun = await kept.begin(request(), "me", may_repeat=False)
        assert begun is not None
        with pytest.raises(Problem) as refused:
            await kept.begin(request(), "me", may_repeat=True)
        assert (refused.value.status, refused.value.rule) == (409, "in_progress")
        await kept.end(begun, Response("first"))
        assert await said(kept) == b"first"

    asyncio.run(both())


def test_what_a_service_ended_on_is_repeated_only_where_that_is_harmless(journal: Journal) -> None:
    async def all_of_it() -> None:
        assert await Idempotency(journal, 1, 10).begin(request(), "me", may_repeat=False)
        kept = Idempotency(journal, 1, 10)  # as after a restart
        with pytest.raises(Problem) as refused:
            await said(kept)
        assert refused.value.rule == "outcome_unknown"
        assert await said(kept, may_repeat=True) == b"new for me"

    asyncio.run(all_of_it())


def test_keys_of_others_are_others_and_old_ones_are_forgotten(journal: Journal) -> None:
    now = [0.0]

    async def all_of_it() -> None:
        kept = Idempotency(journal, 1, 2, lambda: now[0])
        for who in ("me", "you", "third"):
            now[0] += 1
            assert await said(kept, who) == f"new for {who}".encode()
        begun = await kept.begin(request(), "me", may_repeat=False)  # the oldest went
        assert begun is not None
        await kept.end(begun, Response("again"))
        assert await said(kept) == b"again"
        now[0] = 3700.0
        assert await said(kept) == b"new for me"

    asyncio.run(all_of_it())


def test_one_that_ended_in_an_error_may_be_tried_again(journal: Journal) -> None:
    async def twice() -> None:
        kept = Idempotency(journal, 1, 10)
        begun = await kept.begin(request(), "me", may_repeat=False)
        assert begun is not None
        await kept.drop(begun)
        assert await said(kept) == b"new for me"

    asyncio.run(twice())


def test_a_long_answer_is_not_kept_and_of_a_long_body_the_length_counts(journal: Journal) -> None:
    async def all_of_it() -> None:
        kept = Idempotency(journal, 1, 10)
        begun = await kept.begin(request(), "me", may_repeat=False)
        assert begun is not None
        await kept.end(begun, Response(b"x" * (2**20 + 1)))
        with pytest.raises(Problem) as refused:
            await said(kept)
        assert refused.value.rule == "carried_out"
        long = b"x" * (2**20 + 1)
        begun = await kept.begin(request(long, key=b"other"), "me", may_repeat=False)
        assert begun is not None
        await kept.end(begun, Response("long"))
        with pytest.raises(Replayed):
            await kept.begin(request(long, key=b"other"), "me", may_repeat=False)
        with pytest.raises(Problem):
            await kept.begin(request(long + b"x", key=b"other"), "me", may_repeat=False)

    asyncio.run(all_of_it())
