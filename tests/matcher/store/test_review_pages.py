"""All doubtful pairs, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.contacts import generate
from matcher.errors import OptionError
from matcher.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store.duckdb") as made:
        made.ingest(generate(600, 3)[0])
        yield made


def pairs(frame: Any) -> list[tuple[str, str]]:
    both = zip(frame.record_id_left, frame.record_id_right, strict=True)
    return [(min(pair), max(pair)) for pair in both]


def pages(store: Store, limit: int) -> Iterator[Any]:
    frame, after = store.review_page(None, limit)
    yield frame
    while after is not None:
        frame, after = store.review_page(after, limit)
        yield frame


@pytest.mark.parametrize("limit", [1, 7, 10_000])
@pytest.mark.parametrize("together", [1, 50, 1000])
def test_all_pages_have_each_pair_of_the_queue_once(
    store: Store, limit: int, together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matcher.store.review_pages._TOGETHER", together)
    found = [pair for page in pages(store, limit) for pair in pairs(page)]
    assert sorted(found) == sorted(pairs(store.review_queue(10_000)))
    assert len(found) > 10


def test_a_page_says_of_a_pair_what_the_queue_does(store: Store) -> None:
    page = store.review_page(None, 10_000)[0].set_index(["record_id_left", "record_id_right"])
    queue = store.review_queue(10_000).set_index(["record_id_left", "record_id_right"])
    assert page.sort_index().equals(queue.sort_index())


def test_what_is_decided_or_goes_between_two_pages_loses_no_other_pair(store: Store) -> None:
    whole = pairs(store.review_page(None, 10_000)[0])
    first, after = store.review_page(None, 5)
    for pair in pairs(first):
        store.decide(*pair, "different", by="Ada")
    store.decide(*whole[6], "unsure", by="Ada")
    rest = [*whole[5:6], *whole[7:]]
    assert pairs(store.review_page(after, 10_000)[0]) == rest
    (person,) = store.query("SELECT person_id FROM person_record WHERE record_id = ?", [rest[0][0]])
    receipt = store.forget(person[0])
    left = [pair for pair in rest if not set(pair) & set(receipt.records)]
    assert set(pairs(store.review_page(after, 10_000)[0])) <= set(left)


def test_a_page_ends_after_some_time_where_nothing_is_doubtful(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matcher.store.review_pages._TOGETHER", 1)
    monkeypatch.setattr("matcher.store.review_pages._MOST_STEPS", 2)
    frame, after = store.review_page()
    assert frame.empty and after is not None


def test_an_empty_store_has_one_empty_page(tmp_path: Path) -> None:
    with Store(tmp_path / "empty.duckdb") as empty:
        frame, after = empty.review_page()
        assert frame.empty and after is None


@pytest.mark.parametrize("after", ["", "1", "1-2-3", "-1--1", "1-x", "1" * 30 + "-1"])
def test_what_no_page_gave_is_refused(store: Store, after: str) -> None:
    with pytest.raises(OptionError, match="no place"):
        store.review_page(after)
    with pytest.raises(OptionError, match="at least"):
        store.review_page(None, 0)
