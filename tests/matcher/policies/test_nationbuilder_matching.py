from __future__ import annotations

from itertools import chain
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import matcher

PHONES = st.sampled_from(["+15035550841", "+15035550842", "+15035550843"])
CRITERIA = {
    "first_name": st.sampled_from(["Ann", "Bob"]),
    "last_name": st.sampled_from(["Smith", "Jones"]),
    "phone": PHONES,
    "mobile": PHONES,
}
PEOPLE = st.lists(st.fixed_dictionaries({}, optional=CRITERIA).filter(bool), max_size=6)
SWITCHBOARD = {"phone": "+15035550841"}


def expected(criteria: dict[str, str], people: list[dict[str, str]], native: bool) -> str:
    """The outcome by a look at everybody."""
    found = 0
    for person in people:
        held = dict(person)
        if native:
            numbers = {person.get("phone"), person.get("mobile")}
            held |= {f: v for f, v in criteria.items() if f in ("phone", "mobile") and v in numbers}
        found += held.items() >= criteria.items()
    return "matched" if found == 1 else "multiple_matches" if found else "no_match"


@settings(max_examples=40, deadline=None)
@given(PEOPLE, PEOPLE, st.booleans())
def test_nb_18_whom_a_match_finds_is_what_a_look_at_everybody_finds(
    people: list[dict[str, str]], asked: list[dict[str, str]], native: bool
) -> None:
    rows: list[dict[str, Any]] = [{**person, "request": "create"} for person in people]
    # Asked before and after everybody came: an index is made once, and then kept.
    asking: list[dict[str, Any]] = [{**criteria, "request": "match"} for criteria in asked]
    half = len(rows) // 2
    order = [*rows[:half], *asking, *rows[half:], *asking]
    if not order:
        return
    profile = "native" if native else "document"
    events = matcher.replay(order, policy="nationbuilder", profile=profile).events
    outcomes = events[events.outcome.isin(["matched", "multiple_matches", "no_match"])]
    seen = chain((people[:half] for _ in asked), (people for _ in asked))
    wanted = [
        expected(criteria, held, native)
        for criteria, held in zip([*asked, *asked], seen, strict=True)
    ]
    assert outcomes.outcome.to_list() == wanted


def test_nb_18_of_more_than_twenty_it_is_said_that_they_are_more() -> None:
    people = [{**SWITCHBOARD, "email": f"u{number}@mail.org"} for number in range(25)]
    match = {**SWITCHBOARD, "request": "match"}
    rejects = matcher.replay([*people[:20], match, *people[20:], match], "nationbuilder").rejects
    assert rejects.reason.to_list() == ["20 people match", "more than 20 people match"]
