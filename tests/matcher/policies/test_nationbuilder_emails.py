from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import matcher
from matcher.policies.contacts import Email
from matcher.policies.nationbuilder.emails import Slots, assign, slots_of, write


def replay(rows: list[dict[str, Any]], **options: Any) -> matcher.Replay:
    return matcher.replay(rows, policy="nationbuilder", **options)


def outcomes(result: matcher.Replay, rule: str) -> list[str]:
    return list(result.events[result.events.rule == rule].outcome)


def email(address: str) -> Email:
    return Email(address, address)


def slots(*addresses: str | None, bad: set[int] = frozenset(), primary: int | None = 1) -> Slots:  # type: ignore[assignment]
    held = [None if a is None else email(a) for a in (*addresses, None, None, None, None)][:4]
    return Slots(tuple(held), frozenset(bad), primary)


def addresses(held: Slots) -> list[str | None]:
    return [each and each.address for each in held.held]


FULL = {f"email{n}": f"e{n}@x.org" for n in (1, 2, 3, 4)} | {"external_id": "7"}


def test_nb_03_four_emails_are_kept_and_a_fifth_is_told() -> None:
    result = replay([FULL | {"email5": "e5@x.org", "request": "create"}])
    assert result.people.emails[0] == ["e1@x.org", "e2@x.org", "e3@x.org", "e4@x.org"]
    (dropped,) = result.events[result.events.outcome == "email_dropped"].itertuples()
    assert (dropped.rule, dropped.before) == ("NB-05", "e5@x.org")


@pytest.mark.parametrize("told", ["0", "5", "x"])
def test_nb_03_the_primary_id_is_one_to_four(told: str) -> None:
    result = replay([FULL | {"primary_email_id": told, "request": "create"}])
    assert outcomes(result, "NB-03") == ["warning"]
    assert result.people.emails[0][0] == "e1@x.org"


def test_nb_03_the_primary_id_of_an_empty_slot_changes_nothing() -> None:
    row = {"email1": "a@x.org", "email2": "b@x.org", "primary_email_id": "3", "request": "create"}
    result = replay([row])
    assert outcomes(result, "NB-03") == ["warning"]
    assert result.people.emails[0][0] == "a@x.org"


@pytest.mark.parametrize(
    ("bad", "primary", "best"),
    [
        ({2}, 1, 1),
        ({1}, 1, 2),  # never a bad one, though it is primary
        ({1, 2}, 1, 3),
        ({1, 2, 3, 4}, 2, None),
        (set(), None, 1),
        ({1}, None, 2),
        (set(), 3, 3),
    ],
)
def test_nb_04_the_best_email_is_primary_and_not_bad(
    bad: set[int], primary: int | None, best: int | None
) -> None:
    assert slots("a", "b", "c", "d", bad=bad, primary=primary).best() == best


def test_nb_04_the_best_email_comes_first() -> None:
    row = FULL | {"primary_email_id": "3", "email3_is_bad": "true", "request": "create"}
    result = replay([row, {"external_id": "7", "primary_email_id": "4", "request": "push"}])
    assert result.people.emails[0][0] == "e4@x.org"


@pytest.mark.parametrize("used", [0, 1, 3])
def test_nb_05_the_first_empty_slot_takes_it_and_becomes_primary(used: int) -> None:
    done = write(slots(*"abc"[:used], primary=1 if used else None), email("new"))
    assert done.slots.place("new") == used + 1 == done.slots.primary
    assert done.outcome is None


def test_nb_05_the_first_bad_slot_is_overwritten() -> None:
    done = write(slots(*"abcd", bad={2, 3}), email("new"))
    assert addresses(done.slots) == ["a", "new", "c", "d"]
    assert (done.slots.bad, done.slots.primary, done.before) == ({3}, 2, "b")
    assert done.outcome == "email_overwritten"


