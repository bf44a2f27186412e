"""What a policy decides about one contact, and the one place where that is written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from matcher.policies.contacts import Contact
from matcher.policies.outcomes import Event, Refusal
from matcher.policies.people import Lookups, PeopleList, Person


class Decision(NamedTuple):
    """What is to become of one contact.

    Attributes:
        person_id: the person that the row is now part of; ``None`` where it is part of none.
        events: what happened, the main thing first.
        saved: new versions of people, and new people, in the order in which to write them.
        merged: (absorbed id, surviving id), to be done before anything is saved.
        refusal: why the row was refused, for the rejects; then it is part of no person.
    """

    person_id: str | None
    events: tuple[Event, ...]
    saved: tuple[Person, ...] = ()
    merged: tuple[tuple[str, str], ...] = ()
    refusal: Refusal | None = None


class Policy(Protocol):
    """One vendor's rules."""

    @property
    def carries(self) -> Sequence[str]:
        """Input columns beyond the canonical ones that the rules read, as ``Contact.fields``."""

    @property
    def shape(self) -> str | None:
        """The payload shape to try first, by its name in ``shapes.SHAPES``."""

    @property
    def keeps_spelling(self) -> bool:
        """Whether emails are compared as the vendor does: by their letters, case aside.

        Otherwise they are compared as the rest of this package does: two spellings of one
        mailbox are one address.
        """

    def decide(self, contact: Contact, people: Lookups) -> Decision:
        """What is to become of a contact, given the people so far. Changes nothing."""

    def possible_duplicates(self, people: PeopleList) -> Mapping[str, Sequence[str]]:
        """Person id -> ids of people that the vendor would show beside it; asked at the end."""


def apply(decision: Decision, people: PeopleList) -> None:
    """Writes a decision down."""
    for absorbed, survivor in decision.merged:
        people.merge(absorbed, survivor)
    for person in decision.saved:
        people.save(person)
