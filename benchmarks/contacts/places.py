"""ZIP codes with their towns, states and area codes, and the names of streets."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import pyarrow as pa

from benchmarks.contacts.columns import Codes, Floats, draw, zipf
from benchmarks.contacts.names import load_names
from benchmarks.contacts.tables import read_table, words

#: Rows per ZIP code: a longer list covers a wider area, so that neighbours stay as dense.
_ROWS_PER_ZIP, _MOST_ZIPS = 25, 33_000


@dataclass(frozen=True, slots=True)
class Places:
    """Where people live.

    Attributes:
        zip_code, city, state: text of each place.
        area_code: the telephone area code of each place.
        share: the share of people in each place.
        street: all street names.
        street_share: the share of each.
    """

    zip_code: pa.Array
    city: pa.Array
    state: pa.Array
    area_code: Codes
    share: Floats
    street: pa.Array
    street_share: Floats


def make_places(rows: int, seed: int) -> Places:
    """The area that a list of so many rows covers; the same for every part of one run."""
    rng = np.random.default_rng([seed, 0xACE])
    states = read_table("states")
    count = int(np.clip(rows // _ROWS_PER_ZIP, 40, _MOST_ZIPS))
    state = draw(rng, np.array([float(row["share"]) for row in states]), count)
    first = np.array([int(row["zip3_first"]) for row in states])[state]
    last = np.array([int(row["zip3_last"]) for row in states])[state]
    zip_codes, kept = np.unique(rng.integers(first * 100 + 1, last * 100 + 100), return_index=True)
    state = state[kept]
    area_codes = [np.array(row["area_codes"].split(), np.int64) for row in states]
    towns = pa.array(
        ["".join(parts) for parts in product(words("town_starts"), words("town_ends"))]
    )
    streets = list(dict.fromkeys([*words("streets"), *_ordinals(), *_named_after_people()]))
    return Places(
        zip_code=pa.array([f"{code:05d}" for code in zip_codes]),
        # Neighbouring ZIP codes belong to one town.
        city=towns.take(pa.array(zip_codes // 4 * 7919 % len(towns))),
        state=pa.array([states[code]["state"] for code in state]),
        area_code=np.array([rng.choice(area_codes[code]) for code in state]),
        share=rng.permutation(zipf(len(zip_codes), 0.2 * len(zip_codes), 1.0)),
        street=pa.array(streets),
        street_share=zipf(len(streets), 25, 0.95),
    )


def _ordinals() -> list[str]:
    """``1st`` to ``99th``."""
    endings = {1: "st", 2: "nd", 3: "rd"}
    return [f"{n}{'th' if 10 < n < 14 else endings.get(n % 10, 'th')}" for n in range(1, 100)]


def _named_after_people() -> list[str]:
    """Most rare streets are called after someone."""
    return [str(name) for name in load_names().last[:6000].to_pylist()]
