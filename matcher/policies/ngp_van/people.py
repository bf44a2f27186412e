"""People of NGP VAN: found or created by the five key sets, and merged by request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from matcher.policies import consent
from matcher.policies.contacts import Address, Contact, Email, Keys, Phone, Request
from matcher.policies.decisions import Decision
from matcher.policies.ngp_van.key_sets import (
    MOST_KEYS,
    by_email,
    compatible,
    find,
    folded,
    has_minimum,
    lookup_of,
    sets_of,
)
from matcher.policies.ngp_van.layering import (
    MOST_VALUES,
    Notes,
    Why,
    blank,
    changes,
    dropped,
    faults_of,
    identified,
    named,
    stated,
    tagged,
    united,
)
from matcher.policies.ngp_van.settings import Settings
from matcher.policies.outcomes import Event, Outcome, Refusal
from matcher.policies.people import NO_KEYS, Lookups, PeopleList, Person, person_of
from matcher.policies.piles import gathered, overlaid

_Entry = TypeVar("_Entry", Email, Phone)

TARGET, WHAT_IF = "target_id", "what_if"
_ORDERS = frozenset({TARGET, WHAT_IF})
_TRUE = frozenset({"true", "yes", "1"})
_NO_KEY = f"not found by all of this: {MOST_KEYS} keys are held already"


def ngp_van_people(
    *,
    profile: str = "document",
    default_region: str = "US",
    incoming_wins: bool = False,
    disable_partial_matching: bool = False,
) -> NgpVanPeople:
    """The policy of NGP VAN's people; the options are those of ``Settings``."""
    settings = Settings(
        profile == "native", incoming_wins=incoming_wins, full_names=disable_partial_matching
    )
    return NgpVanPeople(settings)


class _Match(NamedTuple):
    """Whom a request finds, by which rule, and who else shares what was asked for."""

    person: Person | None
    rule: str
    note: str | None = None
    others: Sequence[Person] = ()


