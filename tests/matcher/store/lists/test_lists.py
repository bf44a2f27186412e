"""What a store does with the list that it keeps: read back, undone, erased, checked."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pandas as pd
import pytest

import matcher
from matcher.errors import OptionError, StoreError, UnknownInStore
from matcher.store import Store
from matcher.store.lists import shelf

AN = "action_network"
ADA = {"first_name": "Ada", "last_name": "Quartermaine", "email": "ada@quarter.org", "zip": "10001"}
ADA_TOO = ADA | {"email": "ada.q@maine.net", "phone": "202 456 0171"}
BOB = {"first_name": "Bob", "last_name": "Okonkwo", "phone": "202 456 0199", "zip": "20002"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store.duckdb") as opened:
        yield opened


def held(store: Store, policy: str = AN) -> list[dict[Hashable, Any]]:
    found: list[dict[Hashable, Any]] = store.vendor_list(policy).fillna("").to_dict("records")
    return found


def live(store: Store) -> list[tuple[Any, ...]]:
    return store.query(
        "SELECT record_id, first_name, email1, phone1 FROM current_record ORDER BY record_id"
    )


def whole(store: Store) -> None:
    assert store.check().problems == []


def test_each_person_of_the_list_is_a_record_named_by_policy_and_id(store: Store) -> None:
    changes = store.ingest([ADA, BOB], policy=AN)
    assert changes.records_new == 2
    assert list(changes.events["outcome"])[:1] == ["created"]
    assert live(store) == [
        ("action_network_list:1", "Ada", "ada@quarter.org", None),
        ("action_network_list:2", "Bob", None, "+12024560199"),
    ]
    whole(store)


def test_a_change_in_the_list_is_a_new_version_of_that_record_alone(store: Store) -> None:
    store.ingest([ADA, BOB], policy=AN)
    changes = store.ingest([BOB | {"email": "bob@okonkwo.org"}], policy=AN)
    assert (changes.records_new, changes.records_changed, changes.records_same) == (0, 1, 0)
    assert list(changes.events["row"].unique()) == [1]
    whole(store)


def test_who_is_merged_away_is_no_record_any_more(store: Store) -> None:
    store.ingest([ADA, BOB | {"first_name": "Ada", "last_name": "Quartermaine"}], policy=AN)
    changes = store.ingest([ADA | {"phone": "202 456 0199"}], policy=AN)
    assert list(changes.events["outcome"])[:1] == ["merged"]
    assert [record for record, *_ in live(store)] == ["action_network_list:1"]
    assert store.vendor_person(AN, "2") == store.vendor_person(AN, "1")
    whole(store)


def test_records_of_a_list_meet_those_of_other_sources(store: Store) -> None:
    store.ingest([ADA], policy=AN)
    changes = store.ingest({"crm": pd.DataFrame([ADA])})
    assert (list(changes.created), list(changes.updated)) == ([], ["P1"])


def test_all_of_a_run_or_none_of_it(store: Store) -> None:
    store.ingest([ADA], policy=AN)
    before, records = held(store), live(store)
    broken = mock.patch.object(shelf, "to_document", side_effect=OSError)
    with broken, pytest.raises(OSError):
        store.ingest([BOB], policy=AN)
    assert (held(store), live(store)) == (before, records)
    store.ingest([BOB], policy=AN)
    assert len(held(store)) == 2
    whole(store)


def test_a_run_of_a_list_can_be_undone_and_done_again(store: Store) -> None:
    store.ingest([ADA, BOB], policy=AN)
    before = held(store), live(store)
    run = store.ingest([ADA_TOO, BOB | {"email": "bob@okonkwo.org"}], policy=AN).run
    after = held(store), live(store)
    undone = store.undo(f"R{run}", by="maria").run
    assert (held(store), live(store)) == before
    whole(store)
    store.undo(f"R{undone}", by="maria")
    assert (held(store), live(store)) == after
    whole(store)


def test_what_came_after_an_undo_is_as_if_the_run_had_not_been(store: Store) -> None:
    store.ingest([ADA], policy=AN)
    run = store.ingest([BOB], policy=AN).run
    store.undo(f"R{run}", by="maria")
    store.ingest([ADA_TOO], policy=AN)
    expected = matcher.replay([ADA, ADA_TOO], policy=AN).people
    found = store.vendor_list(AN)
    assert list(found["rows"]) == list(expected["rows"])
    assert list(found["emails"]) == list(expected["emails"])
    whole(store)


def test_only_the_last_run_of_a_list_can_be_undone(store: Store) -> None:
    first = store.ingest([ADA], policy=AN).run
    second = store.ingest([BOB], policy=AN).run
    with pytest.raises(StoreError, match=f"undo R{second} first"):
        store.undo(f"R{first}", by="maria")
    store.undo(f"R{second}", by="maria")
    store.undo(f"R{first}", by="maria")
    assert (held(store), live(store)) == ([], [])


def test_who_is_forgotten_is_in_no_list(store: Store) -> None:
    store.ingest([ADA, BOB], policy=AN)
    store.ingest([BOB | {"email": "bob@okonkwo.org"}], policy=AN)
    ((person,),) = store.query("SELECT person_id FROM person_record WHERE source_record_id = '2'")
    receipt = store.forget(person)
    assert receipt.rows["vendor_person"] == 2
    assert [each["person_id"] for each in held(store)] == ["1"]
    with pytest.raises(UnknownInStore):
        store.vendor_person(AN, "2")
    whole(store)
    said = store.path.read_bytes()
    assert b"Okonkwo" not in said
    assert b"quarter.org" in said


def test_who_was_forgotten_comes_into_no_list_again(store: Store) -> None:
    store.ingest([ADA, BOB], policy=AN)
    ((person,),) = store.query("SELECT person_id FROM person_record WHERE source_record_id = '2'")
    store.forget(person)
    changes = store.ingest([BOB, ADA_TOO], policy=AN)
    assert list(changes.events["rule"])[:1] == ["forgotten"]
    assert changes.rejects["reason"][0].as_py().startswith("is of a person who was forgotten")
    assert [each["person_id"] for each in held(store)] == ["1", "3"]
    whole(store)
    changes = store.ingest([BOB], policy=AN, bring_back=True)
    assert [each["person_id"] for each in held(store)] == ["1", "3", "4"]
    whole(store)


def test_a_list_keeps_the_profile_that_it_was_begun_with(store: Store) -> None:
    store.ingest([ADA], policy=AN, profile="native")
    store.ingest([BOB], policy=AN)
    with pytest.raises(StoreError, match="profile native"):
        store.ingest([BOB], policy=AN, profile="document")


def test_options_hold_until_others_are_given(store: Store) -> None:
    tagged = {"request": "push", "add_tags": "donor"}
    store.ingest([ADA | tagged], policy=AN, tags=["volunteer"])
    store.ingest([ADA | tagged], policy=AN)
    assert held(store)[0]["tags"] == []
    store.ingest([ADA | tagged], policy=AN, tags={"donor"})
    assert held(store)[0]["tags"] == ["donor"]


def test_options_need_a_policy_and_a_policy_that_there_is(store: Store) -> None:
    with pytest.raises(OptionError, match="strict"):
        store.ingest([ADA], strict=True)
    with pytest.raises(OptionError, match="no policy"):
        store.ingest([ADA], policy="nobody")
    with pytest.raises(OptionError, match="no option"):
        store.ingest([ADA], policy=AN, colour="red")


def test_a_list_that_is_not_kept_is_unknown(store: Store) -> None:
    with pytest.raises(UnknownInStore, match="keeps no list"):
        store.vendor_list(AN)
    store.ingest([ADA], policy=AN)
    with pytest.raises(UnknownInStore, match="no person"):
        store.vendor_person(AN, "77")


def test_further_columns_are_not_compared_in_a_list(store: Store) -> None:
    with pytest.raises(OptionError, match="extra"):
        store.ingest([ADA], extra={"occupation": "text"}, policy=AN)


def test_two_lists_stand_side_by_side(store: Store) -> None:
    store.ingest([ADA, BOB], policy=AN)
    store.ingest([ADA, BOB], policy="ngp_van_people")
    people = store.query("SELECT count(*), count(DISTINCT person_id) FROM person_record")
    assert people == [(4, 2)]
    whole(store)


def test_a_list_that_says_something_else_than_its_records_is_found(store: Store) -> None:
    store.ingest([ADA, BOB], policy=AN)
    store._session.connection.execute("UPDATE vendor_person SET content = NULL WHERE number = 2")
    assert [problem.rule for problem in store.check().problems] == ["lists"]


def test_payloads_of_who_was_forgotten_come_into_no_list_either(store: Store) -> None:
    store.ingest([ADA], policy=AN)
    store.forget("P1")
    changes = store.ingest([{"email_addresses": [{"address": "ada@quarter.org"}]}], policy=AN)
    assert list(changes.events["rule"]) == ["forgotten"]
    assert held(store) == []


def test_an_export_of_the_same_vendor_has_other_records(store: Store) -> None:
    nation = {"nationbuilder_id": "1", "first_name": "Zoe", "last_name": "Chen", "email": "z@c.org"}
    store.ingest({"nationbuilder": pd.DataFrame([nation])})
    store.ingest([ADA, BOB], policy="nationbuilder")
    store.ingest({"nationbuilder": pd.DataFrame([nation | {"email": "zoe@chen.org"}])})
    assert [name for _, name, *_ in live(store)] == ["Zoe", "Ada", "Bob"]
    ((person,),) = store.query(
        "SELECT person_id FROM person_record WHERE record_id = 'nationbuilder_list:1'"
    )
    store.forget(person)
    assert [name for _, name, *_ in live(store)] == ["Zoe", "Bob"]
    whole(store)


def test_who_comes_back_in_two_halves_is_in_no_list_either(store: Store) -> None:
    store.ingest({"crm": pd.DataFrame([BOB])})
    store.forget("P1")
    halves = [
        {"first_name": "Bob", "email": "new@okonkwo.org", "zip": "20002"},
        {"email": "new@okonkwo.org", "phone": BOB["phone"], "last_name": "Smith"},
    ]
    changes = store.ingest([ADA, *halves], policy=AN)
    assert "forgotten" not in set(changes.events["rule"])
    assert len(changes.rejects) == 1
    assert [each["person_id"] for each in held(store)] == ["1"]
    assert list(store.vendor_list(AN)["rows"]) == [[1]]
    whole(store)


def test_a_list_can_be_read_from_a_store_open_for_reading(tmp_path: Path) -> None:
    with Store(tmp_path / "store.duckdb") as store:
        store.ingest([ADA], policy=AN)
        written = held(store)
    with Store(tmp_path / "store.duckdb", read_only=True) as store:
        assert held(store) == written
        with pytest.raises(StoreError, match="for reading alone"):
            store.ingest([BOB], policy=AN)
