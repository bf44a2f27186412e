"""What was accepted to be done later is done, whether or not the service ends before."""

from __future__ import annotations

import json
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pyarrow as pa
import pytest
from fastapi.testclient import TestClient
from serving import PATIENCE, serving

import matcher
from matcher.records import REJECT_SCHEMA
from matcher.service import create_app
from matcher.service.journal import Journal
from matcher.service.rejects import Rejects

CAMPAIGN = "/api/v2/advocacy_campaigns/letters/outreaches"
OSDI = {"OSDI-API-Token": "any"}
ADD = "INSERT INTO job (id, told, still) VALUES (?, ?, ?)"
TOLD = {"state": "writing", "asked_at": "2026-01-31T10:00:00+00:00", "by": "form"}


def served(folder: Path) -> TestClient:
    return TestClient(create_app(folder / "identity.duckdb"), base_url="http://127.0.0.1")


def left(folder: Path, number: str, source: str | None, still: dict[str, Any]) -> None:
    """A job that a service accepted and did not come to."""
    journal = Journal(folder / "identity.duckdb")
    values = (number, json.dumps({**TOLD, "id": number, "source": source}), json.dumps(still))
    journal.submit(lambda file: file.execute(ADD, values).rowcount).result()
    journal.close()


def outreach(own_id: str, email: str) -> dict[str, Any]:
    return {
        "payload": {"person": {"email_addresses": [{"address": email}]}, "request": "create"},
        "wished": f"of-{own_id}",
        "activity": {
            "activity_id": own_id, "kind": "outreach", "about": "letters",
            "content": {"created_date": "2026-01-31T10:00:00Z"},
        },
        "is_blind": False,
    }  # fmt: skip


def outreaches(client: TestClient) -> list[str]:
    told = client.get(CAMPAIGN, headers=OSDI).json()["_embedded"]["osdi:outreaches"]
    return [each["identifiers"][0] for each in told]


def test_calls_that_a_service_did_not_come_to_are_carried_out_before_others(tmp_path: Path) -> None:
    left(tmp_path, "J1", "action_network", outreach("one", "ann@mailbox.org"))
    left(tmp_path, "J2", "action_network", outreach("two", "ben@mailbox.org"))
    with served(tmp_path) as client:
        assert outreaches(client) == ["action_network:one", "action_network:two"]
        assert client.get("/api/v2/people/of-one", headers=OSDI).status_code == 200
        jobs = client.get("/v1/jobs").json()["items"]
        assert [(job["id"], job["state"]) for job in jobs] == [("J2", "done"), ("J1", "done")]
    assert b"mailbox" not in (tmp_path / "identity.duckdb.service").read_bytes()
    left(tmp_path, "J3", "action_network", outreach("one", "ann@mailbox.org"))  # it had been done
    with served(tmp_path) as client:
        assert outreaches(client) == ["action_network:one", "action_network:two"]
        assert client.get("/v1/jobs/J3").json()["state"] == "done"
        assert client.get("/v1/jobs/J1").json()["state"] == "done"


def test_one_that_is_refused_has_failed(tmp_path: Path) -> None:
    left(tmp_path, "J1", "action_network", outreach("one", "no address") | {"wished": None})
    with served(tmp_path) as client:
        job = client.get("/v1/jobs/J1").json()
        assert job["state"] == "failed" and job["error"]
        assert outreaches(client) == []


@pytest.mark.parametrize(("tries", "state"), [(0, "done"), (3, "failed")])
def test_a_file_is_begun_anew_but_not_for_ever(tmp_path: Path, tries: int, state: str) -> None:
    path = tmp_path / "identity.duckdb.jobs" / "job-1" / "upload"
    path.parent.mkdir(parents=True)
    path.write_text("first_name,last_name\nAnn,Aalto\n")
    left(tmp_path, "J1", "sheet", {"file": str(path), "tries": tries})
    orphan = path.parent.with_name("job-2")
    orphan.mkdir()
    with served(tmp_path) as client:
        for _ in range(600):
            job = client.get("/v1/jobs/J1").json()
            if job["state"] in ("done", "failed"):
                break
        assert job["state"] == state
        assert len(client.get("/v1/people").json()["items"]) == (state == "done")
    assert not path.parent.parent.exists()