class NgpVanPeople:
    """Part 2C of the catalogue as decisions about one contact at a time.

    ``create`` and rows of files are find-or-create, ``match`` is find, ``update`` is for a given
    person, ``merge`` takes the person into another one, the ``target_id``.
    """

    carries: Sequence[str] = (TARGET, WHAT_IF)
    shape: str | None = "van_people"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def keeps_spelling(self) -> bool:
        """To the letter, two spellings of one mailbox are two addresses."""
        return not self._settings.native

    def possible_duplicates(self, people: PeopleList) -> Mapping[str, Sequence[str]]:
        """The documents know no such list; whom a request finds besides is in the events."""
        return {}

    def decide(self, contact: Contact, people: Lookups) -> Decision:
        """What is to become of a contact."""
        request = contact.request
        if request is Request.DELETE:
            return self._refused(contact, "2C-8", "people are deleted only by a merge", 405)
        if request is Request.MERGE:
            return self._merged(contact, people)
        keys = folded(contact)
        if request is Request.UPDATE:
            person = people.get(contact.person_id) if contact.person_id else None
            if person is None:
                return self._refused(contact, "2C-8", "there is no such person", 404)
            return self._written(contact, keys, _Match(person, "2C-8", "its id"), people)
        match = self._match(contact, keys, people)
        if request is Request.MATCH:
            return self._found(contact, match)
        return self._written(contact, keys, match, people)

    def _match(self, contact: Contact, keys: Keys, people: Lookups) -> _Match:
        """Who is found by the first of the sets that finds anybody."""
        if not has_minimum(keys, contact.emails, contact.phones):
            return _Match(None, "2C-6", "less than the minimum")
        full_names = self._settings.full_names
        found: dict[str, tuple[Person, str]] = {}
        mailbox = by_email(contact.emails, people)  # where nobody has them, no name does either
        sets = sets_of(keys, contact.emails if mailbox else (), contact.phones)
        if sets:
            for person, rule in find(
                keys, contact.entity_type, sets, people, full_names=full_names
            ):
                found.setdefault(person.person_id, (person, rule))
        strangers = []
        for person in mailbox:
            if person.entity_type != contact.entity_type:
                continue
            fits = not self._settings.native or compatible(keys, person.keys, full_names=full_names)
            if fits:
                found.setdefault(person.person_id, (person, "2C-5"))
            else:
                strangers.append(person)
        if not found:
            rule, note = ("X2", "one mailbox, other names") if strangers else ("2C-6", None)
            return _Match(None, rule, note, strangers)
        (person, rule), *others = found.values()
        return _Match(person, rule, None, [other for other, _ in others])

    def _found(self, contact: Contact, match: _Match) -> Decision:
        """The answer of find: nothing is written."""
        if match.person is None:
            note = match.note or "nobody is found"
            code = self._settings.code(404)
            event = Event(contact.row, Outcome.NO_MATCH, match.rule, status_code=code, note=note)
            return Decision(None, (event,), refusal=Refusal(None, None, note, match.rule))
        person_id = match.person.person_id
        code = self._settings.code(200)
        main = Event(contact.row, Outcome.MATCHED, match.rule, person_id, status_code=code)
        return Decision(person_id, (main, *_also(contact, match, person_id)))

    def _written(self, contact: Contact, keys: Keys, match: _Match, people: Lookups) -> Decision:
        """The contact layered onto the person found, or a new one."""
        notes: Notes = []
        if contact.faults:
            notes = faults_of(contact)
        before = match.person or blank(contact, people, contact.entity_type)
        after = self._layered(before, contact, keys, people, notes)
        outcome, fields, code = Outcome.CREATED, None, 201
        if match.person is not None:
            changed = changes(before, after)
            outcome = Outcome.UPDATED if changed else Outcome.UNCHANGED
            fields, code = ", ".join(changed) or None, 200
        main = Event(
            contact.row, outcome, match.rule, after.person_id, None, fields, None, None, code,
            match.note,
        )  # fmt: skip
        told = [each._replace(person_id=after.person_id) for each in notes] if notes else ()
        also = _also(contact, match, after.person_id) if match.others else ()
        events = (main, *told, *also)
        saved = (after,) if match.person is None or after != before else ()
        return Decision(after.person_id, events, saved)

    def _layered(
        self, person: Person, contact: Contact, keys: Keys, people: Lookups, notes: Notes
    ) -> Person:
        """The person after a contact: what may be many is combined, blanks are filled."""
        row = contact.row
        wins = self._settings.incoming_wins or contact.request is Request.UPDATE
        names = named(person.names, contact.names, notes, Why(row, "2C-8"), incoming_wins=wins)
        held = person.keys
        own = _own_keys(held, keys, wins=wins)
        emails = _combined(person.emails, contact.emails, notes, row)
        phones = _combined(person.phones, contact.phones, notes, row)
        lookup = person.lookup
        same_values = emails is person.emails and phones is person.phones
        if not (same_values and own is held and keys[_PLACE] == held[_PLACE]):
            sets = sets_of(keys, emails, phones)
            lookup, full = lookup_of(lookup, own, sets, people)
            if full:
                notes.append(Event(row, Outcome.WARNING, "2C-8", note=_NO_KEY))
        return person_of(
            (
                person.person_id,
                person.number,
                person.entity_type,
                names,
                emails,
                phones,
                _addresses(person.addresses, contact.addresses, notes, row),
                identified(person, contact.identifiers, people, notes, Why(row, "2C-8")),
                tagged(person.tags, contact),
                consent.UNSUBSCRIBED if contact.do_not_call else person.phone_consent,
                person.created,
                _fields(person.fields, contact) if contact.fields else person.fields,
                lookup,
                own,
            )
        )

    def _merged(self, contact: Contact, people: Lookups) -> Decision:
        """2C-8: the source goes, the target stays, and keeps its values where the two differ."""
        target_id = contact.fields.get(TARGET)
        source = people.get(contact.person_id) if contact.person_id else None
        target = people.get(str(target_id)) if target_id else None
        if source is None or target is None:
            missing = "person_id" if source is None else TARGET
            return self._refused(contact, "2C-8", f"{missing} names nobody", 400, missing)
        if source.person_id == target.person_id:
            return self._refused(contact, "2C-8", "the two are one person already", 400)
        if source.entity_type != target.entity_type:
            return self._refused(contact, "2C-8", "the two are of different contact modes", 400)
        notes: Notes = []
        after = _joined(target, source, notes, contact.row, people)
        main = Event(
            contact.row, Outcome.MERGED, "2C-8", after.person_id, source.person_id,
            status_code=self._settings.code(200),
        )  # fmt: skip
        told = tuple(each._replace(person_id=after.person_id) for each in notes)
        if str(contact.fields.get(WHAT_IF, "")).lower() in _TRUE:
            main = main._replace(outcome=Outcome.MATCHED, note="what if: the two can be merged")
            return Decision(after.person_id, (main, *told))
        pair = (source.person_id, target.person_id)
        return Decision(after.person_id, (main, *told), (after,), (pair,))

    def _refused(
        self, contact: Contact, rule: str, reason: str, code: int, field: str | None = None
    ) -> Decision:
        status = self._settings.code(code)
        event = Event(
            contact.row, Outcome.REJECTED, rule, field=field, status_code=status, note=reason
        )
        return Decision(None, (event,), refusal=Refusal(field, contact.person_id, reason, rule))


