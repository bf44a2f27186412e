"""The pairs of a store that are for a person to look at, and what their answers teach."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import matcher
from benchmarks.contacts import generate
from matcher.errors import OptionError, UnknownInStore
from matcher.store import Store


@pytest.fixture(scope="module")
def rows() -> Any:
    return generate(600, 3)[0]


@pytest.fixture
def store(tmp_path: Path, rows: Any) -> Iterator[Store]:
    with Store(tmp_path / "store.duckdb") as made:
        made.ingest(rows)
        yield made


def pairs(frame: Any) -> list[tuple[str, str]]:
    both = zip(frame.record_id_left, frame.record_id_right, strict=True)
    return [(min(pair), max(pair)) for pair in both]


def test_the_least_certain_pairs_come_first(store: Store) -> None:
    queue = store.review_queue()
    assert len(queue) > 3
    assert queue.probability.between(0.1, 0.9).all()
    assert (queue.probability - 0.5).abs().round(6).is_monotonic_increasing
    assert store.review_queue(2).record_id_left.tolist() == queue.record_id_left[:2].tolist()
    crosswalk = dict(store.query("SELECT record_id, person_id FROM person_record"))
    assert [crosswalk[one] for one in queue.record_id_left] == queue.person_id_left.tolist()


def test_what_was_compared_is_beside_the_levels(store: Store) -> None:
    first = store.review_queue(1).iloc[0]
    why = store.why(first.record_id_left, first.record_id_right)
    assert why.probability == pytest.approx(first.probability)
    assert {"first_name_left", "first_name_right"} <= set(first.index)


def test_what_somebody_has_looked_at_does_not_come_again(store: Store) -> None:
    before = pairs(store.review_queue())
    for pair, verdict in zip(before[:3], ("same", "different", "unsure"), strict=True):
        store.decide(*pair, verdict, by="Ada")
    assert not set(before[:3]) & set(pairs(store.review_queue()))


def test_the_queue_of_one_person_is_about_that_person(store: Store) -> None:
    whole = store.review_queue(10_000)
    person = whole.person_id_left[0]
    mine = store.review_queue(10_000, person_id=person)
    about = (whole.person_id_left == person) | (whole.person_id_right == person)
    assert set(pairs(mine)) == set(pairs(whole[about]))


def test_the_order_of_arrival_does_not_show(tmp_path: Path, store: Store, rows: Any) -> None:
    with matcher.open(tmp_path / "other.duckdb") as other:
        for start in (400, 0):
            other.ingest(rows.slice(start, 400 if not start else 200))
        assert pairs(other.review_queue()) == pairs(store.review_queue())


def test_an_empty_store_has_nothing_to_look_at(tmp_path: Path) -> None:
    with matcher.open(tmp_path / "empty.duckdb") as empty:
        assert empty.review_queue().empty


def test_asking_for_no_pair_or_for_nobody_is_refused(store: Store) -> None:
    with pytest.raises(OptionError, match="one pair"):
        store.review_queue(0)
    with pytest.raises(UnknownInStore):
        store.review_queue(person_id="P999999")


def test_decisions_move_the_model_that_is_learnt(tmp_path: Path, rows: Any) -> None:
    weights = []
    for verdict in (None, "same", "different"):
        with Store(tmp_path / f"{verdict}.duckdb") as store:
            store.ingest(rows)
            for pair in pairs(store.review_queue(8)) if verdict else []:
                try:
                    store.decide(*pair, verdict, by="Ada")
                except matcher.MatcherError as error:
                    assert "decision" in str(error)  # it would contradict those before
            store.retrain()
            comparisons = store._session.model.model.weights.comparisons
            weights.append([level.m for each in comparisons for level in each.levels])
    assert weights[0] != weights[1] != weights[2] != weights[0]
