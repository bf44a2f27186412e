"""The result of a replay: the people that the vendor would hold, and how they came about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.outputs import write_folder
from matcher.policies.collector import paused_collector
from matcher.policies.history import History
from matcher.policies.memory_list import MemoryList
from matcher.policies.people_table import as_cells, people_table
from matcher.policies.sources import Batch
from matcher.policies.telling import sentences
from matcher.records import REJECT_SCHEMA
from matcher.stages import Stage

if TYPE_CHECKING:
    import pandas as pd

_REJECTS = REJECT_SCHEMA.append(pa.field("rule", pa.string()))


@dataclass(frozen=True)
class Replay:
    """What a vendor would hold.

    Attributes:
        policy, profile, default_region: as they were asked for.
        people_list: the people, for looking up.
        history: what happened.
        duplicates: person id -> people that the vendor would suggest as duplicates.
        batches: the inputs.
        stages: what the run spent.
    """

    policy: str
    profile: str
    default_region: str
    people_list: MemoryList
    history: History
    duplicates: Mapping[str, Sequence[str]]
    batches: Sequence[Batch]
    stages: Sequence[Stage]

    def __repr__(self) -> str:
        rows = self.report["counts"]["rows"]
        return f"<Replay of {self.policy}: {rows:,} rows, {len(self.people_list):,} people>"

    @cached_property
    def people(self) -> pd.DataFrame:
        """One row per person held, in the order of their creation.

        ``person_id, entity_type, first_name, middle_name, last_name, suffix, organization``;
        lists: ``emails`` (normalised), ``phones`` (E.164), ``addresses`` (dicts), ``identifiers``
        (``system:id``), ``tags``; ``email_consent, sms_consent, phone_consent``; ``rows``: the
        input rows that the person is made of; ``possible_duplicate_of``: ids of people.
        """
        return frame(self.people_table())

    def people_table(self) -> pa.Table:
        """``people`` as an Arrow table."""
        return people_table(self.people_list, self.history, self.duplicates)

    @cached_property
    def events(self) -> pd.DataFrame:
        """One row per thing that happened, in order.

        ``row, outcome, rule, person_id, other_person_id, field, before, after, status_code,
        note``; see ``matcher.policies.outcomes.Event``.
        """
        return frame(self.events_table())

    def events_table(self) -> pa.Table:
        """``events`` as an Arrow table."""
        table = self.history.events()
        plain = [
            column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
            for column in table.columns
        ]
        return pa.table(plain, names=table.column_names)

    @cached_property
    def rejects(self) -> pd.DataFrame:
        """Rows and values that could not be used: ``file, row, column, value, reason, rule``."""
        return frame(self.rejects_table())

    def rejects_table(self) -> pa.Table:
        """``rejects`` as an Arrow table; ``row`` counts through all inputs, as in ``events``."""
        tables = [
            _with_rule(reject, batch.first_row)
            for batch in self.batches
            for reject in batch.rejects
        ]
        return pa.concat_tables([*tables, self._refused()])

    @property
    def _count_of_rejects(self) -> int:
        read = (int(table.num_rows) for batch in self.batches for table in batch.rejects)
        return sum(read) + len(self.history.refusals)

    def _refused(self) -> pa.Table:
        """The rows, and values, that the policy refused."""
        refused = self.history.refusals
        if not refused:
            return _REJECTS.empty_table()
        rows, refusals = zip(*refused, strict=True)
        columns, values, reasons, rules = zip(*refusals, strict=True)
        arrays = (self._files_of(rows), rows, columns, values, reasons, rules)
        return pa.table(
            [pa.array(each, field.type) for each, field in zip(arrays, _REJECTS, strict=True)],
            schema=_REJECTS,
        )

    def _files_of(self, rows: Sequence[int]) -> Sequence[str]:
        """The input that each of these rows came from."""
        first_rows = [batch.first_row for batch in self.batches]
        return [self.batches[place - 1].name for place in np.searchsorted(first_rows, rows)]

    @cached_property
    def report(self) -> dict[str, Any]:
        """Counts, events by outcome and rule, seconds and memory; plain values for JSON."""
        events = self.history.events()
        outcomes = _counted(events.column("outcome"))
        return {
            "policy": self.policy,
            "profile": self.profile,
            "default_region": self.default_region,
            "counts": {
                "rows": sum(batch.count for batch in self.batches),
                "people": len(self.people_list),
                "events": events.num_rows,
                "rejects": self._count_of_rejects,
                "possible_duplicates": len(self.duplicates),
            },
            "outcomes": outcomes,
            "rules": _counted(events.column("rule")),
            "sources": [
                {
                    **asdict(report),
                    "columns": dict(report.columns),
                    "notes": list(report.notes),
                    "first_row": batch.first_row + 1,
                }
                for batch in self.batches
                for report in batch.reports
            ],
            "stages": [asdict(stage) for stage in self.stages],
            "seconds": sum(stage.seconds for stage in self.stages),
            "peak_mb": max((stage.peak_mb for stage in self.stages), default=0.0),
        }

    def sentences(self) -> Sequence[str]:
        """The report in a few sentences."""
        return sentences(self.report)

    def write(self, folder: str | Path) -> Sequence[Path]:
        """Writes people, events, rejects (CSV) and report (JSON) into a folder, all or none.

        Raises:
            OutputError: the folder cannot be made or written to.
        """
        with paused_collector():
            tables = {
                "people.csv": as_cells(self.people_table()),
                "events.csv": self.events_table(),
                "rejects.csv": self.rejects_table(),
            }
            return write_folder(Path(folder), tables, self.report)


def _with_rule(rejects: pa.Table, first_row: int) -> pa.Table:
    rows = pc.add(rejects.column("row"), first_row)
    moved = rejects.set_column(1, "row", rows)
    if "rule" not in moved.column_names:
        moved = moved.append_column("rule", pa.nulls(moved.num_rows, pa.string()))
    return moved.cast(_REJECTS)


def _counted(words: pa.ChunkedArray) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for each in words.value_counts().to_pylist():
        counts[str(each["values"])] += each["counts"]
    return dict(sorted(counts.items()))


def frame(table: pa.Table) -> pd.DataFrame:
    """A DataFrame in which a list is a list: pandas would make arrays of them."""
    import pandas as pd

    frame: pd.DataFrame = table.select(
        [field.name for field in table.schema if not pa.types.is_list(field.type)]
    ).to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    for place, field in enumerate(table.schema):
        if pa.types.is_list(field.type):
            lists = table.column(field.name).to_pylist()
            frame.insert(place, field.name, pd.Series(lists, dtype=object, index=frame.index))
    return frame
