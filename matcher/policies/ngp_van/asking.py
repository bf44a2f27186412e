"""Whether a contact may come in, and what of it counts: NG-01, NG-02, NG-03, NG-08 to NG-10."""

from __future__ import annotations

from typing import NamedTuple

from matcher.normalise.organisations import normalise_organisation
from matcher.normalise.text import fold_words_text
from matcher.policies import consent
from matcher.policies.contacts import ORGANIZATION, PERSON, Contact, Email, Keys, Names, Request
from matcher.policies.ngp_van.layering import Notes, faults_of
from matcher.policies.ngp_van.settings import Settings
from matcher.policies.ngp_van.typed import twice_of_a_type
from matcher.policies.outcomes import Event, Outcome, Refusal

#: Keys of ``Contact.fields``, which rows have as columns.
TYPE, CONTACT_ID, COMMON_NAME, DO_NOT_EMAIL = "type", "contact_id", "common_name", "do_not_email"
PREFERRED = "preferred_contact"
#: What a payload without a type has for one.
NO_TYPE = ""

_TYPES = {"INDIVIDUAL": PERSON, "ORGANIZATION": ORGANIZATION}
_TRUE = frozenset({"true", "yes", "y", "1", "t"})
#: NG-10: the parts of a name that only an individual has.
_PERSONAL = ("prefix", "first", "middle", "last", "suffix", "nickname")


_NO_KEYS = Keys()


class Asked(NamedTuple):
    """What a contact asks for, once all that its type forbids is out of it.

    Attributes:
        entity_type: ``person`` or ``organization``.
        names: as written.
        name_key: in which equal names are equal text, with the type; NG-04 compares it.
        emails: with what is said of each.
        notes: what was odd.
    """

    entity_type: str
    names: Names
    name_key: str
    emails: tuple[Email, ...]
    notes: Notes


def ask(contact: Contact, settings: Settings) -> Asked | Refusal:
    """What of a contact counts, or why it cannot come in."""
    notes = faults_of(contact) if contact.faults else []
    entity_type = _type(contact, notes)
    if isinstance(entity_type, Refusal):
        return entity_type
    why_not = _redirected(contact) or (twice_of_a_type(contact) if settings.strict else None)
    if why_not is not None:
        return why_not
    names = _names(contact, entity_type, notes)
    emails = _emails(contact, notes)
    named = names.organization if entity_type == ORGANIZATION else names.first and names.last
    if not named:
        if settings.strict or not (emails or contact.phones):
            return _nameless(entity_type)
        notes.append(Event(contact.row, Outcome.WARNING, "NG-02", note="name_missing"))
    return Asked(entity_type, names, name_key(entity_type, names, contact.keys), emails, notes)


def _type(contact: Contact, notes: Notes) -> str | Refusal:
    """NG-01. A row of a file that says nothing, or nothing known, is what it looks like."""
    told = contact.fields.get(TYPE)
    if told is None:
        return contact.entity_type
    known = _TYPES.get(str(told).strip().upper())
    if known is not None:
        return known
    if contact.request is Request.UPLOAD:
        note = "unknown type"
        notes.append(
            Event(contact.row, Outcome.WARNING, "NG-01", field=TYPE, after=told, note=note)
        )
        return contact.entity_type
    reason = "type is required: INDIVIDUAL or ORGANIZATION"
    return Refusal("$.type", told or None, reason, "NG-01")


def _redirected(contact: Contact) -> Refusal | None:
    """NG-03: who a contact is stands in the address that is called, never in the body."""
    told = contact.fields.get(CONTACT_ID)
    if told is None or contact.request in (Request.UPLOAD, Request.UPDATE):
        return None
    reason = f"contactId must not be in the body: call /contacts/{told}"
    return Refusal("$.contactId", str(told), reason, "NG-03")


def _names(contact: Contact, entity_type: str, notes: Notes) -> Names:
    """NG-10: only what belongs to the type; the rest is ignored, and told."""
    names, common = contact.names, contact.fields.get(COMMON_NAME)
    if entity_type == PERSON:
        if common is not None:
            notes.append(_ignored(contact, "common_name", common))
        return names
    told = contact.fields.get(TYPE) is not None
    for part in _PERSONAL:
        value = getattr(names, part)
        if value is not None and told:
            notes.append(_ignored(contact, f"{part}_name", value))
    name = names.organization or common or names.full or (None if told else names.last)
    return Names(organization=name)


def _ignored(contact: Contact, field: str, value: str) -> Event:
    note = "not a field of this type"
    return Event(contact.row, Outcome.WARNING, "NG-10", field=field, before=value, note=note)


def _emails(contact: Contact, notes: Notes) -> tuple[Email, ...]:
    """NG-09: what a column says of all the row's emails; NG-08: a preference lifts nothing."""
    emails = contact.emails
    told = contact.fields.get(DO_NOT_EMAIL)
    if told is not None and str(told).strip().lower() in _TRUE:
        emails = tuple(each._replace(status=consent.UNSUBSCRIBED) for each in emails)
    if PREFERRED in contact.fields and any(e.status == consent.UNSUBSCRIBED for e in emails):
        note = "a preferred way of contact lifts no suppression"
        notes.append(Event(contact.row, Outcome.CONSENT_KEPT, "NG-08", field=PREFERRED, note=note))
    return emails


def _nameless(entity_type: str) -> Refusal:
    name = "commonName" if entity_type == ORGANIZATION else "firstName and lastName"
    reason = f"{name}, an email or a phone is required"
    return Refusal(None, None, reason, "NG-02")


def name_key(entity_type: str, names: Names, keys: Keys = _NO_KEYS) -> str:
    """NG-04 compares names folded: accents, case and punctuation do not count.

    Args:
        entity_type: ``person`` or ``organization``; the two never have one key.
        names: as written, for what ``keys`` lacks.
        keys: the same, normalised in bulk.
    """
    if entity_type == ORGANIZATION:
        name = names.organization
        return f"o|{keys.organization or (name and normalise_organisation(name)) or ''}"
    first = keys.first or (names.first and fold_words_text(names.first)) or ""
    last = keys.last or (names.last and fold_words_text(names.last)) or ""
    return f"i|{first}|{last}"


def is_nameless(key: str) -> bool:
    """Whether a key is that of no name at all."""
    return key in ("i||", "o|")
