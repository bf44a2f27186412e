"""A person the way one tool has them: nicknames, old names, old addresses, typos, gaps."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from matcher.demo.cast import Person


@dataclass(frozen=True, slots=True)
class Habits:
    """How a tool's records come to differ from the truth; every number is a share of records.

    Attributes:
        nickname: the name that friends use.
        typo: one slip in the first name, and one in the last.
        email_typo: one slip in the email address.
        other_email: the second address in place of the first.
        maiden_name: of those who have one.
        former_home: of those who have one.
        no_email, no_phone, no_address: nothing there.
        landline: the household's number in place of the mobile.
    """

    nickname: float = 0.0
    typo: float = 0.0
    email_typo: float = 0.0
    other_email: float = 0.0
    maiden_name: float = 0.0
    former_home: float = 0.0
    no_email: float = 0.0
    no_phone: float = 0.0
    no_address: float = 0.0
    landline: float = 0.0


@dataclass(frozen=True, slots=True)
class Variant:
    """One record's values, in no vendor's form yet; empty where there is nothing.

    Attributes:
        phone: ten digits.
    """

    first: str
    middle: str
    last: str
    suffix: str
    email: str
    phone: str
    landline: str
    street: str
    unit: str
    city: str
    postal_code: str


def variant(person: Person, habits: Habits, random: Random) -> Variant:
    """One person as a tool with those habits has them."""

    def happens(share: float) -> bool:
        return random.random() < share

    nickname = person.nickname if happens(habits.nickname) else ""
    maiden_name = person.maiden_name if happens(habits.maiden_name) else ""
    first, last = nickname or person.first, maiden_name or person.last
    email = person.emails[-1] if happens(habits.other_email) else person.emails[0]
    former = person.former_home if happens(habits.former_home) else None
    home = former or person.home
    where = not happens(habits.no_address)
    landline = home.landline if happens(habits.landline) else ""
    return Variant(
        first=_slip(first, random) if happens(habits.typo) else first,
        middle=person.middle,
        last=_slip(last, random) if happens(habits.typo) else last,
        suffix=person.suffix,
        email="" if happens(habits.no_email) else _mail(email, happens(habits.email_typo), random),
        phone="" if happens(habits.no_phone) else landline or person.mobile,
        landline=home.landline,
        street=home.street if where else "",
        unit=home.unit if where else "",
        city=home.town.city,
        postal_code=home.town.postal_code,
    )


def _mail(email: str, mistyped: bool, random: Random) -> str:
    if not mistyped:
        return email
    user, _, domain = email.partition("@")
    return f"{_slip(user, random)}@{domain}"


def _slip(text: str, random: Random) -> str:
    """One letter left out, doubled, or exchanged with the next; never the first."""
    if len(text) < 4:
        return text
    place = random.randrange(1, len(text) - 1)
    before, letter, after = text[:place], text[place], text[place + 1 :]
    kind = random.choice(("out", "double", "exchange"))
    if kind == "out":
        return before + after
    if kind == "double":
        return before + letter * 2 + after
    return before + after[0] + letter + after[1:]
