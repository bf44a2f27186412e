from __future__ import annotations

import base64
from pathlib import Path

import pytest
from starlette.requests import Request

from matcher.service.access import access_token, basic_password, bearer, osdi_token
from matcher.service.keys import read_keys, revoke_key

#: Route, body, and the scope that it asks for.
ROUTES = [
    ("POST", "/v1/records", {"full_name": "Ann Aalto"}, "write"),
    ("POST", "/v1/resolve", {"full_name": "Ann Aalto"}, "read"),
    ("GET", "/v1/people", None, "read"),
    ("GET", "/v1/people/P1", None, "read"),
    ("GET", "/v1/people/P1/history", None, "read"),
    ("GET", "/v1/people/P1/how", None, "read"),
    ("GET", "/v1/how?person_id=P1", None, "read"),
    ("GET", "/v1/why?left=a&right=b", None, "read"),
    ("DELETE", "/v1/people/P1", None, "admin"),
    ("POST", "/v1/decisions", {"left": "a", "right": "b", "verdict": "same"}, "review"),
    ("POST", "/v1/people/P1/split", {"record_ids": ["a"]}, "review"),
    ("POST", "/v1/undo", {"what": "R1"}, "review"),
    ("GET", "/v1/review", None, "review"),
    ("POST", "/v1/interactions", {}, "write"),
    ("GET", "/v1/interactions", None, "read"),
    ("GET", "/v1/interactions/I1", None, "read"),
    ("GET", "/v1/jobs", None, "write"),
    ("GET", "/v1/jobs/J1", None, "write"),
    ("GET", "/v1/jobs/J1/rejects", None, "write"),
    ("POST", "/v1/jobs", None, "write"),
    ("GET", "/metrics", None, "read"),
]
IDS = [f"{method} {path}" for method, path, _, _ in ROUTES]


@pytest.fixture
def keyed(start, tokens, tmp_path):
    return start(base_url="https://example.org", keys=tmp_path / "keys.json")


def with_key(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_every_route_of_the_service_is_tried_here(client) -> None:
    documented = {
        (method.upper(), path)
        for path, methods in client.get("/openapi.json").json()["paths"].items()
        for method in methods
    }
    tried = {
        (
            m,
            p.partition("?")[0]
            .replace("P1", "{person_id}")
            .replace("J1", "{job_id}")
            .replace("I1", "{interaction}"),
        )
        for m, p, _, _ in ROUTES
    }
    own = {(m, p) for m, p in documented if p.startswith("/v1") or p == "/metrics"}
    assert own == tried


@pytest.mark.parametrize(("method", "path", "body", "scope"), ROUTES, ids=IDS)
def test_without_a_key_nothing_is_answered_and_nothing_is_learnt(
    keyed, tokens, method, path, body, scope
) -> None:
    wrong = tokens[scope][:-1] + ("A" if tokens[scope][-1] != "A" else "B")
    for headers in ({}, with_key("nonsense"), with_key(wrong), with_key("mk_" + "0" * 12)):
        answer = keyed.request(method, path, json=body, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        known = keyed.request(method, path.replace("P1", "P999"), json=body, headers=headers)
        assert known.json() == answer.json()


@pytest.mark.parametrize(("method", "path", "body", "scope"), ROUTES, ids=IDS)
def test_a_key_opens_what_its_scope_says_and_no_more(
    keyed, tokens, method, path, body, scope
) -> None:
    for other, token in tokens.items():
        answer = keyed.request(method, path, json=body, headers=with_key(token))
        allowed = other in (scope, "admin")
        assert (answer.status_code not in (401, 403)) is allowed, (other, answer.text)


def test_a_revoked_key_is_refused_while_the_service_runs(keyed, tokens, tmp_path, monkeypatch):
    monkeypatch.setattr("matcher.service.access._LOOK_AGAIN", -1.0)
    headers = with_key(tokens["read"])
    assert keyed.get("/v1/people", headers=headers).status_code == 200
    (number,) = [key.id for key in read_keys(tmp_path / "keys.json") if key.name == "read"]
    revoke_key(tmp_path / "keys.json", number)
    assert keyed.get("/v1/people", headers=headers).status_code == 401
    assert keyed.get("/v1/people", headers=with_key(tokens["admin"])).status_code == 200


def test_where_the_file_of_keys_is_gone_or_damaged_no_key_holds(
    keyed, tokens, tmp_path, monkeypatch
):
    monkeypatch.setattr("matcher.service.access._LOOK_AGAIN", -1.0)
    file = tmp_path / "keys.json"
    content = file.read_text()
    headers = with_key(tokens["admin"])
    for damage in (lambda: file.write_text("{"), file.unlink):
        damage()
        assert keyed.get("/v1/people", headers=headers).status_code == 401
        file.write_text(content)
        assert keyed.get("/v1/people", headers=headers).status_code == 200


def test_who_asks_stands_in_the_history(keyed, tokens) -> None:
    keyed.post("/v1/records", json={"full_name": "Ann Aalto"}, headers=with_key(tokens["write"]))
    lines = keyed.get("/v1/people/P1/history", headers=with_key(tokens["read"])).json()["items"]
    assert [line["by"] for line in lines] == ["write"]


def test_a_key_that_asks_too_often_is_told_when_to_come_again(start, tokens, tmp_path) -> None:
    client = start(keys=tmp_path / "keys.json", rate=0.5, burst=3)
    answers = [client.get("/v1/people", headers=with_key(tokens["read"])) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 2
    assert client.get("/v1/people", headers=with_key(tokens["admin"])).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Host": "127.0.0.1.evil.org"}],
)
def test_without_keys_only_this_machine_by_its_own_name_is_answered(client, headers) -> None:
    assert client.get("/v1/people", headers=headers).status_code == 403
    assert client.get("/v1/people", headers={"Host": "localhost:8000"}).status_code == 200


def request(headers: dict[str, str], query: str = "") -> Request:
    encoded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "headers": encoded, "query_string": query.encode()})


def test_each_vendors_way_of_showing_a_key_is_known() -> None:
    assert bearer(request({"Authorization": "bearer k"})) == ["k"]
    assert bearer(request({"Authorization": "Basic eDp5"})) == []
    assert osdi_token(request({"OSDI-API-Token": " k "})) == ["k"]
    assert access_token(request({}, "a=1&access_token=k")) == ["k"]
    assert access_token(request({}, "a=1")) == []
    for password in ("k|0", "k"):
        coded = base64.b64encode(f"app:{password}".encode()).decode()
        assert basic_password(request({"Authorization": f"Basic {coded}"})) == ["k"]
    assert basic_password(request({"Authorization": "Basic ***"})) == [""]


def test_the_file_is_its_owners_alone_and_holds_no_key(tokens, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    assert file.stat().st_mode & 0o777 == 0o600
    text = file.read_text()
    assert not any(token in text or token.split("_", 2)[2] in text for token in tokens.values())
