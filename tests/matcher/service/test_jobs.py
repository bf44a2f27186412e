from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

import matcher

CSV = {"Content-Type": "text/csv"}
PEOPLE = (
    b"first_name,last_name,email,birth_date\n"
    b"Ann,Aalto,ann.aalto@mailbox.org,03/04/1980\n"
    b"Ben,Bolan,nonsense,25/12/1971\n"
)


def ended(client: TestClient, number: str) -> dict[str, Any]:
    for _ in range(600):
        job = client.get(f"/v1/jobs/{number}").json()
        if job["state"] in ("done", "failed"):
            return job
        time.sleep(0.05)
    raise AssertionError(job)


def posted(client: TestClient, content: bytes, query: str = "?source=signups") -> dict[str, Any]:
    answer = client.post(f"/v1/jobs{query}", content=content, headers=CSV)
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/v1/jobs/{answer.json()['id']}"
    return ended(client, answer.json()["id"])


def test_a_file_is_taken_in_and_told_of(client: TestClient) -> None:
    job = posted(client, PEOPLE)
    assert (job["state"], job["rows"], job["rows_done"]) == ("done", 2, 2)
    assert job["counts"]["records_new"] == job["counts"]["persons_created"] == 2
    assert job["reject_count"] == 1 and job["rejects"][0]["value"] == "nonsense"
    person = client.get("/v1/people", params={"name": "Ann Aalto"}).json()["items"][0]
    assert person["records"][0]["source"] == "signups"
    again = posted(client, PEOPLE)
    assert again["counts"]["records_same"] == 2


def test_all_that_could_not_be_used_is_told_page_by_page(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the reader turned it away (a row too long) or the normaliser (no email)."""
    monkeypatch.setattr("matcher.service.jobs._PART", 50)
    monkeypatch.setattr("matcher.service.rejects._PART", 7)
    lines = b"".join(b"Cy,Cruz,nonsense %d,\n" % n for n in range(120))
    job = posted(client, PEOPLE.replace(b"nonsense", b"ben@bolan.org") + b"a,b,c,d,e\n" + lines)
    assert job["reject_count"] == 121 and len(job["rejects"]) == 100
    told, cursor = [], None
    while told == [] or cursor:
        query = {"limit": 50, **({"cursor": cursor} if cursor else {})}
        answer = client.get(f"/v1/jobs/{job['id']}/rejects", params=query).json()
        told, cursor = told + answer["items"], answer["next"]
    assert told[:100] == job["rejects"]
    assert [each["row"] for each in told] == [3, *range(4, 124)]
    assert told[0]["column"] is None and told[1] == {
        "row": 4, "column": "email1", "value": "nonsense 0", "reason": "not an email address",
    }  # fmt: skip
    assert client.get("/v1/jobs/J123/rejects").status_code == 404


def test_a_file_in_parts_is_as_the_file_at_once(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where only a later part shows that days come before months."""
    monkeypatch.setattr("matcher.service.jobs._PART", 1)
    job = posted(client, PEOPLE)
    assert len(job["runs"]) == 2
    with matcher.open(tmp_path / "other.duckdb") as store:
        (tmp_path / "signups.csv").write_bytes(PEOPLE)
        store.ingest(tmp_path / "signups.csv")
        query = "SELECT record_id, birth_date FROM current_record ORDER BY ALL"
        assert client.app.state.service.store.query(query) == store.query(query)


def test_a_file_that_cannot_be_used_fails_with_what_is_wrong(client: TestClient) -> None:
    job = posted(client, b"colour,size\nred,3\n")
    assert job["state"] == "failed"
    assert "the columns are colour, size" in job["error"]
    assert "/tmp" not in job["error"] and "upload" not in job["error"]


def test_a_vendors_export_is_known_by_its_columns(client: TestClient) -> None:
    job = posted(client, b"nationbuilder_id,first_name,last_name\n5,Ann,Aalto\n", "")
    assert job["state"] == "done"
    people = client.get("/v1/people").json()["items"]
    assert people[0]["records"][0]["record_id"] == "nationbuilder:5"


def test_the_jobs_are_listed_the_last_one_first(client: TestClient) -> None:
    numbers = [posted(client, PEOPLE)["id"] for _ in range(3)]
    first = client.get("/v1/jobs", params={"limit": 2}).json()
    rest = client.get("/v1/jobs", params={"limit": 2, "cursor": first["next"]}).json()
    assert [job["id"] for job in first["items"] + rest["items"]] == numbers[::-1]
    assert rest["next"] is None


def test_what_is_no_file_is_refused_and_leaves_nothing(client: TestClient) -> None:
    for content, headers, status in (
        (PEOPLE, {"Content-Type": "text/plain"}, 415),
        (b"", CSV, 422),
    ):
        assert client.post("/v1/jobs", content=content, headers=headers).status_code == status
    assert client.get("/v1/jobs").json()["items"] == []
    assert client.get("/v1/jobs/J123").status_code == 404


def test_a_file_may_be_larger_than_other_bodies_and_not_without_end(start) -> None:
    client = start(most_body=100, most_file=1000)
    big = PEOPLE + b"Cy,Cruz,,\n" * 5
    assert client.post("/v1/records", json={"full_name": "A" * 100}).status_code == 413
    assert posted(client, big)["state"] == "done"
    assert client.post("/v1/jobs", content=b"a" * 1001, headers=CSV).status_code == 413


def test_where_too_many_files_wait_the_next_is_refused(start) -> None:
    client = start(most_jobs=0)
    answer = client.post("/v1/jobs", content=PEOPLE, headers=CSV)
    assert answer.status_code == 503 and answer.headers["retry-after"]
