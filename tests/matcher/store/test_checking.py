"""Checking: a good store passes, and whatever is planted in one is found."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from matcher.store import Store

ROWS: list[dict[str, Any]] = [
    {"record_id": "a1", "source": "van", "first_name": "Robert", "last_name": "Okafor",
     "email": "rob@example.com", "phone": "3125550101", "email_consent": "unsubscribed",
     "updated_at": "2026-03-01"},
    {"record_id": "a2", "source": "nb", "first_name": "Bob", "last_name": "Okafor",
     "email": "rob@example.com", "email_consent": "subscribed", "updated_at": "2026-01-01"},
    {"record_id": "b1", "source": "van", "first_name": "Grace", "last_name": "Hall",
     "email": "grace@example.com", "email_consent": "subscribed", "updated_at": "2026-01-01"},
    {"record_id": "c1", "source": "van", "first_name": "Ivan", "last_name": "Petrov",
     "email": "ivan@example.com"},
    {"record_id": "c2", "source": "nb", "first_name": "Ivan", "last_name": "Petrov",
     "email": "ivan@example.com"},
    {"record_id": "g1", "source": "van", "first_name": "Zelda", "last_name": "Forgotten",
     "email": "zelda@example.com", "phone": "3125550199"},
]  # fmt: skip


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which everything has happened once; tests work on copies."""
    path = tmp_path_factory.mktemp("checking") / "sound.duckdb"
    with Store(path) as store:
        store.ingest(ROWS)
        store.ingest([{**ROWS[2], "phone": "3125550177"}])
        store.decide("c1", "c2", "different", by="Dora")
        store.decide("a1", "b1", "same", by="Dora")
        store.undo("R4", by="Dora")
        zelda = store.query("SELECT person_id FROM person_record WHERE record_id = 'g1'")[0][0]
        store.forget(zelda, by="Dora")
        assert store.check(deep=True).ok
    return path


#: (the rule that finds it, what is planted); the store has persons for a, b, c1, c2.
FAULTS: list[tuple[str, str]] = [
    ("tables", "DROP VIEW contactable_record"),
    ("tables", "ALTER TABLE event DROP other_person"),
    ("tables", "DROP TABLE decision"),
    ("one person", "DELETE FROM membership WHERE record = 3"),
    ("one person", "INSERT INTO membership SELECT 3, NULL, max(run) FROM run"),
    ("one person", "INSERT INTO withdrawal SELECT version, 5, true FROM record WHERE record = 3"),
    ("numbers", "INSERT INTO membership SELECT * FROM membership LIMIT 1"),
    ("history", "INSERT INTO event SELECT max(event) + 1, max(run), 'emptied', 1, NULL FROM event"),
    ("history", "DELETE FROM event WHERE kind = 'created' AND person = 1"),
    ("history", "DELETE FROM event WHERE kind = 'emptied'"),
    ("history", "INSERT INTO event SELECT max(event) + 1, 1, 'created', 1, NULL FROM event"),
    ("history", "UPDATE event SET other_person = 777 WHERE kind = 'merged'"),
    ("references", "UPDATE membership SET person = 777 WHERE record = 3"),
    ("decisions", """INSERT INTO decision SELECT max(decision) + 1, 1, 0, 1, 'different'
        FROM decision"""),
    ("numbers", "INSERT INTO run SELECT * FROM run WHERE run = 2"),
    ("numbers", "INSERT INTO record SELECT * FROM record WHERE version = 1"),
    ("numbers", "INSERT INTO event SELECT * FROM event LIMIT 1"),
    ("numbers", "INSERT INTO decision SELECT * FROM decision LIMIT 1"),
    ("numbers", "UPDATE record SET name = (SELECT max(name) FROM record) WHERE record = 0"),
    ("numbers", "INSERT INTO store SELECT * FROM store"),
    ("references", "DELETE FROM run WHERE run = 3"),
    ("references", "DELETE FROM record WHERE version = 1"),
    ("references", "UPDATE identifier SET version = 999 WHERE kind = 'phone'"),
    ("references", "UPDATE decision SET left_record = 999"),
    ("references", "INSERT INTO brought_back VALUES (1, 1)"),
    ("references", "UPDATE run SET model = 9 WHERE run = 2"),
    ("references", "INSERT INTO frequency VALUES (4, 4, 0.5)"),
    ("erasure", """INSERT INTO record BY NAME SELECT version, 5 AS record, 1 AS run,
        'g1' AS record_id, 'van' AS source, 77 AS name, 77 AS content
        FROM withdrawal JOIN run USING (run) WHERE kind = 'forget'"""),
    ("erasure", """INSERT INTO identifier SELECT version, 'email', 'zelda@example.com', 1
        FROM withdrawal JOIN run USING (run) WHERE kind = 'forget'"""),
    ("erasure", """INSERT INTO record BY NAME SELECT max(version) + 100 AS version, 99 AS record,
        (SELECT max(run) FROM run) + 1 AS run, 'new' AS record_id, 'sheet' AS source, 78 AS name,
        78 AS content, 'zelda@example.com' AS email1 FROM record"""),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "planted"), FAULTS)
