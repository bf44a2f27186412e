"""All doubtful pairs of a store, page by page, so that nobody waits while they are looked for.

A pair belongs to the later of its records. Pages go through the records from the last one to the
first, a few at a time, and others get their turn in between.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from blocking.pairs import absent_from, pack, unpack
from matcher.errors import OptionError
from matcher.store.resolving import compared
from matcher.store.reviewing import BAND, decided_pairs, nothing_told, pairs_told
from matcher.store.session import Session

Ints = npt.NDArray[np.int64]

#: Records that are looked at while others wait, and how often that is done for one page.
_TOGETHER, _MOST_STEPS = 200, 20
_PLACE = re.compile(r"\d{1,18}-\d{1,18}")


class Place(NamedTuple):
    """A pair: the numbers of its records, the later one first."""

    record: int
    other: int

    @classmethod
    def parse(cls, text: str) -> Place:
        """A place from its text, ``12-7``.

        Raises:
            OptionError: it is none.
        """
        if not _PLACE.fullmatch(text):
            raise OptionError(f"{text!r} is no place in the review; give the one that a page gave.")
        return cls(*map(int, text.split("-")))

    def __str__(self) -> str:
        return f"{self.record}-{self.other}"


#: Before all pairs.
START = Place(2**62, 0)


def review_page(session: Session, after: Place, limit: int) -> tuple[pa.Table, Place | None]:
    """The doubtful pairs after a place; see ``matcher.store.Store.review_page``.

    Returns:
        the pairs, and the place after which the next page begins; nothing at the end.

    Raises:
        OptionError: the limit is below 1.
    """
    if limit < 1:
        raise OptionError(f"limit is {limit}; ask for one pair at least.")
    found: list[Place] = []
    last: Place | None = after
    for _ in range(_MOST_STEPS):
        if last is None or len(found) == limit:
            break
        with session.lock:
            some, last = _step(session, last, limit - len(found))
        found += some
    with session.lock:
        return _told(session, found), last


def _step(session: Session, after: Place, room: int) -> tuple[list[Place], Place | None]:
    """The next pairs, of a few records, and how far that was."""
    state = session.state
    records, is_last = _next_records(session, after.record - (after.other == 0))
    if not len(records):
        return [], None
    packed = pack(*state.population.pairs(np.sort(state.slots(records))))
    left, right = (state.records(slots) for slots in unpack(packed))
    owner, other = np.maximum(left, right), np.minimum(left, right)
    is_ahead = (owner < after.record) | ((owner == after.record) & (other < after.other))
    packed = absent_from(packed[is_ahead & np.isin(owner, records)], decided_pairs(session))
    found = _doubtful(session, packed)
    if len(found) > room:
        return found[:room], found[room - 1]
    return found, None if is_last else Place(int(records[0]), 0)


def _next_records(session: Session, last: int) -> tuple[Ints, bool]:
    """The numbers of the next few records, in order, and whether no more come before them."""
    state = session.state
    records = state.records(state.population.live)
    records = records[records <= last]
    if len(records) <= _TOGETHER:
        return np.sort(records), True
    return np.sort(np.partition(records, -_TOGETHER)[-_TOGETHER:]), False


def _doubtful(session: Session, packed: Ints) -> list[Place]:
    """The doubtful ones of some pairs of slots, those of the last records first."""
    if not len(packed):
        return []
    state = session.state
    pairs = compared(state.population, session.model, unpack(packed))
    probability = pairs.weighed.probability
    at = np.flatnonzero((probability >= BAND[0]) & (probability <= BAND[1]))
    left, right = state.records(pairs.left[at]), state.records(pairs.right[at])
    owner, other = np.maximum(left, right), np.minimum(left, right)
    return sorted(map(Place, owner.tolist(), other.tolist()), reverse=True)


def _told(session: Session, found: list[Place]) -> pa.Table:
    """Pairs as they are shown, but for those whose records went meanwhile."""
    state = session.state
    pairs = np.array(found, np.int64).reshape(-1, 2)
    pairs = pairs[state.is_live(pairs[:, 0]) & state.is_live(pairs[:, 1])]
    if not len(pairs):
        return nothing_told()
    one, other = state.slots(pairs[:, 0]), state.slots(pairs[:, 1])
    return pairs_told(session, np.minimum(one, other), np.maximum(one, other))
