"""Two ways to part the same rows into people, and where they differ."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

#: The owner of a row that is part of no person.
NOBODY = -1


class Difference(IntEnum):
    """How one side's person of a row differs from the other side's."""

    NONE = 0
    JOINED = 1
    APART = 2
    CROSSED = 3
    REFUSED = 4
    ACCEPTED = 5


#: What tables and files say.
WORDS: dict[Difference, str] = {
    Difference.JOINED: "joined",
    Difference.APART: "apart",
    Difference.CROSSED: "crossed",
    Difference.REFUSED: "refused",
    Difference.ACCEPTED: "accepted",
}


def differences(one: Ints, other: Ints) -> Ints:
    """For each row how the first side differs from the second, as a ``Difference``.

    ``JOINED``: its person has all rows of the other side's, and more. ``APART``: the reverse.
    ``CROSSED``: each has rows that the other has not. ``REFUSED``: only the other side has a
    person for the row; ``ACCEPTED``: only this one. Rows that one side has no person for do not
    count in the persons of others.

    Args:
        one: int64 per row, the number of its person, below the number of rows, or ``NOBODY``.
        other: the same for the other side.
    """
    out = np.full(len(one), Difference.NONE, np.int64)
    out[(one < 0) & (other >= 0)] = Difference.REFUSED
    out[(one >= 0) & (other < 0)] = Difference.ACCEPTED
    rows = np.flatnonzero((one >= 0) & (other >= 0))
    a, b = one[rows], other[rows]
    size_a, size_b, both = np.bincount(a)[a], np.bincount(b)[b], _sizes(a, b)
    found = np.full(len(rows), Difference.CROSSED, np.int64)
    found[both == size_b] = Difference.JOINED
    found[both == size_a] = Difference.APART
    found[(both == size_a) & (both == size_b)] = Difference.NONE
    out[rows] = found
    return out


def numbered_by_first_row(owner: Ints) -> Ints:
    """The same people, each numbered by the first of its rows, from 0."""
    first = np.full(int(owner.max(initial=-1)) + 1, len(owner), np.int64)
    held = np.flatnonzero(owner >= 0)
    np.minimum.at(first, owner[held], held)
    out = np.full(len(owner), NOBODY, np.int64)
    out[held] = first[owner[held]]
    return out


def _sizes(a: Ints, b: Ints) -> Ints:
    """For each row how many rows share both of its numbers."""
    keys = (a << np.int64(32)) | b
    ranked = np.argsort(keys)
    starts = np.flatnonzero(np.diff(keys[ranked], prepend=-1))
    sizes = np.diff(np.append(starts, len(keys)))
    out = np.empty(len(keys), np.int64)
    out[ranked] = np.repeat(sizes, sizes)
    return out