def test_nb_05_with_four_good_emails_it_is_dropped() -> None:
    before = slots(*"abcd")
    done = write(before, email("new"))
    assert (done.slots, done.outcome) == (before, "email_dropped")


def test_nb_05_a_held_address_becomes_primary_without_a_copy() -> None:
    done = write(slots(*"abcd"), email("c"))
    assert (addresses(done.slots), done.slots.primary) == (["a", "b", "c", "d"], 3)
    bad = write(slots(*"abcd", bad={3}), email("c"))
    assert (bad.slots.bad, bad.outcome, bad.note) == ({3}, "warning", "email_is_bad")


def test_nb_05_through_requests() -> None:
    result = replay(
        [
            FULL | {"email2_is_bad": "true", "email3_is_bad": "true", "request": "create"},
            {"external_id": "7", "email": "new@x.org", "request": "push"},
            {"external_id": "7", "email": "e3@x.org", "request": "push"},
            {"external_id": "7", "email3": "direct@x.org", "request": "push"},
            {"external_id": "7", "email": "late@x.org", "request": "push"},
        ]
    )
    assert list(result.events.query("rule == 'NB-05'").outcome) == [
        "email_overwritten",
        "warning",
        "email_overwritten",
        "email_dropped",
    ]
    assert result.people.emails[0] == ["direct@x.org", "e1@x.org", "new@x.org", "e4@x.org"]


def test_nb_05_case_makes_no_other_address() -> None:
    rows = [{"email": "A@x.org", "request": "create"}, {"email": "a@X.ORG", "request": "push"}]
    result = replay(rows)
    assert result.people.emails.to_list() == [["a@x.org"]]


def test_nb_05_a_slot_written_directly_replaces_what_was_there() -> None:
    done = assign(slots("a", "b"), 2, email("new"))
    assert (addresses(done.slots), done.slots.primary, done.before) == (
        ["a", "new", None, None],
        1,
        "b",
    )
    twice = assign(slots("a", "b"), 2, email("a"))
    assert (twice.slots, twice.outcome) == (slots("a", "b"), "warning")


def test_nb_05_a_file_never_replaces_a_good_address() -> None:
    rows = [
        {"email1": "a@x.org", "external_id": "7"},
        {"email1": "b@x.org", "external_id": "7", "first_name": "Ann"},
    ]
    assert replay(rows).people.emails.to_list() == [["a@x.org", "b@x.org"]]


_STATES = st.tuples(
    st.lists(st.sampled_from("abcdefg"), max_size=4, unique=True),
    st.frozensets(st.integers(1, 4)),
    st.integers(1, 4),
).map(
    lambda t: slots(
        *t[0],
        bad={b for b in t[1] if b <= len(t[0])},
        primary=min(t[2], len(t[0])) or None,
    )
)


@given(_STATES, st.sampled_from("abcdefgh"))
def test_nb_05_no_write_loses_a_good_address_or_doubles_one(held: Slots, address: str) -> None:
    done = write(held, email(address))
    good = {e.address for n, e in held.filled() if n not in held.bad}
    after = [a for a in addresses(done.slots) if a is not None]
    assert good <= set(after)
    assert len(after) == len(set(after))
    assert (address in after) == (done.outcome != "email_dropped")
    if address in after:
        assert done.slots.primary == done.slots.place(address)
    else:
        assert done.slots == held
    again = write(done.slots, email(address))
    assert again.slots == done.slots


@given(_STATES)
def test_nb_04_slots_survive_being_kept_on_a_person(held: Slots) -> None:
    entries = tuple(
        each._replace(kind=f"email{slot}", primary=slot == held.primary)
        for slot, each in held.best_first()
    )
    kept = slots_of(entries, held.bad)
    assert addresses(kept) == addresses(held)
    assert entries == () or (kept.bad, kept.primary) == (held.bad, held.primary)
    best = held.best()
    if best is not None:
        assert best not in held.bad
        assert entries[0].kind == f"email{best}"
