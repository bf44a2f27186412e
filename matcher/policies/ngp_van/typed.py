"""NG-06: a contact has no two emails, phones or addresses of one type.

What finds its place taken is not lost: it is set aside, keeps what was said of it, and still
tells whose it is. Values that come without a type have no place that could be taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from matcher.policies.contacts import Address, Contact, Email, Phone
from matcher.policies.ngp_van.layering import (
    MOST_VALUES,
    Notes,
    Why,
    conflict,
    dropped,
    stated,
)
from matcher.policies.outcomes import Event, Outcome, Refusal

_Entry = TypeVar("_Entry", Email, Phone, Address)


class Aside(NamedTuple):
    """Values of a contact that found the place of their type taken."""

    emails: tuple[Email, ...] = ()
    phones: tuple[Phone, ...] = ()
    addresses: tuple[Address, ...] = ()


class Attribute(NamedTuple):
    """What tells emails, phones and addresses apart here."""

    field: str
    dropped: Outcome
    overwritten: Outcome


EMAILS = Attribute("email", Outcome.EMAIL_DROPPED, Outcome.EMAIL_OVERWRITTEN)
PHONES = Attribute("phone", Outcome.PHONE_DROPPED, Outcome.PHONE_OVERWRITTEN)
ADDRESSES = Attribute("address", Outcome.ADDRESS_DROPPED, Outcome.CONFLICT)


def type_of(entry: Email | Phone | Address) -> str | None:
    """The type in capitals; ``None`` where only the column of a file gave the entry a name."""
    kind = entry.kind
    if kind is None or kind.rstrip("0123456789") in ("email", "phone"):
        return None
    return kind.upper()


def twice_of_a_type(contact: Contact) -> Refusal | None:
    """The first value that is the second of its type, where that is an error."""
    attributes: Sequence[tuple[str, Sequence[Email | Phone | Address]]] = (
        ("emails", contact.emails), ("phones", contact.phones), ("addresses", contact.addresses),
    )  # fmt: skip
    for name, entries in attributes:
        seen = set()
        for place, entry in enumerate(entries):
            kind = type_of(entry)
            if kind is not None and kind in seen:
                reason = f"two {name} of the type {kind}"
                return Refusal(f"$.{name}[{place}].type", entry.kind, reason, "NG-06")
            seen.add(kind)
    return None


class Places(Generic[_Entry]):
    """The values of one attribute: those in their places, and those set aside.

    Attributes:
        slots: at most one of each type.
        aside: the others.
    """

    def __init__(
        self, attribute: Attribute, held: Sequence[_Entry], aside: Sequence[_Entry], row: int
    ) -> None:
        self.slots: list[_Entry] = list(held)
        self.aside: list[_Entry] = list(aside)
        self.notes: Notes = []
        self._attribute, self._row = attribute, row
        self._seated: set[str] = set()

    def put(self, each: _Entry, *, incoming_wins: bool) -> None:
        """Takes in one value; what it means for others is added to ``notes``."""
        place = _find(self.slots, each)
        if place is not None:
            self._restate(self.slots, place, each)
            return
        known = _find(self.aside, each)
        if known is not None:
            self._restate(self.aside, known, each)
            if not incoming_wins:
                return
            each = self.aside.pop(known)._replace(kind=each.kind)  # with its consent
        self._seat(each, incoming_wins)

    def _seat(self, each: _Entry, incoming_wins: bool) -> None:
        """Gives a value the place of its type, or sets aside whichever of two has to go."""
        kind = type_of(each)
        if len(self.slots) + len(self.aside) >= MOST_VALUES:
            self.notes.append(dropped(each, Why(self._row, "NG-06")))
            return
        if kind is None:
            self.slots.append(each)
            return
        taken = next((i for i, slot in enumerate(self.slots) if type_of(slot) == kind), None)
        if taken is None:
            self.slots.append(each)
        elif kind in self._seated:
            note = f"second {kind} of the same request"
            row, field = self._row, self._attribute.field
            self.notes.append(
                Event(
                    row,
                    self._attribute.dropped,
                    "NG-06",
                    field=field,
                    before=shown(each),
                    note=note,
                )
            )
            self.aside.append(each)
        else:
            old = self.slots[taken]
            self.slots[taken] = each if incoming_wins else old
            self.aside.append(old if incoming_wins else each)
            self._tell(old, each, kind, incoming_wins)
        self._seated.add(kind)

    def _restate(self, entries: list[_Entry], place: int, each: _Entry) -> None:
        held = entries[place]
        if not isinstance(held, Address) and not isinstance(each, Address):
            entries[place] = stated(held, each, self.notes, Why(self._row, "NG-09"))

    def _tell(self, old: _Entry, new: _Entry, kind: str, incoming_wins: bool) -> None:
        why, field = Why(self._row, "NG-06"), self._attribute.field
        event = conflict(why, field, shown(old), shown(new), incoming_wins=incoming_wins, kind=kind)
        outcome = self._attribute.overwritten if incoming_wins else Outcome.CONFLICT
        self.notes.append(event._replace(outcome=outcome))


def shown(entry: Email | Phone | Address) -> str:
    """An entry as one text."""
    return entry.line() if isinstance(entry, Address) else entry[0]


def _find(
    entries: Sequence[Email | Phone | Address], wanted: Email | Phone | Address
) -> int | None:
    key = _key(wanted)
    return next((i for i, each in enumerate(entries) if _key(each) == key), None)


def _key(entry: Email | Phone | Address) -> str:
    return entry.line().casefold() if isinstance(entry, Address) else entry[0]
