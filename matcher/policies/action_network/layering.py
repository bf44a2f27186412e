"""One contact layered onto one person: new values overwrite, what is not passed stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from matcher.policies import consent
from matcher.policies.action_network.asking import Asked, Note
from matcher.policies.action_network.settings import Settings
from matcher.policies.action_network.statuses import status_after
from matcher.policies.contacts import NO_FIELDS, Address, Contact, Email, Identifier, Names, Phone
from matcher.policies.outcomes import Outcome
from matcher.policies.people import NO_KEYS, Lookups, Person, person_of
from matcher.policies.piles import Values, gathered, gone_and_come, overlaid, rewritten

#: An attribute, or several, with its value before and after.
Change = tuple[str, str | None, str | None]


class Case(NamedTuple):
    """One contact before the people so far.

    Attributes:
        contact: the row.
        asked: what of it counts; what happens on the way is added to its ``notes``.
        people: the people so far.
    """

    contact: Contact
    asked: Asked
    people: Lookups


def layered(person: Person, case: Case, moved: Phone | None, settings: Settings) -> Person:
    """The person after a contact.

    Args:
        person: as held, or a blank one.
        case: the contact.
        moved: the phone asked for, as another person held it until now.
        settings: the profile.
    """
    contact, asked, _ = case
    return person_of(
        (
            person.person_id,
            person.number,
            person.entity_type,
            _names(person.names, contact.names),
            _emails(person, contact, asked, settings) if asked.email else person.emails,
            _phones(person, case, moved, settings) if asked.phone else person.phones,
            _addresses(person.addresses, asked.address, settings),
            _identifiers(person, case) if contact.identifiers else person.identifiers,
            _tags(person.tags, contact, asked.notes, settings),
            consent.UNSUBSCRIBED if contact.do_not_call else person.phone_consent,
            person.created,
            _fields(person.fields, contact),
            person.lookup,
            NO_KEYS,
        )
    )


def joined(survivor: Person, absorbed: Person) -> Person:
    """Two records as one: the survivor's values, the absorbed one's where it has none (AN-22b)."""
    return survivor._replace(
        names=_names(absorbed.names, survivor.names),
        emails=survivor.emails or absorbed.emails,
        phones=survivor.phones or absorbed.phones,
        addresses=survivor.addresses or absorbed.addresses,
        identifiers=gathered(survivor.identifiers, absorbed.identifiers),
        tags=gathered(survivor.tags, absorbed.tags),
        phone_consent=consent.strictest(survivor.phone_consent, absorbed.phone_consent),
        created=min(filter(None, (survivor.created, absorbed.created)), default=None),
        fields={**absorbed.fields, **survivor.fields} if absorbed.fields else survivor.fields,
    )


def changes(before: Person, after: Person) -> list[Change]:
    """The attributes in which two versions differ."""
    found: list[Change] = []
    if before.names is not after.names and before.names != after.names:
        found += [
            (part, old, new)
            for part, old, new in zip(_NAME_FIELDS, before.names, after.names, strict=True)
            if old != new
        ]
    if before.emails is not after.emails and before.emails != after.emails:
        found += _contact_changes("email", before.emails, after.emails)
    if before.phones is not after.phones and before.phones != after.phones:
        found += _contact_changes("phone", before.phones, after.phones)
    if before.addresses is not after.addresses and before.addresses != after.addresses:
        old, new = before.addresses, after.addresses
        found.append(("address", old[0].line() if old else None, new[0].line() if new else None))
    if before.identifiers is not after.identifiers:
        found.append(("identifiers", *gone_and_come(before.identifiers, after.identifiers)))
    if before.tags is not after.tags:
        found.append(("tags", *gone_and_come(before.tags, after.tags)))
    if before.phone_consent != after.phone_consent:
        found.append(("phone_consent", before.phone_consent, after.phone_consent))
    if before.fields is not after.fields:
        found += [
            (name, _text(old), _text(new))
            for name, old, new in rewritten(before.fields, after.fields)
        ]
    return found


_NAME_FIELDS = (
    "prefix", "first_name", "middle_name", "last_name", "suffix", "full_name", "nickname",
    "organization",
)  # fmt: skip


def _contact_changes(
    name: str,
    before: tuple[Email, ...] | tuple[Phone, ...],
    after: tuple[Email, ...] | tuple[Phone, ...],
) -> list[Change]:
    old = before[0] if before else None
    new = after[0] if after else None
    found: list[Change] = []
    if (old and old[0]) != (new and new[0]):
        found.append((name, old and old[0], new and new[0]))
    if (old and old.status) != (new and new.status):
        found.append((f"{name}_status", old and old.status, new and new.status))
    return found


def _text(value: object) -> str | None:
    return None if value is None else str(value)


#: The names of a blank person.
_NAMELESS = Person("", 0).names


def _names(held: Names, came: Names) -> Names:
    if held is _NAMELESS or held == came:
        return came
    return Names(*[new if new is not None else old for old, new in zip(held, came, strict=True)])


def _emails(
    person: Person, contact: Contact, asked: Asked, settings: Settings
) -> tuple[Email, ...]:
    came = asked.email
    assert came is not None
    held = person.emails[0] if person.emails else None
    same = held if held and held.address == came.address else None
    status, when = status_after(same, came, consent.SUBSCRIBED, contact.request, settings)
    _note_consent(asked.notes, same, came, status)
    if same and same.status == status:
        return person.emails if same.when == when else (same._replace(when=when),)
    return (Email(came.address, came.raw, True, status, came.kind, when),)


def _phones(
    person: Person, case: Case, moved: Phone | None, settings: Settings
) -> tuple[Phone, ...]:
    contact, asked, _ = case
    came = asked.phone
    assert came is not None
    held = person.phones[0] if person.phones else None
    same = held if held and held.number == came.number else None
    if held and not same:
        note = Note(Outcome.PHONE_OVERWRITTEN, "AN-23", "phone", held.number, came.number)
        asked.notes.append(note)
    # The number's own statement comes along with it (AN-23); without one, the person's holds, to
    # the letter of AN-28. In our own profile a number that nobody opted in is not opted in.
    known = moved or same or (None if settings.native else held)
    status, when = status_after(known, came, consent.UNSUBSCRIBED, contact.request, settings)
    _note_consent(asked.notes, known, came, status)
    if same and same.status == status:
        return person.phones if same.when == when else (same._replace(when=when),)
    return (Phone(came.number, came.raw, True, status, came.kind, when),)


def _note_consent(
    notes: list[Note], held: Email | Phone | None, came: Email | Phone, status: str
) -> None:
    """Says when a statement was lifted, lowered, or did not count."""
    field, rule = ("phone_status", "AN-28") if type(came) is Phone else ("email_status", "AN-26")
    before = held.status if held else None
    if before is None or came.status is None or before == came.status:
        return
    if status == before:
        notes.append(Note(Outcome.CONSENT_KEPT, "X8", field, before, came.status))
        return
    raised = consent.RESTRICTION.get(status, 0) < consent.RESTRICTION.get(before, 0)
    outcome = Outcome.CONSENT_RAISED if raised else Outcome.CONSENT_LOWERED
    notes.append(Note(outcome, rule, field, before, status))


def _addresses(
    held: tuple[Address, ...], came: Address | None, settings: Settings
) -> tuple[Address, ...]:
    """The one address after another came: parts overwrite parts.

    With another postal code the old street and city describe another place, and go.
    """
    if came is None:
        return held
    if not held:
        return (came,)
    old = held[0]
    country, assumed = came.country, came.country_assumed
    if assumed and settings.native and not old.country_assumed:
        country, assumed = old.country, False
    if came.postal_code and old.postal_code and came.postal_code != old.postal_code:
        return (came._replace(country=country, country_assumed=assumed),)
    parts = [new if new is not None else was for new, was in zip(came[:5], old[:5], strict=True)]
    new = Address._make((*parts, country, assumed, came.primary, came.kind))
    return held if new[:7] == old[:7] else (new,)


def _identifiers(person: Person, case: Case) -> Values[Identifier]:
    """Identifiers accumulate (AN-08); one that somebody else has stays theirs (AN-07)."""
    contact, asked, people = case
    added = [each for each in contact.identifiers if each not in person.identifiers]
    if not added:
        return person.identifiers
    kept = []
    for each in added:
        holders = [p for p in people.by_identifier(each) if p.person_id != person.person_id]
        if holders:
            asked.notes.append(
                Note(
                    Outcome.CONFLICT, "AN-07", "identifiers", after=str(each),
                    note="identifier_not_unique", other_person_id=holders[0].person_id,
                )
            )  # fmt: skip
        else:
            kept.append(each)
    return gathered(person.identifiers, kept)


def _tags(
    held: Values[str], contact: Contact, notes: list[Note], settings: Settings
) -> Values[str]:
    """Tags are added before others are removed (AN-30), and only the group's own (AN-31)."""
    if not (contact.tags or contact.add_tags or contact.remove_tags):
        return held
    added = (*contact.tags, *(_known(contact.add_tags, notes, settings)))
    removed = frozenset(_known(contact.remove_tags, notes, settings))
    return gathered(held, added, removed)


def _known(tags: tuple[str, ...], notes: list[Note], settings: Settings) -> list[str]:
    existing = settings.tags
    if existing is None:
        return list(tags)
    known = []
    for tag in tags:
        if tag in existing:
            known.append(tag)
            continue
        near = next(
            (name for name in sorted(existing) if name.lower() == tag.lower().strip()), None
        )
        note = f"near miss: {near}" if near else "no such tag"
        notes.append(Note(Outcome.TAG_IGNORED, "AN-31", "tags", after=tag, note=note))
    return known


def _fields(held: Mapping[str, Any], contact: Contact) -> Mapping[str, Any]:
    """Custom fields are layered on; what speaks of the request alone is not kept."""
    if contact.fields is NO_FIELDS:
        return held
    return overlaid(held, {name: v for name, v in contact.fields.items() if name != "outreach"})
