"""Whom a contact concerns: found by email, else by phone; created, layered on, moved, merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from matcher.normalise import normalise_phone
from matcher.policies.action_network.asking import Asked, Note, ask
from matcher.policies.action_network.layering import Case, Change, changes, joined, layered
from matcher.policies.action_network.settings import Settings
from matcher.policies.contacts import Contact, Identifier, Request
from matcher.policies.decisions import Decision
from matcher.policies.outcomes import Event, Outcome, Refusal
from matcher.policies.people import Lookups, PeopleList, Person, free_id

_SYSTEM = "action_network"
_POSTAL_CODE_MISSING = Note(Outcome.WARNING, "AN-02", "postal_code", note="postal_code_missing")


def action_network(
    *,
    profile: str = "document",
    default_region: str = "US",
    tags: str | Iterable[str] | None = None,
    strict: bool = False,
    resubscribe: bool = False,
) -> ActionNetwork:
    """The policy of Action Network; the options are those of ``Settings``."""
    known = None if tags is None else frozenset([tags] if isinstance(tags, str) else tags)
    return ActionNetwork(
        Settings(profile == "native", default_region.upper(), known, strict, resubscribe)
    )


class ActionNetwork:
    """The rules AN-01 to AN-36 as decisions about one contact at a time."""

    carries: Sequence[str] = ("language",)
    shape = "osdi"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def keeps_spelling(self) -> bool:
        """To the letter, two spellings of one mailbox are two addresses."""
        return not self._settings.native

    def possible_duplicates(self, people: PeopleList) -> Mapping[str, Sequence[str]]:
        """Action Network suggests none."""
        return {}

    def decide(self, contact: Contact, people: Lookups) -> Decision:
        """What is to become of a contact."""
        request = contact.request
        if request is Request.DELETE:
            return self._refused(contact, "AN-06", "people cannot be deleted", 405)
        if request in (Request.MATCH, Request.MERGE):
            return self._refused(contact, "AN-25", "Action Network has no such request", 405)
        case = Case(contact, ask(contact, self._settings), people)
        return self._update(case) if request is Request.UPDATE else self._post(case)

    def _post(self, case: Case) -> Decision:
        """The helper, and uploads: update whom the email or phone finds, else create (AN-25)."""
        contact, asked, people = case
        if asked.email is None and asked.phone is None:
            reason = "an email address or a phone number is required"
            return self._refused(contact, "AN-01", reason)
        if asked.address is None or asked.address.postal_code is None:
            if self._settings.strict:
                return self._refused(contact, "AN-02", "a postal code is required")
            asked.notes.append(_POSTAL_CODE_MISSING)
        by_email = self._by_email(case)
        case = self._dialled(case, by_email)
        phone = case.asked.phone
        by_phone = _first(people.by_phone(phone.number)) if phone else None
        if by_email is None:
            return self._unheld_email(case, by_phone)
        if by_phone is None or by_phone is by_email:
            return self._written(case, by_email)
        if by_phone.emails:
            return self._moved(case, by_email, by_phone, "AN-24")
        return self._merged(case, by_email, by_phone, "AN-24")

    def _by_email(self, case: Case) -> Person | None:
        """Who holds the email; in our own profile also who holds one of the identifiers."""
        contact, asked, people = case
        found = _first(people.by_email(asked.email.address)) if asked.email else None
        if found is None and self._settings.native:
            held = (_first(people.by_identifier(each)) for each in contact.identifiers)
            found = next((person for person in held if person is not None), None)
            if found and found.emails and asked.email:
                asked.notes.append(_email_changed(found, asked))
        return found

    def _unheld_email(self, case: Case, by_phone: Person | None) -> Decision:
        """Nobody has the email, or there is none."""
        if by_phone is None or case.asked.email is None:
            return self._written(case, by_phone)
        if by_phone.emails:
            return self._moved(case, None, by_phone, "AN-22a")
        return self._merged(case, by_phone, None, "AN-22b")

    def _update(self, case: Case) -> Decision:
        """A PUT: to a given person, whose email cannot become somebody else's (AN-04, AN-05)."""
        person = _addressed(case)
        if person is None:
            return self._refused(case.contact, "AN-04", "there is no such person", 404)
        case = self._dialled(self._email_allowed(case, person), person)
        email, phone = case.asked.email, case.asked.phone
        holder = _first(case.people.by_phone(phone.number)) if phone else None
        if holder is None or holder is person:
            return self._written(case, person)
        has_email = bool(person.emails or email)
        if has_email and holder.emails:
            return self._moved(case, person, holder, "AN-22a")
        if holder.emails or (not has_email and _age(holder) < _age(person)):
            return self._merged(case, holder, person, "AN-22b")
        return self._merged(case, person, holder, "AN-22b")

    def _email_allowed(self, case: Case, person: Person) -> Case:
        """Without the email, where somebody else holds it."""
        asked = case.asked
        if asked.email is None:
            return case
        holder = _first(case.people.by_email(asked.email.address))
        held = person.emails[0].address if person.emails else None
        if holder is None:
            if held is not None:
                asked.notes.append(_email_changed(person, asked))
            return case
        if holder.person_id == person.person_id:
            return case
        note = Note(
            Outcome.EMAIL_CHANGE_REFUSED, "AN-04", "email", held, asked.email.address,
            other_person_id=holder.person_id, status_code=self._settings.code(409),
        )  # fmt: skip
        asked.notes.append(note)
        return case._replace(asked=asked._replace(email=None))

    def _dialled(self, case: Case, person: Person | None) -> Case:
        """A national number as it is dialled in the country of the person found (AN-14)."""
        phone = case.asked.phone
        if phone is None or not phone.assumed_region or person is None or not person.addresses:
            return case
        home = person.addresses[0]
        if home.country_assumed or home.country in (None, self._settings.default_region):
            return case
        text = normalise_phone(phone.raw, str(home.country)).text
        if text is None:
            return case
        phone = phone._replace(number=text.partition("x")[0])
        return case._replace(asked=case.asked._replace(phone=phone))

    def _written(self, case: Case, person: Person | None) -> Decision:
        """The contact layered onto a person, or a new one."""
        before = person or _blank(case)
        after = layered(before, case, None, self._settings)
        if person is None:
            return Decision(after.person_id, self._created(case, after), (after,))
        events, changed = self._updated(case, before, after)
        # A statement repeated is no change, but its date counts.
        dated = after.emails is not before.emails or after.phones is not before.phones
        return Decision(after.person_id, events, (after,) if changed or dated else ())

    def _moved(self, case: Case, person: Person | None, holder: Person, rule: str) -> Decision:
        """The phone of one person with an email goes to another; nothing else does."""
        asked = case.asked
        assert asked.phone is not None
        phone = next(p for p in holder.phones if p.number == asked.phone.number)
        note = Note(
            Outcome.PHONE_MOVED, rule, "phone", after=phone.number,
            other_person_id=holder.person_id, note=phone.status and f"status {phone.status}",
        )  # fmt: skip
        asked.notes.append(note)
        before = person or _blank(case)
        after = layered(before, case, phone, self._settings)
        without = holder._replace(phones=tuple(p for p in holder.phones if p is not phone))
        if person is None:
            events = self._created(case, after)
        else:
            events, _ = self._updated(case, before, after)
        return Decision(after.person_id, events, (without, after))

    def _merged(self, case: Case, survivor: Person, absorbed: Person | None, rule: str) -> Decision:
        """A phone-only record and one with an email become one.

        ``absorbed`` is ``None`` where the record with the email is only now being made.
        """
        asked = case.asked
        before, phone = survivor, None
        if absorbed is not None:
            before = joined(survivor, absorbed)
            phone = next(
                (p for p in absorbed.phones if asked.phone and p.number == asked.phone.number),
                None,
            )
        after = layered(before, case, phone, self._settings)
        main = self._main(case, Outcome.MERGED, after, 200)
        main = main._replace(rule=rule, other_person_id=absorbed and absorbed.person_id)
        merged = ((absorbed.person_id, survivor.person_id),) if absorbed else ()
        return Decision(after.person_id, _told(case, main), (after,), merged)

    def _created(self, case: Case, after: Person) -> tuple[Event, ...]:
        return _told(case, self._main(case, Outcome.CREATED, after, 201))

    def _updated(self, case: Case, before: Person, after: Person) -> tuple[tuple[Event, ...], bool]:
        """The events of an update, and whether anything changed."""
        changed = changes(before, after)
        if not changed:
            return _told(case, self._main(case, Outcome.UNCHANGED, after, 200)), False
        what = changed[0] if len(changed) == 1 else (", ".join([c[0] for c in changed]), None, None)
        return _told(case, self._main(case, Outcome.UPDATED, after, 200, what)), True

    def _main(
        self,
        case: Case,
        outcome: Outcome,
        person: Person,
        native: int,
        what: Change | tuple[None, None, None] = (None, None, None),
    ) -> Event:
        rule = "AN-05" if case.contact.request is Request.UPDATE else "AN-25"
        code = native if self._settings.native else 200  # AN-35: 200 whether new or not
        field, before, after = what
        return Event(
            case.contact.row, outcome, rule, person.person_id, None, field, before, after, code
        )

    def _refused(self, contact: Contact, rule: str, reason: str, native: int = 422) -> Decision:
        """A row that is part of nobody. The documents give no code but for what is not allowed."""
        code = self._settings.code(native, document=405 if rule == "AN-06" else None)
        event = Event(contact.row, Outcome.REJECTED, rule, status_code=code, note=reason)
        return Decision(None, (event,), refusal=Refusal(None, contact.person_id, reason, rule))


