"""The combinations by which NGP VAN finds people: part 2C of the catalogue.

``2C-1`` first name, last name, email; ``2C-2`` first, last, phone; ``2C-3`` first, last, ZIP, date
of birth; ``2C-4`` first, last, street number, street name, ZIP; ``2C-5`` email. A request with none
of them finds nobody (``2C-6``). Names are the same without accents and case, and where one may be
the nickname of the other, or the two names changed places (``2C-7``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from matcher.nicknames import formal_names
from matcher.normalise.text import fold_words_text
from matcher.policies.contacts import Contact, Email, Keys, Phone
from matcher.policies.people import Lookups, Person

#: Names that one mailbox can carry: beyond so many it says nothing, and is not gone through. Of a
#: family name under one email, phone or address those beyond are found by the same first name
#: only, no nickname.
MOST_HOLDERS = 20
#: Keys that one person can have: for a hundred emails, phones, addresses and dates of birth.
MOST_KEYS = 400

#: What a set compares besides the names: an email, or a ZIP and a date of birth, …
Rest = str | tuple[str, ...]
#: A family name and the rest; with a first name behind it where many share that.
Key = tuple[Any, ...]


class Found(NamedTuple):
    """A person found, and by which set."""

    person: Person
    rule: str


def folded(contact: Contact) -> Keys:
    """The normalised attributes; a name too odd to be one is compared as it is written."""
    keys, names = contact.keys, contact.names
    if names.first and not keys.first:
        keys = keys._replace(first=fold_words_text(names.first) or None)
    if names.last and not keys.last:
        keys = keys._replace(last=fold_words_text(names.last) or None)
    return keys


def has_minimum(keys: Keys, emails: Sequence[Email], phones: Sequence[Phone]) -> bool:
    """Whether a request holds at least one of the combinations."""
    if emails:
        return True
    if not (keys.first and keys.last):
        return False
    return bool(
        phones
        or (keys.postal_code and keys.birth_date)
        or (keys.postal_code and keys.house_number and keys.street)
    )


def find(
    keys: Keys, entity_type: str, sets: Sequence[tuple[str, Rest]], people: Lookups,
    *, full_names: bool,
) -> Iterator[Found]:  # fmt: skip
    """Everybody whom the first four sets find, set by set; some may come twice.

    Names that changed places are looked for where the right order finds nobody.

    Args:
        keys: of the request.
        entity_type: of the request; only its like is found.
        sets: what the request has of each of them.
        people: the people so far.
        full_names: no nicknames.
    """
    first, last = keys.first, keys.last
    if not first or not last:
        return
    orders = [(first, last)] if full_names or first == last else [(first, last), (last, first)]
    for given, family in orders:
        nobody = True
        for rule, rest in sets:
            for person in _holders((family, rest), given, people):
                held = person.keys
                if (
                    held.last == family
                    and person.entity_type == entity_type
                    and alike(given, held.first, full_names=full_names)
                ):
                    nobody = False
                    yield Found(person, rule)
        if not nobody:
            return


def _holders(key: Key, given: str, people: Lookups) -> Sequence[Person]:
    held = people.by_key(key, MOST_HOLDERS)
    if len(held) < MOST_HOLDERS:
        return held
    return (*held, *people.by_key((key, given), MOST_HOLDERS))


def by_email(emails: Sequence[Email], people: Lookups) -> list[Person]:
    """Whom the fifth set finds, whatever their names and type."""
    found: list[Person] = []
    for email in emails:
        found += people.by_email(email.address, MOST_HOLDERS)
    return found


def lookup_of(
    held: tuple[Key, ...], keys: Keys, sets: Sequence[tuple[str, Rest]], people: Lookups
) -> tuple[tuple[Key, ...], bool]:  # fmt: skip
    """The keys under which a person is to be found from now on; what was found once stays so.

    Args:
        held: the keys so far.
        keys: the person's own names.
        sets: what else the person is to be found by.
        people: who else has it.

    Returns:
        The keys, and whether there was no room for one.
    """
    if not keys.first or not keys.last:
        return held, False
    made = dict.fromkeys(held)
    full = False
    for _, rest in sets:
        key: Key = (keys.last, rest)
        if key in made or (key, keys.first) in made:
            continue
        if len(made) >= MOST_KEYS:
            full = True
            continue
        crowded = len(people.by_key(key, MOST_HOLDERS)) == MOST_HOLDERS
        made[(key, keys.first) if crowded else key] = None
    return (held if len(made) == len(held) else tuple(made)), full


def alike(one: str | None, other: str | None, *, full_names: bool) -> bool:
    """Whether two folded first names may be one person's."""
    if one == other:
        return True
    if one is None or other is None or full_names:
        return False
    return not _formal(one).isdisjoint(_formal(other))


@cache
def _formal(name: str) -> frozenset[str]:
    return formal_names().get(name, frozenset((name,)))


def compatible(one: Keys, other: Keys, *, full_names: bool) -> bool:
    """Whether nothing in two names contradicts that they are one person's; one may be missing."""
    firsts, lasts = (one.first, other.first), (one.last, other.last)
    if one.organization != other.organization and one.organization and other.organization:
        return False
    if all(lasts) and one.last != other.last:
        return False
    return not all(firsts) or alike(*firsts, full_names=full_names)


def sets_of(keys: Keys, emails: Sequence[Email], phones: Sequence[Phone]) -> list[tuple[str, Rest]]:
    """What the first four sets compare besides the names, each under its rule."""
    found: list[tuple[str, Rest]] = [("2C-1", email[0]) for email in emails]
    if phones:
        found += [("2C-2", phone[0]) for phone in phones]
    _, _, _, birth_date, postal_code, house_number, street = keys
    if postal_code:
        if birth_date:
            found.append(("2C-3", (postal_code, birth_date)))
        if house_number and street:
            found.append(("2C-4", (house_number, street, postal_code)))
    return found
