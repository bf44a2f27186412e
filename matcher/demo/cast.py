"""The people of the invented campaign: singles, couples, families, a Jr, twins, and movers."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from matcher.demo.words import (
    AREA_CODES,
    LAST,
    MAIL_DOMAINS,
    MEN,
    MIDDLE,
    STREETS,
    TOWNS,
    WOMEN,
    Town,
)

_HOUSEHOLDS = 116
_LANDLINES = 0.5
_SHARED_MAILBOXES = 0.15


@dataclass(frozen=True, slots=True)
class Home:
    """Where people live, and the number that rings there."""

    street: str
    unit: str
    town: Town
    landline: str


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who does not exist, as they truly are.

    Attributes:
        nickname, middle, suffix: empty where there is none.
        maiden_name: the last name before marriage, or empty.
        home, former_home: the latter for those who moved.
        mobile: ten digits.
        emails: the usual one first; one mailbox may serve a whole household.
    """

    first: str
    nickname: str
    middle: str
    last: str
    maiden_name: str
    suffix: str
    gender: str
    born: date
    home: Home
    former_home: Home | None
    mobile: str
    emails: tuple[str, ...]


def people(random: Random) -> list[Person]:
    """Everybody, household by household."""
    maker = _Maker(random)
    kinds = random.choices(("single", "couple", "family", "jr", "twins"), (60, 30, 8, 3, 1),
                           k=_HOUSEHOLDS - 2)  # fmt: skip
    return [person for kind in ("jr", "twins", *kinds) for person in maker.household(kind)]


class _Maker:
    """Draws people; no two get one number or mailbox by chance."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._numbers = self._all_numbers()
        self._users: set[str] = set()

    def household(self, kind: str) -> list[Person]:
        """The people of one household of that kind."""
        last = self._random.choice(LAST)
        home = self._home()
        mailbox = ""
        if kind in ("couple", "family") and self._random.random() < _SHARED_MAILBOXES:
            mailbox = self._mailbox(f"the.{_ascii(last)}.family")
        if kind == "single":
            return [self._person(last, home, mailbox)]
        if kind == "jr":
            return self._father_and_son(last, home)
        if kind == "twins":
            return self._twins(last, home)
        adults = [
            self._person(last, home, mailbox, gender=gender, married=gender == "F")
            for gender in ("F", "M")
        ]
        if kind == "couple":
            return adults
        return [*adults, self._person(last, home, mailbox, ages=(18, 24))]

    def _father_and_son(self, last: str, home: Home) -> list[Person]:
        father = self._person(last, home, "", gender="M", ages=(58, 70), suffix="Sr")
        son = self._person(
            last, home, "", gender="M", ages=(28, 36), suffix="Jr", first=father.first
        )
        return [father, son]

    def _twins(self, last: str, home: Home) -> list[Person]:
        one = self._person(last, home, "", gender="F", ages=(22, 30))
        return [one, self._person(last, home, "", gender="F", born=one.born)]

    def _person(
        self,
        last: str,
        home: Home,
        mailbox: str,
        *,
        gender: str = "",
        ages: tuple[int, int] = (25, 80),
        suffix: str = "",
        first: str = "",
        born: date | None = None,
        married: bool = False,
    ) -> Person:
        random = self._random
        gender = gender or random.choice("FM")
        names = WOMEN if gender == "F" else MEN
        first = first or random.choice(list(names))
        middle = random.choice(MIDDLE) if random.random() < 0.6 else ""
        return Person(
            first=first,
            nickname=names[first],
            middle=middle,
            last=last,
            maiden_name=random.choice(LAST) if married and random.random() < 0.4 else "",
            suffix=suffix,
            gender=gender,
            born=born or self._birth_date(ages),
            home=home,
            former_home=self._home() if random.random() < 0.12 else None,
            mobile=next(self._numbers),
            emails=self._emails(first, last, mailbox),
        )

    def _birth_date(self, ages: tuple[int, int]) -> date:
        days = self._random.randint(ages[0] * 365, ages[1] * 365)
        return date(2025, 6, 30) - timedelta(days=days)

    def _emails(self, first: str, last: str, mailbox: str) -> tuple[str, ...]:
        given, family = _ascii(first), _ascii(last)
        user = self._random.choice(
            (f"{given}.{family}", f"{given[0]}{family}", f"{given}{family[0]}", f"{family}.{given}")
        )
        own = self._mailbox(user)
        if mailbox:
            return (mailbox, own)
        if self._random.random() < 0.3:
            return (own, self._mailbox(f"{given}_{family}_{self._random.randint(10, 99)}"))
        return (own,)

    def _mailbox(self, user: str) -> str:
        unique, number = user, 2
        while unique in self._users:
            unique, number = f"{user}{number}", number + 1
        self._users.add(unique)
        return f"{unique}@{self._random.choice(MAIL_DOMAINS)}"

    def _home(self) -> Home:
        random = self._random
        unit = f"Apt {random.randint(1, 24)}" if random.random() < 0.25 else ""
        street = f"{random.randint(2, 480)} {random.choice(STREETS)}"
        landline = next(self._numbers) if random.random() < _LANDLINES else ""
        return Home(street, unit, random.choice(TOWNS), landline)

    def _all_numbers(self) -> Iterator[str]:
        lines = [f"{area}555{line:04d}" for area in AREA_CODES for line in range(100, 200)]
        self._random.shuffle(lines)
        return iter(lines)


def _ascii(text: str) -> str:
    """As a name is written in an email address."""
    plain = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in plain if "a" <= letter <= "z")
