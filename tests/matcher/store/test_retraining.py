"""The model of a store moves only when asked to, and says before what that would change."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

import matcher
from benchmarks.contacts import generate
from matcher.demo import write_exports
from matcher.errors import StoreError
from matcher.store import Store


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_exports(tmp_path_factory.mktemp("demo"))


def people(store: Store) -> list[tuple[str, str]]:
    return store.query("SELECT person_id, record_id FROM person_record ORDER BY ALL")


def versions(store: Store) -> int:
    return int(store.query("SELECT count(*) FROM model")[0][0])


def test_a_dry_run_changes_nothing(exports: list[Path], tmp_path: Path) -> None:
    with Store(tmp_path / "s.duckdb") as store:
        store.ingest(exports)
        before = people(store)
        told = store.retrain(dry_run=True)
        assert people(store) == before
        assert versions(store) == 1
        done = store.retrain()
        assert (done.merged, done.split) == (told.merged, told.split)
        assert versions(store) == 2


def test_learning_twice_from_the_same_records_changes_nobody(
    exports: list[Path], tmp_path: Path
) -> None:
    with Store(tmp_path / "s.duckdb") as store:
        store.ingest(exports)
        store.retrain()
        before = people(store)
        again = store.retrain()
        assert people(store) == before
        assert not again.created and not again.merged and not again.split


def test_what_was_learnt_is_there_after_reopening(exports: list[Path], tmp_path: Path) -> None:
    with Store(tmp_path / "s.duckdb") as store:
        store.ingest(exports)
        store.retrain()
        before = people(store)
    with Store(tmp_path / "s.duckdb") as store:
        assert not store.retrain(dry_run=True).merged
        assert store.ingest(exports).records_same > 0
        assert people(store) == before


def test_a_result_becomes_a_store_that_weighs_as_it_did(
    exports: list[Path], tmp_path: Path
) -> None:
    result = matcher.dedupe(exports)
    changes = result.save(tmp_path / "s.duckdb")
    assert changes.records_new == len(result.clusters)
    with Store(tmp_path / "s.duckdb") as store:
        held = {record: person for person, record in people(store)}
        clusters = dict(zip(result.clusters.record_id, result.clusters.cluster_id, strict=True))
        both = held.keys() & clusters.keys()  # rows without an id are called by their content
        assert len(both) > 0.8 * len(held)
        found = matcher.evaluate({r: held[r] for r in both}, {r: clusters[r] for r in both})
        assert found.f1 > 0.99
        assert store.ingest(exports).records_same == len(result.clusters)


def test_a_result_is_not_saved_over_a_file(exports: list[Path], tmp_path: Path) -> None:
    (tmp_path / "s.duckdb").write_text("something of value")
    with pytest.raises(StoreError, match="exists already"):
        matcher.dedupe(exports[:1]).save(tmp_path / "s.duckdb")
    assert (tmp_path / "s.duckdb").read_text() == "something of value"


def test_the_first_large_ingest_says_that_the_store_can_learn(
    exports: list[Path], tmp_path: Path
) -> None:
    with Store(tmp_path / "s.duckdb") as store:
        assert "retrain" in str(store.ingest(exports))
        assert "retrain" not in str(store.ingest(exports))
    saved = matcher.dedupe(exports).save(tmp_path / "own.duckdb")
    assert "retrain" not in str(saved)


def test_a_store_keeps_the_shipped_model_of_its_day(tmp_path: Path) -> None:
    with Store(tmp_path / "store.duckdb") as store:
        store.ingest(generate(400, 1)[0])
        assert versions(store) == 1
        assert store.query("SELECT count(*) FROM frequency") == [(0,)]
        store.retrain()
        assert versions(store) == 2


def test_a_store_with_a_model_of_another_version_can_learn_anew_and_nothing_else(
    tmp_path: Path,
) -> None:
    path = tmp_path / "store.duckdb"
    with Store(path) as store:
        store.ingest(generate(400, 1)[0], extra={"source": "exact"})
        before = store.crosswalk()
    with duckdb.connect(str(path)) as connection:
        connection.execute("""UPDATE model SET content =
            regexp_replace(content, '"version": [0-9]+', '"version": 0')""")
    with Store(path) as store:
        for refused in (
            lambda: store.ingest([{"first_name": "Ana", "email": "ana@example.com"}]),
            lambda: store.resolve({"email": "ana@example.com"}),
            lambda: store.forget(before.person_id[0]),
        ):
            with pytest.raises(StoreError, match=r"older campaign-matcher.*matcher retrain"):
                refused()
        store.retrain(dry_run=True)
        with pytest.raises(StoreError, match="matcher retrain"):
            store.resolve({"email": "ana@example.com"})
        assert store.person(before.person_id[0]).person_id == before.person_id[0]
        store.retrain()
        assert store.resolve({"email": "ana@example.com"}).person_id is None
        assert store._session.extras == {"source": "exact"}
        assert store.check(deep=True).ok
