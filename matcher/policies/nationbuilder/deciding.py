"""The policy of NationBuilder: requests, what each finds, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matcher.policies.contacts import ORGANIZATION, PERSON, Contact, Identifier, Request
from matcher.policies.decisions import Decision
from matcher.policies.nationbuilder.asking import Asked, ask, own_system
from matcher.policies.nationbuilder.columns import CARRIES, MATCH_IDS, OWN
from matcher.policies.nationbuilder.finding import (
    Hit,
    believed,
    by_phone_and_name,
    hits,
    key_of,
    taken,
    vetoes,
)
from matcher.policies.nationbuilder.layering import NO_NAMES, changes, layered
from matcher.policies.nationbuilder.matching import MOST, matching
from matcher.policies.nationbuilder.refusing import DIRECT, Refusals, disagreement
from matcher.policies.nationbuilder.settings import Settings, settings_of
from matcher.policies.nationbuilder.suggesting import suggested
from matcher.policies.outcomes import Event, Outcome, Refusal
from matcher.policies.people import Lookups, PeopleList, Person, free_id


def nationbuilder(
    *,
    profile: str = "document",
    default_region: str = "US",
    nation: str | None = None,
    uploads: str | None = None,
    precedence: bool | Sequence[str] = False,
    create_without_key: bool | None = None,
) -> NationBuilder:
    """The policy of NationBuilder; the options are those of ``Settings``.

    Raises:
        OptionError: an option has a value that cannot be meant.
    """
    settings = settings_of(
        profile, default_region, nation=nation, uploads=uploads, precedence=precedence,
        create_without_key=create_without_key,
    )  # fmt: skip
    return NationBuilder(settings)


class NationBuilder:
    """The rules NB-01 to NB-21 as decisions about one contact at a time."""

    carries: Sequence[str] = CARRIES
    shape = "nationbuilder"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._refusals = Refusals(settings)

    @property
    def keeps_spelling(self) -> bool:
        """To the letter, two spellings of one mailbox are two addresses."""
        return not self._settings.native

    def possible_duplicates(self, people: PeopleList) -> Mapping[str, Sequence[str]]:
        """People of one name who look like halves of one profile (NB-12)."""
        return suggested(people.everyone())

    def decide(self, contact: Contact, people: Lookups) -> Decision:
        """What is to become of a contact."""
        refusal = _unanswerable(contact)
        if refusal is not None:
            return self._refusals.refused(contact, refusal, 400)
        asked = ask(contact, self._settings)
        request = contact.request
        if request is Request.MATCH:
            return self._match(contact, asked, people)
        if request is Request.CREATE:
            return self._created(contact, asked, people, taken(asked, None, people))
        if request is Request.UPDATE:
            return self._update(contact, asked, people)
        return self._push(contact, asked, people)

    def _update(self, contact: Contact, asked: Asked, people: Lookups) -> Decision:
        person = _addressed(contact, people, self._settings)
        if person is None:
            refusal = Refusal("person_id", contact.person_id, "there is no such person", "NB-16")
            return self._refusals.refused(contact, refusal, 404)
        return self._updated(contact, asked, person, people, taken(asked, person, people))

    def _push(self, contact: Contact, asked: Asked, people: Lookups) -> Decision:
        """Whom the match ids find is updated, or else somebody created (NB-20)."""
        upload = contact.request is Request.UPLOAD
        importing = upload and self._settings.uploads == "import"
        found = hits(asked, people, own=upload, further=importing)
        person = believed(found, self._settings.precedence)
        if person is None and found:
            return self._refusals.conflict(contact, found)
        if person is None:
            return self._unfound(contact, asked, people, importing)
        if asked.entity_type is not None and asked.entity_type != person.entity_type:
            return self._refusals.other_type(contact, asked.entity_type, person)
        vetoed = vetoes(asked, person, found)
        if vetoed:
            return self._refusals.vetoed(contact, person, vetoed)
        others = self._others(asked, person, people)
        return self._updated(contact, asked, person, people, others)

    def _others(self, asked: Asked, person: Person | None, people: Lookups) -> Sequence[Hit]:
        """Who else holds what a push says, once its hits named this person or nobody.

        They say it of all match ids, so only further emails are left, unless the hits named
        several people, of whom one was believed.
        """
        if self._settings.precedence or asked.has_more_emails:
            return taken(asked, person, people)
        return ()

    def _unfound(
        self, contact: Contact, asked: Asked, people: Lookups, importing: bool
    ) -> Decision:
        """No match id is anybody's: an import looks at phones, a push creates."""
        if importing:
            person = by_phone_and_name(contact, asked, people)
            if person is not None:
                others = self._others(asked, person, people)
                return self._updated(contact, asked, person, people, others)
            if not (asked.emails() or asked.all_phones() or asked.identifiers):
                reason = "an import needs an id, an email or a phone number"
                refusal = Refusal("identity", None, reason, "NB-02")
                return self._refusals.refused(contact, refusal, 422)
        elif not self._settings.create_without_key and not _has_key(asked):
            reason = "a push without a match id creates a person each time"
            return self._refusals.refused(contact, Refusal(None, None, reason, "NB-20"), 422)
        return self._created(contact, asked, people, self._others(asked, None, people))

    def _match(self, contact: Contact, asked: Asked, people: Lookups) -> Decision:
        """The single person of whom all criteria hold (NB-18)."""
        found = matching(contact, asked, people, self._settings)
        if found is None:
            reason = "a match needs an email, a name, a phone or a mobile"
            return self._refusals.refused(contact, Refusal(None, None, reason, "NB-18"), 400)
        if len(found) != 1:
            several = len(found) > 1
            outcome = Outcome.MULTIPLE_MATCHES if several else Outcome.NO_MATCH
            count = f"more than {MOST}" if len(found) > MOST else len(found)
            reason = f"{count} people match" if several else "nobody matches"
            code = self._settings.code(409 if several else 404)
            event = Event(contact.row, outcome, "NB-18", status_code=code, note=reason)
            return Decision(None, (event,), refusal=Refusal(None, None, reason, "NB-18"))
        (person,) = found
        event = Event(contact.row, Outcome.MATCHED, "NB-18", person.person_id, status_code=200)
        return Decision(person.person_id, (event, *_told(asked.notes, person)))

    def _updated(
        self, contact: Contact, asked: Asked, person: Person, people: Lookups, others: Sequence[Hit]
    ) -> Decision:
        """The contact layered onto a person, unless an id of it is somebody else's."""
        if others and not self._settings.precedence:
            return self._refusals.conflict(contact, others)
        if others:
            asked = _without(asked, others, contact)
        after = layered(person, contact, asked, people, self._settings)
        changed = changes(person, after)
        event = self._main(contact, Outcome.UPDATED if changed else Outcome.UNCHANGED, after)
        if len(changed) == 1:
            ((name, old, new),) = changed
            event = event._replace(field=name, before=old, after=new)
        elif changed:
            event = event._replace(field=", ".join(name for name, _, _ in changed))
        saved = (after,) if changed else ()
        return Decision(after.person_id, (event, *_told(asked.notes, after)), saved)

    def _created(
        self, contact: Contact, asked: Asked, people: Lookups, others: Sequence[Hit]
    ) -> Decision:
        """A new person, if there is an identity and no id of it is taken."""
        if others:
            return self._refusals.conflict(contact, others)
        if not _is_identity(contact, asked):
            reason = "a person needs a name, a phone number or an email"
            refusal = Refusal("identity", None, reason, "NB-01")
            return self._refusals.refused(contact, refusal, 422)
        after = layered(_blank(contact, asked, people), contact, asked, people, self._settings)
        if not (after.emails or after.phones or _has_key(asked)):
            asked.notes.append(Event(contact.row, Outcome.WARNING, "NB-02", note="no_match_key"))
        event = self._main(contact, Outcome.CREATED, after)
        events = (event, *_told(asked.notes, after)) if asked.notes else (event,)
        return Decision(after.person_id, events, (after,))

    def _main(self, contact: Contact, outcome: Outcome, person: Person) -> Event:
        """What became of the row. The document answers a create with 200, an update with 201."""
        created = outcome is Outcome.CREATED
        sane, odd = (201, 200) if created else (200, 201)
        if contact.request not in DIRECT:
            return Event(
                contact.row, outcome, "NB-20", person.person_id, None, None, None, None, sane
            )
        code = self._settings.code(sane, odd)
        return Event(contact.row, outcome, "NB-16", person.person_id, status_code=code)


