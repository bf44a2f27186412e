"""Calls of a vendor's API on a list that a store keeps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from matcher.errors import UnknownInStore
from matcher.policies.contacts import Identifier
from matcher.policies.outcomes import Outcome
from matcher.store import Store
from matcher.store.lists.activities import Activity
from matcher.store.lists.calls import Answer, Call
from matcher.store.lists.looking import Wanted, as_text

AN = "action_network"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store.duckdb") as opened:
        yield opened


def person(first: str, email: str | None = None, phone: str | None = None) -> dict[str, Any]:
    said: dict[str, Any] = {"given_name": first, "family_name": "Quartermaine"}
    if email:
        said["email_addresses"] = [{"address": email}]
    if phone:
        said["phone_numbers"] = [{"number": phone}]
    return said


def create(said: dict[str, Any], **more: Any) -> Call:
    return Call({"person": said, "request": "create"}, **more)


def update(person_id: str, said: dict[str, Any], **more: Any) -> Call:
    return Call({"person": said, "request": "update", "person_id": person_id}, **more)


def one(store: Store, call: Call) -> Answer:
    (answer,) = store.call(AN, [call], by="a key")
    return answer


def outreach(name: str) -> Activity:
    return Activity(name, "outreach", "campaign", {"message": f"from {name}"})


def test_a_call_creates_with_the_id_wished_for_and_another_updates(store: Store) -> None:
    ada = one(store, create(person("Ada", "ada@quarter.org"), wish=lambda people: "a-1"))
    assert ada.outcome is Outcome.CREATED and ada.person is not None and ada.dates is not None
    assert (ada.person.person_id, ada.person_id) == ("a-1", "P1")
    assert ada.dates.created_at == ada.dates.modified_at
    again = one(store, update("a-1", {"given_name": "Adele"}))
    assert again.outcome is Outcome.UPDATED and again.person is not None and again.dates is not None
    assert again.dates.created_at == ada.dates.created_at < again.dates.modified_at
    assert again.person.names.first == "Adele"
    assert store.check(deep=True).ok


def test_each_call_of_several_is_answered_with_the_person_right_after_it(store: Store) -> None:
    answers = store.call(
        AN,
        [
            create(person("Ada", "ada@quarter.org"), wish=lambda people: "a-1"),
            update("a-1", {"given_name": "Adele"}),
            create({"given_name": "Nobody"}),
            update("nobody", {"given_name": "X"}),
            update("a-1", {"given_name": "Adelia"}),
        ],
    )
    names = [answer.person and answer.person.names.first for answer in answers]
    assert names == ["Ada", "Adele", None, None, "Adelia"]
    assert [a.refusal.rule for a in answers if a.refusal is not None] == ["AN-01", "AN-04"]
    assert len(store.list_view(AN)) == 1


def test_what_changes_nothing_writes_nothing(store: Store) -> None:
    one(store, create(person("Ada", "ada@quarter.org"), wish=lambda people: "a-1"))
    runs = store.query("SELECT count(*) FROM run")
    assert one(store, update("a-1", {})).outcome is Outcome.UNCHANGED
    assert one(store, create({})).refusal is not None
    assert store.query("SELECT count(*) FROM run") == runs


def test_an_explicit_yes_is_dated_so_that_it_lifts_an_older_no(store: Store) -> None:
    said = {"email_addresses": [{"address": "ada@quarter.org", "status": "unsubscribed"}]}
    one(store, create(person("Ada", "ada@quarter.org"), wish=lambda people: "a-1"))
    assert one(store, update("a-1", said)).person.emails[0].when  # type: ignore[union-attr]


def test_activities_are_recorded_in_order_and_go_with_the_person(store: Store) -> None:
    answers = store.call(
        AN,
        [
            create(person("Ada", "ada@quarter.org"), activity=outreach("x1")),
            create(person("Bob", "bob@okonkwo.net"), activity=outreach("x2")),
            create(person("Ada", "ada@quarter.org"), activity=outreach("x3")),
            create({"given_name": "Nobody"}, activity=outreach("x4")),
        ],
    )
    view = store.list_view(AN)
    assert [told.activity.activity_id for told in view.about("campaign", "outreach")] == [
        "x1", "x2", "x3",
    ]  # fmt: skip
    ada = answers[0].person
    assert ada is not None and answers[0].person_id is not None
    told = view.activities(ada.number, "outreach")
    assert [each.activity.content["message"] for each in told] == ["from x1", "from x3"]
    receipt = store.forget(answers[0].person_id)
    assert receipt.rows["vendor_activity"] == 2
    assert [told.activity.activity_id for told in view.about("campaign", "outreach")] == ["x2"]
    assert b"from x1" not in store.path.read_bytes()
    assert store.check(deep=True).ok


def test_activities_of_a_run_that_is_undone_are_not_told(store: Store) -> None:
    one(store, create(person("Ada", "ada@quarter.org"), activity=outreach("x1")))
    store.undo("R1", by="me")
    assert list(store.list_view(AN).about("campaign", "outreach")) == []


def blind(said: dict[str, Any], name: str = "x") -> Call:
    return create(said, activity=outreach(name), is_blind=True)


def test_a_blind_call_about_somebody_in_the_list_only_records_what_was_done(store: Store) -> None:
    one(store, create(person("Ada", "ada@quarter.org", "202 456 0171")))
    before = store.vendor_list(AN)
    for said in (
        person("Mallory", "ada@quarter.org", "202 456 0199"),
        person("Mallory", "ADA@quarter.org"),
        person("Mallory", None, "(202) 456-0171"),
    ):
        answer = one(store, blind(said))
        assert answer.outcome is Outcome.MATCHED
    assert store.vendor_list(AN).drop(columns="rows").equals(before.drop(columns="rows"))
    assert len(store.list_view(AN).activities(1, "outreach")) == 3


def test_a_blind_call_moves_no_phone_and_merges_nobody(store: Store) -> None:
    one(store, create(person("Ada", "ada@quarter.org", "202 456 0171")))
    one(store, create(person("Zoltan", None, "202 456 0199")))
    for number, email in (("202 456 0171", "eve@mallory.org"), ("202 456 0199", "eva@other.net")):
        said = {**person("Eve", email, number), "family_name": email.partition("@")[2]}
        answer = one(store, blind(said))
        assert answer.outcome is Outcome.CREATED and answer.person is not None
        assert answer.person.phones == ()
    phones = [held.person.phones for held in store.list_view(AN).page(0, 25)]
    assert [len(each) for each in phones] == [1, 1, 0, 0]


def test_a_blind_call_about_a_person_of_another_source_adds_no_record(store: Store) -> None:
    van = {"first_name": "Ada", "last_name": "Quartermaine", "phone": "202 456 0171"}
    store.ingest([{**van, "email": "ada@quarter.org", "zip": "10001"}])
    answer = one(store, blind(person("Ada", "ada@quarter.org", "202 456 0171")))
    assert answer.outcome is Outcome.MATCHED and answer.person is None
    assert len(store.list_view(AN)) == 0
    assert store.query("SELECT person, number FROM vendor_activity") == [(1, None)]
    assert store.query("SELECT count(*) FROM record") == [(1,)]
    assert store.forget("P1").rows["vendor_activity"] == 1
    assert store.query("SELECT content FROM vendor_activity") == [(None,)]
    assert store.check(deep=True).ok


def test_a_blind_call_cannot_make_one_person_of_two(store: Store) -> None:
    store.ingest([{"full_name": "Ada Quartermaine", "email": "ada@quarter.org"}])
    store.ingest([{"full_name": "Ada Quartermaine", "phone": "202 456 0171", "city": "Utica"}])
    before = store.query("SELECT record, person FROM current_membership ORDER BY record")
    one(store, blind(person("Ada", "ada@quarter.org", "202 456 0171")))
    now = store.query("SELECT record, person FROM current_membership ORDER BY record")
    assert [row for row in now if row in before] == before


def test_a_blind_call_can_only_create(store: Store) -> None:
    one(store, create(person("Ada", "ada@quarter.org"), wish=lambda people: "a-1"))
    for own in ("a-1", "nobody"):
        refused = one(store, update(own, {"given_name": "Eve"}, is_blind=True))
        assert refused.refusal is not None and refused.refusal.rule == "AN-32"


def test_blind_calls_see_those_before_them_in_the_same_batch(store: Store) -> None:
    calls = [blind(person("Eve", "eve@mallory.org"), f"x{n}") for n in range(3)]
    outcomes = [answer.outcome for answer in store.call(AN, calls)]
    assert outcomes == [Outcome.CREATED, Outcome.MATCHED, Outcome.MATCHED]


def test_whoever_was_forgotten_does_not_come_back_by_a_call(store: Store) -> None:
    ada = one(store, create(person("Ada", "ada@quarter.org")))
    store.forget(str(ada.person_id))
    for is_blind in (False, True):
        again = one(store, create(person("Ada", "ada@quarter.org"), is_blind=is_blind))
        assert again.refusal is not None and again.refusal.rule == "forgotten"
    assert len(store.list_view(AN)) == 0


def test_who_is_removed_is_gone_until_it_is_undone(store: Store) -> None:
    one(store, create(person("Ada", "ada@quarter.org"), wish=lambda people: "a-1"))
    store.remove_from_list(AN, "a-1", by="a key")
    view = store.list_view(AN)
    assert len(view) == 0 and view.person("a-1") is None
    assert store.query("SELECT count(*) FROM current_record") == [(0,)]
    with pytest.raises(UnknownInStore):
        store.remove_from_list(AN, "a-1")
    store.undo("R2", by="me")
    assert len(view) == 1 and view.person("a-1") is not None
    assert store.check(deep=True).ok


def test_a_list_is_looked_through_by_texts_and_a_test_in_order_of_creation(store: Store) -> None:
    store.call(AN, [create(person(f"Ada {n}", f"a{n}@quarter.org")) for n in range(60)])
    view = store.list_view(AN)
    assert len(view) == 60
    assert [held.person.number for held in view.page(25, 25)] == list(range(26, 51))
    assert list(view.page(75, 25)) == []
    wanted = Wanted([as_text("A7@quarter.org")])
    assert [held.person.names.first for held in view.search(wanted, 5)] == ["Ada 7"]
    even = Wanted([], lambda held: held.person.number % 2 == 0, after=10)
    assert [held.person.number for held in view.search(even, 3, 1)] == [14, 16, 18]


def test_people_are_found_by_id_also_once_they_were_merged_away(store: Store) -> None:
    one(store, create(person("Ada", None, "202 456 0171"), wish=lambda people: "phone-only"))
    said = {**person("Ada", "ada@quarter.org"), "identifiers": ["crm:7"]}
    one(store, create(said, wish=lambda people: "with-email"))
    one(store, update("with-email", {"phone_numbers": [{"number": "202 456 0171"}]}))
    view = store.list_view(AN)
    survivor, other = view.person("phone-only"), view.holder(Identifier("crm", "7"))
    assert survivor == other and survivor is not None
    assert survivor.person.person_id == "with-email"
    assert view.holder(Identifier("crm", "8")) is None and view.person("nobody") is None


def test_a_list_that_was_never_begun_is_empty(store: Store) -> None:
    view = store.list_view(AN)
    assert len(view) == 0 and list(view.page(0, 25)) == [] and view.person("1") is None
    assert list(view.search(Wanted(["ada"]), 5)) == []
