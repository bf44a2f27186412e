"""What comes over the wire and should not: refused with the right status, nothing written."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterable, Iterator

import httpx2
import pytest
from fastapi.testclient import TestClient
from serving import Live, serving

HOST = b"Host: localhost\r\n"
JSON = b"Content-Type: application/json\r\n"
POST = b"POST /v1/records HTTP/1.1\r\n" + HOST + JSON
MEGABYTE = b"a" * 2**20


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with serving(tmp_path_factory.mktemp("limits")) as running:
        yield running


def said(live: Live, parts: Iterable[bytes], patience: float = 30.0) -> bytes:
    """What is answered to some bytes, until the other side hangs up or has answered."""
    heard = b""
    with socket.create_connection(("127.0.0.1", live.port), timeout=patience) as connection:
        try:
            for part in parts:
                connection.sendall(part)
        except OSError:
            pass  # refused while we still send
        try:
            while not heard.endswith(b"}") and (part := connection.recv(65_536)):
                heard += part
        except ConnectionError:
            pass
    return heard


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([POST + b"Content-Length: 104857600\r\n\r\n", *[MEGABYTE] * 100], 413),
        (
            [
                POST + b"Transfer-Encoding: chunked\r\n\r\n",
                *[b"100000\r\n" + MEGABYTE + b"\r\n"] * 5,
                b"0\r\n\r\n",
            ],
            413,
        ),
        ([POST + b"Content-Length: -1\r\n\r\n"], 400),
        ([POST + b"Content-Length: 9999999999999999999999999\r\n\r\n"], 400),
        ([POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"], 400),
        ([b"GET /health HTTP/1.1\r\n", HOST, *[b"X-Flood: " + b"a" * 1000 + b"\r\n"] * 500], 431),
        ([b"GET /health HTTP/1.1\r\n", HOST, b"X-Endless: ", *[b"a" * 10_000] * 100], 431),
        ([b"GET /health HTTP/1.1\r\n", HOST, *[b"X-%d: b\r\n" % n for n in range(9999)]], 431),
        ([b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n"], 431),
        ([b"GET /health HTTP/1.1\r\nHost: evil.example\r\n" + HOST + b"\r\n"], 400),
        ([b"GET /health HTTP/1.1\r\nHost: evil.example\r\n\r\n"], 403),
        ([b"GET /health HTTP/1.1\r\n\r\n"], 403),
        ([b"nonsense\r\n\r\n"], 400),
        ([b"GET /v1/people/\xff\xfe HTTP/1.1\r\n" + HOST + b"\r\n"], 400),
    ],
)
def test_what_is_too_much_or_damaged_is_refused(
    live: Live, parts: list[bytes], expected: int
) -> None:
    assert status(said(live, parts)) == expected
    assert httpx2.get(f"{live.url}/v1/people").json()["items"] == []


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/v1/../v1/people",
        "//v1//people",
        "/v1/people/",
        "/v1/people/..%2f..%2fetc%2fpasswd",
        "/v1/people/%2e%2e",
        "/v1/people/P1%00",
        "/v1/people/%ff%fe",
        "/v1/people/P1;DROP%20TABLE%20record",
        "/v1/people/P99999999999999999999",
        "/V1/PEOPLE",
    ],
)
def test_a_path_that_tries_tricks_leads_nowhere(live: Live, path: str) -> None:
    request = b"GET " + path.encode() + b" HTTP/1.1\r\n" + HOST + b"\r\n"
    answer = said(live, [request])
    assert status(answer) in (404, 422)
    assert b"Traceback" not in answer and b"identity.duckdb" not in answer


def test_who_asks_before_it_sends_too_much_is_not_told_to_go_on(live: Live) -> None:
    asks = POST + b"Content-Length: 104857600\r\nExpect: 100-continue\r\n\r\n"
    answer = said(live, [asks])
    assert status(answer) == 413
    assert b"connection: close" in answer.lower()


def test_a_client_that_goes_away_is_no_error_of_ours(live: Live) -> None:
    with socket.create_connection(("127.0.0.1", live.port)) as connection:
        connection.sendall(POST + b'Content-Length: 100\r\n\r\n{"full_name":')
    for _ in range(100):
        if '"status": 499' in live.log.read_text():
            break
        time.sleep(0.1)
    told = live.log.read_text()
    assert '"status": 499' in told
    assert '"status": 500' not in told and "ClientDisconnect" not in told


def test_the_log_holds_no_data_of_persons(live: Live) -> None:
    httpx2.get(f"{live.url}/v1/people", params={"email": "secret.person@mailbox.org"})
    httpx2.post(f"{live.url}/v1/resolve", json={"email": "secret.person@mailbox.org"})
    httpx2.post(f"{live.url}/v1/resolve", json={"emails": "secret.person@mailbox.org"})
    log = live.log.read_text()
    assert "secret" not in log and "mailbox" not in log
    assert '"route": "/v1/people"' in log


def test_a_body_that_does_not_come_is_not_waited_for(start) -> None:
    """With a tenth of a second instead of ten."""
    from matcher.service.boundary import Boundary

    client: TestClient = start(body_seconds=0.1)
    passed: list[dict] = []

    async def never() -> dict:
        await asyncio.sleep(30)
        raise AssertionError

    async def send(message: dict) -> None:
        passed.append(message)

    boundary = Boundary(
        client.app, client.app.state.service.settings, client.app.state.service.metrics, {}
    )
    scope = {
        "type": "http", "method": "POST", "path": "/v1/records", "raw_path": b"/v1/records",
        "query_string": b"", "root_path": "", "http_version": "1.1", "scheme": "http",
        "headers": [
            (b"host", b"localhost"), (b"content-type", b"application/json"),
            (b"content-length", b"10"),
        ],
    }  # fmt: skip
    client.portal.call(boundary, scope, never, send)
    assert passed[0]["status"] == 408
    assert (b"connection", b"close") in passed[0]["headers"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"{", 400),
        (b'{"full_name": "\xff\xfe"}', 400),
        (b'{"full_name": "\\ud800"}', 400),
        (b'{"full_name": NaN}', 400),
        (b"\xef\xbb\xbf{}", 400),
        (b'{"full_name": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
        (b"[" * 40 + b"]" * 40, 422),
        (b"[" + b'{"full_name": "Ann"},' * 1000 + b'{"full_name": "Ann"}]', 422),
        (b'{"full_name": "' + b"a" * 3000 + b'"}', 422),
        (b'{"full_name": 1' + b"0" * 5000 + b"}", 400),
    ],
)
def test_a_body_that_is_no_json_or_a_bomb_is_refused(
    client: TestClient, content: bytes, expected: int
) -> None:
    for path in ("/v1/records", "/v1/resolve", "/v1/decisions", "/v1/undo"):
        answer = client.post(path, content=content, headers={"Content-Type": "application/json"})
        assert answer.status_code == expected, path
    assert client.get("/v1/people").json()["items"] == []


def test_a_body_of_another_kind_is_refused(client: TestClient) -> None:
    """So that a page elsewhere cannot post what a browser lets it without asking."""
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        answer = client.post(
            "/v1/records", content=b'{"full_name": "Ann"}', headers={"Content-Type": kind}
        )
        assert answer.status_code == 415


def test_no_page_elsewhere_is_let_in(client: TestClient) -> None:
    preflight = client.options(
        "/v1/records",
        headers={"Origin": "http://localhost", "Access-Control-Request-Method": "POST"},
    )
    assert preflight.status_code == 405
    assert not any(name.startswith("access-control") for name in preflight.headers)
