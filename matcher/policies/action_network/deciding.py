"""Whom a contact concerns: found by email, else by phone; created, layered on, moved, merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from matcher.normalise import normalise_phone
from matcher.policies.action_network.asking import Asked, Note, ask
from matcher.policies.action_network.layering import changes, joined, layered
from matcher.policies.action_network.settings import Settings
from matcher.policies.contacts import Contact, Identifier, Phone, Request
from matcher.policies.decisions import Decision
from matcher.policies.outcomes import Event, Outcome, Refusal
from matcher.policies.people import Lookups, PeopleList, Person

_SYSTEM = "action_network"


def action_network(
    *,
    profile: str = "document",
    default_region: str = "US",
    tags: Iterable[str] | None = None,
    strict: bool = False,
    resubscribe: bool = False,
) -> ActionNetwork:
    """The policy of Action Network; the options are those of ``Settings``."""
    known = None if tags is None else frozenset(tags)
    return ActionNetwork(
        Settings(profile == "native", default_region.upper(), known, strict, resubscribe)
    )


class ActionNetwork:
    """The rules AN-01 to AN-36 as decisions about one contact at a time."""

    carries: Sequence[str] = ("language", "languages_spoken")

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
            return self._refused(contact, "AN-06", "people cannot be deleted", 405, 405)
        if request is Request.MATCH:
            return self._refused(contact, "AN-25", "there is no such request", 405, None)
        asked = ask(contact, self._settings)
        if request is Request.UPDATE:
            return self._update(contact, asked, people)
        return self._post(contact, asked, people)

    def _post(self, contact: Contact, asked: Asked, people: Lookups) -> Decision:
        """The helper, and uploads: update whom the email or phone finds, else create (AN-25)."""
        if asked.email is None and asked.phone is None:
            reason = "an email address or a phone number is required"
            return self._refused(contact, "AN-01", reason, 422, None)
        if asked.address is None or asked.address.postal_code is None:
            if self._settings.strict:
                reason = "a postal code is required"
                return self._refused(contact, "AN-02", reason, 422, None)
            asked.notes.append(
                Note(Outcome.WARNING, "AN-02", "postal_code", note="postal_code_missing")
            )
        by_email = self._by_email(contact, asked, people)
        asked = self._dialled(contact, asked, by_email)
        by_phone = _first(people.by_phone(asked.phone.number)) if asked.phone else None
        if by_email is None:
            return self._unheld_email(contact, asked, by_phone, people)
        if by_phone is None or by_phone is by_email:
            return self._written(contact, asked, by_email, people)
        if by_phone.emails:
            return self._moved(contact, asked, by_email, by_phone, "AN-24", people)
        return self._merged(contact, asked, by_email, by_phone, "AN-24", people)

    def _by_email(self, contact: Contact, asked: Asked, people: Lookups) -> Person | None:
        """Who holds the email; in our own profile also who holds one of the identifiers."""
        found = _first(people.by_email(asked.email.address)) if asked.email else None
        if found is None and self._settings.native:
            held = (_first(people.by_identifier(each)) for each in contact.identifiers)
            return next((person for person in held if person is not None), None)
        return found

    def _unheld_email(
        self, contact: Contact, asked: Asked, by_phone: Person | None, people: Lookups
    ) -> Decision:
        """Nobody has the email, or there is none."""
        if by_phone is None:
            return self._written(contact, asked, None, people)
        if asked.email is None:
            return self._written(contact, asked, by_phone, people)
        if by_phone.emails:
            return self._moved(contact, asked, None, by_phone, "AN-22a", people)
        return self._merged(contact, asked, by_phone, None, "AN-22b", people)

    def _update(self, contact: Contact, asked: Asked, people: Lookups) -> Decision:
        """A PUT: to a given person, whose email cannot become somebody else's (AN-04, AN-05)."""
        person = _addressed(contact, people)
        if person is None:
            return self._refused(contact, "AN-04", "there is no such person", 404, None)
        asked = self._dialled(contact, self._email_allowed(asked, person, people), person)
        holder = _first(people.by_phone(asked.phone.number)) if asked.phone else None
        if holder is None or holder is person:
            return self._written(contact, asked, person, people)
        has_email = bool(person.emails or asked.email)
        if has_email and holder.emails:
            return self._moved(contact, asked, person, holder, "AN-22a", people)
        survivor, absorbed = person, holder
        if holder.emails or (not has_email and _age(holder) < _age(person)):
            survivor, absorbed = holder, person
        return self._merged(contact, asked, survivor, absorbed, "AN-22b", people)

    def _email_allowed(self, asked: Asked, person: Person, people: Lookups) -> Asked:
        """Without the email, where somebody else holds it."""
        email = asked.email
        if email is None:
            return asked
        held = person.emails[0].address if person.emails else None
        holder = _first(people.by_email(email.address))
        if holder is not None and holder.person_id != person.person_id:
            asked.notes.append(
                Note(
                    Outcome.EMAIL_CHANGE_REFUSED, "AN-04", "email", held, email.address,
                    other_person_id=holder.person_id, status_code=self._settings.code(409),
                )
            )  # fmt: skip
            return asked._replace(email=None)
        if held is not None and held != email.address:
            asked.notes.append(Note(Outcome.EMAIL_CHANGED, "AN-05", "email", held, email.address))
        return asked

    def _dialled(self, contact: Contact, asked: Asked, person: Person | None) -> Asked:
        """A national number as it is dialled in the country of the person found (AN-14)."""
        phone = asked.phone
        if phone is None or not phone.assumed_region or person is None or not person.addresses:
            return asked
        home = person.addresses[0]
        if home.country_assumed or home.country in (None, self._settings.default_region):
            return asked
        text = normalise_phone(phone.raw, str(home.country)).text
        if text is None:
            return asked
        return asked._replace(phone=phone._replace(number=text.partition("x")[0]))

    def _written(
        self, contact: Contact, asked: Asked, person: Person | None, people: Lookups
    ) -> Decision:
        """The contact layered onto a person, or a new one."""
        before = person or _blank(contact, people)
        after = layered(before, contact, asked, None, people, self._settings)
        if person is None:
            main = self._main(contact, Outcome.CREATED, after, 201)
            return Decision(after.person_id, self._events(contact, after, main, asked), (after,))
        main, changed = self._updated(contact, before, after)
        saved = (after,) if changed else ()
        return Decision(after.person_id, self._events(contact, after, main, asked), saved)

    def _moved(
        self, contact: Contact, asked: Asked, person: Person | None, holder: Person,
        rule: str, people: Lookups,
    ) -> Decision:  # fmt: skip
        """The phone of one person with an email goes to another; nothing else does."""
        phone = _held_phone(holder, asked)
        before = person or _blank(contact, people)
        note = Note(
            Outcome.PHONE_MOVED, rule, "phone", after=phone.number,
            other_person_id=holder.person_id, note=phone.status and f"status {phone.status}",
        )  # fmt: skip
        asked.notes.append(note)
        after = layered(before, contact, asked, phone, people, self._settings)
        without = holder._replace(phones=tuple(p for p in holder.phones if p is not phone))
        if person is None:
            main = self._main(contact, Outcome.CREATED, after, 201)
        else:
            main, _ = self._updated(contact, before, after)
        events = self._events(contact, after, main, asked)
        return Decision(after.person_id, events, (without, after))

    def _merged(
        self, contact: Contact, asked: Asked, survivor: Person, absorbed: Person | None,
        rule: str, people: Lookups,
    ) -> Decision:  # fmt: skip
        """A phone-only record and one with an email become one.

        ``absorbed`` is ``None`` where the record with the email is only now being made.
        """
        before = survivor if absorbed is None else joined(survivor, absorbed)
        holder = absorbed if absorbed is not None and asked.phone else None
        phone = next((p for p in holder.phones if p.number == asked.phone.number), None) if (
            holder and asked.phone
        ) else None  # fmt: skip
        # Identifiers of the absorbed record are the survivor's by now.
        after = layered(before, contact, asked, phone, people, self._settings)
        main = self._main(contact, Outcome.MERGED, after, 200)._replace(
            rule=rule, other_person_id=absorbed and absorbed.person_id
        )
        merged = ((absorbed.person_id, survivor.person_id),) if absorbed else ()
        events = self._events(contact, after, main, asked)
        return Decision(after.person_id, events, (after,), merged)

    def _updated(self, contact: Contact, before: Person, after: Person) -> tuple[Event, bool]:
        changed = changes(before, after)
        outcome = Outcome.UPDATED if changed else Outcome.UNCHANGED
        main = self._main(contact, outcome, after, 200)
        if changed:
            main = main._replace(field=", ".join(name for name, _, _ in changed))
        if len(changed) == 1:
            main = main._replace(before=changed[0][1], after=changed[0][2])
        return main, bool(changed)

    def _main(self, contact: Contact, outcome: Outcome, person: Person, native: int) -> Event:
        rule = "AN-05" if contact.request is Request.UPDATE else "AN-25"
        code = self._settings.code(native)  # AN-35: 200 whether new or not
        return Event(contact.row, outcome, rule, person.person_id, status_code=code)

    @staticmethod
    def _events(contact: Contact, person: Person, main: Event, asked: Asked) -> tuple[Event, ...]:
        if "outreach" in contact.fields:
            asked.notes.append(Note(Outcome.OUTREACH_RECORDED, "AN-34"))
        if not asked.notes:
            return (main,)
        row, person_id = contact.row, person.person_id
        return (
            main,
            *(
                Event(
                    row, note.outcome, note.rule, person_id, note.other_person_id, note.field,
                    note.before, note.after, note.status_code, note.note,
                )
                for note in asked.notes
            ),
        )  # fmt: skip

    def _refused(
        self, contact: Contact, rule: str, reason: str, native: int, document: int | None
    ) -> Decision:
        code = self._settings.code(native, document)
        event = Event(contact.row, Outcome.REJECTED, rule, status_code=code, note=reason)
        return Decision(None, (event,), refusal=Refusal(None, contact.person_id, reason, rule))


def _first(found: tuple[Person, ...]) -> Person | None:
    return found[0] if found else None


def _age(person: Person) -> tuple[str, int]:
    """Sorts the older of two people first: by date where both have one, else by number."""
    return (person.created or "", person.number)


def _held_phone(holder: Person, asked: Asked) -> Phone:
    assert asked.phone is not None
    return next(p for p in holder.phones if p.number == asked.phone.number)


def _addressed(contact: Contact, people: Lookups) -> Person | None:
    """Whom an update names: by our id, by a foreign ``system:id``, or by Action Network's own."""
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


def _blank(contact: Contact, people: Lookups) -> Person:
    number = people.next_number()
    wanted = contact.person_id or str(number)
    while people.get(wanted) is not None:
        wanted = str(number) if wanted == contact.person_id else f"{wanted}'"
    return Person(wanted, number, contact.entity_type, created=contact.when)
