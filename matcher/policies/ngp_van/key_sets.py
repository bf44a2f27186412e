"""The combinations by which NGP VAN finds people: part 2C of the catalogue.

``2C-1`` first name, last name, email; ``2C-2`` first, last, phone; ``2C-3`` first, last, ZIP, date
of birth; ``2C-4`` first, last, street number, street name, ZIP; ``2C-5`` email. A request with none
of them finds nobody (``2C-6``). Names are the same without accents and case, and where one may be
the nickname of the other, or the two names changed places (``2C-7``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from matcher.nicknames import formal_names
from matcher.normalise.text import fold_words_text
from matcher.policies.contacts import Contact, Email, Keys, Phone
from matcher.policies.people import Lookups, Person

#: Names that one mailbox can carry: beyond so many it says nothing, and is not gone through.
MOST_HOLDERS = 20


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
    keys: Keys, entity_type: str, emails: Sequence[Email], phones: Sequence[Phone],
    people: Lookups, *, full_names: bool,
) -> Iterator[Found]:  # fmt: skip
    """Everybody whom the first four sets find, set by set; some may come twice.

    Names that changed places are looked for where the right order finds nobody.

    Args:
        keys: of the request.
        entity_type: of the request; only its like is found.
        emails, phones: of the request.
        people: the people so far.
        full_names: no nicknames.
    """
    first, last = keys.first, keys.last
    if not first or not last:
        return
    orders = [(first, last)] if full_names or first == last else [(first, last), (last, first)]
    wanted = _values(keys, emails, phones)
    for given, family in orders:
        nobody = True
        for rule, value in wanted:
            for person in people.by_key(_key(entity_type, family, value)):
                held: Keys = person.fields["keys"]
                if held.last == family and alike(given, held.first, full_names=full_names):
                    nobody = False
                    yield Found(person, rule)
        if not nobody:
            return


def by_email(entity_type: str, emails: Sequence[Email], people: Lookups) -> Iterator[Person]:
    """Whom the fifth set finds, whatever their names."""
    for email in emails:
        yield from people.by_key(_key(entity_type, "", email.address))


def lookup_of(
    entity_type: str, held: tuple[str, ...], keys: Keys, emails: Sequence[Email],
    phones: Sequence[Phone], *, people: Lookups,
) -> tuple[str, ...]:  # fmt: skip
    """The keys under which a person is to be found from now on; what was found once stays so.

    Args:
        entity_type: of the person.
        held: the keys so far.
        keys: the person's own names, with the address and date of birth to be found by.
        emails, phones: all that the person has.
        people: who else has a mailbox.
    """
    made = dict.fromkeys(held)
    if keys.first and keys.last:
        for _, value in _values(keys, emails, phones):
            made[_key(entity_type, keys.last, value)] = None
    for email in emails:
        key = _key(entity_type, "", email.address)
        if key not in made and len(people.by_key(key)) < MOST_HOLDERS:
            made[key] = None
    return held if len(made) == len(held) else tuple(made)


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


def _values(keys: Keys, emails: Sequence[Email], phones: Sequence[Phone]) -> list[tuple[str, str]]:
    """What the first four sets compare besides the names, each with its set."""
    found = [("2C-1", email.address) for email in emails] if emails else []
    if phones:
        found += [("2C-2", phone.number) for phone in phones]
    postal_code = keys.postal_code
    if postal_code and keys.birth_date:
        found.append(("2C-3", f"{postal_code} {keys.birth_date}"))
    if postal_code and keys.house_number and keys.street:
        found.append(("2C-4", f"{keys.house_number} {keys.street} {postal_code}"))
    return found


def _key(entity_type: str, family: str, value: str) -> str:
    return f"{entity_type[0]}|{family}\t{value}"
