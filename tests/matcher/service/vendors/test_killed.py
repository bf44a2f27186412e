"""A service that is killed while vendors' clients write has all that it acknowledged."""

from __future__ import annotations

import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any

import httpx2
from serving import PATIENCE, Live, serving

import matcher

CLIENTS, ENOUGH = 6, 60


class Acknowledged:
    """What was acknowledged, by list; the service is killed once it is enough."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.emails: dict[str, list[str]] = {"action_network": [], "nationbuilder": []}
        self.outreaches: list[str] = []
        self._lock = Lock()

    def add(self, policy: str, email: str, outreach: str | None = None) -> None:
        with self._lock:
            self.emails[policy].append(email)
            self.outreaches += [outreach] if outreach else []
            if sum(map(len, self.emails.values())) == ENOUGH:
                self.live.process.send_signal(signal.SIGKILL)


def pushed(session: httpx2.Client, done: Acknowledged, email: str) -> None:
    answer = session.put("/api/v1/people/push", json={"person": {"email": email}})
    assert answer.status_code == 201, answer.text
    done.add("nationbuilder", email)


def recorded(session: httpx2.Client, done: Acknowledged, email: str) -> None:
    said: dict[str, Any] = {"person": {"email_addresses": [{"address": email}]}}
    path = "/api/v2/advocacy_campaigns/letters/outreaches"
    answer = session.post(path, json=said, headers={"OSDI-API-Token": "any"})
    assert answer.status_code == 200, answer.text
    own = answer.json()["identifiers"][0].removeprefix("action_network:")
    done.add("action_network", email, own)


def posted(done: Acknowledged, client: int) -> None:
    """Calls of one client, one after the other, until nobody answers."""
    with httpx2.Client(base_url=done.live.url, timeout=PATIENCE) as session:
        for number in range(1000):
            send = pushed if (client + number) % 2 else recorded
            try:
                send(session, done, f"ann{client}.{number}@mailbox.org")
            except httpx2.HTTPError:
                return


def test_every_acknowledged_call_is_there_after_a_kill(tmp_path: Path) -> None:
    with serving(tmp_path) as live:
        done = Acknowledged(live)
        with ThreadPoolExecutor(CLIENTS) as clients:
            for ended in [clients.submit(posted, done, client) for client in range(CLIENTS)]:
                ended.result()
        live.process.wait(PATIENCE)
    with matcher.open(tmp_path / "identity.duckdb") as store:
        for policy, emails in done.emails.items():
            held = store.list_view(policy).page(0, 10_000)
            assert set(emails) <= {each.raw for one in held for each in one.person.emails}
        told = store.list_view("action_network").about("letters", "outreach")
        assert set(done.outreaches) <= {each.activity.activity_id for each in told}
        assert store.check(deep=True).ok
