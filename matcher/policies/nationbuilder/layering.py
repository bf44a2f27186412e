"""What a person is after a contact: names, emails, phones, addresses, ids, tags and flags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matcher.policies import consent
from matcher.policies.contacts import (
    Address,
    Contact,
    Email,
    Identifier,
    Names,
    Phone,
    Request,
)
from matcher.policies.nationbuilder import addresses, emails, flags
from matcher.policies.nationbuilder.asking import Asked
from matcher.policies.nationbuilder.columns import (
    EMAIL_SLOTS,
    MATCH_IDS,
    MOST_FIELDS,
    OWN,
    PHONES,
)
from matcher.policies.nationbuilder.finding import key_of, lookups, name_of
from matcher.policies.nationbuilder.settings import Settings
from matcher.policies.outcomes import Event, Outcome
from matcher.policies.people import NO_KEYS, Lookups, Person, person_of
from matcher.policies.piles import Values, gathered, gone_and_come

#: What a new person is called.
NO_NAMES = Names()
#: Systems of which a person can have an id. NationBuilder's people have a field for each of some
#: twenty; others come by our column ``identifiers``.
MOST_SYSTEMS = 100
_FULL = f"{MOST_SYSTEMS} are held already"

_NAME_FIELDS = (
    "prefix", "first_name", "middle_name", "last_name", "suffix", "full_name", "nickname",
    "organization",
)  # fmt: skip


def layered(
    person: Person, contact: Contact, asked: Asked, people: Lookups, settings: Settings
) -> Person:
    """The person after a contact; what happened on the way is added to ``asked.notes``."""
    default = None if settings.native else consent.SUBSCRIBED
    fields = person.fields
    if asked.flags or asked.kept:
        fields = _fields(fields, contact, asked, settings)
    held_emails, fields = _emails(person, contact, asked, fields, default)
    held_phones, fields = _phones(person, contact, asked, fields, default)
    names = contact.names if person.names is NO_NAMES else _names(person.names, contact.names)
    return person_of(
        (
            person.person_id,
            person.number,
            asked.entity_type or person.entity_type,
            names,
            held_emails,
            held_phones,
            addresses.layered(person.addresses, asked.addresses, asked.primary_address)
            if asked.addresses or asked.primary_address
            else person.addresses,
            _identifiers(person, contact, asked, people)
            if asked.identifiers
            else person.identifiers,
            _tags(person.tags, contact, asked.notes),
            flags.call_status(fields) if fields else None,
            person.created,
            fields,
            person.lookup if names is person.names else _lookup(person.lookup, contact),
            NO_KEYS,
        )
    )


def changes(before: Person, after: Person) -> list[tuple[str, str | None, str | None]]:
    """The attributes in which two versions differ: name, value before, value after."""
    found: list[tuple[str, str | None, str | None]] = []
    if before.entity_type != after.entity_type:
        found.append(("signup_type", before.entity_type, after.entity_type))
    if before.names != after.names:
        found += [
            each
            for each in zip(_NAME_FIELDS, before.names, after.names, strict=True)
            if each[1] != each[2]
        ]
    for name, old, new in (
        ("emails", before.emails, after.emails),
        ("phones", before.phones, after.phones),
        ("addresses", before.addresses, after.addresses),
    ):
        if old is not new and old != new:
            found.append((name, _shown(old), _shown(new)))
    if before.identifiers is not after.identifiers:
        found.append(("identifiers", *gone_and_come(before.identifiers, after.identifiers)))
    if before.tags is not after.tags:
        found.append(("tags", *gone_and_come(before.tags, after.tags)))
    if before.fields is not after.fields:
        found += [
            (name, _text(before.fields.get(name)), _text(value))
            for name, value in after.fields.items()
            if before.fields.get(name) != value
        ]
    return found


def _shown(values: tuple[Email, ...] | tuple[Phone, ...] | tuple[Address, ...]) -> str | None:
    texts = [value.line() if isinstance(value, Address) else value[0] for value in values]
    return "; ".join(texts) or None


def _text(value: object) -> str | None:
    if isinstance(value, flags.Flag):
        return str(value.value).lower()
    if isinstance(value, frozenset):
        return ", ".join(map(str, sorted(value))) or None
    return None if value is None else str(value)


def _names(held: Names, came: Names) -> Names:
    if came in (held, NO_NAMES):
        return held
    return Names._make(new if new is not None else old for old, new in zip(held, came, strict=True))


def _lookup(held: tuple[str, ...], contact: Contact) -> tuple[str, ...]:
    """The lookups of the name that the person has now."""
    first, last = name_of(contact)
    if not held or (first and last):
        came = lookups(first, last)
        return held if came in ((), held) else came
    parts = {part[:2]: part[2:] for part in held}
    return lookups(first or parts.get("f:"), last or parts.get("l:"))


def _emails(
    person: Person,
    contact: Contact,
    asked: Asked,
    fields: Mapping[str, Any],
    default: str | None,
) -> tuple[tuple[Email, ...], Mapping[str, Any]]:
    """The emails with what holds of each, the best first, and the fields with the bad marks."""
    if _is_plain(person, contact, asked):
        return _plain_email(person, contact, fields, default), fields
    writes = bool(contact.emails or asked.bad or asked.primary is not None)
    if not writes and fields is person.fields:
        return person.emails, fields
    before = emails.slots_of(person.emails, person.fields.get(emails.BAD, emails.NONE_BAD))
    slots = _written(before, contact, asked) if writes else before
    if slots.bad != before.bad:
        fields = {**fields, emails.BAD: slots.bad}
    found = tuple(
        Email(
            email.address,
            email.raw,
            slot == slots.primary,
            flags.email_status(fields, slot in slots.bad, default) if fields else default,
            EMAIL_SLOTS[slot - 1],
            email.when,
        )
        for slot, email in slots.best_first()
    )
    return person.emails if found == person.emails else found, fields


def _is_plain(person: Person, contact: Contact, asked: Asked) -> bool:
    """Whether one email comes to somebody who has none, or just that one: nearly every contact.

    What is then left of the rules is so little that it is worth saying apart.
    """
    if len(contact.emails) != 1 or asked.slots or asked.bad or asked.primary is not None:
        return False
    email = contact.emails[0]
    if email.status == consent.BOUNCING or emails.BAD in person.fields:
        return False
    return not person.emails or (
        len(person.emails) == 1 and person.emails[0].address == email.address
    )


def _plain_email(
    person: Person, contact: Contact, fields: Mapping[str, Any], default: str | None
) -> tuple[Email, ...]:
    held = person.emails
    if held and held[0].primary and fields is person.fields:
        return held
    email = held[0] if held else contact.emails[0]
    slot = str(email.kind) if held else EMAIL_SLOTS[0]
    status = flags.email_status(fields, False, default) if fields else default
    return (Email(email.address, email.raw, True, status, slot, email.when),)


def _written(slots: emails.Slots, contact: Contact, asked: Asked) -> emails.Slots:
    """The slots, each email of the contact written by its rule."""
    upload = contact.request is Request.UPLOAD
    for slot, email in asked.slots.items():
        # A file says what a person has, in any order; a request says what is to be in the slot.
        done = (
            emails.write(slots, email, wanted=slot, primary=False)
            if upload
            else emails.assign(slots, slot, email)
        )
        slots = _noted(done, email, contact, asked.notes)
    if asked.bad or (contact.emails and contact.emails[0].status == consent.BOUNCING):
        slots = _marked(slots, contact, asked)
    leads = asked.email is None and not asked.slots
    for place, email in enumerate(asked.further):
        done = emails.write(slots, email, primary=leads and place == 0)
        slots = _noted(done, email, contact, asked.notes)
    if asked.email is not None:
        slots = _noted(emails.write(slots, asked.email), asked.email, contact, asked.notes)
    if asked.primary is not None:
        if slots.held[asked.primary - 1] is None:
            asked.notes.append(
                Event(
                    contact.row, Outcome.WARNING, "NB-03", field="primary_email_id",
                    after=str(asked.primary), note="the slot is empty",
                )
            )  # fmt: skip
        else:
            slots = slots._replace(primary=asked.primary)
    return slots


def _noted(
    done: emails.Written, email: Email, contact: Contact, notes: list[Event]
) -> emails.Slots:
    if done.outcome is not None:
        dropped = done.outcome is Outcome.EMAIL_DROPPED
        before, after = (email.address, None) if dropped else (done.before, email.address)
        notes.append(
            Event(
                contact.row, done.outcome, "NB-05", field="email", before=before, after=after,
                note=done.note,
            )
        )  # fmt: skip
    return done.slots


def _marked(slots: emails.Slots, contact: Contact, asked: Asked) -> emails.Slots:
    """The bad marks. A file does not take one off: it may be older than the mark."""
    bad = set(slots.bad)
    for slot, value in asked.bad.items():
        email = asked.slots.get(slot)
        place = slots.place(email.address) if email is not None else slot
        if place is None or slots.held[place - 1] is None:
            continue
        if value:
            bad.add(place)
        elif contact.request is not Request.UPLOAD:
            bad.discard(place)
    if email := (contact.emails[0] if contact.emails else None):
        place = slots.place(email.address)
        if place is not None and email.status == consent.BOUNCING:
            bad.add(place)
    return slots if bad == slots.bad else slots._replace(bad=frozenset(bad))


def _phones(
    person: Person,
    contact: Contact,
    asked: Asked,
    fields: Mapping[str, Any],
    default: str | None,
) -> tuple[tuple[Phone, ...], Mapping[str, Any]]:
    """The phones with what holds of each. A new mobile is not the one that was marked bad."""
    if not contact.phones and fields is person.fields:
        return person.phones, fields
    if not person.phones and len(contact.phones) == 1 and len(asked.phones) < 2:
        return (_first_phone(contact.phones[0], asked, fields, default),), fields
    held = {str(each.kind): each for each in person.phones}
    for field, phone in _phones_by_field(held, asked).items():
        before = held.get(field)
        if before is not None and before.number == phone.number:
            continue
        held[field] = phone
        if before is None:
            continue
        asked.notes.append(
            Event(
                contact.row, Outcome.PHONE_OVERWRITTEN, "NB-08", field=field,
                before=before.number, after=phone.number,
            )
        )  # fmt: skip
        if field == "mobile" and "is_mobile_bad" in fields and "is_mobile_bad" not in asked.flags:
            fields = {name: value for name, value in fields.items() if name != "is_mobile_bad"}
    # Only mobiles get text messages.
    mobile = flags.mobile_status(fields, default) if "mobile" in held else None
    found = tuple(
        Phone(
            phone.number, phone.raw, None, mobile if field == "mobile" else None, field,
            phone.when, phone.assumed_region,
        )
        for field, phone in ((field, held[field]) for field in PHONES if field in held)
    )  # fmt: skip
    return person.phones if found == person.phones else found, fields


def _first_phone(
    phone: Phone, asked: Asked, fields: Mapping[str, Any], default: str | None
) -> Phone:
    """The only phone of somebody who had none: there is nothing to be weighed."""
    field = next(iter(asked.phones), "phone")
    status = flags.mobile_status(fields, default) if field == "mobile" else None
    number, raw, _, _, _, when, assumed_region = phone
    return Phone(number, raw, None, status, field, when, assumed_region)


def _phones_by_field(held: Mapping[str, Phone], asked: Asked) -> Mapping[str, Phone]:
    """The phones of a contact; one that names no field takes the first that is free."""
    if not asked.loose:
        return asked.phones
    came = dict(asked.phones)
    numbers = {each.number for each in held.values()}
    for phone in asked.loose:
        if phone.number not in numbers:
            free = (field for field in PHONES if field not in held and field not in came)
            came.setdefault(next(free, "phone"), phone)
    return came


def _identifiers(
    person: Person, contact: Contact, asked: Asked, people: Lookups
) -> Values[Identifier]:
    """One id of each system; one that somebody else has stays theirs, and is told."""
    held = {each.system: each for each in person.identifiers}
    for each in asked.identifiers:
        before = held.get(each.system)
        if before == each:
            continue
        holder = next(
            (p for p in people.by_identifier(each) if p.person_id != person.person_id), None
        )
        own = each.system.partition("/")[0] == OWN
        if holder is not None or (own and before is not None):
            note = "read_only" if own else "identifier_not_unique"
            asked.notes.append(_id_note(contact, each, before, note, holder))
            continue
        if before is None and len(held) == MOST_SYSTEMS:
            asked.notes.append(_id_note(contact, each, None, _FULL, None))
            continue
        if before is not None:
            asked.notes.append(_id_note(contact, each, before, "id_disagreement", None))
        held[each.system] = each
    found = tuple(held.values())
    return person.identifiers if found == person.identifiers else found


def _id_note(
    contact: Contact, came: Identifier, held: Identifier | None, note: str, holder: Person | None
) -> Event:
    rule = "NB-20" if came.system in MATCH_IDS else "NB-13"
    if came.system.partition("/")[0] == OWN:
        rule = "NB-14"
    return Event(
        contact.row, Outcome.CONFLICT, rule, None, holder and holder.person_id,
        key_of(came.system), held and held.id, came.id, None, note,
    )  # fmt: skip


def _tags(held: Values[str], contact: Contact, notes: list[Event]) -> Values[str]:
    """Tags accumulate; one that is both added and removed is removed (NB-21)."""
    if not (contact.tags or contact.add_tags or contact.remove_tags):
        return held
    added = (*contact.tags, *contact.add_tags)
    removed = frozenset(contact.remove_tags)
    notes += [
        Event(
            contact.row, Outcome.WARNING, "NB-21", field="tags", after=tag,
            note="added and removed at once: removed",
        )
        for tag in dict.fromkeys(added)
        if tag in removed
    ]  # fmt: skip
    return gathered(held, added, removed)


def _fields(
    held: Mapping[str, Any], contact: Contact, asked: Asked, settings: Settings
) -> Mapping[str, Any]:
    """The flags, the vendor's hint, and the fax number."""
    came: dict[str, Any] = {}
    if asked.flags:
        came = dict(flags.settled(held, asked.flags, contact, settings.native, asked.notes))
    room = MOST_FIELDS - len(held)
    news = ((name, value) for name, value in asked.kept.items() if held.get(name) != value)
    came |= {name: value for name, value in news if name in held or (room := room - 1) >= 0}
    if "is_possible_duplicate" in came and flags.truth_of(came["is_possible_duplicate"]):
        asked.notes.append(
            Event(
                contact.row, Outcome.POSSIBLE_DUPLICATE, "NB-12", field="is_possible_duplicate",
                note="the vendor's hint; nothing is merged for it",
            )
        )  # fmt: skip
    return {**held, **came} if came else held
