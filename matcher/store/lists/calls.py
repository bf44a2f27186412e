"""Calls of a vendor's API: each is decided on by the list's rules, written, and answered.

Several calls go into one run, one after the other, so that each sees what those before it did; they
are durable together. A call that the rules refuse changes nothing, and takes no other with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import numpy as np

from matcher.errors import UnknownInStore
from matcher.policies.contacts import Contact, Request
from matcher.policies.decisions import Decision, Policy, apply
from matcher.policies.history import History
from matcher.policies.json_items import checked
from matcher.policies.outcomes import MAIN, Event, Outcome, Refusal
from matcher.policies.payloads import read_payloads
from matcher.policies.people import Lookups, Person
from matcher.policies.shapes import shapes
from matcher.policies.sources import Batch
from matcher.stages import Stages
from matcher.store.ids import person_id as shown_id
from matcher.store.ingesting import Alongside, ingest
from matcher.store.lists import activities, shelf
from matcher.store.lists.activities import Activity, Recorded
from matcher.store.lists.blind import decide_blindly
from matcher.store.lists.dates import Dates, dates_of
from matcher.store.lists.ingesting import kept_list
from matcher.store.lists.kept import KeptList
from matcher.store.lists.records import REALM, list_records, person_id_of
from matcher.store.lists.rules import Rules
from matcher.store.lists.turning_away import RULE, turned_away
from matcher.store.naming import names_of
from matcher.store.session import Session

#: Requests that may create somebody, whose id is then ours to choose.
_CREATING = frozenset({Request.CREATE, Request.PUSH})


@dataclass(frozen=True, slots=True)
class Call:
    """One call.

    Attributes:
        payload: in the vendor's own shape, with ``request`` and ``person_id`` where these matter.
        wish: makes the id of a person whom it creates.
        activity: what is recorded of whoever the call is about, unless it is refused.
        is_blind: whether nobody knows who sends it; then it never changes anybody who is there.
    """

    payload: Mapping[str, Any] = field(default_factory=dict)
    wish: Callable[[Lookups], str] | None = None
    activity: Activity | None = None
    is_blind: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a call.

    Attributes:
        events: what happened, the main thing first, with the vendor's rules.
        refusal: why it was refused; ``None`` where it was not.
        person: as the list holds them right after the call.
        dates: when that person was created in the list, and last changed.
        person_id: of the store, whose record this person is.
    """

    events: Sequence[Event]
    refusal: Refusal | None = None
    person: Person | None = None
    dates: Dates | None = None
    person_id: str | None = None

    @property
    def outcome(self) -> Outcome:
        """The main thing that happened."""
        return next(event.outcome for event in self.events if event.outcome in MAIN)


def answer_calls(
    session: Session, policy: str, calls: Sequence[Call], *, by: str | None = None
) -> list[Answer]:
    """Carries out calls; see ``matcher.store.Store.call``."""
    with session.writing():
        kept = kept_list(session, policy)
        rules = kept.rules or shelf.settled(session.ledger, Rules(policy))
        made = rules.made(session.region)
        return [
            answer
            for some in _runs(calls)
            for answer in _Round(session, rules, made, kept).answered(some, by)
        ]


def _runs(calls: Sequence[Call]) -> Iterator[Sequence[Call]]:
    """The calls that go into one run each; a blind one goes alone, and so sees all before it."""
    start = 0
    for place, call in enumerate(calls):
        if call.is_blind:
            yield from filter(None, (calls[start:place], calls[place : place + 1]))
            start = place + 1
    yield from filter(None, (calls[start:],))


