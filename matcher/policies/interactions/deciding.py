"""Each valid interaction is listed as it came, and nothing else happens to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from matcher.errors import OptionError
from matcher.policies.contacts import NO_FIELDS, Contact
from matcher.policies.decisions import Decision
from matcher.policies.interactions.shape import CHANNEL, HANDLES, INTERACTION, STATE, WARNINGS
from matcher.policies.interactions.validation import Problem, odd_phones
from matcher.policies.outcomes import Event, Outcome, Refusal
from matcher.policies.people import Lookups, PeopleList, Person

_DESTINATIONS = (None, "van", "json", "csv")


def interactions(
    *,
    profile: str = "document",
    default_region: str = "US",
    strict: bool = False,
    use_channel: bool = False,
    destination: str | None = None,
) -> Interactions:
    """The policy of the Interactions API; the options are those of ``Interactions``.

    Raises:
        OptionError: there is no such destination.
    """
    if destination is not None and destination.lower() not in _DESTINATIONS:
        known = ", ".join(filter(None, _DESTINATIONS))
        raise OptionError(f"There is no destination {destination!r}; use one of {known}.")
    van = destination is not None and destination.lower() == "van"
    return Interactions(profile == "native", strict, use_channel, van)


@dataclass(frozen=True)
class Interactions:
    """The rules IX-01 to IX-12 as decisions about one interaction at a time.

    Attributes:
        native: our own reading instead of the letter of the document: status codes are ours.
        strict: a phone that is not E.164 makes an interaction invalid (IX-06).
        use_channel: the address or number of the channel is the person's too (IX-11).
        van: the interactions are for VAN, which needs its own person id (IX-08).
    """

    native: bool = False
    strict: bool = False
    use_channel: bool = False
    van: bool = False

    carries: Sequence[str] = ("interaction_id", STATE)
    shape: str | None = "interactions"

    @property
    def keeps_spelling(self) -> bool:
        """To the letter, two spellings of one mailbox are two addresses."""
        return not self.native

    def possible_duplicates(self, people: PeopleList) -> Mapping[str, Sequence[str]]:
        """None: whom an interaction was with is not asked here."""
        return {}

    def decide(self, contact: Contact, people: Lookups) -> Decision:
        """Whether an interaction is valid; if so it is an entry of its own."""
        contact = self._without_channel(contact)
        warnings = _warnings(contact)
        refused = self._refused(contact, warnings)
        if refused is not None:
            return refused
        key = _key(contact)
        held = people.by_key(key)
        if held:
            note = "the same interaction came before"
            main = self._main(contact, held[0], Outcome.UNCHANGED, "IX-10")._replace(note=note)
            return self._told(main, contact, warnings)
        number = people.next_number()
        person = Person(
            str(number), number, contact.entity_type, contact.names, contact.emails,
            contact.phones, contact.addresses, contact.identifiers, created=contact.when,
            fields=_kept(contact.fields), lookup=(key,),
        )  # fmt: skip
        rule = "IX-03" if contact.identifiers else "IX-02"
        main = self._main(contact, person, Outcome.VALID, rule)
        return self._told(main, contact, warnings, (person,))

    def _without_channel(self, contact: Contact) -> Contact:
        if self.use_channel or INTERACTION not in contact.fields:  # a row of a table has none
            return contact
        emails = tuple(each for each in contact.emails if each.kind != CHANNEL)
        phones = tuple(each for each in contact.phones if each.kind != CHANNEL)
        if len(emails) == len(contact.emails) and len(phones) == len(contact.phones):
            return contact
        return contact._replace(emails=emails, phones=phones)

    def _refused(self, contact: Contact, warnings: Sequence[Problem]) -> Decision | None:
        """The rejection of an invalid interaction, with the path of every error."""
        if contact.faults:  # in the rejects already, each on a line
            paths = ", ".join(fault.column or "$" for fault in contact.faults)
            first = contact.faults[0]
            return self._rejection(contact, first._replace(column=paths), None)
        found = [_refusal(p) for p in warnings if self.strict and p.rule == "IX-06"]
        if not found and INTERACTION not in contact.fields and not _identified(contact):
            reason = "without a person an email, phone or address is required"
            found.append(Refusal(None, None, reason, "IX-02"))
        if self.van and not any(each.system == "van" for each in contact.identifiers):
            reason = "what goes to VAN needs a person of type VAN with an id"
            found.append(Refusal("$.person", None, reason, "IX-08"))
        return self._rejection(contact, found[0], found[0]) if found else None

    def _rejection(self, contact: Contact, why: Refusal, refusal: Refusal | None) -> Decision:
        event = Event(
            contact.row, Outcome.REJECTED, why.rule, field=why.column, after=why.value,
            status_code=422 if self.native else None, note=why.reason,
        )  # fmt: skip
        return Decision(None, (event,), refusal=refusal)

    def _main(self, contact: Contact, person: Person, outcome: Outcome, rule: str) -> Event:
        code = 200 if self.native else None
        return Event(contact.row, outcome, rule, person.person_id, status_code=code)

    @staticmethod
    def _told(
        main: Event,
        contact: Contact,
        warnings: Sequence[Problem],
        saved: tuple[Person, ...] = (),
    ) -> Decision:
        """The decision about a valid interaction, with what a user should know about it."""
        row, person_id = main.row, main.person_id
        events = [
            Event(
                row, Outcome.WARNING, problem.rule, person_id, field=problem.path,
                before=problem.value, note=problem.code,
            )
            for problem in warnings
        ]  # fmt: skip
        if not _identified(contact):
            note = "no_usable_identifier"
            events.append(Event(row, Outcome.WARNING, "IX-09", person_id, note=note))
        return Decision(person_id, (main, *events), saved)


def _warnings(contact: Contact) -> Sequence[Problem]:
    """What is odd about an interaction; a row of a table is looked at as if it were one."""
    if INTERACTION in contact.fields:
        found: Sequence[Problem] = contact.fields[WARNINGS]
        return found
    return odd_phones([phone.raw for phone in contact.phones]) if contact.phones else ()


def _refusal(problem: Problem) -> Refusal:
    return Refusal(problem.path, problem.value, problem.reason, problem.rule)


def _identified(contact: Contact) -> bool:
    """Whether there is anything to know the person by; a name or a handle is not (IX-07)."""
    return bool(contact.identifiers or contact.emails or contact.phones or contact.addresses)


def _key(contact: Contact) -> str:
    """Under which the same interaction is found again: its own id, or all that it says."""
    own = contact.fields.get(INTERACTION)
    if own is not None:
        return str(own)
    given = contact.fields.get("interaction_id")
    if given is not None:
        return f"id:{given}"
    said = (
        *contact.names,
        *(email.raw for email in contact.emails),
        *(phone.raw for phone in contact.phones),
        *(part for address in contact.addresses for part in address[:6]),
        *map(str, contact.identifiers),
        contact.when,
        contact.fields.get(STATE),
    )
    text = "\t".join([each or "" for each in said])
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _kept(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    if fields is NO_FIELDS:
        return NO_FIELDS
    kept = {name: value for name in (STATE, HANDLES) if (value := fields.get(name))}
    return kept or NO_FIELDS
