"""The four email slots of a person: the rule by which ``email`` is written (NB-03 to NB-05)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from matcher.policies.contacts import Email
from matcher.policies.nationbuilder.columns import EMAIL_SLOTS
from matcher.policies.outcomes import Outcome

MOST = len(EMAIL_SLOTS)

#: Where a person's bad slots are kept, in ``Person.fields``.
BAD = "bad_emails"
NONE_BAD: frozenset[int] = frozenset()


class Slots(NamedTuple):
    """What the four slots hold; slots are counted from 1.

    Attributes:
        held: the emails by slot; ``None`` for an empty one.
        bad: the slots marked bad.
        primary: the slot that ``primary_email_id`` names, if any.
    """

    held: tuple[Email | None, ...] = (None,) * MOST
    bad: frozenset[int] = NONE_BAD
    primary: int | None = None

    def place(self, address: str) -> int | None:
        """The slot that holds an address."""
        for slot, email in enumerate(self.held, 1):
            if email is not None and email.address == address:
                return slot
        return None

    def best(self) -> int | None:
        """The slot of the best email: primary and not bad, else the first that is not (NB-04)."""
        if self.primary is not None and self.primary not in self.bad:
            return self.primary
        return next((slot for slot, _ in self.filled() if slot not in self.bad), None)

    def filled(self) -> Iterator[tuple[int, Email]]:
        """The slots that hold an email, in order."""
        return ((slot, email) for slot, email in enumerate(self.held, 1) if email is not None)

    def put(self, slot: int, email: Email) -> Slots:
        """With an email in a slot; another address there was bad, this one is not."""
        before = self.held[slot - 1]
        same = before is not None and before.address == email.address
        held = (*self.held[: slot - 1], email, *self.held[slot:])
        return Slots(held, self.bad if same else self.bad - {slot}, self.primary)

    def best_first(self) -> list[tuple[int, Email]]:
        """The slots that hold an email, that of the best email first."""
        found = list(self.filled())
        if len(found) > 1:
            best = self.best()
            found.sort(key=lambda entry: entry[0] != best)
        return found


_EMPTY = Slots()


def slots_of(emails: tuple[Email, ...], bad: frozenset[int]) -> Slots:
    """The slots of a person who holds these emails."""
    if not emails:
        return _EMPTY
    held: list[Email | None] = [None] * MOST
    primary = None
    for email in emails:
        slot = EMAIL_SLOTS.index(str(email.kind)) + 1
        held[slot - 1] = email
        primary = slot if email.primary else primary
    return Slots(tuple(held), bad, primary)


class Written(NamedTuple):
    """What became of one email.

    Attributes:
        slots: all slots afterwards.
        outcome: ``email_overwritten``, ``email_dropped``, ``warning``, or ``None`` where nothing
            is to be told.
        before: the address that had to go.
        note: what a user should know.
    """

    slots: Slots
    outcome: Outcome | None = None
    before: str | None = None
    note: str | None = None


def write(
    slots: Slots, email: Email, *, wanted: int | None = None, primary: bool = True
) -> Written:
    """Writes ``email``: it goes into one of the slots and becomes primary (NB-05).

    An address that a slot holds stays there; else the first empty slot takes it, else the first
    bad one; where none is bad the address is dropped.

    Args:
        slots: what is held.
        email: the address to write.
        wanted: the slot to prefer to other empty ones.
        primary: whether it becomes primary.
    """
    here = slots.place(email.address)
    if here is not None:
        bad = here in slots.bad and primary
        after = slots._replace(primary=here) if primary else slots
        # A write is no proof of delivery: what was marked bad stays so.
        return Written(after, Outcome.WARNING, None, "email_is_bad") if bad else Written(after)
    empty = [slot for slot, held in enumerate(slots.held, 1) if held is None]
    free = wanted if wanted in empty else next(iter(empty), None)
    slot = free or min(slots.bad, default=None)
    if slot is None:
        return Written(slots, Outcome.EMAIL_DROPPED, None, "no slot is empty or bad")
    after = slots.put(slot, email)
    if primary or after.primary is None:
        after = after._replace(primary=slot)
    before = slots.held[slot - 1]
    if before is None:
        return Written(after)
    return Written(after, Outcome.EMAIL_OVERWRITTEN, before.address, f"email{slot} was bad")


def assign(slots: Slots, slot: int, email: Email) -> Written:
    """Writes ``emailN`` itself: whatever was in that slot is replaced."""
    here = slots.place(email.address)
    if here is not None and here != slot:
        return Written(slots, Outcome.WARNING, None, f"the address is in email{here} already")
    before = slots.held[slot - 1]
    after = slots.put(slot, email)
    if after.primary is None:
        after = after._replace(primary=slot)
    if before is None or before.address == email.address:
        return Written(after)
    return Written(after, Outcome.EMAIL_OVERWRITTEN, before.address)