def test_a_file_that_waits_when_the_service_goes_down_is_taken_in_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matcher.service.jobs._PART", 1)
    lines = "".join(f"Ann,Aalto{letter}\n" for letter in "abcdefghijklmnopqrst")
    sheet = f"first_name,last_name\n{lines}"
    with served(tmp_path) as client:
        numbers = [
            client.post(
                "/v1/jobs?source=sheet", content=sheet, headers={"Content-Type": "text/csv"}
            ).json()["id"]
            for _ in range(2)
        ]
    with served(tmp_path) as client:
        for _ in range(2000):
            jobs = [client.get(f"/v1/jobs/{number}").json() for number in numbers]
            if {job["state"] for job in jobs} == {"done"}:
                break
        assert [(job["rows"], job["rows_done"]) for job in jobs] == [(20, 20)] * 2
        rows = client.app.state.service.store.query("SELECT count(*) FROM current_record")
        assert rows == [(20,)]
    assert not (tmp_path / "identity.duckdb.jobs").exists()


SHEET = "first_name,last_name,email\nAnn,Aalto,nonsense\n"


def rejects_of_a_file(client: TestClient, number: str | None = None) -> list[str]:
    """Those of a job; of one that sends a file now, where none is named."""
    if number is None:
        csv = {"Content-Type": "text/csv"}
        number = client.post("/v1/jobs?source=sheet", content=SHEET, headers=csv).json()["id"]
    for _ in range(2000):
        job = client.get(f"/v1/jobs/{number}").json()
        if job["state"] == "done":
            break
    assert job["reject_count"] == 1
    return [each["value"] for each in job["rejects"]]


def test_what_could_not_be_used_outlasts_a_restart_until_somebody_is_erased(
    tmp_path: Path,
) -> None:
    beside = tmp_path / "identity.duckdb.service"
    with served(tmp_path) as client:
        assert rejects_of_a_file(client) == ["nonsense"]
        number = client.get("/v1/jobs").json()["items"][0]["id"]
    with served(tmp_path) as client:
        assert rejects_of_a_file(client, number) == ["nonsense"]
        assert client.delete("/v1/people/P1").status_code == 200
        assert rejects_of_a_file(client, number) == []
    assert b"nonsense" not in beside.read_bytes()


def test_what_another_program_erased_is_told_no_more(tmp_path: Path) -> None:
    with served(tmp_path) as client:
        assert rejects_of_a_file(client) == ["nonsense"]
        number = client.get("/v1/jobs").json()["items"][0]["id"]
    with matcher.open(tmp_path / "identity.duckdb") as store:
        store.forget("P1")
    with served(tmp_path) as client:
        assert rejects_of_a_file(client, number) == []


def test_rejects_are_told_once_where_a_file_was_begun_twice(tmp_path: Path) -> None:
    path = tmp_path / "identity.duckdb.jobs" / "job-1" / "upload"
    path.parent.mkdir(parents=True)
    path.write_text(SHEET)
    left(tmp_path, "J1", "sheet", {"file": str(path), "tries": 0})
    journal = Journal(tmp_path / "identity.duckdb")
    Rejects(journal).add("J1", 0, pa.Table.from_pylist([{"value": "half"}], REJECT_SCHEMA))
    journal.close()
    with served(tmp_path) as client:
        assert rejects_of_a_file(client, "J1") == ["nonsense"]


def test_what_is_accepted_for_later_is_there_after_a_kill(tmp_path: Path) -> None:
    accepted: list[str] = []

    def send(url: str, client: int) -> None:
        with httpx2.Client(base_url=url, timeout=PATIENCE, headers=OSDI) as session:
            for number in range(1000):
                said = {"person": {"email_addresses": [{"address": f"a{client}.{number}@x.org"}]}}
                try:
                    answer = session.post(f"{CAMPAIGN}?background_request=true", json=said)
                except httpx2.HTTPError:
                    return
                assert answer.status_code == 202, answer.text
                accepted.append(f"a{client}.{number}@x.org")
                if len(accepted) == 60:
                    live.process.send_signal(signal.SIGKILL)

    with serving(tmp_path) as live:
        with ThreadPoolExecutor(6) as clients:
            for ended in [clients.submit(send, live.url, client) for client in range(6)]:
                ended.result()
        live.process.wait(PATIENCE)
    with served(tmp_path) as client:
        print(client.get("/v1/jobs").json()["items"][:3])
    with matcher.open(tmp_path / "identity.duckdb") as store:
        view = store.list_view("action_network")
        held = [one.person for one in view.page(0, 10_000)]
        assert set(accepted) <= {each.raw for person in held for each in person.emails}
        told = [each.number for each in view.about("letters", "outreach")]
        assert sorted(told) == sorted(person.number for person in held)  # one of each
        assert store.check(deep=True).ok
