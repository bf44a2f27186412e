"""However the service ends, every write that it acknowledged is there."""

from __future__ import annotations

import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

import httpx2
import pytest
from serving import PATIENCE, Live, serving

import matcher

CLIENTS, ENOUGH = 8, 60


class Ending:
    """Ends the service once enough was acknowledged: a second signal would end it at once."""

    def __init__(self, live: Live, how: int) -> None:
        self.live, self.how = live, how
        self.acknowledged: list[str] = []
        self._lock = Lock()
        self._is_sent = False

    def add(self, record: str) -> None:
        with self._lock:
            self.acknowledged.append(record)
            if len(self.acknowledged) >= ENOUGH and not self._is_sent:
                self._is_sent = True
                self.live.process.send_signal(self.how)


def posted(ending: Ending, client: int) -> None:
    """Records of one client, one after the other, until nobody answers."""
    with httpx2.Client(base_url=ending.live.url, timeout=PATIENCE) as session:
        for number in range(1000):
            body = {
                "source_record_id": f"{client}-{number}",
                "full_name": f"Ann Nr{number:b}".replace("0", "o").replace("1", "i"),
                "email": f"ann{client}.{number}@mailbox.org",
            }
            try:
                answer = session.post("/v1/records", json=body)
            except httpx2.HTTPError:
                return
            if answer.status_code == 503:  # it is going down
                return
            assert answer.status_code == 200
            ending.add(body["source_record_id"])


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_every_acknowledged_write_is_there_after_the_end(tmp_path: Path, how: int) -> None:
    with serving(tmp_path) as live:
        ending = Ending(live, how)
        with ThreadPoolExecutor(CLIENTS) as clients:
            for ended in [clients.submit(posted, ending, client) for client in range(CLIENTS)]:
                ended.result()
        code = live.process.wait(PATIENCE)
    assert code == (-signal.SIGKILL if how == signal.SIGKILL else 0)
    assert len(ending.acknowledged) >= ENOUGH
    with matcher.open(tmp_path / "identity.duckdb") as store:
        there = {known for (known,) in store.query("SELECT source_record_id FROM record")}
        assert set(ending.acknowledged) <= there
        assert store.check(deep=True).ok
    if how != signal.SIGKILL:
        assert not (tmp_path / "identity.duckdb.wal").exists()


def test_a_store_that_is_served_is_nobody_elses(tmp_path: Path) -> None:
    with serving(tmp_path) as live:
        httpx2.post(f"{live.url}/v1/records", json={"full_name": "Ann Aalto"})
        with pytest.raises(matcher.StoreLocked):
            matcher.open(tmp_path / "identity.duckdb")