def _unanswerable(contact: Contact) -> Refusal | None:
    """A request that decides nothing about who a person is."""
    if contact.request is Request.DELETE:
        return Refusal(None, contact.person_id, "a replay takes nobody out of the list", "NB-17")
    if contact.request is Request.MERGE:
        return Refusal(None, contact.person_id, "people are merged in the control panel", "NB-20")
    told = contact.fields.get("request")
    if told is not None and told.lower() != contact.request.value:
        known = ", ".join(request for request in Request if request is not Request.DELETE)
        return Refusal("request", told, f"must be one of {known}", "NB-19")
    return None


def _told(notes: Sequence[Event], person: Person) -> list[Event]:
    return [note._replace(person_id=person.person_id) for note in notes]


def _has_key(asked: Asked) -> bool:
    return bool(asked.emails()) or any(each.system in MATCH_IDS for each in asked.identifiers)


def _is_identity(contact: Contact, asked: Asked) -> bool:
    """A name, a phone number or an email (NB-01); of an organisation its own name."""
    names = contact.names
    if names.first or names.last or names.full or contact.emails or contact.phones:
        return True
    return names.organization is not None and _type_of(contact, asked) == ORGANIZATION


def _type_of(contact: Contact, asked: Asked) -> str:
    """The type of a new person: stated, or as the names look; an employer makes nobody a firm."""
    if asked.entity_type is not None:
        return asked.entity_type
    employed = "employer" in contact.fields and contact.names.full is None
    return PERSON if employed else contact.entity_type


