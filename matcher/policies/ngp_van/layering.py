"""What contacts and people do alike with names, consent and identifiers of a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from matcher.normalise.text import fold_text
from matcher.policies import consent
from matcher.policies.contacts import Address, Contact, Email, Identifier, Names, Phone
from matcher.policies.outcomes import Event, Outcome
from matcher.policies.people import Lookups, Person
from matcher.policies.piles import Values, gathered, rewritten

#: Events of one row, before it is known whose they are.
Notes = list[Event]
_Entry = TypeVar("_Entry", Email, Phone)

_NAME_FIELDS = (
    "prefix", "first_name", "middle_name", "last_name", "suffix", "full_name", "nickname",
    "organization",
)  # fmt: skip
_FIELD_OF = {Email: "email", Phone: "phone"}
_DROPPED = {
    Email: ("email", Outcome.EMAIL_DROPPED),
    Phone: ("phone", Outcome.PHONE_DROPPED),
    Address: ("address", Outcome.ADDRESS_DROPPED),
}

#: Emails of one record, and as many phones, addresses and ids: what has more is no person, but
#: what all rows without a better key were taken for. More would make each further row slower.
MOST_VALUES = 100
_FULL = f"{MOST_VALUES} are held already"
#: What a new record is called.
NO_NAMES = Names()


class Why(NamedTuple):
    """What events are told of: the row, and the rule that decides."""

    row: int
    rule: str


def faults_of(contact: Contact) -> Notes:
    """What of a row could not be used, as events."""
    return [
        Event(contact.row, Outcome.WARNING, fault.rule, field=fault.column, note=fault.reason)
        for fault in contact.faults
    ]


def blank(contact: Contact, people: Lookups, entity_type: str) -> Person:
    """A new person with nothing but an id: the one that the row asks for, unless it is taken."""
    number = people.next_number()
    wanted = contact.person_id or str(number)
    while people.get(wanted) is not None:
        wanted = str(number) if wanted == contact.person_id else f"{wanted}'"
    return Person(wanted, number, entity_type, NO_NAMES, created=contact.when)


def conflict(
    why: Why, field: str, before: str, after: str, *, incoming_wins: bool, kind: str | None = None
) -> Event:
    """Two values that exclude each other: the one held, and the one that came."""
    note = "the incoming one wins" if incoming_wins else "the one held stays"
    if kind is not None:
        note = f"{kind}: {note}"
    return Event(
        why.row, Outcome.CONFLICT, why.rule, field=field, before=before, after=after, note=note
    )


def named(
    held: Names, came: Names, notes: Notes, why: Why, *, incoming_wins: bool = False
) -> Names:
    """One name after another came: blanks are filled; what differs is kept, and told.

    Another spelling of the same letters is no difference.
    """
    if held == came:
        return held
    if held == NO_NAMES:
        return came
    parts = []
    for field, old, new in zip(_NAME_FIELDS, held, came, strict=True):
        if old is None or new is None or old == new or fold_text(old) == fold_text(new):
            parts.append(old if old is not None else new)
            continue
        notes.append(conflict(why, field, old, new, incoming_wins=incoming_wins))
        parts.append(new if incoming_wins else old)
    return Names._make(parts)


def stated(held: _Entry, came: _Entry, notes: Notes, why: Why) -> _Entry:
    """A held email or phone after a further statement about it: the most restrictive one holds."""
    if came.status is None:
        return held
    # Whichever holds, only what is newer than both can lift it.
    when = consent.latest(held.when, came.when)
    if came.status == held.status:
        return held if when == held.when else held._replace(when=when)
    status = consent.settle(held.status, held.when, came.status, came.when)
    if held.status is not None:
        before, after, outcome = held.status, status, Outcome.CONSENT_LOWERED
        if status == held.status:
            after, outcome = came.status, Outcome.CONSENT_KEPT
        elif consent.RESTRICTION.get(status, 0) < consent.RESTRICTION[before]:
            outcome = Outcome.CONSENT_RAISED
        field = f"{_FIELD_OF[type(held)]}_status"
        notes.append(Event(why.row, outcome, why.rule, field=field, before=before, after=after))
    return held if status == held.status else held._replace(status=status, when=when)


def identified(
    person: Person, came: Sequence[Identifier], people: Lookups, notes: Notes, why: Why
) -> Values[Identifier]:
    """Identifiers accumulate; one that somebody else has stays theirs, and is told."""
    held = person.identifiers
    if not came:
        return held
    added = [each for each in came if each not in held]
    if not added:
        return held
    systems = {each.system: each for each in held}
    kept: list[Identifier] = []
    for each in added:
        others = (p.person_id for p in people.by_identifier(each))
        other = next((owner for owner in others if owner != person.person_id), None)
        rival = systems.get(each.system)
        full = other is None and len(held) + len(kept) >= MOST_VALUES
        if full:
            notes.append(_no_room(each, why))
            continue
        if other is None:
            kept.append(each)
        if other is not None or rival is not None:
            note = Event(
                why.row, Outcome.CONFLICT, why.rule, other_person_id=other, field="identifiers",
                before=None if other or rival is None else str(rival), after=str(each),
                note="identifier_not_unique" if other else "id_disagreement",
            )  # fmt: skip
            notes.append(note)
    return gathered(held, kept)


def united(
    held: Values[Identifier], came: Values[Identifier], notes: Notes, why: Why
) -> Values[Identifier]:
    """The ids of two records that become one, as far as there is room."""
    added = [each for each in came if each not in held]
    room = max(MOST_VALUES - len(held), 0)
    notes += [_no_room(each, why) for each in added[room:]]
    return gathered(held, added[:room])


def dropped(each: Email | Phone | Address, why: Why) -> Event:
    """A value for which a record has no room."""
    field, outcome = _DROPPED[type(each)]
    before = each.line() if isinstance(each, Address) else each[0]
    return Event(why.row, outcome, why.rule, field=field, before=before, note=_FULL)


def _no_room(each: Identifier, why: Why) -> Event:
    return Event(
        why.row, Outcome.CONFLICT, why.rule, field="identifiers", after=str(each), note=_FULL
    )


def tagged(held: Values[str], contact: Contact) -> Values[str]:
    """Tags after the row's own were added and others removed."""
    if not (contact.tags or contact.add_tags or contact.remove_tags):
        return held
    added = (*contact.tags, *contact.add_tags)
    return gathered(held, added, frozenset(contact.remove_tags))


def changes(before: Person, after: Person) -> list[str]:
    """The attributes in which two versions differ."""
    found = []
    if before.names != after.names:
        pairs = zip(_NAME_FIELDS, before.names, after.names, strict=True)
        found += [field for field, old, new in pairs if old != new]
    found += [
        name
        for name in ("emails", "phones", "addresses", "identifiers", "tags", "phone_consent")
        if getattr(before, name) != getattr(after, name)
    ]
    if before.fields is not after.fields:
        found += [name for name, _, _ in rewritten(before.fields, after.fields)]
    return found
