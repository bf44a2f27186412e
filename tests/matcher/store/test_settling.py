"""What is remembered of large components changes nothing: who is who follows from what is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import matcher
from matcher.store import Store

Row = dict[str, Any]

_FIRST = ("Maria", "Mary", "Marie", "John", "Jon", "Ann")
_LAST = ("Smith", "Smyth", "Garcia")
_MAILBOXES = ("m@example.com", "smith77@gmail.com", "family@mail.com")
_PHONES = ("3125550142", "3125550143")


@st.composite
def crowds(draw: st.DrawFn) -> list[Row]:
    """Records that hang together by links of every strength."""
    one = st.fixed_dictionaries(
        {
            "first_name": st.sampled_from(_FIRST),
            "last_name": st.sampled_from(_LAST),
            "suffix": st.sampled_from((None, None, "Jr", "Sr")),
            "email": st.none() | st.sampled_from(_MAILBOXES),
            "phone": st.none() | st.sampled_from(_PHONES),
            "address": st.sampled_from((None, "12 Main St", "99 Oak Ave")),
            "zip": st.just("60601"),
        }
    )
    rows = draw(st.lists(one, min_size=8, max_size=16))
    return [{"record_id": f"r{n}", "source": "list", **row} for n, row in enumerate(rows)]


@contextmanager
def small_sizes(whole: int, cap: int | None) -> Iterator[None]:
    """Few records are many: what is done for large components and crowded blocks is done."""
    modules = ("clustering", "store.layers", "store.population", "store.remembering")
    with pytest.MonkeyPatch.context() as patch:
        for module in (*modules, "store.resolving", "store.settling", "store.worlds"):
            patch.setattr(f"matcher.{module}.WHOLE_COMPONENT", whole)
        patch.setattr("matcher.store.settling._NEARLY_ALL", 2.0)
        if cap is not None:
            patch.setattr("blocking.pairs.BLOCK_CAP", cap)
            patch.setattr("matcher.store.population.BLOCK_CAP", cap)
        yield


def something(store: Store, rows: list[Row], random: Random) -> None:
    """Does one thing to the store."""
    known = [row for (row,) in store.query("SELECT record_id FROM current_record")]
    chance = random.random()
    if chance < 0.4 or len(known) < 4:
        store.ingest([random.choice(rows)])
    elif chance < 0.6:  # says something else
        store.ingest([{**random.choice(rows), "record_id": random.choice(known)}])
    elif chance < 0.8:
        verdict = random.choice(["same", "different", "unsure"])
        store.decide(*random.sample(known, 2), verdict, by="ann")
    elif chance < 0.9:
        runs = [run for (run,) in store.query(_RUNS)]
        if runs:
            store.undo(random.choice(runs), by="ann")
    else:
        store.resolve_many([random.choice(rows)])


_RUNS = "SELECT 'R' || run FROM run WHERE kind = 'ingest' AND run > 1"


@settings(max_examples=8, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(crowds(), st.randoms(use_true_random=False), st.integers(2, 5), st.sampled_from((None, 3)))
def test_whatever_happens_persons_are_what_records_and_decisions_say(
    rows: list[Row], random: Random, whole: int, cap: int | None
) -> None:
    with small_sizes(whole, cap), TemporaryDirectory() as folder:
        path = Path(folder) / "store.duckdb"
        with Store(path) as store:
            store.ingest(rows[: len(rows) // 2])
        for _ in range(2):
            with Store(path) as store:
                if random.random() < 0.5:
                    store.prepare()
                for _ in range(4):
                    try:
                        something(store, rows, random)
                    except matcher.MatcherError:  # already taken back
                        continue
                    found = store.check(deep=True)
                    assert found.ok, found
