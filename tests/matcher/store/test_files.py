"""Opening: one clear sentence about whatever stands in the way, and the file left as it was."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from matcher.errors import OptionError, StoreError, StoreLocked
from matcher.store import Store, files

_HOLDS = """
import sys, time
from matcher.store import Store
store = Store(sys.argv[1], read_only=sys.argv[2] == "read")
print("open", flush=True)
time.sleep(float(sys.argv[3]))
store.close()
print("closed", flush=True)
"""


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A store with a record, closed."""
    path = tmp_path / "store.duckdb"
    with Store(path) as store:
        store.ingest([{"record_id": "a", "first_name": "Ann", "email": "ann@example.com"}])
    return path


@contextmanager
def held(path: Path, mode: str = "write", seconds: float = 30) -> Iterator[None]:
    """Another process has the store open."""
    command = [sys.executable, "-c", _HOLDS, str(path), mode, str(seconds)]
    root = Path(__file__).parents[3]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        yield
        process.kill()


def refused(path: Path, *, read_only: bool = False) -> str:
    """What is said of a path that cannot be opened; what is there stays as it was."""
    before = path.read_bytes() if path.is_file() else None
    beside = sorted(path.parent.iterdir()) if path.parent.is_dir() else []
    with pytest.raises(StoreError) as error:
        Store(path, read_only=read_only)
    assert (path.read_bytes() if path.is_file() else None) == before
    assert (sorted(path.parent.iterdir()) if path.parent.is_dir() else []) == beside
    said = str(error.value)
    assert said.startswith(f"{path}: ") and said.endswith((".", "found")) and "\n" not in said
    return said


def test_a_directory(tmp_path: Path) -> None:
    assert "is a directory" in refused(tmp_path)


def test_a_directory_that_does_not_exist(tmp_path: Path) -> None:
    assert "make it first" in refused(tmp_path / "no" / "store.duckdb")


def test_a_store_that_is_not_there_is_not_made_for_reading(tmp_path: Path) -> None:
    assert "no such store" in refused(tmp_path / "store.duckdb", read_only=True)


def test_an_empty_file(tmp_path: Path) -> None:
    (path := tmp_path / "store.duckdb").touch()
    assert "is empty" in refused(path)


@pytest.mark.parametrize("content", [b"x", b"name,email\nAnn,ann@example.com\n" * 900])
def test_a_file_of_another_kind(tmp_path: Path, content: bytes) -> None:
    (path := tmp_path / "list.csv").write_bytes(content)
    assert "is not a DuckDB file" in refused(path)


def test_a_file_of_sqlite_makes_duckdb_look_for_no_extension(tmp_path: Path) -> None:
    path = tmp_path / "list.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE people (name TEXT)")
    connection.close()
    assert "is not a DuckDB file" in refused(path)


@pytest.mark.parametrize("table", ["people", "store"])
def test_a_duckdb_file_that_is_no_store(tmp_path: Path, table: str) -> None:
    path = tmp_path / "other.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"CREATE TABLE {table} (name VARCHAR)")
    assert "not a store" in refused(path)
    assert "not a store" in refused(path, read_only=True)


def test_a_duckdb_file_without_tables_becomes_a_store(tmp_path: Path) -> None:
    path = tmp_path / "killed at birth.duckdb"
    duckdb.connect(str(path)).close()
    assert "not a store" in refused(path, read_only=True)
    with Store(path) as store:
        assert store.check().ok


def test_a_newer_store(made: Path) -> None:
    with duckdb.connect(str(made)) as connection:
        connection.execute("UPDATE store SET version = version + 1")
    assert "newer campaign-matcher" in refused(made)


@pytest.mark.parametrize("share", [0.001, 0.01, 0.5, 0.9])
def test_a_truncated_store(made: Path, share: float) -> None:
    whole = made.read_bytes()
    made.write_bytes(whole[: int(len(whole) * share)])
    assert "damaged" in refused_or_noticed(made)


@pytest.mark.parametrize("place", [9, 4096 + 20, 8192 + 20])
def test_flipped_bytes_at_the_head_of_a_store(made: Path, place: int) -> None:
    flip(made, place)
    with pytest.raises(StoreError) if place == 9 else nothing_lost(made):
        Store(made).close()


def test_flipped_bytes_anywhere_are_noticed_or_do_no_harm(made: Path) -> None:
    whole = made.read_bytes()
    for block in range(12288, len(whole), 262144):
        made.write_bytes(whole)
        flip(made, block + 4000)
        said = refused_or_noticed(made)
        assert not said or "damaged" in said


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place : place + 8] = bytes(byte ^ 255 for byte in content[place : place + 8])
    path.write_bytes(content)


@contextmanager
def nothing_lost(path: Path) -> Iterator[None]:
    """Opens, or says that it is damaged: of the two heads of a file one may be stale."""
    try:
        yield
    except StoreError as error:
        assert "damaged" in str(error)


def refused_or_noticed(path: Path) -> str:
    """What is said when a store is opened, checked and read; nothing where all is well."""
    try:
        with Store(path, read_only=True) as store:
            report = store.check(deep=True)
            return "" if report.ok else str(report)
    except StoreError as error:
        return str(error)


def test_another_process_has_it(made: Path) -> None:
    with held(made):
        started = time.monotonic()
        with pytest.raises(StoreLocked, match=r"another process \(\d+\) has the store open"):
            Store(made)
        with pytest.raises(StoreLocked):
            Store(made, read_only=True)
        assert time.monotonic() - started < 1


