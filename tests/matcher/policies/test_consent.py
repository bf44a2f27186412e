from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import matcher
from matcher.policies import consent

STATUSES = [status for status in consent.RESTRICTION if status]
DATES = ["2023-01-01", "2024-01-01", "2024-06-30"]
DAYS = st.sampled_from([None, *DATES])


def test_x8_the_most_restrictive_statement_holds() -> None:
    assert consent.strictest("subscribed", "unsubscribed") == "unsubscribed"
    assert consent.strictest("spam complaint", "unsubscribed") == "spam complaint"
    assert consent.strictest(None, "subscribed") == "subscribed"


@given(st.sampled_from(STATUSES), DAYS, st.sampled_from(STATUSES), DAYS)
def test_x8_only_a_newer_opt_in_lifts_a_statement(
    held: str, held_when: str | None, came: str, came_when: str | None
) -> None:
    after = consent.settle(held, held_when, came, came_when)
    if consent.RESTRICTION[after] < consent.RESTRICTION[held]:
        assert came == after == "subscribed"
        assert came_when is not None
        assert held_when is None or came_when > held_when


@given(
    st.sampled_from(STATUSES), st.sampled_from(DATES), st.sampled_from(STATUSES),
    st.sampled_from(DATES),
)  # fmt: skip
def test_x8_dated_statements_settle_alike_in_either_order(
    one: str, one_when: str, other: str, other_when: str
) -> None:
    there = consent.settle(one, one_when, other, other_when)
    assert consent.settle(other, other_when, one, one_when) == there


def test_x8_an_older_restriction_does_not_overrule_a_newer_opt_in() -> None:
    newer, older = "2024-06-30", "2023-01-01"
    assert consent.settle("subscribed", newer, "unsubscribed", older) == "subscribed"
    assert consent.settle("subscribed", older, "unsubscribed", newer) == "unsubscribed"
    assert consent.settle("subscribed", newer, "unsubscribed", newer) == "unsubscribed"


@pytest.mark.parametrize(("held_when", "came_when"), [(None, "2023-01-01"), ("2024-06-30", None)])
def test_x8_what_comes_later_restricts_where_a_date_is_unknown(
    held_when: str | None, came_when: str | None
) -> None:
    settled = consent.settle("subscribed", held_when, "unsubscribed", came_when)
    assert settled == "unsubscribed"


@given(st.sampled_from(STATUSES), DAYS, DAYS)
def test_x8_a_request_is_newer_unless_dates_say_otherwise(
    held: str, held_when: str | None, came_when: str | None
) -> None:
    older = held_when is not None and came_when is not None and came_when <= held_when
    settled = consent.settle(held, held_when, "subscribed", came_when, requested=True)
    assert settled == (held if older else "subscribed")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Subscribed", "subscribed"),
        (" opted OUT ", "unsubscribed"),
        ("true", "subscribed"),
        ("spam_complaint", "spam complaint"),
        ("perhaps", None),
    ],
)
def test_the_words_of_exports_are_understood(text: str, status: str | None) -> None:
    assert consent.status_of(text) == status


@pytest.mark.parametrize("profile", ["document", "native"])
def test_x8_no_row_of_a_file_subscribes_again_who_unsubscribed(profile: str) -> None:
    rows = [
        {"email": "a@example.org", "email_consent": "unsubscribed"},
        {"email": "a@example.org", "email_consent": "subscribed"},
    ]
    result = matcher.replay(rows, profile=profile)
    assert list(result.people["email_consent"]) == ["unsubscribed"]
    kept = result.events[result.events["outcome"] == "consent_kept"]
    assert list(kept["row"]) == [2]


def statement(status: str | None, day: str | None) -> dict[str, str | None]:
    return {"email": "a@example.org", "email_consent": status, "updated_at": day}


@pytest.mark.parametrize("policy", ["action_network", "ngp_van"])
def test_x8_but_a_newer_one_does_in_our_own_profile(policy: str) -> None:
    rows = [statement("unsubscribed", "2023-02-01"), statement("subscribed", "2024-02-01")]
    for order in (rows, rows[::-1]):
        result = matcher.replay(order, policy, profile="native")
        assert list(result.people["email_consent"]) == ["subscribed"]


def test_x8_what_nobody_stated_is_no_opt_in() -> None:
    rows = [statement(None, "2024-02-01"), statement("unsubscribed", "2023-02-01")]
    assert list(matcher.replay(rows, profile="native").people["email_consent"]) == ["unsubscribed"]


def test_x8_an_opt_in_is_as_new_as_when_it_was_last_given() -> None:
    days = ("2022-02-01", "2024-02-01", "2022-03-01")
    rows = [
        *(statement("subscribed", day) for day in days),
        statement("unsubscribed", "2023-02-01"),
    ]
    result = matcher.replay(rows, profile="native")
    assert list(result.people["email_consent"]) == ["subscribed"]
    assert list(result.events["outcome"])[-1] == "consent_kept"


@pytest.mark.parametrize("profile", ["document", "native"])
@pytest.mark.parametrize("status", ["subscribed", "unsubscribed"])
def test_x8_a_phone_that_moves_takes_its_statement_along(profile: str, status: str) -> None:
    rows = [
        {"email": "a@example.org", "phone": "+12025550143", "sms_consent": status},
        {"email": "b@example.org", "phone": "+12025550143"},
    ]
    result = matcher.replay(rows, profile=profile)
    assert list(result.people["sms_consent"])[1] == status


def test_x8_who_must_not_be_rung_up_stays_so_after_a_merge() -> None:
    rows = [
        {"phone": "+12025550143", "do_not_call": "yes"},
        {"email": "b@example.org", "phone": "+12025550143"},
    ]
    assert list(matcher.replay(rows).people["phone_consent"]) == ["unsubscribed"]
