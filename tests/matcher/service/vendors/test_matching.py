"""Who matches is asked of the list, and waits for nobody's turn to write."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from fastapi.testclient import TestClient

from matcher.service import Settings, create_app

ANN = {"email": "ann@mailbox.org", "first_name": "Ann", "last_name": "Aalto"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(tmp_path / "identity.duckdb", Settings(most_waiting=1))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        assert client.put("/api/v1/people/push", json={"person": ANN}).status_code == 201
        said = {"firstName": "Ann", "lastName": "Aalto", "emails": [{"email": "ann@mailbox.org"}]}
        assert client.post("/v4/people/findOrCreate", json=said).status_code == 201
        yield client


def asked(client: TestClient) -> list[Any]:
    said = {"firstName": "Ann", "lastName": "Aalto", "emails": [{"email": "ann@mailbox.org"}]}
    return [
        client.get("/api/v1/people/match?email=ann@mailbox.org"),
        client.get("/api/v1/people/match?email=nobody@mailbox.org"),
        client.post("/v4/people/find", json=said),
        client.post("/v4/people/find", json={"firstName": "Ben", "lastName": "Bolan"}),
    ]


def test_who_matches_is_told_while_the_writer_is_busy(client: TestClient) -> None:
    statuses = [answer.status_code for answer in asked(client)]
    assert statuses == [200, 400, 200, 404]
    writer = client.app.state.service.writer
    has_begun, may_end = Event(), Event()

    def block(store: Any) -> None:
        has_begun.set()
        assert may_end.wait(60)

    blocking: list[Future[None]] = [writer._worker.submit(writer._alone, block)]
    assert has_begun.wait(60)
    blocking.append(writer._worker.submit(writer._alone, lambda store: None))
    try:
        full = client.put("/api/v1/people/push", json={"person": ANN})
        assert full.status_code == 503
        assert [answer.status_code for answer in asked(client)] == statuses
    finally:
        may_end.set()
    for each in blocking:
        each.result(60)


def test_nothing_is_written_by_it(client: TestClient) -> None:
    store = client.app.state.service.store
    runs = store.query("SELECT count(*) FROM run")
    state = store._session.state
    asked(client)
    assert store.query("SELECT count(*) FROM run") == runs
    assert store._session.state is state
