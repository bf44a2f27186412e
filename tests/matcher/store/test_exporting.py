"""Exports are whole or not there, harmless in a spreadsheet; a backup is a store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import matcher
from matcher import outputs
from matcher.store import Store, backing_up

ROWS = [
    {"record_id": "a", "source": "an", "first_name": "Ann", "last_name": "=cmd()"},
    {
        "record_id": "b",
        "source": "van",
        "first_name": "Bo",
        "email": "bo@x.org",
        "email2": "b@y.org",
    },
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "it's a store.duckdb") as opened:
        opened.ingest(ROWS)
        yield opened


def test_an_export_holds_people_and_crosswalk(store: Store, tmp_path: Path) -> None:
    paths = store.export(tmp_path / "out")
    assert [path.name for path in paths] == ["people.csv", "crosswalk.csv"]
    crosswalk = pd.read_csv(paths[1])
    assert list(crosswalk["person_id"]) == list(store.crosswalk()["person_id"])
    people = pd.read_csv(paths[0])
    assert list(people["emails"].fillna("")) == ["", "bo@x.org; b@y.org"]


def test_no_cell_of_an_export_is_a_formula(store: Store, tmp_path: Path) -> None:
    store.ingest([{"record_id": "=1+1", "source": "x", "organization": "@SUM(A1)"}])
    for path in store.export(tmp_path / "out"):
        assert ',"=' not in path.read_text()
        assert ',"@' not in path.read_text()
        assert '\n"=' not in path.read_text()


def test_parquet_holds_the_same(store: Store, tmp_path: Path) -> None:
    people, crosswalk = store.export(tmp_path / "out", format="parquet")
    assert people.suffix == ".parquet"
    pd.testing.assert_frame_equal(pd.read_parquet(crosswalk), store.crosswalk())
    assert list(pd.read_parquet(people)["person_id"]) == list(store.people()["person_id"])


def test_an_export_that_fails_leaves_what_was_there(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [path.read_bytes() for path in store.export(tmp_path / "out")]
    store.ingest([{"record_id": "c", "source": "x", "first_name": "Cy", "last_name": "Poe"}])
    written = outputs.write_csv

    def full(path: Path, parts: object) -> None:
        if path.name == "crosswalk.csv":
            raise OSError(28, "No space left on device")
        written(path, parts)  # type: ignore[arg-type]

    monkeypatch.setattr(outputs, "write_csv", full)
    with pytest.raises(matcher.OutputError, match="no space left"):
        store.export(tmp_path / "out")
    after = [(tmp_path / "out" / name).read_bytes() for name in ("people.csv", "crosswalk.csv")]
    assert after == before


def test_no_such_format(store: Store, tmp_path: Path) -> None:
    with pytest.raises(matcher.OptionError, match="xlsx"):
        store.export(tmp_path / "out", format="xlsx")
    assert not (tmp_path / "out").exists()


def test_a_backup_is_the_same_store(store: Store, tmp_path: Path) -> None:
    path = store.backup(tmp_path / "o'clock.duckdb")
    store.ingest([{"record_id": "c", "source": "x", "first_name": "Cy", "last_name": "Poe"}])
    with Store(path) as copy:
        assert sorted(copy.crosswalk()["record_id"]) == ["a", "b"]
        assert copy.check().ok
        copy.ingest(ROWS)
        assert copy.stats()["records"] == 2
    assert not list(tmp_path.glob(".*"))


def test_a_store_open_for_reading_can_be_backed_up(store: Store, tmp_path: Path) -> None:
    store.close()
    with Store(store.path, read_only=True) as reader:
        path = reader.backup(tmp_path / "copy.duckdb")
        assert len(reader.people()) == 2
    with Store(path) as copy:
        assert len(copy.people()) == 2


def test_a_backup_replaces_nothing(store: Store, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    with pytest.raises(matcher.OutputError, match="exists already"):
        store.backup(taken)
    with pytest.raises(matcher.OutputError, match="exists already"):
        store.backup(store.path)
    with pytest.raises(matcher.OutputError, match="does not exist"):
        store.backup(tmp_path / "nowhere" / "copy.duckdb")
    assert taken.read_text() == "mine"
    assert len(store.people()) == 2


def test_a_copy_that_lacks_rows_is_not_kept(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = iter([{"record": 1}, {"record": 2}])
    monkeypatch.setattr(backing_up, "_counts", lambda _: next(counts))
    with pytest.raises(matcher.OutputError, match="not whole"):
        store.backup(tmp_path / "copy.duckdb")
    assert not list(tmp_path.glob("*copy*"))
