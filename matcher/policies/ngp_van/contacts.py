"""Whom a POST closely matches, and what becomes of them: NG-03 to NG-07, NG-11."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from matcher.policies.contacts import Contact, Identifier, Request
from matcher.policies.decisions import Decision
from matcher.policies.ngp_van.asking import (
    COMMON_NAME,
    CONTACT_ID,
    DO_NOT_EMAIL,
    TYPE,
    Asked,
    ask,
)
from matcher.policies.ngp_van.layering import blank, changes
from matcher.policies.ngp_van.posting import OWN_SYSTEM, own_ids, posted
from matcher.policies.ngp_van.settings import Settings
from matcher.policies.outcomes import Event, Outcome, Refusal
from matcher.policies.people import Lookups, PeopleList, Person


def ngp_van(
    *,
    profile: str = "document",
    default_region: str = "US",
    strict: bool = False,
    incoming_wins: bool = False,
) -> NgpVanContacts:
    """The policy of NGP VAN's contacts; the options are those of ``Settings``."""
    return NgpVanContacts(Settings(profile == "native", strict, incoming_wins))


#: Contacts that share one name and one email or phone, and are told of; the oldest comes first.
_MOST_MATCHES = 20


class _Match(NamedTuple):
    """Who an incoming contact is taken for.

    Attributes:
        person: the one; ``None`` where it is somebody new.
        rule, note: what they share.
        others: who shares something too.
    """

    person: Person | None
    rule: str = "NG-05"
    note: str | None = None
    others: Sequence[Person] = ()


class NgpVanContacts:
    """The rules NG-01 to NG-11 as decisions about one contact at a time.

    Contacts are never merged with one another: a POST is merged into the one that it closely
    matches, and others that it matches too are told of.
    """

    carries: Sequence[str] = (TYPE, CONTACT_ID, COMMON_NAME, DO_NOT_EMAIL)
    shape: str | None = "ngp_van"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def keeps_spelling(self) -> bool:
        """To the letter, two spellings of one mailbox are two addresses."""
        return not self._settings.native

    def possible_duplicates(self, people: PeopleList) -> Mapping[str, Sequence[str]]:
        """The document knows no such list; what a POST matches besides is in the events."""
        return {}

    def decide(self, contact: Contact, people: Lookups) -> Decision:
        """What is to become of a contact."""
        request = contact.request
        if request not in (Request.UPLOAD, Request.CREATE, Request.PUSH, Request.UPDATE):
            why = Refusal("request", request, "contacts have no such request", "NG-04")
            return self._refused(contact, why, 405)
        asked = ask(contact, self._settings)
        if isinstance(asked, Refusal):
            return self._refused(contact, asked, 422)
        if request is Request.UPDATE:
            return self._updated(contact, asked, people)
        return self._written(contact, asked, _closest(contact, asked, people), people)

    def _updated(self, contact: Contact, asked: Asked, people: Lookups) -> Decision:
        """A call of ``/contacts/{contactId}``."""
        person = _addressed(contact, people)
        if person is None:
            why = Refusal("person_id", contact.person_id, "there is no such contact", "NG-03")
            return self._refused(contact, why, 404)
        if person.entity_type != asked.entity_type:
            why = Refusal("$.type", None, f"the contact is a {person.entity_type}", "NG-10")
            return self._refused(contact, why, 409)
        return self._written(contact, asked, _Match(person, "NG-03", "its id"), people)

    def _written(self, contact: Contact, asked: Asked, match: _Match, people: Lookups) -> Decision:
        """The contact merged into the one that it matches, or a new one."""
        before = match.person or blank(contact, people, asked.entity_type)
        after = posted(before, contact, asked, people, self._settings)
        outcome, fields, code = Outcome.CREATED, None, 201
        if match.person is not None:
            changed = changes(before, after)
            outcome = Outcome.UPDATED if changed else Outcome.UNCHANGED
            fields, code = ", ".join(changed) or None, 200
        main = Event(
            contact.row, outcome, match.rule, after.person_id, None, fields, None, None, code,
            match.note,
        )  # fmt: skip
        notes = [*asked.notes, *_also(contact, match)] if match.others else asked.notes
        told = [each._replace(person_id=after.person_id) for each in notes] if notes else ()
        events = (main, *told)
        saved = (after,) if match.person is None or after != before else ()
        return Decision(after.person_id, events, saved)

    def _refused(self, contact: Contact, why: Refusal, code: int) -> Decision:
        told = any(fault.rule == why.rule for fault in contact.faults)  # in the rejects already
        status = 301 if why.rule == "NG-03" and why.column == "$.contactId" else None
        event = Event(
            contact.row, Outcome.REJECTED, why.rule, field=why.column,
            after=f"/contacts/{why.value}" if status else why.value,
            status_code=status or self._settings.code(code), note=why.reason,
        )  # fmt: skip
        return Decision(None, (event,), refusal=None if told else why)


def _closest(contact: Contact, asked: Asked, people: Lookups) -> _Match:
    """Who shares an external id (NG-07), or the name and an email or a phone (NG-04)."""
    found: dict[str, tuple[Person, str, str]] = {}
    for link in own_ids(contact):
        for person in people.by_identifier(link):
            if person.entity_type == asked.entity_type:
                found.setdefault(person.person_id, (person, "NG-07", "external link"))
    key = asked.name_key
    for email in asked.emails:
        for person in people.by_key(f"{key}\t{email.address}", _MOST_MATCHES):
            found.setdefault(person.person_id, (person, "NG-04", "name and email"))
    for phone in contact.phones:
        for person in people.by_key(f"{key}\t{phone.number}", _MOST_MATCHES):
            found.setdefault(person.person_id, (person, "NG-04", "name and phone"))
    if not found:
        return _Match(None)
    (person, rule, note), *others = found.values()
    return _Match(person, rule, note, [other for other, _, _ in others])


def _also(contact: Contact, match: _Match) -> Iterable[Event]:
    """Who was matched too, and is left as they are."""
    outcome = Outcome.CONFLICT if match.rule == "NG-07" else Outcome.POSSIBLE_DUPLICATE
    for other in match.others:
        yield Event(
            contact.row, outcome, match.rule, other_person_id=other.person_id,
            note="the contact matches this one too",
        )  # fmt: skip


def _addressed(contact: Contact, people: Lookups) -> Person | None:
    """The contact at ``/contacts/{contactId}``."""
    named_id = contact.person_id or contact.fields.get(CONTACT_ID)
    if named_id is None:
        return None
    held = people.get(str(named_id))
    if held is not None:
        return held
    return next(iter(people.by_identifier(Identifier(OWN_SYSTEM, str(named_id)))), None)
