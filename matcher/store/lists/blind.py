"""Calls by nobody knows whom: they may add somebody new, and change nobody who is there.

Whoever is there was told of by somebody with a key, or came first. So a blind call that is about
somebody the list holds, or whose record would belong to a person of the store, changes nothing of
what is said of them, merges nobody, and moves no phone; what was done is recorded, and no more.
"""

from __future__ import annotations

from matcher.policies.contacts import Contact, Request
from matcher.policies.decisions import Decision, Policy, apply
from matcher.policies.outcomes import Event, Outcome, Refusal
from matcher.policies.people import Lookups, Person
from matcher.store.ids import person_number
from matcher.store.lists.kept import KeptList
from matcher.store.lists.records import list_records
from matcher.store.lists.rules import Rules
from matcher.store.recognising import recognise
from matcher.store.session import Session

#: What stands for a rule in the events of such calls.
RULE = "AN-32"


def decide_blindly(
    session: Session, rules: Rules, policy: Policy, contact: Contact, kept: KeptList
) -> tuple[Decision, int | None]:
    """What becomes of a blind call, written down in memory.

    Returns:
        the decision; and the person of the store that it is about, where the list has none.
    """
    if contact.request is not Request.CREATE:
        why = Refusal("request", None, "can be asked for with a key alone", RULE)
        event = Event(contact.row, Outcome.REJECTED, RULE, field=why.column, note=why.reason)
        return Decision(None, (event,), refusal=why), None
    contact = _without_claims(contact)
    usual = policy.decide(contact, kept)
    if usual.refusal is not None:
        return usual, None
    held = _holder(contact, kept)
    if held is not None:
        event = Event(contact.row, Outcome.MATCHED, RULE, held.person_id)
        return Decision(held.person_id, (event,)), None
    contact = _without_held_phones(contact, kept)
    decision = policy.decide(contact, kept)
    if decision.events[0].outcome is not Outcome.CREATED:  # the policy knows them by other means
        event = Event(contact.row, Outcome.MATCHED, RULE, decision.person_id)
        return Decision(decision.person_id, (event,)), None
    (newcomer,) = decision.saved
    found = recognise(session, list_records(rules.policy, [newcomer]))[0].person_id
    if found is not None:
        return Decision(None, (Event(contact.row, Outcome.MATCHED, RULE),)), person_number(found)
    apply(decision, kept)
    return decision, None


def _without_claims(contact: Contact) -> Contact:
    """Without ids, which would tie the newcomer to others, and without consent."""
    return contact._replace(
        identifiers=(),
        emails=tuple(each._replace(status=None) for each in contact.emails),
        phones=tuple(each._replace(status=None) for each in contact.phones),
    )


def _holder(contact: Contact, people: Lookups) -> Person | None:
    """Whom the email finds; where none is given, whom the phone does."""
    held = [person for each in contact.emails for person in people.by_email(each.address)]
    if not contact.emails:
        held = [person for each in contact.phones for person in people.by_phone(each.number)]
    return held[0] if held else None


def _without_held_phones(contact: Contact, people: Lookups) -> Contact:
    free = tuple(each for each in contact.phones if not people.by_phone(each.number, 1))
    return contact if len(free) == len(contact.phones) else contact._replace(phones=free)
