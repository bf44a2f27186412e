"""Identifiers that systems gave: equal in any system, or silent."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scoring.columns import Codes, Compared, Ints, Shared, SharedValues
from scoring.levels import Comparison


class ExternalIdRules:
    """Equal in any id system; ids that differ say nothing, since duplicates have two."""

    #: An id has two holders at most that are not one person, whatever the id.
    values = SharedValues(np.array([2.0]), np.array([np.nan]))

    def __init__(self, systems: Sequence[Codes], comparison: Comparison) -> None:
        self._systems = systems
        self._comparison = comparison

    def compare(self, left: Ints, right: Ints) -> Compared:
        """Levels of pairs of records."""
        levels = np.zeros(len(left), np.int8)
        for codes in self._systems:
            one, other = codes[left], codes[right]
            levels[(one >= 0) & (one == other)] = self._comparison.number("exact")
        rows = np.flatnonzero(levels)
        return Compared(levels, Shared(rows.astype(np.int32), np.zeros(len(rows), np.int32)))