#: The date of birth and the address among the keys.
_PLACE = slice(3, None)


def _own_keys(held: Keys, came: Keys, *, wins: bool) -> Keys:
    """The keys of a person after a contact: as with names, blanks are filled."""
    if held is NO_KEYS:
        return came
    if held == came:
        return held
    pairs = zip(held, came, strict=True)
    if wins:
        return Keys._make(new or old for old, new in pairs)
    return Keys._make(old or new for old, new in pairs)


def _combined(
    held: tuple[_Entry, ...], came: Sequence[_Entry], notes: Notes, row: int
) -> tuple[_Entry, ...]:
    """All emails or phones, each once, with the most restrictive of what was said of it."""
    if not came or came == held:
        return held
    if not held and len(came) == 1:
        return tuple(came)
    by_value = {each[0]: each for each in held}
    for each in came:
        known = by_value.get(each[0])
        if known is not None:
            by_value[each[0]] = stated(known, each, notes, Why(row, "X8"))
        elif len(by_value) < MOST_VALUES:
            by_value[each[0]] = each
        else:
            notes.append(dropped(each, Why(row, "2C-8")))
    combined = tuple(by_value.values())
    return held if combined == held else combined


def _addresses(
    held: tuple[Address, ...], came: Sequence[Address], notes: Notes, row: int
) -> tuple[Address, ...]:
    if not came or came == held:
        return held
    if not held and len(came) == 1:
        return tuple(came)
    by_line = {each.line().casefold(): each for each in held}
    for each in came:
        line = each.line().casefold()
        if line not in by_line and len(by_line) == MOST_VALUES:
            notes.append(dropped(each, Why(row, "2C-8")))
        else:
            by_line.setdefault(line, each)
    return held if len(by_line) == len(held) else tuple(by_line.values())


def _fields(held: Mapping[str, Any], contact: Contact) -> Mapping[str, Any]:
    came = {
        name: value
        for name, value in contact.fields.items()
        if value is not None and name not in _ORDERS and name not in held
    }
    return overlaid(held, came)


def _joined(target: Person, source: Person, notes: Notes, row: int, people: Lookups) -> Person:
    """Two people as one."""
    names = named(target.names, source.names, notes, Why(row, "2C-8"))
    keys = _own_keys(target.keys, source.keys, wins=False)
    lookup = tuple(dict.fromkeys((*target.lookup, *source.lookup)))
    if len(lookup) > MOST_KEYS:
        notes.append(Event(row, Outcome.WARNING, "2C-8", note=_NO_KEY))
    return target._replace(
        names=names,
        emails=_combined(target.emails, source.emails, notes, row),
        phones=_combined(target.phones, source.phones, notes, row),
        addresses=_addresses(target.addresses, source.addresses, notes, row),
        identifiers=united(target.identifiers, source.identifiers, notes, Why(row, "2C-8")),
        tags=gathered(target.tags, source.tags),
        phone_consent=consent.strictest(target.phone_consent, source.phone_consent),
        created=min(filter(None, (target.created, source.created)), default=None),
        fields={**source.fields, **target.fields},
        lookup=lookup[:MOST_KEYS],
        keys=keys,
    )


def _also(contact: Contact, match: _Match, person_id: str) -> list[Event]:
    """Whom else the request finds, or whose mailbox it uses under another name."""
    return [
        Event(
            contact.row, Outcome.POSSIBLE_DUPLICATE, match.rule, person_id, other.person_id,
            note=match.note or "the request finds this one too",
        )
        for other in match.others
    ]  # fmt: skip
