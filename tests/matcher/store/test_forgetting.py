"""Forgetting: nothing of a person stays in the file, and nothing brings them back unseen."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from matcher.errors import StoreError, UnknownInStore
from matcher.store import Store
from matcher.store.files import copy_beside

Row = dict[str, Any]

HERS: list[Row] = [
    {
        "record_id": "zq-7781", "source": "van", "source_record_id": "zq-7781",
        "first_name": "Xaverine", "last_name": "Quillfeather",
        "email": "xq.zanzibar@example.com", "phone": "3125550142",
        "address": "77 Vermilion Way", "city": "Chicago", "zip": "60601",
        "birth_date": "1957-11-23", "tags": "needs a ramp; loves zithers",
    },
    {
        "record_id": "nb-99123", "source": "nationbuilder", "first_name": "Xavi",
        "last_name": "Quillfeather", "email": "xq.zanzibar@example.com",
        "facebook": "xaverine.q.zanzibar", "email5": "fifth.quill@example.com",
    },
]  # fmt: skip
OTHERS: list[Row] = [
    {"record_id": f"o{n}", "source": "van", "first_name": name, "last_name": "Smith",
     "email": f"{name.lower()}@example.com", "phone": f"312555{1000 + n}"}
    for n, name in enumerate(("Ann", "Robert", "Carmen", "Dai"))
]  # fmt: skip
#: What must not be found anywhere afterwards.
VALUES = (
    b"Xaverine", b"xaverine", b"Xavi", b"Quillfeather", b"zanzibar", b"3125550142",
    b"Vermilion", b"vermilion", b"1957-11-23", b"zithers", b"zq-7781", b"nb-99123", b"fifth.quill",
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "it's a store.duckdb") as made:
        made.ingest(HERS + OTHERS, by="Dora", note="the list of Xaverine Quillfeather's branch")
        yield made


def hers(store: Store) -> str:
    """The id of the person who is to be forgotten."""
    query = "SELECT person_id FROM person_record WHERE record_id = 'zq-7781'"
    return str(store.query(query)[0][0])


def found_in(folder: Path) -> dict[str, set[bytes]]:
    """Which of the values any file holds."""
    return {
        file.name: held
        for file in folder.iterdir()
        if (held := {value for value in VALUES if value in file.read_bytes()})
    }


def people(store: Store) -> set[tuple[str, str]]:
    return set(store.query("SELECT person_id, record_id FROM person_record"))


def test_no_byte_of_the_file_holds_what_was_erased(tmp_path: Path) -> None:
    path = tmp_path / "store.duckdb"
    with Store(path) as store:
        store.ingest(HERS + OTHERS)
        assert set.union(*found_in(tmp_path).values()) == set(VALUES)  # the log beside the file
    assert found_in(tmp_path)["store.duckdb"]
    with Store(path) as store:
        changed = {**HERS[0], "first_name": "Xaverina", "phone": "3125550142"}
        store.ingest([changed])  # an earlier version of a record is hers too
        store.forget(hers(store))
        assert not found_in(tmp_path)
        store.ingest([{**OTHERS[0], "phone": "3125559999"}])
        assert store.check(deep=True).ok
    assert not found_in(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["store.duckdb"]


def test_memory_holds_nothing_either(store: Store) -> None:
    store.forget(hers(store))
    session = store._session
    records = session.state.population.records(session.state.population.live)
    texts = [text for column in records.emails for text in column.values.to_pylist()]
    assert len(session.state.population) == len(OTHERS)
    assert "ann@example.com" in texts and "xq.zanzibar@example.com" not in texts


def test_others_stay_as_they_were(store: Store) -> None:
    before = people(store)
    person = hers(store)
    receipt = store.forget(person)
    assert people(store) == {row for row in before if row[0] != person}
    assert receipt.changes is not None
    assert list(receipt.changes.emptied) == [person] and not receipt.changes.created
    assert store.check(deep=True).ok


def test_the_receipt_says_what_went(store: Store) -> None:
    person = hers(store)
    receipt = store.forget(person, by="Dora", reason="asked on the phone")
    assert receipt.person_id == person and not receipt.dry_run
    assert receipt.run is not None and receipt.run.startswith("R")
    assert receipt.records == ["nb-99123", "zq-7781"]
    assert receipt.rows["record"] == 2 and receipt.rows["identifier"] >= 6
    assert (receipt.by, receipt.reason) == ("Dora", "asked on the phone")
    assert receipt.at.tzinfo is not None and receipt.fingerprints > 6
    assert not any(value.decode() in str(receipt) for value in VALUES if value[2:3] != b"-")
    assert receipt.to_dict()["records"] == ["nb-99123", "zq-7781"]


def test_a_dry_run_changes_nothing(store: Store) -> None:
    person, before = hers(store), people(store)
    path = store.path
    store._session.connection.execute("CHECKPOINT")
    content = path.read_bytes()
    receipt = store.forget(person, dry_run=True)
    assert receipt.dry_run and receipt.run is None and receipt.rows["record"] == 2
    assert people(store) == before and path.read_bytes() == content
    told = store.forget(person)
    assert (told.records, told.rows, told.fingerprints) == (
        receipt.records, receipt.rows, receipt.fingerprints
    )  # fmt: skip


def test_the_history_stays_whole(store: Store) -> None:
    person = hers(store)
    events = store.query("SELECT * FROM event ORDER BY event")
    store.forget(person, by="Dora")
    assert store.query("SELECT * FROM event ORDER BY event")[: len(events)] == events
    assert store.query("SELECT kind, person FROM event ORDER BY event DESC LIMIT 1") == [
        ("emptied", int(person[1:]))
    ]
    assert store.query("SELECT kind, done_by FROM run ORDER BY run") == [
        ("ingest", "Dora"), ("forget", "Dora")
    ]  # fmt: skip


def test_notes_lose_what_would_tell_who_it_was(store: Store) -> None:
    assert store.forget(hers(store)).notes_cleaned == 1
    assert store.query("SELECT note FROM run WHERE run = 1") == [("the list of [erased]'s branch",)]


def test_who_was_forgotten_cannot_be_forgotten_again(store: Store) -> None:
    person = hers(store)
    store.forget(person)
    with pytest.raises(UnknownInStore):
        store.forget(person)
    with pytest.raises(UnknownInStore):
        store.forget("P999")


def test_a_merged_id_means_the_survivor(store: Store) -> None:
    person = hers(store)
    (other,) = store.query("SELECT person_id FROM person_record WHERE record_id = 'o0'")[0]
    merged = store.decide("zq-7781", "o0", "same", by="Dora").merged
    assert merged == {other: person}
    assert store.forget(other).records == ["nb-99123", "o0", "zq-7781"]


def test_records_that_were_withdrawn_go_too(store: Store, tmp_path: Path) -> None:
    store.ingest([{**HERS[0], "record_id": "zq-7782", "source_record_id": "zq-7782",
                   "last_name": "Quillfeather-Undone"}])  # fmt: skip
    store.undo("R2", by="Dora")
    receipt = store.forget(hers(store))
    assert "zq-7782" in receipt.records
    assert not found_in(tmp_path)


def test_the_only_person_can_be_forgotten(tmp_path: Path) -> None:
    with Store(tmp_path / "store.duckdb") as store:
        store.ingest(HERS)
        store.forget(hers(store))
        assert not people(store)
        assert store.check(deep=True).ok
        assert len(store.ingest(OTHERS).created) == len(OTHERS)


def test_an_import_does_not_bring_them_back(store: Store) -> None:
    store.forget(hers(store))
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    changes = store.ingest(HERS + OTHERS)
    assert (changes.records_new, changes.records_same) == (0, len(OTHERS))
    told = changes.rejects.to_pylist()
    assert [line["row"] for line in told] == [1, 2]
    assert all(day in line["reason"] and "--bring-back" in line["reason"] for line in told)
    assert not any(line["value"] for line in told)


@pytest.mark.parametrize(
    ("row", "returns"),
    [
        ({"email": "XQ.Zanzibar@example.com"}, True),
        ({"email": "xq.zanzibar@example.com", "first_name": "Paul"}, True),
        ({"phone": "(312) 555-0142"}, True),
        ({"phone": "312-555-0142", "first_name": "Xaverine"}, True),
        ({"phone": "312-555-0142", "first_name": "Paul", "last_name": "Quillfeather"}, False),
        ({"first_name": "Xaverine", "last_name": "Quillfeather"}, False),
        ({"first_name": "Xaverine", "last_name": "Quillfeather", "address": "77 Vermilion Way"},
         True),
        ({"first_name": "Xaverine", "last_name": "Quillfeather", "birth_date": "1957-11-23"},
         True),
        ({"first_name": "Paul", "last_name": "Quillfeather", "birth_date": "1957-11-23"}, False),
        ({"first_name": "Xaverine", "facebook": "xaverine.q.zanzibar"}, True),
    ],
)  # fmt: skip
def test_whom_a_row_of_another_source_would_bring_back(
    store: Store, row: Row, returns: bool
) -> None:
    store.forget(hers(store))
    changes = store.ingest([{"record_id": "new", "source": "sheet", **row}])
    assert changes.records_new == (not returns)
    assert store.check().ok


def test_a_nickname_does_not_hide_who_returns(tmp_path: Path) -> None:
    with Store(tmp_path / "store.duckdb") as store:
        shared = {"source": "van", "phone": "3125550177", "last_name": "Okafor"}
        store.ingest([{"record_id": "a", "first_name": "Robert", **shared},
                      {"record_id": "b", "first_name": "Grace", **shared}])  # fmt: skip
        store.forget("P1")
        rows = [{"record_id": name, "first_name": name, **shared} for name in ("Bob", "Ivan")]
        assert store.ingest(rows).records_new == 1


def test_a_mailbox_that_others_share_does_not_make_them_strangers(tmp_path: Path) -> None:
    with Store(tmp_path / "store.duckdb") as store:
        shared = {"source": "van", "email": "okafors@example.com", "last_name": "Okafor"}
        store.ingest([{"record_id": "a", "first_name": "Robert", **shared},
                      {"record_id": "b", "first_name": "Grace", **shared}])  # fmt: skip
        robert = store.query("SELECT person_id FROM person_record WHERE record_id = 'a'")[0][0]
        assert len({person for person, _ in people(store)}) == 2
        store.forget(robert)
        came = store.ingest([{"record_id": "c", "first_name": "Ivan", **shared},
                             {"record_id": "d", "first_name": "Rob", **shared}])  # fmt: skip
        assert [line["row"] for line in came.rejects.to_pylist()] == [2]
        changed = store.ingest([{"record_id": "b", "first_name": "Gracie", **shared}])
        assert changed.records_changed == 1


def test_they_are_back_where_they_want_to_be(store: Store) -> None:
    person = hers(store)
    store.forget(person)
    changes = store.ingest(HERS[:1], bring_back=True)
    assert changes.created and changes.created != [person]
    assert store.ingest(HERS).records_new == 1  # known again: the rest comes as ever
    assert store.check(deep=True).ok
    store.forget(hers(store))
    assert not store.ingest(HERS).records_new


def test_a_process_killed_while_it_wrote_anew_leaves_no_copy(store: Store) -> None:
    path = store.path
    store.close()
    copy = copy_beside(path)
    copy.write_bytes(b"Xaverine")
    Path(f"{copy}.wal").write_bytes(b"Quillfeather")
    with Store(path) as again:
        assert len(people(again)) == 6
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_without_room_nothing_is_erased(store: Store) -> None:
    path, person, before = store.path, hers(store), people(store)
    store.close()
    code = """
