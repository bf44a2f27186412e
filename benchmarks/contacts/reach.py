"""How people are reached: addresses, phones and mailboxes, own and shared, old and new.

Each kind is a pool of entities; a person or a household points into it. What a record shows is
chosen later, by its date.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.contacts.columns import Codes, any_of, draw, join, numbers, pick, take
from benchmarks.contacts.names import Names
from benchmarks.contacts.places import Places
from benchmarks.contacts.population import CHILD, HEAD, SPOUSE, Population
from benchmarks.contacts.sources import PERIOD
from benchmarks.contacts.tables import words

_DAYS_A_YEAR = 365.25
STREET_TYPES = (
    ("St", "Street", 0.30),
    ("Ave", "Avenue", 0.17),
    ("Rd", "Road", 0.14),
    ("Dr", "Drive", 0.15),
    ("Ln", "Lane", 0.08),
    ("Ct", "Court", 0.06),
    ("Blvd", "Boulevard", 0.04),
    ("Way", "Way", 0.02),
    ("Pl", "Place", 0.03),
    ("Cir", "Circle", 0.01),
)
DIRECTIONS = ("", "N", "S", "E", "W", "NE", "SW")
_PROVIDERS = (
    ("gmail.com", 0.45), ("yahoo.com", 0.17), ("hotmail.com", 0.09), ("aol.com", 0.06),
    ("outlook.com", 0.06), ("comcast.net", 0.06), ("icloud.com", 0.05), ("att.net", 0.03),
    ("verizon.net", 0.02), ("msn.com", 0.01),
)  # fmt: skip
#: Persons for each office on the list.
_PERSONS_PER_OFFICE = 40


@dataclass(frozen=True, slots=True)
class Addresses:
    """A pool of addresses, in parts.

    Attributes:
        place: index into the places.
        house_number: the number in the street.
        direction, street, street_type: indices into their texts.
        unit: the apartment's number, 0 for none.
    """

    place: Codes
    house_number: Codes
    direction: Codes
    street: Codes
    street_type: Codes
    unit: Codes


@dataclass(frozen=True, slots=True)
class Reach:
    """The pools, and who points where; -1 means none. Days are counted from 1970-01-01.

    Attributes:
        addresses: households' first, households' second, then persons' own ones.
        home, new_home, own_home: the address of each person: of the household, of the household
            after its move, and after leaving it.
        moves_on, leaves_on: the days of those changes.
        phones: all phone numbers as ten-digit numbers.
        landline, mobile, new_mobile, office_phone: index of each person's.
        mobile_changes_on: the day from which the new mobile is used.
        emails: all mailboxes.
        email, other_email, shared_email, role_email: index of each person's.
        email_changes_on: the day from which the other mailbox is mostly used.
    """

    addresses: Addresses
    home: Codes
    new_home: Codes
    own_home: Codes
    moves_on: Codes
    leaves_on: Codes
    phones: Codes
    landline: Codes
    mobile: Codes
    new_mobile: Codes
    office_phone: Codes
    mobile_changes_on: Codes
    emails: pa.Array
    email: Codes
    other_email: Codes
    shared_email: Codes
    role_email: Codes
    email_changes_on: Codes


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a run this is: mailboxes must not collide between parts made apart.

    Attributes:
        number: from 0.
        count: how many parts there are.
    """

    number: int
    count: int


def reach_people(
    rng: np.random.Generator,
    people: Population,
    part: Part,
    *,
    names: Names,
    places: Places,
) -> Reach:
    """Give everyone a home, phones and mailboxes."""
    count, households = len(people), int(people.household[-1]) + 1
    # A change before or after the records are made is not seen: the range is wider than theirs.
    days = rng.integers(PERIOD[0] - 1000, PERIOD[1] + 500, (4, count))
    moves_on = days[0][:households][people.household]
    moved = (rng.random(households) < 0.2)[people.household]
    left = rng.random(count) < np.where(people.role == CHILD, 0.4, 0.08)
    own = np.flatnonzero(left)
    own_home = np.full(count, -1)
    own_home[own] = 2 * households + np.arange(len(own))
    addresses = _addresses(rng, places, people, households, own)
    office = np.where(rng.random(count) < 0.35, rng.integers(0, _offices(count), count), -1)
    area_code = places.area_code[addresses.place[people.household]]
    mailboxes = _mailboxes(rng, people, names, office, part)
    return Reach(
        addresses=addresses,
        home=people.household,
        new_home=np.where(moved, households + people.household, -1),
        own_home=own_home,
        moves_on=moves_on,
        leaves_on=days[1],
        **_phones(rng, people, area_code, office, places),
        mobile_changes_on=days[2],
        **mailboxes,
        email_changes_on=days[3],
    )


