"""What a person is after a contact: names, emails, phones, addresses, ids, tags and flags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matcher.policies import consent
from matcher.policies.contacts import Contact, Email, Identifier, Names, Phone, Request
from matcher.policies.nationbuilder import addresses, emails, flags
from matcher.policies.nationbuilder.asking import Asked
from matcher.policies.nationbuilder.columns import MATCH_IDS, OWN, PHONES
from matcher.policies.nationbuilder.finding import key_of, lookups, name_of
from matcher.policies.nationbuilder.settings import Settings
from matcher.policies.outcomes import Event, Outcome
from matcher.policies.people import Lookups, Person

#: Carried columns that a person keeps as they came.
_KEPT = ("fax_number", "is_possible_duplicate")
_NAME_FIELDS = (
    "prefix", "first_name", "middle_name", "last_name", "suffix", "full_name", "nickname",
    "organization",
)  # fmt: skip


def layered(
    person: Person, contact: Contact, asked: Asked, people: Lookups, settings: Settings
) -> Person:
    """The person after a contact; what happened on the way is added to ``asked.notes``."""
    fields = _fields(person.fields, contact, asked, settings)
    slots = _slots(person, contact, asked)
    if slots.bad != person.fields.get(emails.BAD, frozenset()):
        fields = {**fields, emails.BAD: slots.bad}
    held_phones, fields = _phones(person, contact, asked, fields)
    default = None if settings.native else consent.SUBSCRIBED
    return Person(
        person.person_id,
        person.number,
        asked.entity_type or person.entity_type,
        _names(person.names, contact.names),
        _stated_emails(person.emails, slots, fields, default),
        _stated_phones(person.phones, held_phones, fields, default),
        addresses.layered(person.addresses, asked.addresses, asked.primary_address),
        _identifiers(person, contact, asked, people),
        _tags(person.tags, contact, asked.notes),
        flags.call_status(fields),
        person.created,
        fields,
        _lookup(person.lookup, contact),
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
        ("identifiers", before.identifiers, after.identifiers),
        ("tags", before.tags, after.tags),
    ):
        if old is not new and old != new:
            found.append((name, _shown(old), _shown(new)))
    if before.fields is not after.fields:
        found += [
            (name, _text(before.fields.get(name)), _text(value))
            for name, value in after.fields.items()
            if before.fields.get(name) != value
        ]
    return found


def _shown(values: tuple[Any, ...]) -> str | None:
    texts = (
        value.line() if hasattr(value, "line")
        else value[0] if isinstance(value, Email | Phone)
        else str(value)
        for value in values
    )  # fmt: skip
    return "; ".join(texts) or None


def _text(value: object) -> str | None:
    if isinstance(value, flags.Flag):
        return str(value.value).lower()
    if isinstance(value, frozenset):
        return ", ".join(map(str, sorted(value))) or None
    return None if value is None else str(value)


def _names(held: Names, came: Names) -> Names:
    if held == came:
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


def _slots(person: Person, contact: Contact, asked: Asked) -> emails.Slots:
    """The email slots, each email of the contact written by its rule."""
    slots = emails.slots_of(person.emails, person.fields.get(emails.BAD, frozenset()))
    upload = contact.request is Request.UPLOAD
    for slot, email in asked.slots.items():
        # A file says what a person has, in any order; a request says what is to be in the slot.
        done = (
            emails.write(slots, email, wanted=slot, primary=False)
            if upload
            else emails.assign(slots, slot, email)
        )
        slots = _noted(done, email, contact, asked.notes)
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


def _stated_emails(
    held: tuple[Email, ...], slots: emails.Slots, fields: Mapping[str, Any], default: str | None
) -> tuple[Email, ...]:
    """The emails with what holds of each, the best first."""
    bad = {f"email{slot}" for slot in slots.bad}
    found = tuple(
        email._replace(status=flags.email_status(fields, email.kind in bad, default))
        for email in slots.entries()
    )
    return held if found == held else found


def _phones(
    person: Person, contact: Contact, asked: Asked, fields: Mapping[str, Any]
) -> tuple[dict[str, Phone], Mapping[str, Any]]:
    """The phones by field. A new mobile number is not the one that was marked bad."""
    held = {str(each.kind): each for each in person.phones}
    came = dict(asked.phones)
    numbers = {each.number for each in held.values()}
    for phone in asked.loose:
        if phone.number not in numbers:
            free = (field for field in PHONES if field not in held and field not in came)
            came.setdefault(next(free, "phone"), phone)
    for field, phone in came.items():
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
    return held, fields


def _stated_phones(
    held: tuple[Phone, ...], by_field: dict[str, Phone], fields: Mapping[str, Any],
    default: str | None,
) -> tuple[Phone, ...]:  # fmt: skip
    """The phones with what holds of each; only mobiles get text messages."""
    mobile = flags.mobile_status(fields, default) if "mobile" in by_field else None
    found = tuple(
        by_field[field]._replace(
            kind=field, primary=None, status=mobile if field == "mobile" else None
        )
        for field in PHONES
        if field in by_field
    )
    return held if found == held else found


def _identifiers(
    person: Person, contact: Contact, asked: Asked, people: Lookups
) -> tuple[Identifier, ...]:
    """One id of each system; one that somebody else has stays theirs, and is told."""
    if not asked.identifiers:
        return person.identifiers
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


def _tags(held: tuple[str, ...], contact: Contact, notes: list[Event]) -> tuple[str, ...]:
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
    tags = tuple(tag for tag in dict.fromkeys((*held, *added)) if tag not in removed)
    return held if tags == held else tags


def _fields(
    held: Mapping[str, Any], contact: Contact, asked: Asked, settings: Settings
) -> Mapping[str, Any]:
    """The flags, the vendor's hint, and the fax number."""
    came: dict[str, Any] = {}
    if asked.flags:
        came = dict(flags.settled(held, asked.flags, contact, settings.native, asked.notes))
    for name in _KEPT if contact.fields else ():
        value = contact.fields.get(name)
        if value is not None and held.get(name) != value:
            came[name] = value
    if "is_possible_duplicate" in came and flags.truth_of(came["is_possible_duplicate"]):
        asked.notes.append(
            Event(
                contact.row, Outcome.POSSIBLE_DUPLICATE, "NB-12", field="is_possible_duplicate",
                note="the vendor's hint; nothing is merged for it",
            )
        )  # fmt: skip
    return {**held, **came} if came else held
