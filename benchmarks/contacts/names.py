"""First names and surnames by frequency, with a long composed tail.

The heads (``tables/first_names.csv``, ``tables/surnames.csv``) hold the commonest American names
with their rough shares in percent, which are public facts of the Census. The tails are composed
of syllables, so that no list of rare real names is needed, and fall as Zipf's law does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
import pyarrow as pa
from nicknames import NickNamer

from benchmarks.contacts.columns import Bools, Codes, Floats, draw, zipf
from benchmarks.contacts.tables import read_table, words

#: Share of the population whose first name, or surname, is not in the head table. The first is
#: what the Census' own list leaves over; the tails' shapes give about 50 thousand distinct first
#: names and 170 thousand distinct surnames, slips of the pen included, in a million rows.
_FIRST_TAIL_SHARE, _LAST_TAIL_SHARE = 0.14, 0.59


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a country.

    Attributes:
        first: all first names.
        male, female: the share of each first name among men and among women.
        nicknames: nicknames of all first names, one after the other.
        nickname_start: where each first name's nicknames start; one more element at the end.
        last: all surnames.
        last_share: the share of each surname.
    """

    first: pa.Array
    male: Floats
    female: Floats
    nicknames: pa.Array
    nickname_start: Codes
    last: pa.Array
    last_share: Floats

    def draw_first(self, rng: np.random.Generator, male: Bools) -> Codes:
        """One first name for each man (True) or woman."""
        return np.where(male, draw(rng, self.male, len(male)), draw(rng, self.female, len(male)))

    def draw_last(self, rng: np.random.Generator, size: int) -> Codes:
        """One surname for each of ``size`` families."""
        return draw(rng, self.last_share, size)

    def draw_nickname(self, rng: np.random.Generator, first: Codes) -> tuple[Codes, Bools]:
        """One nickname for each first name, and whether the name has any."""
        start, end = self.nickname_start[first], self.nickname_start[first + 1]
        has = end > start
        chosen = start + np.floor(rng.random(len(first)) * (end - start)).astype(np.int64)
        return np.where(has, chosen, 0), has


@cache
def load_names() -> Names:
    """The vocabulary; always the same, whatever the seed of a run."""
    head, surnames = read_table("first_names"), read_table("surnames")
    first_head, last_head = ([row["name"] for row in table] for table in (head, surnames))
    first_tail = _compose("first", set(first_head))
    last_tail = _compose("last", set(last_head))
    nicknames, nickname_start = _nicknames(first_head, len(first_head) + len(first_tail))
    rare_first = zipf(len(first_tail), 150, 1.2)
    return Names(
        first=pa.array(first_head + first_tail),
        male=_shares(
            [float(row["share"]) * (row["gender"] == "m") for row in head],
            rare_first,
            _FIRST_TAIL_SHARE,
        ),
        female=_shares(
            [float(row["share"]) * (row["gender"] == "f") for row in head],
            rare_first[::-1],  # rare names of men are seldom those of women
            _FIRST_TAIL_SHARE,
        ),
        nicknames=pa.array(nicknames),
        nickname_start=nickname_start,
        last=pa.array(last_head + last_tail),
        last_share=_shares(
            [float(row["share"]) for row in surnames],
            zipf(len(last_tail), 1500, 0.9),
            _LAST_TAIL_SHARE,
        ),
    )


def _compose(kind: str, known: set[str]) -> list[str]:
    """All start + middle + end, in an order shuffled once and for all, without the known names."""
    starts, middles, ends = (words(f"{kind}_{part}") for part in ("starts", "middles", "ends"))
    composed = sorted({"".join(parts) for parts in product(starts, ["", *middles], ends)} - known)
    order = np.random.default_rng(1790).permutation(len(composed))
    return [composed[place] for place in order]


def _shares(head: list[float], tail: Floats, tail_share: float) -> Floats:
    scaled = np.array(head) / np.sum(head) * (1 - tail_share)
    return np.concatenate((scaled, tail * tail_share))


def _nicknames(head: list[str], count: int) -> tuple[list[str], Codes]:
    """The nicknames of the head names, sorted because sets come in any order."""
    namer = NickNamer()
    groups = [sorted(namer.nicknames_of(name)) for name in head]
    start = np.zeros(count + 1, np.int64)
    start[1 : len(groups) + 1] = [len(group) for group in groups]
    return [name.capitalize() for group in groups for name in group], np.cumsum(start)