def _offices(persons: int) -> int:
    return max(2, persons // _PERSONS_PER_OFFICE)


def _addresses(
    rng: np.random.Generator, places: Places, people: Population, households: int, own: Codes
) -> Addresses:
    place = draw(rng, places.share, households)
    away = draw(rng, places.share, households + len(own))
    before = np.concatenate((place, place[people.household[own]]))
    near = rng.random(len(before)) < 0.45
    place = np.concatenate((place, np.where(near, before, away)))
    size = len(place)
    flats = rng.random(size) < 0.22
    return Addresses(
        place=place,
        house_number=np.ceil(np.exp(rng.normal(6.6, 1.5, size))).astype(np.int64) % 20_000 + 1,
        direction=draw(rng, np.array([0.8, 0.05, 0.05, 0.04, 0.04, 0.01, 0.01]), size),
        street=draw(rng, places.street_share, size),
        street_type=draw(rng, np.array([share for *_, share in STREET_TYPES]), size),
        unit=np.where(flats, rng.integers(1, 400, size), 0),
    )


def _phones(
    rng: np.random.Generator, people: Population, area_code: Codes, office: Codes, places: Places
) -> dict[str, Codes]:
    count, households = len(people), int(people.household[-1]) + 1
    offices = _offices(count)
    elsewhere = rng.choice(places.area_code, count)
    mobile_area = np.where(rng.random(count) < 0.8, area_code, elsewhere)
    first_member = np.unique(people.household, return_index=True)[1]
    areas = np.concatenate(
        (area_code[first_member], mobile_area, mobile_area, rng.choice(places.area_code, offices))
    )
    landline = np.where(rng.random(households) < 0.55, np.arange(households), -1)
    persons = np.arange(count)
    return {
        "phones": areas * 10_000_000 + _subscribers(rng, len(areas)),
        "landline": landline[people.household],
        "mobile": np.where(rng.random(count) < 0.9, households + persons, -1),
        "new_mobile": np.where(rng.random(count) < 0.15, households + count + persons, -1),
        "office_phone": np.where(office >= 0, households + 2 * count + office, -1),
    }


def _subscribers(rng: np.random.Generator, size: int) -> Codes:
    """The last seven digits: an exchange that can exist and is not the fictional 555."""
    exchanges = [n for n in range(200, 1000) if n % 100 != 11 and n != 555]
    return rng.choice(np.array(exchanges), size) * 10_000 + rng.integers(0, 10_000, size)


def _mailboxes(
    rng: np.random.Generator, people: Population, names: Names, office: Codes, part: Part
) -> dict[str, pa.Array | Codes]:
    count, households = len(people), int(people.household[-1]) + 1
    offices = _offices(count)
    company = join(
        _user_text(take(names.last, names.draw_last(rng, offices))),
        any_of(rng, words("trades"), offices),
    )
    company = join(_distinct(company, part), ".com")
    users = [_personal_user(rng, people, names) for _ in range(2)]
    domains = [_provider(rng, count) for _ in range(2)]
    at_work = (office >= 0) & (rng.random(count) < 0.3)
    work_domain = take(company, np.maximum(office, 0))
    domains[1] = pc.if_else(pa.array(at_work), work_domain, domains[1])
    family = _family_user(rng, people, names, households)
    user = pa.concat_arrays([*users, family])
    domain = pa.concat_arrays([*domains, _provider(rng, households)])
    role = any_of(rng, words("roles"), offices)

    persons = np.arange(count)
    shared = np.where(rng.random(households) < 0.22, 2 * count + np.arange(households), -1)
    parents = np.isin(people.role, (HEAD, SPOUSE))
    return {
        "emails": pa.concat_arrays([_mailbox(user, domain, part), join(role, "@", company)]),
        "email": np.where(rng.random(count) < 0.95, persons, -1),
        "other_email": np.where(rng.random(count) < 0.42, count + persons, -1),
        "shared_email": np.where(parents | (rng.random(count) < 0.4), shared[people.household], -1),
        "role_email": np.where(office >= 0, 2 * count + households + office, -1),
    }


def _user_text(names: pa.Array) -> pa.Array:
    """A name as it stands in a mailbox: lower-case letters only."""
    return pc.replace_substring_regex(pc.utf8_lower(names), "[^a-z]", "")


def _personal_user(rng: np.random.Generator, people: Population, names: Names) -> pa.Array:
    """The user part of one mailbox for each person, in the usual shapes."""
    count = len(people)
    nickname, has = names.draw_nickname(rng, people.first)
    uses_nickname = has & (rng.random(count) < 0.2)
    first = pc.if_else(
        pa.array(uses_nickname), take(names.nicknames, nickname), take(names.first, people.first)
    )
    first, last = _user_text(first), _user_text(take(names.last, people.last))
    initial = pc.utf8_slice_codeunits(first, 0, 1)
    year = numbers((people.born / _DAYS_A_YEAR + 1970).astype(np.int64) % 100, 2)
    word = any_of(rng, words("mailbox_words"), count)
    digits = numbers(rng.integers(1, 10_000, count))
    shapes = (
        (join(first, ".", last), 0.27),
        (join(first, last), 0.17),
        (join(initial, last), 0.13),
        (join(first, year), 0.12),
        (join(first, ".", last, year), 0.13),
        (join(last, initial, year), 0.06),
        (join(word, digits), 0.12),
    )
    which = draw(rng, np.array([share for _, share in shapes]), count)
    return pick(which, [shape for shape, _ in shapes])


def _family_user(
    rng: np.random.Generator, people: Population, names: Names, households: int
) -> pa.Array:
    """The user part of a household's mailbox: called after the family, or after both heads."""
    head = np.unique(people.household, return_index=True)[1]
    last = _user_text(take(names.last, people.last[head]))
    first = _user_text(take(names.first, people.first[head]))
    # The second member, where there is one; else the head once more.
    second = np.minimum(head + 1, len(people) - 1)
    second = np.where(people.household[second] == people.household[head], second, head)
    partner = _user_text(take(names.first, people.first[second]))
    shapes = [join("the", last, "s"), join(last, "family"), join(first, "and", partner)]
    return pick(rng.integers(0, len(shapes), households), shapes)


def _provider(rng: np.random.Generator, size: int) -> pa.Array:
    shares = np.array([share for _, share in _PROVIDERS])
    return take(pa.array([name for name, _ in _PROVIDERS]), draw(rng, shares, size))


def _mailbox(user: pa.Array, domain: pa.Array, part: Part) -> pa.Array:
    """``user@domain``, with a number after the user where somebody had it before."""
    ordinal = _ordinals(join(user, "@", domain), part)
    return join(user, ordinal, "@", domain)


def _distinct(texts: pa.Array, part: Part) -> pa.Array:
    return join(texts, _ordinals(texts, part))


def _ordinals(texts: pa.Array, part: Part) -> pa.Array:
    """Nothing for the first holder of a text in the whole run, else a number of its own."""
    codes = texts.dictionary_encode().indices.to_numpy()
    order = np.argsort(codes, kind="stable")
    grouped = codes[order]
    first = np.flatnonzero(np.concatenate(([True], grouped[1:] != grouped[:-1])))
    rank = np.empty(len(codes), np.int64)
    rank[order] = np.arange(len(codes)) - np.repeat(first, np.diff(np.append(first, len(codes))))
    ordinal = rank * part.count + part.number
    return pc.if_else(pa.array(ordinal > 0), numbers(ordinal), pa.scalar(""))
