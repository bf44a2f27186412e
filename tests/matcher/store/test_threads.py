"""Threads of one process read while one writes: no half-written view, and nobody waits for ever."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from matcher.errors import StoreError
from matcher.store import Store
from matcher.store.gate import Gate

_WORDS = (
    "Amber", "Bruno", "Clara", "Dmitri", "Elena", "Farid", "Gudrun", "Hasan", "Imelda", "Jorge",
    "Katya", "Lorenz", "Mireille", "Nkechi", "Ottavia", "Pavel", "Quentin", "Rosalind", "Svetlana",
    "Tomasz", "Ursula", "Viktor", "Wilhelmina", "Xiomara", "Yusuf", "Zdenek",
)  # fmt: skip


def rows(batch: int, count: int) -> list[dict[str, Any]]:
    """People who have nothing in common."""
    names = [(_WORDS[n], _WORDS[(n + 3 * batch + 5) % len(_WORDS)]) for n in range(count)]
    return [
        {"record_id": f"{batch}-{n}", "source": "list", "first_name": first, "last_name": last,
         "email": f"{first}.{last}@example.com"}
        for n, (first, last) in enumerate(names)
    ]  # fmt: skip


@contextmanager
def reading(*reads: Callable[[], object]) -> Iterator[None]:
    """Threads read again and again until the body ends; each of them at least once."""
    stop = threading.Event()

    def repeatedly(read: Callable[[], object]) -> None:
        read()
        while not stop.is_set():
            read()

    with ThreadPoolExecutor(len(reads)) as threads:
        readers = [threads.submit(repeatedly, read) for read in reads]
        try:
            yield
        finally:
            stop.set()
        for reader in readers:
            reader.result(timeout=60)


def test_two_threads_read_while_one_writes(tmp_path: Path) -> None:
    size, batches = 20, 6
    with Store(tmp_path / "store.duckdb") as store:
        store.ingest(rows(0, size))

        def whole() -> None:
            counts = store.query(
                "SELECT (SELECT count(*) FROM record), (SELECT count(*) FROM person_record),"
                " (SELECT sum(records) FROM run)"
            )
            (records, members, told) = counts[0]
            assert records == members == told and records % size == 0

        def resolved() -> None:
            found = store.resolve(rows(0, 4)[3])
            assert found.person_id == "P4"
            assert store.check().ok

        with reading(whole, resolved):
            for batch in range(1, batches):
                store.ingest(rows(batch, size))
        assert store.check(deep=True).ok


def test_a_query_does_not_wait_for_a_long_write(tmp_path: Path) -> None:
    with Store(tmp_path / "store.duckdb") as store, ThreadPoolExecutor(1) as threads:
        store.ingest(rows(0, 2))
        session = store._session
        with session.writing(), session.ledger.transaction():
            session.ledger.add("identifier", {"version": [1], "kind": ["email"],
                                              "value": ["half"], "place": [9]})  # fmt: skip
            count = "SELECT count(*) FROM identifier"
            assert threads.submit(store.query, count).result(timeout=30) == [(2,)]
            session.connection.execute("DELETE FROM identifier WHERE place = 9")


def test_forgetting_waits_for_those_who_read_and_they_go_on_afterwards(tmp_path: Path) -> None:
    with Store(tmp_path / "store.duckdb") as store:
        store.ingest(rows(0, 10))

        def read() -> None:
            assert 7 <= len(store.query("SELECT * FROM person_record")) <= 10

        with reading(read, read):
            for person in ("P2", "P5", "P9"):
                store.forget(person)
        assert len(store.query("SELECT * FROM person_record")) == 7
        assert store.check(deep=True).ok


def test_a_gate_lets_many_pass_and_one_be_alone() -> None:
    gate, seen = Gate(), []
    with ThreadPoolExecutor(2) as threads:
        with gate.passing(), gate.passing():
            alone = threads.submit(lambda: [seen.append(True) for _ in [0] if enter(gate)])
            time.sleep(0.05)
            assert not seen
        alone.result(timeout=10)
    assert seen


def enter(gate: Gate) -> bool:
    with gate.alone():
        return True


def test_a_gate_does_not_wait_for_ever() -> None:
    gate = Gate(patience=0.05)
    with gate.passing(), pytest.raises(StoreError, match="another thread"):
        enter(gate)
    assert enter(gate)
    with gate.alone(), ThreadPoolExecutor(1) as threads, pytest.raises(StoreError):
        threads.submit(enter, gate).result(timeout=10)
    with gate.passing():
        pass
