"""What holds of NationBuilder's list whatever rows come."""

from __future__ import annotations

from collections import Counter
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import matcher
from matcher.policies.consent import RESTRICTION
from matcher.policies.nationbuilder import layering

_SOME = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
_EMAILS = [f"{name}@smith.net" for name in ("ann", "bob", "eve", "joe", "zoe", "kim")]
_PHONES = ["503-555-0841", "213 394 4624", "+44 7911 123456", "12"]


def _field(values: list[str]) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(values)


_ROW = st.fixed_dictionaries(
    {"request": st.sampled_from([None, "create", "push", "update", "match", "search"])},
    optional={
        "person_id": st.sampled_from(["1", "2", "9"]),
        "first_name": st.sampled_from(["Ann", "Bob"]),
        "last_name": st.sampled_from(["Smith", "Jones"]),
        "signup_type": st.sampled_from(["0", "1", "x"]),
        "email": _field([*_EMAILS, "not one"]),
        "email1": _field(_EMAILS),
        "email2": _field(_EMAILS),
        "email4": _field(_EMAILS),
        "email1_is_bad": st.sampled_from(["true", "false"]),
        "email2_is_bad": st.sampled_from(["true", "false"]),
        "primary_email_id": st.sampled_from(["1", "2", "3", "5"]),
        "phone": _field(_PHONES),
        "mobile": _field(_PHONES),
        "external_id": _field(["7", "8"]),
        "van_id": _field(["7", "8"]),
        "facebook_username": _field(["a", "b"]),
        "nationbuilder_id": _field(["3", "4"]),
        "rnc_id": _field(["3", "4"]),
        "email_opt_in": st.sampled_from(["true", "false"]),
        "do_not_contact": st.sampled_from(["true", "false"]),
        "home_city": _field(["Salem", "Austin"]),
        "work_zip": _field(["97301", "57314-7614"]),
        "primary_city": _field(["Salem"]),
        "tags": _field(["red", "red,blue"]),
        "remove_tags": _field(["red"]),
    },
)
_OPTIONS = st.sampled_from([{}, {"profile": "native"}, {"precedence": True}, {"uploads": "import"}])
_COLUMNS = ("request", "last_name", "email")


def replay(rows: list[dict[str, Any]], options: dict[str, Any]) -> matcher.Replay:
    complete = [dict.fromkeys(_COLUMNS) | row for row in rows]
    return matcher.replay(complete, policy="nationbuilder", **options)


@_SOME
@given(st.lists(_ROW, min_size=1, max_size=12), _OPTIONS)
def test_nb_20_nobody_is_lost_and_no_key_is_on_two_people(
    rows: list[dict[str, Any]], options: dict[str, Any]
) -> None:
    result = replay(rows, options)
    people = result.people
    told = Counter(row for held in people.rows for row in held)
    refused = set(result.events.query("outcome == 'rejected'").row) | set(
        result.events[result.events.outcome.isin(["no_match", "multiple_matches"])].row
    )
    assert set(told) | refused == set(range(1, len(rows) + 1))
    assert not set(told) & refused
    assert set(told.values()) <= {1}
    assert refused <= set(result.rejects.row)
    for column in ("emails", "identifiers"):
        held = [value for values in people[column] for value in values]
        assert len(held) == len(set(held))
    for emails in people.emails:
        assert len(emails) <= 4


@_SOME
@given(st.lists(_ROW, min_size=1, max_size=12), _OPTIONS)
def test_nb_20_each_row_has_one_main_event_and_every_event_its_rule(
    rows: list[dict[str, Any]], options: dict[str, Any]
) -> None:
    events = replay(rows, options).events
    mains = events[events.outcome.isin([str(each) for each in matcher.policies.outcomes.MAIN])]
    assert mains.row.to_list() == list(range(1, len(rows) + 1))
    assert events.rule.str.fullmatch(r"NB-\d\d|X8").all()


@_SOME
@given(st.lists(_ROW.map(lambda row: row | {"request": None}), min_size=1, max_size=8))
def test_nb_20_a_file_replayed_twice_changes_nothing_the_second_time(
    rows: list[dict[str, Any]],
) -> None:
    """Where each row has a key of its own; without one a push creates each time.

    Bad slots are left out: rows of one person with five emails overwrite them in turn.
    """
    without = {"person_id", "remove_tags", "email1_is_bad", "email2_is_bad"}
    keyed = [
        {name: value for name, value in row.items() if name not in without}
        | {"external_id": f"k{place}"}
        for place, row in enumerate(rows)
    ]
    once, twice = replay(keyed, {}), replay(keyed + keyed, {})
    columns = ["person_id", "first_name", "last_name", "phones", "identifiers", "tags"]
    assert once.people[columns].equals(twice.people[columns])
    assert [sorted(held) for held in once.people.emails] == [
        sorted(held) for held in twice.people.emails
    ]


@_SOME
@given(st.lists(st.sampled_from(["true", "false"]), min_size=1, max_size=6), st.booleans())
def test_x8_without_dates_consent_only_ever_falls(told: list[str], native: bool) -> None:
    rows = [
        {"external_id": "7", "email": _EMAILS[0], "last_name": "Smith", "email_opt_in": value}
        for value in told
    ]
    profile = "native" if native else "document"
    ranks = [
        RESTRICTION[replay(rows[: n + 1], {"profile": profile}).people.email_consent[0]]
        for n in range(len(rows))
    ]
    assert ranks == sorted(ranks)


@_SOME
@given(st.lists(_ROW, min_size=1, max_size=10), _OPTIONS)
def test_nb_05_the_short_way_of_one_email_equals_the_rules(
    rows: list[dict[str, Any]], options: dict[str, Any]
) -> None:
    short = replay(rows, options)
    with mock.patch.object(layering, "_is_plain", return_value=False):
        whole = replay(rows, options)
    assert short.people_table().equals(whole.people_table())
    assert short.events_table().equals(whole.events_table())


@pytest.mark.parametrize("kind", ["push", "update"])
def test_nb_05_the_same_request_again_changes_nothing(kind: str) -> None:
    row = {"person_id": "1", "external_id": "7", "email": _EMAILS[0], "request": kind}
    result = replay([row | {"request": "create", "last_name": "Smith"}, row, row], {})
    assert result.events.outcome.to_list() == ["created", "unchanged", "unchanged"]