def _without(asked: Asked, others: Sequence[Hit], contact: Contact) -> Asked:
    """What is asked, without the ids and emails that stay with others."""
    lost = {(hit.key, hit.value) for hit in others}
    asked.notes.extend(disagreement(contact, "NB-20", hit, None) for hit in others)
    email = asked.email
    return asked._replace(
        email=None if email is not None and ("email", email.address) in lost else email,
        slots={s: e for s, e in asked.slots.items() if ("email", e.address) not in lost},
        further=[e for e in asked.further if ("email", e.address) not in lost],
        identifiers=tuple(i for i in asked.identifiers if (key_of(i.system), i.id) not in lost),
    )


def _addressed(contact: Contact, people: Lookups, settings: Settings) -> Person | None:
    """Whom an update names: by our id, by the nation's, or by another system's (NB-15)."""
    own = own_system(contact, settings)
    named = contact.person_id
    if named is None:
        ids = (each.id for each in contact.identifiers if each.system == OWN)
        return next((_only(people, Identifier(own, each)) for each in ids), None)
    if contact.fields.get("id_type") == "external":
        return _only(people, Identifier("external", named))
    foreign = Identifier.parse(named)
    return (
        people.get(named)
        or _only(people, Identifier(own, named))
        or (_only(people, foreign) if foreign is not None else None)
    )


def _only(people: Lookups, identifier: Identifier) -> Person | None:
    return next(iter(people.by_identifier(identifier)), None)


def _blank(contact: Contact, asked: Asked, people: Lookups) -> Person:
    """A person about whom nothing is known yet, under an id that nobody has."""
    number = people.next_number()
    kind = _type_of(contact, asked)
    return Person(free_id(contact.person_id, people), number, kind, NO_NAMES, created=contact.when)
