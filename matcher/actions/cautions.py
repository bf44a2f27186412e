"""What to know before a step is taken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matcher.actions.held import Held
from matcher.actions.merging import Evidence
from matcher.actions.opted_out import EMAIL, words
from matcher.actions.tools import Tool
from matcher.records import Column

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Steps(NamedTuple):
    """Merges, by numbers of ids.

    Attributes:
        source: int64, ids to be merged away.
        target: int64, ids that stay.
        silent: whether every email of the person is opted out.
    """

    source: Ints
    target: Ints
    silent: Bools


def cautions(steps: Steps, held: Held, tool: Tool, evidence: Evidence) -> list[str | None]:
    """One text per step, or ``None`` where there is nothing to know."""
    source, target, silent = steps
    bits = held.highest(evidence.opted_out[held.rows])
    columns = evidence.matched.records.external_ids
    accounts = [
        _differing(held, columns[name], source, target) if name in columns else None
        for name in tool.accounts
    ]
    out: list[str | None] = [None] * len(source)
    blocked = np.any([each for each in accounts if each is not None] or [silent], axis=0)
    odd = silent | blocked | (bits[source] != bits[target])
    for place in np.flatnonzero(odd).tolist():
        lost = int(bits[source[place]] & ~bits[target[place]])
        told = [
            *_consent(lost, int(bits[target[place]]), bool(silent[place]), tool),
            *(
                f"each has a {name} account, and one must be removed first"
                for name, flags in zip(tool.accounts, accounts, strict=True)
                if flags is not None and flags[place]
            ),
        ]
        out[place] = "; ".join(told) or None
    return out


def _consent(lost: int, target: int, silent: bool, tool: Tool) -> Iterator[str]:
    """Where the merge itself might lose an opt-out.

    Args:
        lost: what the source said no to and the target did not, as bits.
        target: what the target said no to.
        silent: whether every email of the person is opted out.
        tool: where the merge takes place.
    """
    if silent:
        yield "every email of this person is opted out: write to none of them afterwards"
    if lost & ~(EMAIL if silent else 0):
        yield f"the source is opted out of {words(lost)}: keep that for its address or number"
    if not tool.combines and target & EMAIL and not silent:
        yield "the address that stays is opted out: another of this person is not"


def _differing(held: Held, column: Column, source: Ints, target: Ints) -> Bools:
    """Whether the two ids of each step have different values in a column."""
    codes = held.highest(column.codes[held.rows].astype(np.int64))
    both = (codes[source] >= 0) & (codes[target] >= 0)
    differing: Bools = both & (codes[source] != codes[target])
    return differing
