"""Rows that are written nowhere, and why."""

from __future__ import annotations

from collections.abc import Sequence

from matcher.policies.contacts import Contact, Identifier, Request
from matcher.policies.decisions import Decision
from matcher.policies.nationbuilder.finding import Hit, key_of
from matcher.policies.nationbuilder.settings import Settings
from matcher.policies.outcomes import Event, Outcome, Refusal
from matcher.policies.people import Person

DIRECT = (Request.CREATE, Request.UPDATE)


class Refusals:
    """Makes the decisions that refuse; the document names no status code for any of them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def refused(
        self, contact: Contact, refusal: Refusal, native: int | None, told: Sequence[Event] = ()
    ) -> Decision:
        """A row that is part of nobody.

        Args:
            contact: the row.
            refusal: why.
            native: the status code of our own profile.
            told: what a user should know besides.
        """
        code = None if native is None else self._settings.code(native)
        event = Event(
            contact.row, Outcome.REJECTED, refusal.rule, status_code=code, note=refusal.reason
        )
        return Decision(None, (event, *told), refusal=refusal)

    def conflict(self, contact: Contact, found: Sequence[Hit]) -> Decision:
        """Ids of one row are on several people, or on another one: nothing is written."""
        direct = contact.request in DIRECT
        rule = "NB-16" if direct else "NB-20"
        named = ", ".join(dict.fromkeys(hit.key for hit in found))
        reason = (
            f"somebody else has the {named}" if direct else f"the ids name several people: {named}"
        )
        note = "not_unique" if direct else "id_disagreement"
        told = [disagreement(contact, rule, hit, None, note) for hit in found]
        return self.refused(contact, Refusal(None, None, reason, rule), 409, told)

    def vetoed(self, contact: Contact, person: Person, ids: Sequence[Identifier]) -> Decision:
        """Only the email names the person, whose record ids are others (NB-20)."""
        held = {each.system: each.id for each in person.identifiers}
        named = ", ".join(key_of(each.system) for each in ids)
        reason = f"the email names a person with another {named}"
        told = [
            disagreement(
                contact, "NB-20", Hit(key_of(each.system), each.id, person), held[each.system]
            )
            for each in ids
        ]
        return self.refused(contact, Refusal(None, None, reason, "NB-20"), 409, told)

    def other_type(self, contact: Contact, stated: str, person: Person) -> Decision:
        """A person never matches an organisation (NB-11)."""
        reason = f"the ids name a record of type {person.entity_type}, not {stated}"
        told = disagreement(
            contact, "NB-11", Hit("signup_type", stated, person), person.entity_type, None
        )
        return self.refused(contact, Refusal("signup_type", None, reason, "NB-11"), 409, [told])


def disagreement(
    contact: Contact, rule: str, hit: Hit, held: str | None, note: str | None = "id_disagreement"
) -> Event:
    """The event of an id that does not fit: who has it, what they hold, what came."""
    return Event(
        contact.row, Outcome.CONFLICT, rule, None, hit.person.person_id, hit.key, held, hit.value,
        None, note,
    )  # fmt: skip