def _told(case: Case, main: Event) -> tuple[Event, ...]:
    """The main event, and the notes taken on the way as events."""
    notes = case.asked.notes
    if "outreach" in case.contact.fields:
        notes.append(Note(Outcome.OUTREACH_RECORDED, "AN-34"))
    if not notes:
        return (main,)
    return (
        main,
        *(
            Event(
                main.row, note.outcome, note.rule, main.person_id, note.other_person_id,
                note.field, note.before, note.after, note.status_code, note.note,
            )
            for note in notes
        ),
    )  # fmt: skip


def _first(found: tuple[Person, ...]) -> Person | None:
    return found[0] if found else None


def _age(person: Person) -> tuple[str, int]:
    """Sorts the older of two people first: by date where both have one, else by number."""
    return (person.created or "", person.number)


def _email_changed(person: Person, asked: Asked) -> Note:
    assert asked.email is not None
    before = person.emails[0].address
    return Note(Outcome.EMAIL_CHANGED, "AN-05", "email", before, asked.email.address)


def _addressed(case: Case) -> Person | None:
    """Whom an update names: by our id, by a foreign ``system:id``, or by Action Network's own."""
    contact, _, people = case
    named = contact.person_id
    if named is None:
        own = [each for each in contact.identifiers if each.system == _SYSTEM]
        return _first(people.by_identifier(own[0])) if own else None
    person = people.get(named)
    if person is None:
        system, colon, value = named.partition(":")
        identifier = Identifier(system, value) if colon else Identifier(_SYSTEM, named)
        person = _first(people.by_identifier(identifier))
    return person


def _blank(case: Case) -> Person:
    """A new person; it takes the id that the row wishes for, if nobody has it."""
    contact, _, people = case
    person_id = free_id(contact.person_id or None, people)
    return Person(person_id, people.next_number(), contact.entity_type, created=contact.when)
