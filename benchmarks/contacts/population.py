"""People in their households: who lives with whom, what they are called, when they were born."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.contacts.columns import Bools, Codes
from benchmarks.contacts.names import Names

HEAD, SPOUSE, CHILD, HOUSEMATE = range(4)
SUFFIXES = ("", "Sr", "Jr", "II", "III")
_SR, _JR, _SECOND, _THIRD = 1, 2, 3, 4

#: Members of a household that are on the list, 1 to 6.
_HOUSEHOLD_SIZES = (0.40, 0.32, 0.13, 0.09, 0.04, 0.02)
_DAYS_A_YEAR = 365.25
#: The youngest on the list were born at the end of 2006; days are counted from 1970.
_LAST_BIRTH = int(37 * _DAYS_A_YEAR)


@dataclass(slots=True)
class Population:
    """Persons, one element each; days are counted from 1970-01-01.

    Attributes:
        household: the number of the person's household.
        role: head, spouse, child or housemate.
        male: True for men.
        born: day of birth.
        first, middle: codes of first names; -1 where there is no middle name.
        last: code of the surname; that before marriage where it changed.
        married_last: code of the later surname; equal to ``last`` where it did not change.
        married_on: the day from which the later surname is used.
        double: True where the person writes both surnames after marriage.
        suffix: an index into ``SUFFIXES``.
    """

    household: Codes
    role: Codes
    male: Bools
    born: Codes
    first: Codes
    middle: Codes
    last: Codes
    married_last: Codes
    married_on: Codes
    double: Bools
    suffix: Codes

    def __len__(self) -> int:
        return len(self.household)


def populate(rng: np.random.Generator, names: Names, households: int) -> Population:
    """Fill so many households with people."""
    sizes = rng.choice(np.arange(1, 7), households, p=_HOUSEHOLD_SIZES)
    household = np.repeat(np.arange(households), sizes)
    start = np.cumsum(sizes) - sizes
    position = np.arange(len(household)) - start[household]
    born, role = _ages_and_roles(rng, household, position, start)
    male = _genders(rng, household, role, start)
    last, married_last, married_on, double = _surnames(
        rng, names, household=household, role=role, male=male, born=born
    )
    middle = np.where(rng.random(len(household)) < 0.1, -1, names.draw_first(rng, male))
    people = Population(
        household=household,
        role=role,
        male=male,
        born=born,
        first=names.draw_first(rng, male),
        middle=middle,
        last=last,
        married_last=married_last,
        married_on=married_on,
        double=double,
        suffix=np.zeros(len(household), np.int64),
    )
    _name_sons_after_fathers(rng, people)
    return people


def _ages_and_roles(
    rng: np.random.Generator, household: Codes, position: Codes, start: Codes
) -> tuple[Codes, Codes]:
    """Day of birth and role. Children too young for the list are housemates instead."""
    count = len(household)
    head_born = rng.integers(int(-38 * _DAYS_A_YEAR), int(24 * _DAYS_A_YEAR), len(start))[household]
    child_born = head_born + (rng.uniform(20, 38, count) * _DAYS_A_YEAR).astype(np.int64)
    mate_born = head_born + (rng.normal(0, 4, count) * _DAYS_A_YEAR).astype(np.int64)
    mate_born = np.minimum(mate_born, _LAST_BIRTH)

    chance = rng.random(count)
    role = np.full(count, CHILD)
    role[position == 1] = np.where(chance < 0.78, SPOUSE, np.where(chance < 0.9, CHILD, HOUSEMATE))[
        position == 1
    ]
    role[(role == CHILD) & (child_born > _LAST_BIRTH)] = HOUSEMATE
    role[position == 0] = HEAD
    born = np.where(role == HEAD, head_born, np.where(role == CHILD, child_born, mate_born))

    twin = (role == CHILD) & (np.roll(role, 1) == CHILD) & (np.roll(household, 1) == household)
    twin &= rng.random(count) < 0.06
    return np.where(twin, np.roll(born, 1), born), role


def _genders(rng: np.random.Generator, household: Codes, role: Codes, start: Codes) -> Bools:
    male = rng.random(len(household)) < 0.49
    other_than_head = ~male[start][household]
    married = (role == SPOUSE) & (rng.random(len(household)) < 0.96)
    return np.where(married, other_than_head, male)


def _surnames(
    rng: np.random.Generator,
    names: Names,
    *,
    household: Codes,
    role: Codes,
    male: Bools,
    born: Codes,
) -> tuple[Codes, Codes, Codes, Bools]:
    """Surname, the one after marriage, the day of marriage, and whether both are then written."""
    count = len(household)
    family = names.draw_last(rng, int(household[-1]) + 1)[household]
    own = names.draw_last(rng, count)
    chance = rng.random(count)
    # A wife brings a name of her own; the household is called after the other side.
    wife = (role == SPOUSE) & ~male
    kept = (role == SPOUSE) & (chance < 0.15)
    changes = wife & ~kept
    # Women living alone have married and moved as well; daughters leave the family name.
    changes |= np.isin(role, (HEAD, CHILD)) & ~male & (chance < 0.15)
    own_first = (role == HOUSEMATE) | kept | wife
    last = np.where(own_first, own, family)
    later = np.where(wife, family, own)
    married_on = born + (rng.uniform(20, 40, count) * _DAYS_A_YEAR).astype(np.int64)
    double = changes & (rng.random(count) < 0.08)
    return last, np.where(changes, later, last), married_on, double


def _name_sons_after_fathers(rng: np.random.Generator, people: Population) -> None:
    """Some sons have all names of the father; the suffix tells them apart, where it is written."""
    elder = people.male & np.isin(people.role, (HEAD, SPOUSE))
    fathers = np.full(int(people.household[-1]) + 1, -1)
    fathers[people.household[elder]] = np.flatnonzero(elder)
    sons = np.flatnonzero(people.male & (people.role == CHILD))
    _, eldest = np.unique(people.household[sons], return_index=True)
    sons = sons[eldest]
    fathers = fathers[people.household[sons]]
    named = (fathers >= 0) & (rng.random(len(sons)) < 0.2)
    sons, fathers = sons[named], fathers[named]
    for attribute in (people.first, people.middle, people.last, people.married_last):
        attribute[sons] = attribute[fathers]
    generation = rng.choice([_JR, _SECOND, _THIRD], len(sons), p=(0.85, 0.05, 0.10))
    people.suffix[sons] = generation
    people.suffix[fathers] = np.where(generation == _THIRD, _JR, _SR)
