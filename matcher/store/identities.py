"""Which person keeps its id when groups of records change: pure.

The group with most of a person's records keeps the person's id, ties go to the older person and
then to the group with the smaller record number; a group without a claim is a new person. A person
that no group continues has merged into the one that holds most of its records.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

#: The person of a record that belongs to none.
NOBODY = -1


@dataclass(frozen=True)
class Renaming:
    """What became of persons.

    Attributes:
        person: int64 per record, the person that it belongs to now.
        created: new persons.
        merged: person that is no more -> the one that holds most of its records.
        split: new person -> the one that most of its records belonged to before.
        emptied: persons that have no record any more.
        restored: person that is there again -> the one that most of its records belonged to
            before, ``None`` where they belonged to nobody.
    """

    person: Ints
    created: Sequence[int]
    merged: dict[int, int]
    split: dict[int, int]
    emptied: Sequence[int]
    restored: dict[int, int | None] = field(default_factory=dict)


def rename(before: Ints, groups: Ints, next_person: int, claims: Ints | None = None) -> Renaming:
    """The persons of records that were grouped anew.

    Args:
        before: int64 per record, its person until now; ``NOBODY`` for none. All records of each
            of these persons are here.
        groups: int64 per record, equal where records are one person now; negative where a record
            belongs to nobody any more.
        next_person: the number of the next new person.
        claims: int64 per record, the person whose id it speaks for, where that is not its person
            until now; all records of each of these persons are here too.
    """
    grouped = np.flatnonzero(groups >= 0)
    labels, first, which = np.unique(groups[grouped], return_index=True, return_inverse=True)
    names = np.full(len(labels), NOBODY, np.int64)
    known = (before if claims is None else claims)[grouped]
    for label, claimed in _claims(which, known, grouped[first]):
        names[label] = claimed
    fresh = np.flatnonzero(names == NOBODY)
    fresh = fresh[np.argsort(first[fresh])]  # numbered as their records come
    created = np.arange(next_person, next_person + len(fresh))
    names[fresh] = created
    person = np.full(len(before), NOBODY, np.int64)
    person[grouped] = names[which]
    gone = np.setdiff1d(before[before >= 0], names)
    heirs = dict(zip(*_most(before, person), strict=True))
    origins = dict(zip(*_most(person, before), strict=True))
    again = np.setdiff1d(names, np.concatenate([before, created])).tolist()
    return Renaming(
        person,
        created.tolist(),
        {old: heirs[old] for old in gone.tolist() if old in heirs},
        {new: origins[new] for new in created.tolist() if new in origins},
        [old for old in gone.tolist() if old not in heirs],
        {old: origins.get(old) for old in again},
    )


def _claims(which: Ints, known: Ints, firsts: Ints) -> Iterator[tuple[int, int]]:
    """Groups and the persons whose ids they keep.

    Args:
        which: the group of each record, counted from 0.
        known: its person until now.
        firsts: the first record of each group.
    """
    both = known >= 0
    groups, persons, shared = _counted(which[both], known[both])
    ranked = np.lexsort((firsts[groups], persons, -shared))
    named, taken = set(), set()
    for group, person in zip(groups[ranked].tolist(), persons[ranked].tolist(), strict=True):
        if group not in named and person not in taken:
            named.add(group)
            taken.add(person)
            yield group, person


def _most(one: Ints, other: Ints) -> tuple[list[int], list[int]]:
    """For each value of ``one`` the most frequent of ``other``, the smallest among equals."""
    both = (one >= 0) & (other >= 0)
    ones, others, counts = _counted(one[both], other[both])
    ranked = np.lexsort((others, -counts, ones))
    leads = ranked[np.flatnonzero(np.diff(ones[ranked], prepend=NOBODY))]
    return ones[leads].tolist(), others[leads].tolist()


def _counted(one: Ints, other: Ints) -> tuple[Ints, Ints, Ints]:
    """The distinct pairs of two columns, and how often each occurs."""
    ranked = np.lexsort((other, one))
    one, other = one[ranked], other[ranked]
    fresh = np.ones(len(one), np.bool_)
    fresh[1:] = (one[1:] != one[:-1]) | (other[1:] != other[:-1])
    starts = np.flatnonzero(fresh)
    return one[starts], other[starts], np.diff(np.append(starts, len(one)))
