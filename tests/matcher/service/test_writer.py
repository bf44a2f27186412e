from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any

import pytest
from fastapi.testclient import TestClient

import matcher
from matcher.errors import StoreError
from matcher.service.settings import Settings
from matcher.service.writer import Batch, Writer, _runs
from matcher.store import Store

PEOPLE = [
    {"source": "van", "source_record_id": "1", "full_name": "Ann Aalto", "city": "Lowell"},
    {"source": "form", "full_name": "Ann Aalto", "email": "ann.aalto@mailbox.org"},
    {"source": "van", "source_record_id": "2", "full_name": "Ben Bolan", "nationbuilder_id": "7"},
    {"source": "form", "full_name": "Benjamin Bolan", "phone": "413-586-7700"},
    {
        "source": "van",
        "source_record_id": "3",
        "first_name": "Ann",
        "email": "ann.aalto@mailbox.org",
    },
]


def batch(*records: Any, by: str = "a", candidates: bool = True) -> Batch:
    return Batch(records, by, None, candidates)


def test_batches_go_together_but_for_who_sends_them_and_records_of_one_name() -> None:
    one, two = {"source": "a", "source_record_id": "1"}, {"source": "a", "source_record_id": "2"}
    nameless = {"source": "a"}
    assert _runs([batch(one), batch(two), batch(nameless), batch(nameless)]) == [[0, 1, 2, 3]]
    assert _runs([batch(one), batch(one), batch(two), batch(one)]) == [[0, 2], [1], [3]]
    assert _runs([batch(one), batch(two, by="b"), batch(nameless)]) == [[0, 2], [1]]
    # The second word on a record stays after the first, though another could take it earlier.
    assert _runs([batch(two), batch(one, by="b"), batch(one)]) == [[0], [1], [2]]


@pytest.fixture
def store(tmp_path: Path):
    with matcher.open(tmp_path / "identity.duckdb") as opened:
        yield opened


def written(store: Store, batches: list[Batch]) -> list[Any]:
    writer = Writer(store, Settings(), lambda kind, asked, seconds: None)
    try:
        return writer._receive(batches)
    finally:
        writer.close()


def people(store: Store) -> list[list[str]]:
    groups = store.crosswalk().groupby("person_id")["record_id"].apply(sorted)
    return sorted(groups.tolist())


def test_written_together_is_as_written_one_by_one(store: Store, tmp_path: Path) -> None:
    together = written(store, [batch(record) for record in PEOPLE])
    with matcher.open(tmp_path / "other.duckdb") as other:
        alone = [written(other, [batch(record)])[0] for record in PEOPLE]
        assert people(store) == people(other)
    ids = [[told.record_id for told in answer] for answer in together]
    assert ids == [[told.record_id for told in answer] for answer in alone]
    assert store.query("SELECT count(*) FROM run") == [(1,)]


def test_of_two_words_on_one_record_the_later_one_holds_and_both_are_kept(store: Store) -> None:
    first, second = ({**PEOPLE[0], "city": city} for city in ("Lowell", "Boston"))
    outcomes = [told[0].outcome for told in written(store, [batch(first), batch(second)])]
    assert outcomes == ["created", "changed"]
    assert store.query("SELECT city FROM record ORDER BY version") == [("Lowell",), ("Boston",)]
    assert store.person("P1").golden["city"] == "Boston"


def test_a_batch_that_fails_is_told_so_and_the_others_are_written(
    store: Store, monkeypatch
) -> None:
    receive = store.receive

    def sometimes(raw, **told):
        if "Boston" in raw.table.to_pydict().get("city", []):
            raise StoreError("not this one")
        return receive(raw, **told)

    monkeypatch.setattr(store, "receive", sometimes)
    bad = {"full_name": "Cy Cruz", "city": "Boston", "source": "x"}
    answers = written(store, [batch(PEOPLE[0]), batch(bad), batch(PEOPLE[2])])
    assert isinstance(answers[1], StoreError)
    assert [answers[0][0].outcome, answers[2][0].outcome] == ["created", "created"]
    assert store.query("SELECT count(*) FROM record") == [(2,)]


def test_a_full_queue_is_answered_503_and_reads_go_on(client: TestClient, monkeypatch) -> None:
    monkeypatch.setattr(client.app.state.service.writer._worker, "_most_waiting", 0)
    refused = client.post("/v1/records", json={"full_name": "Ann Aalto"})
    assert refused.status_code == 503
    assert refused.headers["retry-after"] == "1"
    assert client.get("/v1/people").json()["items"] == []


def test_reads_do_not_wait_for_a_write(held: TestClient) -> None:
    store = held.app.state.service.store
    begun, may_go = Event(), Event()

    def slow(opened: Store) -> None:
        with opened._session.writing():
            begun.set()
            assert may_go.wait(20)

    writer = held.app.state.service.writer
    waiting = writer._worker.submit(writer._alone, slow)
    assert begun.wait(10)
    try:
        assert held.get("/v1/people/P1").status_code == 200
        assert held.get("/v1/people/P1/history").status_code == 200
        assert held.get("/v1/people", params={"name": "Maria Diaz"}).json()["items"]
    finally:
        may_go.set()
        waiting.result(10)
    assert store.check().ok
