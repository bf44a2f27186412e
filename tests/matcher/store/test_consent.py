"""Who may be reached: a no holds for its address until a newer yes, whatever merges and splits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import matcher
from matcher.consent import SUBSCRIBED, status_of
from matcher.store import Store
from matcher.store.consent_views import VIEWS

Row = dict[str, Any]

_START = datetime(2026, 1, 1, 12, tzinfo=UTC)


class Clock:
    """A day later whenever it is asked."""

    def __init__(self) -> None:
        self.now = _START

    def __call__(self) -> datetime:
        self.now += timedelta(days=1)
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store.duckdb", clock=Clock()) as opened:
        yield opened


def said(record: str, consent: str | None, when: str | None = None, **more: str) -> Row:
    row = {
        "record_id": record, "source": record.partition("-")[0], "first_name": "Ann",
        "last_name": record.rpartition("-")[2].title(), "email": "ann@example.org",
        "email_consent": consent, "updated_at": when,
    }  # fmt: skip
    return row | more


def emails(store: Store) -> list[str]:
    return sorted(set(store.contactable("email")["address"]))


def test_who_said_yes_may_be_reached_and_nobody_else(store: Store) -> None:
    store.ingest(
        [
            said("van-lee", "Subscribed", "2025-05-01", email="Ann.Lee@Example.org"),
            said("van-orr", None, "2025-05-01", email="orr@example.org"),
            said("van-poe", "unsubscribed", "2025-05-01", email="poe@example.org"),
        ]
    )
    found = store.contactable("email").to_dict("records")
    assert [(row["address"], row["source"], row["record_id"]) for row in found] == [
        ("ann.lee@example.org", "van", "van-lee")
    ]
    assert found[0]["person_id"] == store.find(email="ann.lee@example.org")[0]
    assert found[0]["since"] == datetime(2025, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("yes", "no", "free"),
    [
        ("2025-05-02", "2025-05-01", True),
        ("2025-05-01", "2025-05-02", False),
        ("2025-05-01", "2025-05-01", False),
        (None, "2025-05-01", False),
        ("2025-05-01T09:00:00", "2025-05-01T08:00:00", True),
        ("2025-05-01T09:00:00", "2025-05-01", False),
        # A no without a date was said when it came, on 2026-01-02 or later.
        ("2025-05-01", None, False),
        (None, None, False),
    ],
)
def test_only_a_newer_yes_lifts_a_no(
    store: Store, yes: str | None, no: str | None, free: bool
) -> None:
    store.ingest([said("an-lee", "subscribed", yes)])
    store.ingest([said("van-lee", "opted out", no)])
    assert (emails(store) == ["ann@example.org"]) is free


def test_a_yes_that_came_after_a_no_without_a_date_lifts_it(store: Store) -> None:
    store.ingest([said("van-lee", "opted out")])
    store.ingest([said("an-lee", "subscribed", "2026-01-03")])
    assert emails(store) == ["ann@example.org"]


def test_a_yes_from_the_future_does_not_outlive_the_next_no(store: Store) -> None:
    store.ingest([said("an-lee", "subscribed", "2049-01-01")])
    assert emails(store) == ["ann@example.org"]
    store.ingest([said("van-lee", "unsubscribed", "2026-01-03")])
    assert emails(store) == []


def test_what_a_record_said_before_holds_until_it_is_lifted(store: Store) -> None:
    store.ingest([said("an-lee", "unsubscribed", "2025-05-01")])
    store.ingest([said("an-lee", None, "2025-06-01")])
    store.ingest([said("van-lee", "subscribed", "2025-04-01")])
    assert emails(store) == []
    store.ingest([said("an-lee", "subscribed", "2025-07-01")])
    assert emails(store) == ["ann@example.org"]


def test_a_no_of_one_source_holds_for_the_same_mailbox_in_another_spelling(store: Store) -> None:
    store.ingest(
        [
            said("an-lee", "subscribed", "2025-05-01", email="ann.lee+news@gmail.com"),
            said("van-orr", "opt-out", "2025-06-01", email="AnnLee@gmail.com", first_name="Bob"),
        ]
    )
    assert emails(store) == []


def test_a_no_is_about_all_addresses_of_a_record_and_a_yes_about_the_first(store: Store) -> None:
    store.ingest(
        [
            said("an-lee", "subscribed", "2025-05-01", email="a@example.org", email2="b@mail.org"),
            said("nb-orr", "subscribed", "2025-05-01", email="d@example.org"),
            said("nb-poe", "no", "2025-06-01", email="c@example.org", email2="d@example.org"),
        ]
    )
    assert emails(store) == ["a@example.org"]


def test_a_mailbox_that_bounces_says_nothing_of_another(store: Store) -> None:
    store.ingest(
        [
            said("an-lee", "subscribed", "2025-05-01", email="b@example.org"),
            said("nb-lee", "bouncing", "2025-06-01", email="a@example.org", email2="b@example.org"),
        ]
    )
    assert emails(store) == ["b@example.org"]


def test_words_that_nobody_can_read_are_a_no_unless_they_say_nothing(store: Store) -> None:
    store.ingest(
        [
            said("an-lee", "subscribed", "2025-05-01", email="a@example.org"),
            said("nb-lee", "please stop", "2025-06-01", email="a@example.org"),
            said("an-orr", "subscribed", "2025-05-01", email="b@example.org"),
            said("nb-orr", "Unknown", "2025-06-01", email="b@example.org"),
        ]
    )
    assert emails(store) == ["b@example.org"]
    status = store.consent(store.find(email="a@example.org")[0])["status"]
    assert set(status) == {"unclear"}


def test_a_number_may_be_written_to_and_not_rung(store: Store) -> None:
    row = said("van-lee", None, "2025-05-01", phone="312-555-0142", sms_consent="opt in")
    store.ingest([row | {"do_not_call": "yes"}])
    assert list(store.contactable("sms")["address"]) == ["+13125550142"]
    assert not len(store.contactable("phone"))


def test_nobody_else_at_a_shared_mailbox_is_written_to(store: Store) -> None:
    store.ingest(
        [
            said("an-lee", "subscribed", "2025-05-01", first_name="Ann"),
            said("an-orr", None, "2025-05-01", first_name="Robert"),
        ]
    )
    found = store.contactable("email")
    assert list(found["record_id"]) == ["an-lee"]


def test_an_undone_ingest_said_nothing(store: Store) -> None:
    store.ingest([said("an-lee", "subscribed", "2025-05-01")])
    run = store.ingest([said("van-lee", "no", "2025-06-01")]).run
    assert emails(store) == []
    store.undo(f"R{run}", by="Ada")
    assert emails(store) == ["ann@example.org"]


def test_what_a_forgotten_person_said_no_about_stays_so(store: Store) -> None:
    store.ingest(
        [
            said("an-lee", "subscribed", "2025-05-01", first_name="Ann"),
            said("van-orr", "unsubscribed", "2025-06-01", first_name="Robert"),
        ]
    )
    (other,) = {
        person for person in store.find(email="ann@example.org") if person in store.find(name="Orr")
    }
    store.forget(other)
    assert emails(store) == []
    (left,) = store.find(email="ann@example.org")
    assert set(store.consent(left)["status"]) == {"unsubscribed"}
    assert store.check().ok
    store.ingest([said("an-lee", "subscribed", "2025-07-01")])
    assert emails(store) == ["ann@example.org"]


def test_no_such_channel(store: Store) -> None:
    with pytest.raises(matcher.OptionError, match="no channel"):
        store.contactable("fax")


def test_consent_names_who_said_what_and_when(store: Store) -> None:
    store.ingest([said("an-lee", "subscribed", "2025-05-01"), said("van-lee", "no", "2025-06-01")])
    (person,) = store.find(email="ann@example.org")
    found = store.consent(person)
    assert list(found["said"]) == ["subscribed", "unsubscribed"]
    assert list(found["words"]) == ["subscribed", "no"]
    assert list(found["record_id"]) == ["an-lee", "van-lee"]
    assert list(found["person_id"]) == [person, person]
    assert set(found["status"]) == {"unsubscribed"}
    assert not found["contactable"].any()
    assert str(found["came_at"].dt.tz) == "UTC"


def test_a_preview_says_what_a_merge_would_free_and_that_is_nothing(store: Store) -> None:
    store.ingest(
        [
            said("an-lee", "subscribed", "2025-05-01", email="ann@example.org"),
            said("van-orr", "no", "2025-06-01", email="bob@mail.org", first_name="Robert"),
        ]
    )
    (one,), (other,) = store.find(email="ann@example.org"), store.find(email="bob@mail.org")
    preview = store.preview_merge(one, other)
    assert list(preview.contactable["address"]) == ["ann@example.org"]
    assert not len(preview.newly_contactable)
    assert list(preview.refused["address"]) == ["bob@mail.org"]
    assert [conflict.field for conflict in preview.conflicts] == ["first_name", "last_name"]
    assert len(preview.cautions) == 1
    assert preview.cautions[0].startswith(f"{other} said no to email")
    assert "would free: none" in str(preview)
    before = emails(store)
    store.decide("an-lee", "van-orr", "same", by="Ada")
    assert emails(store) == before
    with pytest.raises(matcher.OptionError, match="one person already"):
        store.preview_merge(one, other)


WORDS = (" Opt-Out", "opted_in", "YES", "0.0", "1.0", "spam_complaint", "Previous-Bounce", "maybe")


@pytest.mark.parametrize("words", WORDS)
def test_the_view_reads_words_as_the_policies_do(store: Store, words: str) -> None:
    store.ingest([said("an-lee", words, "2025-05-01")])
    assert store.query("SELECT status FROM consent_statement") == [(status_of(words) or "unclear",)]


@pytest.mark.parametrize("view", sorted(VIEWS))
def test_the_views_hold_for_plain_duckdb(tmp_path: Path, view: str) -> None:
    import duckdb

    path = tmp_path / "store.duckdb"
    with Store(path, clock=Clock()) as opened:
        opened.ingest(
            [
                said("an-lee", "subscribed", "2025-05-01"),
                said("an-orr", "no", "2025-05-01", email="orr@mail.org"),
            ]
        )
        inside = opened.query(f"SELECT count(*) FROM {view}")
    with duckdb.connect() as plain:
        plain.execute(f"ATTACH '{path}' AS identity (READ_ONLY)")
        assert plain.execute(f"SELECT count(*) FROM identity.{view}").fetchall() == inside
    assert inside[0][0] > 0 or view == "silence"


# What may be reached, by a slow and obvious reading of all that was ever said.

_ADDRESSES = ("a@example.org", "b@mail.org")
_DAYS = ("2025-01-01", "2025-01-02", "2025-01-03T10:00:00", "2026-01-04", "2027-01-01")


@st.composite
def statements(draw: st.DrawFn) -> Row:
    record = draw(st.sampled_from(("an-lee", "an-orr", "van-lee", "van-poe")))
    consent = draw(st.sampled_from(("subscribed", "subscribed", "unsubscribed", "bouncing", None)))
    row = said(record, consent, draw(st.none() | st.sampled_from(_DAYS)))
    return row | {"email": draw(st.sampled_from(_ADDRESSES))}


@st.composite
def deeds(draw: st.DrawFn) -> tuple[str, Any]:
    kind = draw(st.sampled_from(("ingest", "ingest", "same", "different", "undo")))
    if kind == "ingest":
        return kind, draw(
            st.lists(statements(), min_size=1, max_size=4, unique_by=lambda row: row["record_id"])
        )
    return kind, draw(
        st.lists(
            st.sampled_from(("an-lee", "an-orr", "van-lee", "van-poe")),
            min_size=2, max_size=2, unique=True,
        )
    )  # fmt: skip


def moment(row: Row, came: datetime) -> tuple[datetime, datetime] | None:
    """When a statement was made as far as one can rely on it: the no late, the yes early."""
    came = came.replace(tzinfo=None)
    when = row["updated_at"]
    if when is None:
        return None if row["email_consent"] == SUBSCRIBED else (came, came)
    own = datetime.fromisoformat(when)
    if row["email_consent"] != SUBSCRIBED and len(when) == 10:
        own += timedelta(days=1) - timedelta(milliseconds=1)
    return min(own, came), own


def may_be_used(told: list[tuple[Row, datetime]]) -> set[tuple[str, str]]:
    """Record and address."""
    live = {row["record_id"]: row for row, _ in told}
    free = set()
    for record, now in live.items():
        address = now["email"]
        about = [(row, when) for row, when in told if row["email"] == address]
        noes = [
            moment(row, when)
            for row, when in about
            if row["email_consent"] not in (None, SUBSCRIBED)
        ]
        for row, when in about:
            if row["record_id"] == record and row["email_consent"] == SUBSCRIBED:
                yes = moment(row, when)
                if not noes or (yes and all(no < yes for no in noes if no)):
                    free.add((record, address))
    return free


@settings(max_examples=15, deadline=None)
@given(st.lists(deeds(), min_size=1, max_size=6))
@example(
    [
        ("ingest", [said("an-lee", "subscribed", "2025-01-02")]),
        ("ingest", [said("van-lee", "unsubscribed", "2025-01-03T10:00:00")]),
        ("different", ["an-lee", "van-lee"]),
    ]
)
def test_no_merge_and_no_split_frees_an_address(done: list[tuple[str, Any]]) -> None:
    clock = Clock()
    told: list[tuple[Row, datetime]] = []
    known: dict[str, Row] = {}
    with TemporaryDirectory() as folder, Store(Path(folder) / "s.duckdb", clock=clock) as store:
        for kind, what in done:
            before = emails(store)
            if kind == "ingest":
                store.ingest(list(what))
                news = {row["record_id"]: row for row in what}
                told += [(row, clock.now) for name, row in news.items() if known.get(name) != row]
                known |= news
            elif kind == "undo":
                last = store.query("SELECT run, kind FROM run ORDER BY run DESC LIMIT 1")
                if last and last[0][1] == "decide":
                    store.undo(f"R{last[0][0]}", by="Ada")
            elif set(what) <= set(known):
                store.decide(what[0], what[1], kind, by="Ada")
            if kind != "ingest":
                assert emails(store) == before
            free = may_be_used(told)
            whose = dict(store.query("SELECT record_id, person_id FROM person_record"))
            found = store.contactable("email")
            assert {(whose[record], address) for record, address in free} == set(
                zip(found["person_id"], found["address"], strict=True)
            )