def test_what_is_planted_is_found(sound: Path, tmp_path: Path, rule: str, planted: str) -> None:
    path = planted_in(sound, tmp_path, planted)
    with Store(path) as store:
        report = store.check()
        assert not report.ok
        assert rule in [problem.rule for problem in report.problems], str(report)
        assert all(problem.remedy and problem.broken for problem in report.problems)
        assert "@" not in str(report)


def planted_in(sound: Path, tmp_path: Path, *statements: str) -> Path:
    path = tmp_path / "store.duckdb"
    shutil.copy(sound, path)
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            assert connection.execute(statement) is not None
    return path


def test_an_address_that_counts_as_free_against_a_refusal_is_found(
    sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from matcher.store import checking

    loose = """CREATE OR REPLACE VIEW contactable AS
        SELECT 'email' AS channel, 'P1' AS person_id, 'rob@example.com' AS address"""
    path = planted_in(sound, tmp_path, loose)
    with Store(path) as store:
        assert [problem.rule for problem in store.check().problems] == ["tables"]
        monkeypatch.setattr(checking, "_tables", lambda ledger: [])
        found = {problem.rule: problem for problem in store.check().problems}
        assert found["consent"].ids == ("P1 (email)",)


def test_a_wrong_partition_is_found_where_one_looks_deeper(sound: Path, tmp_path: Path) -> None:
    with Store(sound, read_only=True) as store:
        (last,) = store.query("SELECT max(run) FROM run")[0]
        (grace,) = store.query("SELECT person FROM current_membership WHERE record = 2")[0]
    moved = f"INSERT INTO membership VALUES (0, {grace}, {last})"
    path = planted_in(sound, tmp_path, moved)
    with Store(path) as store:
        assert store.check().ok
        report = store.check(deep=True)
        assert [problem.rule for problem in report.problems] == ["partition"]
        assert f"P{grace}" in report.problems[0].ids


def test_records_that_do_not_hang_together_as_said_are_found_where_one_looks_deeper(
    sound: Path, tmp_path: Path
) -> None:
    changed = "UPDATE component SET component = 4 WHERE record IN (0, 2)"
    with Store(planted_in(sound, tmp_path, changed)) as store:
        assert store.check().ok
        assert [problem.rule for problem in store.check(deep=True).problems] == ["components"]


def test_an_identifier_that_no_record_has_is_found_where_one_looks_deeper(
    sound: Path, tmp_path: Path
) -> None:
    changed = "UPDATE identifier SET value = 'x@example.com' WHERE value = 'ivan@example.com'"
    with Store(planted_in(sound, tmp_path, changed)) as store:
        assert [problem.rule for problem in store.check(deep=True).problems] == ["identifiers"]


def test_a_report_is_of_use_to_people_and_programs(sound: Path, tmp_path: Path) -> None:
    with Store(sound, read_only=True) as store:
        report = store.check(deep=True)
        assert str(report).startswith("all is well: 5 records of 4 persons")
        assert report.to_dict()["ok"] and report.to_frame().empty
    many = "INSERT INTO identifier SELECT 1000 + n, 'email', 'x', 1 FROM range(50) AS t(n)"
    with Store(planted_in(sound, tmp_path, many)) as store:
        report = store.check()
        (problem,) = report.problems
        assert problem.count == 50 and len(problem.ids) == 20
        assert "and 30 more" in str(report) and len(report.to_frame()) == 1
        assert not report.to_dict()["ok"]


def test_checking_changes_nothing(sound: Path) -> None:
    before = sound.read_bytes()
    with Store(sound) as store:
        store.check(deep=True)
    assert sound.read_bytes() == before