class _Round:
    """Some calls on their way through one run."""

    def __init__(self, session: Session, rules: Rules, policy: Policy, kept: KeptList) -> None:
        self._session, self._rules, self._policy, self._kept = session, rules, policy, kept
        self._history = History()
        self._first_number = kept.next_number()
        self._told: list[Answer] = []
        self._recorded: list[Recorded] = []
        self._at: datetime | None = None

    def answered(self, calls: Sequence[Call], by: str | None) -> list[Answer]:
        """Decides, writes where there is news, and answers."""
        self._decide(calls)
        if self._recorded or self._kept.changed():
            self.save(by)
        return self._answers()

    def _decide(self, calls: Sequence[Call]) -> None:
        """Applies the rules, call by call."""
        session, kept = self._session, self._kept
        today = session.clock().date().isoformat()
        (shape, *_) = shapes(self._policy.shape)
        items = [checked(call.payload) for call in calls]
        drafts = read_payloads(
            [(row, {} if isinstance(i, Refusal) else i, shape) for row, i in enumerate(items, 1)],
            "calls", default_region=session.region, keeps_spelling=self._policy.keeps_spelling,
        )  # fmt: skip
        batch = Batch("calls", len(calls), kept.rows, None, drafts, (), ())
        refused = turned_away(session, [batch])
        for call, item, contact in zip(calls, items, drafts.contacts(kept.rows), strict=True):
            why = item if isinstance(item, Refusal) else refused.get(contact.row)
            if why is not None:
                decision = _refused(contact.row, why)
                person = None
            else:
                asked = contact if call.is_blind else _dated(contact, today)
                decision, person = self._decided(call, asked)
            self._history.add(contact.row, decision, contact.faults)
            self._answer(call, decision, person)
        kept.rows += len(calls)

    def _decided(self, call: Call, contact: Contact) -> tuple[Decision, int | None]:
        """The decision, written down in memory; of a blind call also a person of the store."""
        if call.wish is not None and contact.request in _CREATING:
            contact = contact._replace(person_id=call.wish(self._kept))
        if call.is_blind:
            return decide_blindly(self._session, self._rules, self._policy, contact, self._kept)
        decision = self._policy.decide(contact, self._kept)
        apply(decision, self._kept)
        return decision, None

    def _answer(self, call: Call, decision: Decision, person: int | None) -> None:
        held = None if decision.person_id is None else self._kept.get(decision.person_id)
        self._told.append(Answer(decision.events, decision.refusal, held))
        if call.activity is not None and (held is not None or person is not None):
            number = None if held is None else held.number
            self._recorded.append(Recorded(call.activity, number, person))

    def save(self, by: str | None) -> None:
        """Writes what changed, and makes records of the people who did."""
        kept, policy = self._kept, self._rules.policy
        changed = kept.changed()
        raw = list_records(policy, [each.person for each in changed if each.person is not None])
        gone = [each.person_id for each in changed if each.person is None]

        def save(run: int, turned_away: Sequence[str]) -> None:
            kept.drop(person_id_of(policy, record_id) for record_id in turned_away)
            shelf.save(self._session.ledger, self._rules, kept, self._history, run)
            activities.save(self._session.ledger, policy, self._recorded, run)

        alongside = Alongside(names_of(policy, gone, REALM), save, REALM)
        ingest(self._session, raw, {}, Stages(gives_back=False), by=by, alongside=alongside)
        kept.mark_saved()
        self._at = self._session.ledger.last_run_at

    def _answers(self) -> list[Answer]:
        """What became of each call, with dates and persons."""
        policy, kept = self._rules.policy, self._kept
        people = [told.person for told in self._told if told.person is not None]
        numbers = [person.number for person in people]
        dates = dates_of(self._session.ledger, policy, numbers, self._first_number, self._at)
        persons = self._persons([person.person_id for person in people])
        return [
            told if told.person is None else self._complete(told, kept, dates, persons)
            for told in self._told
        ]

    def _complete(
        self,
        told: Answer,
        kept: KeptList,
        dates: Mapping[int, Dates],
        persons: Mapping[str, str],
    ) -> Answer:
        person = told.person
        assert person is not None
        if kept.get(person.person_id) is None:  # being of somebody who was forgotten
            why = Refusal(None, None, "is of a person who was forgotten", RULE)
            return Answer(_refused(0, why).events, why)
        return replace(
            told, dates=dates.get(person.number), person_id=persons.get(person.person_id)
        )

    def _persons(self, ids: Sequence[str]) -> dict[str, str]:
        """The persons of the store whose records some people of the list are."""
        state = self._session.state
        records = state.holders(names_of(self._rules.policy, ids, REALM))
        here = np.flatnonzero(records >= 0)
        persons = state.persons(records[here]).tolist()
        return {
            ids[at]: shown_id(person) for at, person in zip(here.tolist(), persons, strict=True)
        }


def _dated(contact: Contact, today: str) -> Contact:
    """A call says what it says of consent now."""
    return contact._replace(
        when=contact.when or today,
        emails=tuple(each._replace(when=each.when or today) for each in contact.emails),
        phones=tuple(each._replace(when=each.when or today) for each in contact.phones),
    )


def _refused(row: int, why: Refusal) -> Decision:
    event = Event(row, Outcome.REJECTED, why.rule, field=why.column, note=why.reason)
    return Decision(None, (event,), refusal=why)


def remove_person(session: Session, policy: str, person_id: str, *, by: str | None = None) -> None:
    """Takes a person out of a list; see ``matcher.store.Store.remove_from_list``."""
    with session.writing():
        rules = shelf.settled(session.ledger, Rules(policy))
        kept = kept_list(session, policy)
        person = kept.get(person_id)
        if person is None:
            raise UnknownInStore(f"the list of {policy} has no person {person_id!r}.")
        kept.drop([person.person_id])
        round_ = _Round(session, rules, rules.made(session.region), kept)
        round_.save(by)
