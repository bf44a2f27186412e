from __future__ import annotations

import asyncio

import pytest
from fastapi.testclient import TestClient
from starlette.requests import Request
from starlette.responses import Response

from matcher.service.idempotency import Idempotency
from matcher.service.problems import Problem

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


def request(body: bytes = b"{}", path: str = "/x") -> Request:
    async def receive() -> dict:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {
        "type": "http", "method": "POST", "path": path, "query_string": b"", "server": ("h", 80),
        "headers": [(b"idempotency-key", b"k"), (b"host", b"h")], "scheme": "http",
    }  # fmt: skip
    return Request(scope, receive)


class Doing:
    """Answers, and counts how often it was asked."""

    def __init__(self) -> None:
        self.times = 0
        self.may_go = asyncio.Event()

    async def __call__(self) -> Response:
        self.times += 1
        await self.may_go.wait()
        return Response(str(self.times))


def test_while_the_first_is_being_carried_out_the_second_is_told_so() -> None:
    async def both() -> None:
        kept, do = Idempotency(1, 10), Doing()
        first = asyncio.create_task(kept.once(request(), "me", do))
        await asyncio.sleep(0)
        with pytest.raises(Problem) as refused:
            await kept.once(request(), "me", do)
        assert refused.value.status == 409
        do.may_go.set()
        assert (await first).body == (await kept.once(request(), "me", do)).body == b"1"

    asyncio.run(both())


def test_keys_of_others_are_others_and_old_ones_are_forgotten() -> None:
    now = [0.0]

    async def all_of_it() -> None:
        kept, do = Idempotency(1, 2, lambda: now[0]), Doing()
        do.may_go.set()
        bodies = [(await kept.once(request(), who, do)).body for who in ("me", "you", "me")]
        assert bodies == [b"1", b"2", b"1"]
        assert (await kept.once(request(), "third", do)).body == b"3"  # the oldest goes
        assert (await kept.once(request(), "me", do)).body == b"4"
        now[0] = 3601.0
        assert (await kept.once(request(), "me", do)).body == b"5"

    asyncio.run(all_of_it())


def test_one_that_ended_in_an_error_is_not_kept() -> None:
    async def twice() -> None:
        kept, do = Idempotency(1, 10), Doing()
        do.may_go.set()

        async def fail() -> Response:
            raise Problem(503, "busy", "later")

        with pytest.raises(Problem):
            await kept.once(request(), "me", fail)
        assert (await kept.once(request(), "me", do)).body == b"1"

    asyncio.run(twice())
