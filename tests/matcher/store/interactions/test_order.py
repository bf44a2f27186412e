"""Interactions first and people later, or the other way round: the links are the same."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.store import Store

Row = dict[str, Any]
#: Of an interaction: status, the records of the person, the likelihood, and the same of candidates.
Told = dict[str, tuple[str, frozenset[str], float | None, frozenset[tuple[frozenset[str], float]]]]

_FIRST = ("Maria", "Mary", "John", "Jon", "Bob")
_LAST = ("Smith", "Smyth", "Okonkwo")
_MAILBOXES = ("m@example.com", "smith77@gmail.com", "family@mail.com")
_PHONES = ("+13125550142", "+13125550143")
_STREETS = ("12 Main St", "99 Oak Ave")
_ZIPS = ("60601", "60602")


def maybe(values: Sequence[str]) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(values)


_record = st.fixed_dictionaries(
    {
        "first_name": maybe(_FIRST),
        "last_name": maybe(_LAST),
        "email": maybe(_MAILBOXES),
        "phone": maybe(_PHONES),
        "address": maybe(_STREETS),
        "zip": maybe(_ZIPS),
        "van_id": maybe(("7", "8")),
    }
)
_contact = st.fixed_dictionaries(
    {
        "firstName": st.sampled_from(_FIRST),
        "lastName": st.sampled_from(_LAST),
        "email": st.lists(st.sampled_from(_MAILBOXES), max_size=2),
        "phone": st.lists(st.sampled_from(_PHONES), max_size=2),
        "address": st.lists(
            st.builds(
                lambda line, code: {"addressLine1": line, "postalCode": code},
                st.sampled_from(_STREETS), st.sampled_from(_ZIPS),
            ),
            max_size=2,
        ),
    }
)  # fmt: skip


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Row], list[Row]]:
    """Records of households, and interactions with somebody like them."""
    records = draw(st.lists(_record, min_size=1, max_size=10))
    contacts = draw(st.lists(_contact, min_size=1, max_size=6))
    people = [{"record_id": f"r{n}", "source": "list", **row} for n, row in enumerate(records)]
    asked = [
        {"id": f"i{n}", "stateCode": "IL", "contactInfo": contact}
        for n, contact in enumerate(contacts)
        if contact["email"] or contact["phone"] or contact["address"]
    ]
    return people, asked


def told(store: Store) -> Told:
    """What is known of each interaction, persons by their records."""
    records: dict[str, set[str]] = {}
    for person, record in store.query("SELECT person_id, record_id FROM person_record"):
        records.setdefault(person, set()).add(record)
    found = store.query(
        "SELECT interaction_id, status, person_id, probability FROM interaction_link"
    )
    listed = store.query(
        "SELECT interaction_id, 'P' || fits.person, fits.probability FROM link_candidate AS fits"
        " JOIN current_link USING (link) JOIN current_interaction USING (interaction)"
    )
    candidates: dict[str, set[tuple[frozenset[str], float]]] = {}
    for own, person, probability in listed:
        who = (frozenset(records[person]), round(probability, 6))
        candidates.setdefault(own, set()).add(who)
    return {
        own: (
            status,
            frozenset(records.get(person, ())),
            None if probability is None else round(probability, 6),
            frozenset(candidates.get(own, ())),
        )
        for own, status, person, probability in found
    }


def linked(steps: Sequence[tuple[str, list[Row]]]) -> Told:
    """What is known after some records and interactions came in."""
    with TemporaryDirectory() as folder, Store(Path(folder) / "store.duckdb") as store:
        for kind, rows in steps:
            if kind == "people":
                store.ingest(rows)
            else:
                store.add_interactions(rows)
        assert store.link_interactions().tally.looked_at == sum(
            len(rows) for kind, rows in steps if kind == "interactions"
        )
        assert not store.link_interactions().tally
        return told(store)


@settings(max_examples=12)
@given(worlds(), st.randoms(use_true_random=False))
def test_any_order_gives_the_same_links(world: tuple[list[Row], list[Row]], random: Random) -> None:
    people, interactions = world
    steps = [("people", [row]) for row in people]
    steps += [("interactions", [row]) for row in interactions]
    at_once = [("people", people)] + ([("interactions", interactions)] if interactions else [])
    expected = linked(at_once)
    assert linked(at_once[::-1]) == expected
    random.shuffle(steps)
    assert linked(steps) == expected


@settings(max_examples=8)
@given(worlds(), st.randoms(use_true_random=False))
def test_values_that_many_have_do_not_let_the_order_show(
    world: tuple[list[Row], list[Row]], random: Random
) -> None:
    people, interactions = world
    steps = [("people", [row]) for row in people]
    steps += [("interactions", [row]) for row in interactions]
    with pytest.MonkeyPatch.context() as patch:
        for module in ("blocking.pairs", "matcher.store.population"):
            patch.setattr(f"{module}.BLOCK_CAP", 3)
        patch.setattr("matcher.store.interactions.meeting.BLOCK_CAP", 3)
        expected = linked(
            [("people", people), ("interactions", interactions)][: 1 + bool(interactions)]
        )
        random.shuffle(steps)
        assert linked(steps) == expected


@settings(max_examples=8)
@given(worlds(), st.data())
def test_no_change_of_people_leaves_a_link_that_would_not_be_found_now(
    world: tuple[list[Row], list[Row]], data: st.DataObject
) -> None:
    """Records change, people decide, runs are undone and persons forgotten."""
    people, interactions = world
    with TemporaryDirectory() as folder, Store(Path(folder) / "store.duckdb") as store:
        if interactions:
            store.add_interactions(interactions)
        runs = [store.ingest([row]).run for row in people]
        for _ in range(data.draw(st.integers(1, 4))):
            step = data.draw(st.sampled_from(("decide", "change", "undo", "forget", "retrain")))
            _do(store, step, people, runs, data)
            assert store.check(deep=True).ok, step


def _do(store: Store, step: str, people: list[Row], runs: list[int], data: st.DataObject) -> None:
    here = store.query("SELECT person_id, record_id FROM person_record ORDER BY record_id")
    if step == "decide" and len(here) > 1:
        pair = data.draw(st.permutations([record for _, record in here]))[:2]
        verdict = data.draw(st.sampled_from(("same", "different")))
        try:
            store.decide(*pair, verdict, by="Ada")
        except Exception as error:
            assert "decision" in str(error)
    elif step == "change":
        row = data.draw(st.sampled_from(people))
        store.ingest([{**data.draw(_record), "record_id": row["record_id"], "source": "list"}])
    elif step == "undo" and runs:
        try:
            store.undo(runs.pop(), by="Ada")
        except Exception as error:
            assert "undo" in str(error)
    elif step == "forget" and here:
        store.forget(data.draw(st.sampled_from([person for person, _ in here])))
    elif step == "retrain" and here:
        store.retrain()
