"""Many answers at once: all of them or none, and a fault is named with its row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from matcher.errors import InputError, OptionError, StoreError, UnknownInStore, UnusableColumns
from matcher.store import Store

Row = dict[str, Any]

ROWS: list[Row] = [
    {"record_id": name, "source": "list", "first_name": first, "last_name": "Okonkwo",
     "email": f"{name}@example.com"}
    for name, first in (("a", "Ann"), ("b", "Bob"), ("c", "Cleo"), ("d", "Dan"))
]  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store.duckdb") as opened:
        opened.ingest(ROWS)
        yield opened


def answer(left: str | None, right: str | None, verdict: str | None) -> Row:
    return {"record_id_left": left, "record_id_right": right, "verdict": verdict}


def groups(store: Store) -> set[frozenset[str]]:
    people: dict[str, set[str]] = {}
    for record, person in store.query("SELECT record_id, person_id FROM person_record"):
        people.setdefault(person, set()).add(record)
    return {frozenset(records) for records in people.values()}


def test_answers_hold_as_if_each_had_been_decided(store: Store, tmp_path: Path) -> None:
    answers = [answer("a", "b", "same"), answer("b", "c", "different"), answer("c", "d", "same")]
    changes = store.decide_all(answers, by="Ann", note="Monday's list")
    with Store(tmp_path / "other.duckdb") as other:
        other.ingest(ROWS)
        for each in answers:
            other.decide(*each.values(), by="Ann")
        assert groups(store) == groups(other) == {frozenset("ab"), frozenset("cd")}
    assert store.query("SELECT done_by, note FROM run WHERE run = ?", [changes.run]) == [
        ("Ann", "Monday's list")
    ]
    assert store.check(deep=True).ok


def test_a_run_of_answers_is_undone_as_one(store: Store) -> None:
    before = groups(store)
    changes = store.decide_all([answer("a", "b", "same"), answer("c", "d", "same")], by="Ann")
    store.undo(changes.run, by="Ann")
    assert groups(store) == before


@pytest.mark.parametrize("form", ["path", "frame", "list"])
def test_rows_without_a_verdict_are_passed_over(store: Store, tmp_path: Path, form: str) -> None:
    answers: Any = [answer("a", "b", " Same "), answer("c", "d", None), answer("c", "nobody", "")]
    if form != "list":
        answers = pd.DataFrame(answers)
    if form == "path":
        path = tmp_path / "answers.csv"
        answers.to_csv(path, index=False, sep=";", encoding="utf-8-sig")
        answers = path
    store.decide_all(answers, by="Ann")
    assert groups(store) == {frozenset("ab"), frozenset("c"), frozenset("d")}


def test_a_record_may_be_named_by_its_source(store: Store) -> None:
    store.decide_all([answer("list:a", "b", "same")], by="Ann")
    assert frozenset("ab") in groups(store)


def test_an_id_that_looks_like_a_formula_comes_back_from_a_file(
    store: Store, tmp_path: Path
) -> None:
    alike = {"first_name": "Eve", "last_name": "Diaz", "address": "1 Elm St", "zip": "01027"}
    store.ingest([
        {**alike, "record_id": "@eve", "source": "list"},
        {**alike, "record_id": "=e2", "source": "list", "suffix": "Jr"},
    ])  # fmt: skip
    rows = pd.read_csv(store.export_review(tmp_path / "review.csv"), dtype=str)
    assert set(rows[["record_id_left", "record_id_right"]].iloc[0]) == {"'@eve", "'=e2"}
    store.decide_all(rows.assign(verdict="same"), by="Ann")
    assert frozenset({"@eve", "=e2"}) in groups(store)


@pytest.mark.parametrize(
    ("wrong", "kind", "said"),
    [
        (answer("a", "zoe", "same"), UnknownInStore, "row 2: there is no record 'zoe'"),
        (answer("a", "b", "perhaps"), InputError, "row 2: 'perhaps' is no verdict"),
        (answer("a", "", "same"), InputError, "row 2: names no record"),
        (answer("a", "a", "same"), OptionError, "row 2: both ids name the record 'a'"),
        (answer("d", "c", "different"), StoreError, "row 2: says different of 'd' and 'c'"),
    ],
)
def test_a_fault_is_named_with_its_row_and_nothing_is_kept(
    store: Store, wrong: Row, kind: type[Exception], said: str
) -> None:
    before = groups(store)
    with pytest.raises(kind, match=said):
        store.decide_all([answer("c", "d", "same"), wrong], by="Ann")
    assert groups(store) == before
    assert store.stats()["decisions"] == 0


def test_answers_that_contradict_through_a_third_record_are_refused(store: Store) -> None:
    three = [answer("a", "b", "same"), answer("b", "c", "same"), answer("a", "c", "different")]
    with pytest.raises(StoreError, match="'a' and 'c' would be different"):
        store.decide_all(three, by="Ann")
    assert store.stats()["decisions"] == 0


def test_a_list_without_an_answer_says_what_to_write(store: Store) -> None:
    with pytest.raises(InputError, match="same, different, unsure"):
        store.decide_all([answer("a", "b", None)], by="Ann")
    with pytest.raises(UnusableColumns, match="no column verdict"):
        store.decide_all([{"record_id_left": "a", "record_id_right": "b"}], by="Ann")
    with pytest.raises(OptionError, match="who decides"):
        store.decide_all([answer("a", "b", "same")], by=" ")
