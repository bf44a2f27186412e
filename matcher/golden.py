"""The golden record: for each cluster one value per attribute, and the record it comes from.

Names: whole names before initials, then the most frequent, then the longest. Birth date, gender
and further columns: the most frequent. Address: all parts from one record, the most recent that
names a street. Email and phone: the most recent that is no role mailbox and no number that nobody
can have, with all others beside it. Whatever ties goes by date and then by content, never by the
order of the input. A caller may set another rule for a field (``matcher.golden_rules``).

Clusters are taken in parts, each by itself (``matcher.golden_part``), so that what is chosen need
never all be in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pyarrow as pa

from matcher.golden_part import Clustered, GoldenPart
from matcher.golden_rules import GoldenRule
from matcher.grouping import Groups, Ints, group_records

#: Records whose clusters are chosen for at once.
_RECORDS_A_PART = 50_000
_THREADS = 2


def record_groups(matched: Clustered) -> Groups:
    """The records of each cluster."""
    return group_records(matched.clusters, matched.order, matched.records)


class GoldenRecords:
    """Chooses the values of each cluster.

    Args:
        matched: records and who is who.
        cluster_ids: the name of each record's cluster.
        rules: field -> how its value is chosen, where not by the field's own rule.
        id_column: what the column of names is called.
        groups: the records of each cluster, where they are known.
    """

    def __init__(
        self,
        matched: Clustered,
        cluster_ids: pa.Array,
        rules: Mapping[str, GoldenRule] | None = None,
        id_column: str = "cluster_id",
        *,
        groups: Groups | None = None,
    ) -> None:
        self._groups = groups or record_groups(matched)
        table = matched.raw.table.combine_chunks()
        self._make = partial(
            GoldenPart,
            matched=matched,
            table=table,
            cluster_ids=cluster_ids,
            rules=rules or {},
            id_column=id_column,
        )

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
        return self._make(*self._groups.part(start, stop)).table()
