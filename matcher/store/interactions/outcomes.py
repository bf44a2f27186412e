"""Whom an interaction was with: decided from the weights of its contact against records.

The odds of a person are the sum of those of their records: who has used an address three times is
likelier to use it again than who has once (as in a Chinese restaurant process). The persons that a
contact may be, and that it is none of them, share the probability: with odds ``o`` of each, the
probability of one is ``o / (1 + sum of all)``. So a number that one person has links, one that a
couple share does not, and a given name beside it does again. Of a pair that agrees in no email,
phone, address or id nothing is concluded: a name or a handle never links (IX-07). An id that a
system gave outranks everything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: From this probability of one person on, an interaction is linked.
LINK_FROM = 0.7
#: From this probability that it is any person of the store on, somebody is to look at it.
REVIEW_FROM = 0.3
#: Candidates that are listed of an interaction in review.
MOST_CANDIDATES = 10

LINKED, REVIEW, UNMATCHED, INVALID, ERASED = range(5)

#: log2 odds beyond which nothing is told apart, and those of an id that agrees.
_SURE = 60.0


@dataclass(frozen=True)
class Fits:
    """How well contacts fit records, pair by pair.

    Attributes:
        asked: int64, whose contact.
        person: int64, whose record.
        slot: int64, of the record, or of what else is known to be that person's.
        record: int64, the record, or the one by which the other is known.
        through: int64, the interaction that it is of; -1 for a record.
        tie: uint64, orders records by what they say.
        log_odds: that the two are one person.
        identified: whether the pair agrees in an email, phone, address or id.
        by_id: whether it agrees in an id that a system gave.
    """

    asked: Ints
    person: Ints
    slot: Ints
    record: Ints
    through: Ints
    tie: npt.NDArray[np.uint64]
    log_odds: Floats
    identified: Bools
    by_id: Bools

    def of(self, rows: Ints) -> Fits:
        """Some of the pairs."""
        return Fits(*(getattr(self, column.name)[rows] for column in fields(self)))

    @classmethod
    def joined(cls, parts: Sequence[Fits]) -> Fits:
        """The pairs of all parts."""
        none, no = np.zeros(0, np.int64), np.zeros(0, np.bool_)
        empty = cls(none, none, none, none, none, none.view(np.uint64), np.zeros(0), no, no)
        columns = (
            [getattr(part, column.name) for part in (empty, *parts)] for column in fields(cls)
        )
        return cls(*map(np.concatenate, columns))


@dataclass(frozen=True)
class Outcomes:
    """What was decided of each interaction asked about.

    Attributes:
        status: int8 per interaction.
        best: int64 per interaction, the place in the pairs of its likeliest person; -1 for none.
        probability: float64 per interaction, of that person.
        listed: int64, places of the candidates of those in review: interaction by interaction,
            the likeliest first.
        listed_probability: of each of them.
    """

    status: npt.NDArray[np.int8]
    best: Ints
    probability: Floats
    listed: Ints
    listed_probability: Floats


def decide(fits: Fits, count: int) -> Outcomes:
    """The outcome of each of ``count`` interactions, from how their contacts fit records.

    ``Fits.asked`` counts through them.
    """
    chosen, odds = _persons(fits)
    asked = fits.asked[chosen]
    probability = odds / (1.0 + np.bincount(asked, odds, count))[asked]
    anybody = np.bincount(asked, probability, count)
    order = np.lexsort((fits.tie[chosen], -odds, asked))
    chosen, asked, probability = chosen[order], asked[order], probability[order]
    first = np.searchsorted(asked, np.arange(count))
    place = _places(asked, first)
    best, sure = np.full(count, -1), np.zeros(count)
    best[asked[place == 0]] = chosen[place == 0]
    sure[asked[place == 0]] = probability[place == 0]
    status = np.full(count, UNMATCHED, np.int8)
    status[anybody >= REVIEW_FROM] = REVIEW
    status[sure >= LINK_FROM] = LINKED
    listed = (status[asked] == REVIEW) & (place < MOST_CANDIDATES)
    listed &= probability >= REVIEW_FROM / MOST_CANDIDATES
    return Outcomes(status, best, sure, chosen[listed], probability[listed])


def _persons(fits: Fits) -> tuple[Ints, Floats]:
    """Of each person asked about: the place of the pair that agrees best, and the odds of all.

    Of several contacts of one interaction, which differ in their address, the best one counts.
    """
    strength = np.where(fits.by_id, _SURE, np.clip(fits.log_odds, -_SURE, _SURE / 2))
    usable = np.flatnonzero(fits.identified)
    order = np.lexsort((-strength[usable], fits.slot[usable], fits.asked[usable]))
    each = usable[order]
    each = each[first_of(fits.asked[each], fits.slot[each])]
    order = np.lexsort((fits.tie[each], -strength[each], fits.person[each], fits.asked[each]))
    each = each[order]
    first = np.flatnonzero(first_of(fits.asked[each], fits.person[each]))
    odds = np.add.reduceat(np.exp2(strength[each]), first) if len(first) else np.zeros(0)
    return each[first], odds


def first_of(*sorted_by: Ints) -> Bools:
    """Whether each row is the first of those that agree with it in all columns."""
    first = np.ones(len(sorted_by[0]), np.bool_)
    first[1:] = np.any([column[1:] != column[:-1] for column in sorted_by], axis=0)
    return first


def _places(asked: Ints, first: Ints) -> Ints:
    """Of each row, how many rows of the same interaction come before it."""
    return np.arange(len(asked)) - first[asked]
