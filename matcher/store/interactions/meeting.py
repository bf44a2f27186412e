"""Which records a contact shares a blocking key with, and which contacts a record does.

The same keys as between records, looked up from the one side in the other. A value that more
records hold than a block may (``BLOCK_CAP``) says nothing of any one of them and is passed over;
whether it does depends on the live records alone, not on the order in which they came.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from blocking import BLOCK_CAP
from blocking.hashed_keys import HashedKeys
from blocking.pairs import Entries, unique_sorted
from matcher.records import Records
from matcher.store.frozen import STORE_KEYS
from matcher.store.population import Population, closed

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def key_entries(records: Records) -> dict[str, Entries]:
    """Which record has which value of which key."""
    return dict(HashedKeys(records).all(STORE_KEYS))


def meetings(
    entries: Mapping[str, Entries], among: Population, only: Bools | None = None
) -> tuple[Ints, Ints]:
    """Each row with each live slot that it shares a key value with, once.

    Args:
        entries: by key; their rows are those that come back.
        among: whose slots.
        only: by slot, which are met; ``None`` for all.

    Returns:
        rows and slots, sorted by row, then slot.
    """
    found = [np.zeros(0, np.int64)]
    for name, made in entries.items():
        held = _by_value(among.holders({name: closed([made.keys])}), only)
        first = np.searchsorted(held.keys, made.keys)
        counts = np.searchsorted(held.keys, made.keys, "right") - first
        counts[counts > BLOCK_CAP] = 0
        within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        slots = held.rows[np.repeat(first, counts) + within]
        found.append((np.repeat(made.rows, counts) << np.int64(32)) | slots)
    packed = unique_sorted(np.concatenate(found))
    return packed >> np.int64(32), packed & np.int64(0xFFFFFFFF)


def sharing(entries: Mapping[str, Entries], among: Population) -> Ints:
    """The live slots that share a key value with any of the rows, however many do."""
    return closed(
        [among.holders({name: closed([made.keys]) for name, made in entries.items()}).rows]
    )


def _by_value(held: Entries, only: Bools | None) -> Entries:
    if only is not None:
        held = Entries(held.rows[only[held.rows]], held.keys[only[held.rows]])
    order = np.argsort(held.keys, kind="stable")
    return Entries(held.rows[order], held.keys[order])