import resource, sys
from matcher.errors import StoreError
from matcher.store import Store
store = Store(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
try:
    store.forget(sys.argv[2])
except StoreError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(path), person],
        check=False, capture_output=True, text=True, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert "no room" in done.stdout, done.stderr
    with Store(path) as again:
        assert people(again) == before
        assert again.check(deep=True).ok
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_the_lock_is_held_throughout(store: Store) -> None:
    store.forget(hers(store))
    code = "import sys; from matcher.store import Store; Store(sys.argv[1])"
    other = subprocess.run(
        [sys.executable, "-c", code, str(store.path)],
        check=False, capture_output=True, text=True, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert "StoreLocked" in other.stderr
    with pytest.raises(StoreError):
        Store(store.path)
    store.close()
    Store(store.path).close()


def test_permissions_stay(store: Store) -> None:
    store.path.chmod(0o600)
    store.forget(hers(store))
    assert store.path.stat().st_mode & 0o777 == 0o600


def test_the_rarities_of_what_nobody_else_holds_go_too(tmp_path: Path) -> None:
    shared = [{**row, "record_id": f"{row['record_id']}-2"} for row in OTHERS[:2]]
    hers_twice = [HERS[0], {**HERS[0], "record_id": "zq-7782", "source_record_id": "zq-7782"}]
    with Store(tmp_path / "store.duckdb") as store:
        store.ingest(hers_twice + OTHERS + shared)
        store.retrain()
        before = set(store.query("SELECT hash, chance FROM frequency"))
        receipt = store.forget(hers(store))
        left = set(store.query("SELECT hash, chance FROM frequency"))
        assert left < before and receipt.rows["frequency"] == len(before - left)
        assert store.check(deep=True).ok
        live = store._session.state.population
        kept = store._session.model.hashes(live.records(live.live))
        assert {hashed for hashed, _ in before - left}.isdisjoint(kept.tolist())
