"""What holds of Action Network's list after any rows whatever."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import matcher
from matcher.policies.outcomes import MAIN

EMAILS = st.sampled_from(["a@example.org", "b@example.org", "c@example.org", None, "no email"])
PHONES = st.sampled_from(["+12025550143", "202-555-0199", "+12025550177", None, "12"])
NAMES = st.sampled_from(["Ann", "Bob", None])
IDS = st.sampled_from(["x:1", "x:2", "broken", None])
STATUSES = st.sampled_from(["subscribed", "unsubscribed", "maybe", None])
ROW = st.fixed_dictionaries(
    {
        "email": EMAILS,
        "phone": PHONES,
        "first_name": NAMES,
        "identifiers": IDS,
        "email_consent": STATUSES,
        "request": st.sampled_from(["create", "update", "update", "delete", None]),
        "person_id": st.sampled_from(["1", "2", "3", None]),
    }
)
ROWS = st.lists(ROW, min_size=1, max_size=12)
UPLOADS = st.lists(
    st.fixed_dictionaries({"email": EMAILS, "phone": PHONES, "first_name": NAMES}),
    min_size=1,
    max_size=8,
)
PROFILES = st.sampled_from(["document", "native"])


@settings(max_examples=40, deadline=None)
@given(ROWS, PROFILES)
def test_no_email_phone_or_identifier_is_on_two_people(rows: list[Any], profile: str) -> None:
    people = matcher.replay(rows, profile=profile).people
    for column in ("emails", "phones", "identifiers"):
        held = Counter(value for values in people[column] for value in values)
        assert all(count == 1 for count in held.values()), (column, held)
    assert all(len(emails) <= 1 for emails in people["emails"])
    assert all(len(phones) <= 1 for phones in people["phones"])


@settings(max_examples=40, deadline=None)
@given(ROWS, PROFILES)
def test_every_row_is_on_exactly_one_person_or_in_the_rejects(
    rows: list[Any], profile: str
) -> None:
    result = matcher.replay(rows, profile=profile)
    on_people = [row for of_one in result.people["rows"] for row in of_one]
    assert len(on_people) == len(set(on_people))
    assert set(on_people) | set(result.rejects["row"]) == set(range(1, len(rows) + 1))
    refused = result.events[result.events["outcome"] == "rejected"]["row"]
    assert set(on_people).isdisjoint(refused)


@settings(max_examples=40, deadline=None)
@given(ROWS, PROFILES)
def test_every_row_has_one_main_event_which_comes_first(rows: list[Any], profile: str) -> None:
    events = matcher.replay(rows, profile=profile).events
    main = events[events["outcome"].isin([str(outcome) for outcome in MAIN])]
    assert list(main["row"]) == list(range(1, len(rows) + 1))
    assert list(main.index) == list(events.drop_duplicates("row").index)


@settings(max_examples=40, deadline=None)
@given(ROWS, PROFILES)
def test_deciding_changes_nothing(rows: list[Any], profile: str) -> None:
    """The same rows give the same history, whatever was decided in between."""
    one, other = (matcher.replay(rows, profile=profile) for _ in range(2))
    assert one.events_table().equals(other.events_table())
    assert one.people_table().equals(other.people_table())


@settings(max_examples=40, deadline=None)
@given(UPLOADS, PROFILES)
def test_a_file_without_shared_phones_changes_nothing_the_second_time(
    rows: list[Any], profile: str
) -> None:
    """Once the list is settled, a further replay of its last rows finds nothing to do."""
    seen: set[str] = set()
    settled = []
    for row in rows:
        keys = {key for key in (row["email"], row["phone"]) if key}
        if not keys & seen:
            settled.append(row)
            seen |= keys
    if not settled:
        return
    once = matcher.replay(settled, profile=profile)
    twice = matcher.replay(settled + settled, profile=profile)
    again = twice.events[twice.events["row"] > len(settled)]
    assert set(again["outcome"]) <= {"unchanged", "rejected", "warning"}
    for column in ("person_id", "first_name", "emails", "phones", "email_consent"):
        assert once.people_table().column(column).equals(twice.people_table().column(column))
