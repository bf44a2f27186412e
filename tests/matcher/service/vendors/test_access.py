"""Every vendor's route asks for a key of its list, but for blind outreaches."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from matcher.service.keys import SCOPES, read_keys, revoke_key

LISTS = {
    "/api/v2": ("list:action_network",),
    "/api/v1": ("list:nationbuilder",),
    "/v4/contacts": ("list:ngp_van",),
    "/v4/people": ("list:ngp_van_people",),
    "/interactions": ("list:interactions",),
}
BLIND = ("POST", "/api/v2/advocacy_campaigns/x/outreaches")
#: What each vendor calls a refusal.
SHAPES = {
    "/api/v2": "error",
    "/api/v1": "message",
    "/v4/contacts": "errors",
    "/v4/people": "errors",
    "/interactions": "message",
}


def prefix_of(path: str) -> str:
    return next(prefix for prefix in LISTS if path.startswith(prefix))


@pytest.fixture
def keyed(start: Any, tokens: dict[str, str], tmp_path: Path) -> TestClient:
    client: TestClient = start(base_url="https://example.org", keys=tmp_path / "keys.json")
    return client


@pytest.fixture
def routes(keyed: TestClient) -> list[tuple[str, str]]:
    paths = keyed.get("/openapi.json").json()["paths"]
    found = [
        (method.upper(), re.sub(r"\{\w+\}", "x", path))
        for path, methods in paths.items()
        for method in methods
        if any(path.startswith(prefix) for prefix in LISTS)
    ]
    assert len(found) > 40
    return found


def test_without_a_good_key_nothing_is_answered(
    keyed: TestClient, routes: list[tuple[str, str]], tokens: dict[str, str], tmp_path: Path
) -> None:
    (number,) = [key.id for key in read_keys(tmp_path / "keys.json") if key.name == "admin"]
    revoke_key(tmp_path / "keys.json", number)
    keyed.app.state.service.access.ring.refresh()  # type: ignore[attr-defined]
    for method, path in routes:
        for headers in ({}, {"Authorization": "Bearer x"}, _bearer(tokens["admin"])):
            if (method, path) == BLIND and not headers:
                continue
            answer = keyed.request(method, path, json={}, headers=headers)
            assert answer.status_code == 401, (method, path, answer.text)
            assert answer.json()[SHAPES[prefix_of(path)]]


def test_a_key_opens_its_own_list_alone(
    keyed: TestClient, routes: list[tuple[str, str]], tokens: dict[str, str]
) -> None:
    for method, path in routes:
        for scope in SCOPES:
            answer = keyed.request(method, path, json={}, headers=_bearer(tokens[scope]))
            is_open = scope in (*LISTS[prefix_of(path)], "admin")
            assert (answer.status_code not in (401, 403)) is is_open, (method, path, scope)
            assert answer.status_code < 500, (method, path, answer.text)


def test_a_slash_at_the_end_makes_no_difference(
    keyed: TestClient, routes: list[tuple[str, str]], tokens: dict[str, str]
) -> None:
    for method, path in routes:
        plain, with_slash = (
            keyed.request(method, each, json={}, headers=_bearer(tokens["admin"]))
            for each in (path, f"{path}/")
        )
        assert plain.status_code == with_slash.status_code, (method, path)


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"{", 400), (b"\xff\xfe", 400), (b'{"a":' * 40 + b"1" + b"}" * 40, 422), (b"[]", 400)],
    ids=["cut off", "no UTF-8", "nested too deep", "no object"],
)
def test_a_body_that_cannot_be_read_is_refused_in_the_vendors_shape(
    client: TestClient, content: bytes, status: int
) -> None:
    for method, path in (
        ("POST", "/api/v2/people"),
        ("PUT", "/api/v2/people/x"),
        BLIND,
        ("PUT", "/api/v1/people/push"),
        ("POST", "/v4/contacts"),
        ("POST", "/v4/people/findOrCreate"),
    ):
        answer = client.request(
            method, path, content=content, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == status, (path, answer.text)
        assert answer.json()[SHAPES[prefix_of(path)]]
    assert client.get("/v1/people").json()["items"] == []


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
