from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import matcher
from matcher.policies import consent

STATUSES = [status for status in consent.RESTRICTION if status]
DAYS = st.sampled_from([None, "2023-01-01", "2024-01-01", "2024-06-30"])


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


def test_x8_but_a_newer_one_does_in_our_own_profile() -> None:
    rows = [
        {"email": "a@example.org", "email_consent": "unsubscribed", "updated_at": "2023-02-01"},
        {"email": "a@example.org", "email_consent": "subscribed", "updated_at": "2024-02-01"},
    ]
    for order, kept in ((rows, "subscribed"), (rows[::-1], "unsubscribed")):
        result = matcher.replay(order, profile="native")
        assert list(result.people["email_consent"]) == [kept]


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
