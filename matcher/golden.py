"""The golden record: for each cluster one value per attribute, and the record it comes from.

Names: whole names before initials, then the most frequent, then the longest. Birth date, gender
and further columns: the most frequent. Address: all parts from one record, the most recent that
names a street. Email and phone: the most recent that is no role mailbox and no number that nobody
can have, with all others beside it. Whatever ties goes by date and then by content, never by the
order of the input.

Clusters are taken in parts, each by itself (``matcher.choosing``), so that what is chosen need
never all be in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pyarrow as pa

from matcher.choosing import Choice
from matcher.grouping import Ints, group_records
from matcher.pipeline import Matched

#: Records whose clusters are chosen for at once.
_RECORDS_A_PART = 50_000
_THREADS = 2


class GoldenRecords:
    """Chooses the values of each cluster.

    Args:
        matched: a run.
        cluster_ids: the name of each record's cluster.
    """

    def __init__(self, matched: Matched, cluster_ids: pa.Array) -> None:
        self._matched = matched
        self._cluster_ids = cluster_ids
        self._groups = group_records(matched.clusters, matched.order, matched.records)

    def __len__(self) -> int:
        return len(self._groups)

    def table(self) -> pa.Table:
        """One row per cluster, most columns followed by ``<column>_from``, a ``record_id``."""
        with ThreadPoolExecutor(_THREADS) as pool:
            return pa.concat_tables(pool.map(lambda part: part(), self.parts()))

    def parts(self) -> Sequence[Callable[[], pa.Table]]:
        """The same table in parts, each made when it is called; at least one."""
        bounds = self._bounds()
        return [
            partial(self._part, start, stop)
            for start, stop in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
        ]

    def _bounds(self) -> Ints:
        """Clusters at which parts of about as many records begin, and the end."""
        starts = self._groups.starts
        begin = np.searchsorted(starts, np.arange(0, int(starts[-1]), _RECORDS_A_PART))
        last = np.array([0, len(self)] if not len(self) else [len(self)])
        return np.concatenate([np.unique(begin[begin < len(self)]), last])

    def _part(self, start: int, stop: int) -> pa.Table:
        self._matched.spill.ease()
        rows, groups = self._groups.part(start, stop)
        return Choice(self._matched, self._cluster_ids, rows, groups).table()
