from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from matcher.service import Settings, create_app
from matcher.service.keys import SCOPES, add_key

sys.path.insert(0, str(Path(__file__).parent))  # for ``serving``

BOB = {
    "source": "signups",
    "source_record_id": "1",
    "first_name": "Bob",
    "last_name": "Okafor",
    "email": "bob.okafor@mailbox.org",
    "phone": "413-555-0142",
}
ROBERT = {
    "source": "van",
    "source_record_id": "77",
    "first_name": "Robert",
    "last_name": "Okafor",
    "email": ["bob.okafor@mailbox.org"],
}
MARIA = {"source": "van", "source_record_id": "78", "full_name": "Maria Diaz", "city": "Lowell"}

Start = Callable[..., TestClient]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a service over the store of this test, with some settings."""
    with ExitStack() as running:

        def begin(base_url: str = "http://127.0.0.1", **settings: Any) -> TestClient:
            app = create_app(tmp_path / "identity.duckdb", Settings(**settings))
            return running.enter_context(TestClient(app, base_url=base_url))

        yield begin


@pytest.fixture
def client(start: Start) -> TestClient:
    """A client of a service without keys over an empty store."""
    return start()


@pytest.fixture
def held(client: TestClient) -> TestClient:
    """The same, over a store that holds Bob, who is Robert, and Maria."""
    assert client.post("/v1/records", json=[BOB, ROBERT, MARIA]).status_code == 200
    return client


@pytest.fixture
def tokens(tmp_path: Path) -> dict[str, str]:
    """A key of each scope, in ``keys.json``."""
    return {scope: add_key(tmp_path / "keys.json", scope, [scope])[1] for scope in SCOPES}
