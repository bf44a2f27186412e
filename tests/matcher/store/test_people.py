"""People of a store: golden records with their sources, conflicts, ways to find them, rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import matcher
from matcher.store import Store

_CAME = datetime(2026, 3, 1, 12, tzinfo=UTC)

ROWS: list[dict[str, Any]] = [
    {
        "record_id": "an-1", "source": "an", "first_name": "Maria", "last_name": "Garcia",
        "email": "M.Garcia@gmail.com", "phone": "(312) 555-0142", "zip": "60601",
        "address": "12 Main St", "city": "Chicago", "updated_at": "2025-01-01",
        "birth_date": "1980-03-04",
    },
    {
        "record_id": "van-1", "source": "van", "van_id": "1001", "first_name": "Maria",
        "last_name": "Garcia-Lopez", "email": "mgarcia@gmail.com", "phone": "312.555.0142",
        "email2": "maria@work.org", "zip": "60602", "address": "99 Oak Ave Apt 4",
        "city": "Chicago", "updated_at": "2024-01-01", "birth_date": "1980-04-03",
    },
    {
        "record_id": "nb-1", "source": "nb", "first_name": "M", "last_name": "Garcia",
        "email": "mgarcia@gmail.com", "phone": "3125550142", "updated_at": "2023-01-01",
    },
    {
        "record_id": "an-2", "source": "an", "first_name": "Zoë", "last_name": "O'Brien",
        "email": "zoe@example.org",
    },
    {"record_id": "an-3", "source": "an", "organization": "Acme Widgets Inc"},
]  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store.duckdb", clock=lambda: _CAME) as opened:
        opened.ingest(ROWS)
        yield opened


def maria(store: Store) -> str:
    (found,) = store.find(email="mgarcia@gmail.com")
    return found


def test_a_person_has_the_record_and_the_time_of_every_value(store: Store) -> None:
    person = store.person(maria(store))
    told = {value.field: value for value in person.values}
    email = told["email"]
    assert (email.value, email.record_id, email.source) == ("M.Garcia@gmail.com", "an-1", "an")
    assert (email.updated_at, email.came_at) == ("2025-01-01", _CAME)
    assert person.golden["first_name"] == "Maria"
    assert [record.record_id for record in person.records] == ["an-1", "van-1", "nb-1"]
    assert [each.value for each in person.emails] == ["M.Garcia@gmail.com", "maria@work.org"]
    assert [each.value for each in person.phones] == ["+13125550142"]
    assert [each.record_id for each in person.addresses] == ["an-1", "van-1"]
    assert [(each.field, each.record_id) for each in person.ids] == [("van_id", "van-1")]


def test_conflicts_say_who_says_what(store: Store) -> None:
    found = {conflict.field: conflict.told for conflict in store.person(maria(store)).conflicts}
    # M is an initial of Maria, and no other name.
    assert sorted(found) == ["address", "birth_date", "last_name"]
    assert [(told.value, told.record_id) for told in found["last_name"]] == [
        ("Garcia", "an-1"), ("Garcia-Lopez", "van-1"), ("Garcia", "nb-1"),
    ]  # fmt: skip


def test_a_person_prints_as_a_table(store: Store) -> None:
    text = str(store.person(maria(store)))
    assert "person, 3 records" in text
    assert "disagree on birth_date:" in text
    assert "  nb-1 (nb)" in text
    assert all(len(line) < 120 for line in text.splitlines())


def test_people_have_one_row_each_and_their_id_first(store: Store) -> None:
    people = store.people()
    assert list(people.columns[:4]) == ["person_id", "record_count", "entity_type", "sources"]
    assert sorted(people["record_count"]) == [1, 1, 3]
    row = people.set_index("person_id").loc[maria(store)]
    assert (row["email"], row["email_from"]) == ("M.Garcia@gmail.com", "an-1")


def test_people_are_those_of_a_result(store: Store) -> None:
    result = matcher.dedupe(ROWS)
    expected = result.people.drop(columns="cluster_id").set_index("first_name_from", drop=False)
    found = store.people().drop(columns="person_id").set_index("first_name_from", drop=False)
    assert list(found.columns) == list(expected.columns)
    assert found.loc["an-1"].dropna().astype(str).to_dict() == (
        expected.loc["an-1"].dropna().astype(str).to_dict()
    )


def test_the_crosswalk_names_every_live_record_once(store: Store) -> None:
    crosswalk = store.crosswalk()
    assert list(crosswalk.columns) == ["record_id", "source", "source_record_id", "person_id"]
    assert sorted(crosswalk["record_id"]) == sorted(row["record_id"] for row in ROWS)
    assert set(crosswalk["person_id"]) == set(store.people()["person_id"])


@pytest.mark.parametrize(
    "asked",
    [
        {"email": "MGarcia+news@GMAIL.com"},
        {"email": "maria@work.org"},
        {"phone": "1-312-555-0142"},
        {"external_id": "van_id:1001"},
        {"external_id": ("van_id", "1001")},
        {"external_id": "1001"},
        {"external_id": "van-1"},
        {"external_id": "van:van-1"},
        {"name": "maria GARCIA lopez"},
        {"name": "María García"},
        {"email": "mgarcia@gmail.com", "name": "Garcia"},
    ],
)
def test_a_person_is_found_by_what_is_known(store: Store, asked: dict[str, Any]) -> None:
    assert store.find(**asked) == [maria(store)]


def test_names_are_found_in_any_spelling(store: Store) -> None:
    assert store.find(name="zoe obrien") == store.find(email="zoe@example.org")
    assert store.find(name="ACME widgets, Inc.") == store.find(external_id="an-3")


@pytest.mark.parametrize(
    "asked",
    [
        {"email": "ada@example.org"},
        {"name": "Maria O'Brien"},
        {"external_id": "van_id:10"},
        {"external_id": "nationbuilder_id:1001"},
        {"email": "zoe@example.org", "phone": "3125550142"},
    ],
)
def test_nobody_is_found_by_what_is_not_true_of_them(store: Store, asked: dict[str, Any]) -> None:
    assert store.find(**asked) == []


@pytest.mark.parametrize("asked", [{}, {"email": "none"}, {"phone": "12"}, {"name": "?!"}])
def test_one_cannot_look_for_nothing(store: Store, asked: dict[str, Any]) -> None:
    with pytest.raises(matcher.OptionError):
        store.find(**asked)


def test_a_value_is_no_statement(store: Store) -> None:
    assert store.find(external_id="x' OR '1'='1") == []
    assert store.find(name="Garcia%' OR 1=1 --") == []


def test_a_merged_id_shows_the_survivor(store: Store) -> None:
    (zoe,) = store.find(name="Zoe O'Brien")
    store.decide("an-1", "an-2", "same", by="Ada")
    assert store.person(zoe).person_id == maria(store)
    assert zoe not in set(store.people()["person_id"])


def test_what_is_not_there_is_said_so(store: Store) -> None:
    with pytest.raises(matcher.UnknownInStore, match="P99"):
        store.person("P99")
    (zoe,) = store.find(name="Zoe O'Brien")
    store.forget(zoe)
    with pytest.raises(matcher.UnknownInStore, match="no record any more"):
        store.person(zoe)


def test_an_empty_store_has_no_people(tmp_path: Path) -> None:
    with Store(tmp_path / "empty.duckdb") as store:
        assert len(store.people()) == 0
        assert list(store.people().columns)[:1] == ["person_id"]
        assert len(store.crosswalk()) == 0
        assert store.stats()["persons"] == 0
        assert len(store.contactable("email")) == 0


def test_stats_count(store: Store) -> None:
    counts = store.stats()
    assert counts["persons"] == 3
    assert counts["records_by_source"] == {"an": 3, "nb": 1, "van": 1}
    assert counts["largest_person"] == 3
    assert counts["last_run_at"] == _CAME
    assert counts["file_bytes"] > 0


def golden(store: Store, field: str) -> str:
    return store.person(maria(store)).golden[field]


@pytest.mark.parametrize(
    ("field", "rule", "column", "value"),
    [
        ("last_name", "most_complete", "last_name", "Garcia-Lopez"),
        ("last_name", "most_frequent", "last_name", "Garcia"),
        ("last_name", ["trusted", "nb", "van"], "last_name", "Garcia"),
        ("first_name", ["trusted", "nb"], "first_name", "M"),
        ("email", ["trusted", "van", "an"], "email", "mgarcia@gmail.com"),
        ("birth_date", ["trusted", "nb", "van"], "birth_date", "1980-04-03"),
        ("birth_date", "most_recent", "birth_date", "1980-03-04"),
        ("address", ["trusted", "van"], "city", "Chicago"),
        ("address", ["trusted", "van"], "postal_code", "60602"),
    ],
)
def test_a_rule_chooses_the_value_of_a_field(
    store: Store, field: str, rule: str | list[str], column: str, value: str
) -> None:
    before = golden(store, column)
    assert store.set_golden_rules({field: rule}, by="Ada") == {field: rule}
    assert golden(store, column) == value
    assert store.people().set_index("person_id").loc[maria(store), column] == value
    assert store.set_golden_rules({field: "default"}) == {}
    assert golden(store, column) == before


def test_rules_are_kept_in_the_store(tmp_path: Path) -> None:
    path = tmp_path / "store.duckdb"
    with Store(path) as store:
        store.set_golden_rules({"email": ["trusted", "van"], "gender": "most_recent"})
        store.set_golden_rules({"gender": "default"})
    with Store(path) as store:
        assert store.golden_rules() == {"email": ["trusted", "van"]}


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ({"shoe_size": "most_recent"}, "shoe_size"),
        ({"email": "best"}, "best"),
        ({"email": "most_complete"}, "no more complete"),
        ({"email": ["trusted"]}, "trusted"),
        ({"email": ["trusted", "van", "van"]}, "once"),
        ({"email": []}, "email"),
    ],
)
def test_rules_that_cannot_be_meant(store: Store, rules: dict[str, Any], told: str) -> None:
    with pytest.raises(matcher.OptionError, match=told):
        store.set_golden_rules(rules)
    assert store.golden_rules() == {}