def test_waiting_for_another_process(made: Path) -> None:
    with held(made, seconds=0.5), Store(made, wait=60) as store:
        assert store.query("SELECT count(*) FROM record") == [(1,)]


def test_several_processes_may_read(made: Path) -> None:
    with held(made, "read"):
        with Store(made, read_only=True) as store:
            assert store.query("SELECT count(*) FROM record") == [(1,)]
        with pytest.raises(StoreLocked):
            Store(made)


def test_one_process_opens_a_store_for_writing_once(made: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.duckdb"
    link.symlink_to(made)
    with Store(made):
        for path in (made, link):
            with pytest.raises(StoreLocked, match="this process has the store open already"):
                Store(path)
            with pytest.raises(StoreLocked):
                Store(path, read_only=True)
    with Store(link) as store:
        assert store.check().ok


def test_a_second_attempt_in_the_process_leaves_the_lock_alone(made: Path) -> None:
    with Store(made):
        with pytest.raises(StoreLocked):
            Store(made)
        code = "import sys; from matcher.store import Store; Store(sys.argv[1])"
        other = subprocess.run(
            [sys.executable, "-c", code, str(made)],
            check=False, capture_output=True, text=True, cwd=Path(__file__).parents[3],
        )  # fmt: skip
        assert "StoreLocked" in other.stderr


def test_a_store_that_was_dropped_can_be_opened_again(made: Path) -> None:
    store = Store(made)
    del store
    Store(made).close()


def test_two_may_read_in_one_process(made: Path) -> None:
    with Store(made, read_only=True) as one, Store(made, read_only=True) as other:
        assert one.query("SELECT * FROM person_record") == other.query(
            "SELECT * FROM person_record"
        )


def test_what_is_open_for_reading_is_not_written(made: Path) -> None:
    before = made.read_bytes()
    with Store(made, read_only=True) as store:
        with pytest.raises(StoreError, match="open for reading alone"):
            store.ingest([{"record_id": "b", "first_name": "Bob"}])
        with pytest.raises(StoreError, match="open for reading alone"):
            store.forget("P1")
    assert made.read_bytes() == before


def test_half_a_character_is_refused_in_words(made: Path) -> None:
    with Store(made) as store:
        for attempt in (
            lambda: store.find(email="ana\ud83d@example.org"),
            lambda: store.decide("a\ud83d", "b", "same", by="Ann"),
            lambda: store.ingest([{"first_name": "Ana", "last_name": "Diaz"}], by="Ann \ud83d"),
        ):
            with pytest.raises(OptionError, match="half a character"):
                attempt()
        assert store.check().ok


def test_a_closed_store_says_so(made: Path) -> None:
    store = Store(made)
    store.close()
    with pytest.raises(StoreError, match="is closed"):
        store.query("SELECT 1")
    with pytest.raises(StoreError, match="is closed"):
        store.ingest([{"record_id": "b", "first_name": "Bob"}])


def test_a_disk_that_is_full_at_first_leaves_no_file(tmp_path: Path) -> None:
    code = """
import resource, sys
from matcher.errors import StoreError
from matcher.store import Store
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
try:
    Store(sys.argv[1])
except StoreError as error:
    print(error)
"""
    path = tmp_path / "store.duckdb"
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        check=False, capture_output=True, text=True, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert "no room" in done.stdout, done.stderr
    assert not list(tmp_path.iterdir())


def test_a_store_from_before_interactions_is_brought_up_to_date(made: Path) -> None:
    with duckdb.connect(str(made)) as connection:
        for view in ("interaction_link", "current_link", "current_interaction"):
            connection.execute(f"DROP VIEW {view}")
        for table in (*files.INTERACTION_TABLES, "vendor_activity"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("UPDATE store SET version = 1")
    assert "open it once for writing" in refused(made, read_only=True)
    with Store(made) as store:
        assert store.check(deep=True).ok
        assert store.query("SELECT version FROM store") == [(files.VERSION,)]
    with Store(made, read_only=True) as store:
        assert store.query("SELECT count(*) FROM current_record") == [(1,)]


def test_a_migration_that_fails_changes_nothing(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with duckdb.connect(str(made)) as connection:
        connection.execute("UPDATE store SET version = 1")
    steps = ("ALTER TABLE run ADD COLUMN mood VARCHAR", "INSERT INTO nothing VALUES (1)")
    monkeypatch.setattr(files, "MIGRATIONS", {2: steps})
    with pytest.raises(duckdb.CatalogException):
        Store(made)
    with duckdb.connect(str(made), read_only=True) as connection:
        assert connection.execute("SELECT version FROM store").fetchone() == (1,)
        assert "mood" not in [row[0] for row in connection.execute("DESCRIBE run").fetchall()]


def test_two_threads_that_make_a_store_make_one(tmp_path: Path) -> None:
    path = tmp_path / "store.duckdb"

    def add(name: str) -> None:
        with Store(path, wait=60) as store:
            store.ingest([{"record_id": name, "first_name": name}])

    threads = [threading.Thread(target=add, args=[name]) for name in ("Ann", "Bob", "Cid")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Store(path) as store:
        assert store.query("SELECT count(*) FROM current_record") == [(3,)]
