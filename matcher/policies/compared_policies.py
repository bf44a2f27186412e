"""The result of a comparison of policies: counts, what differs, and the rules behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.outputs import open_folder, write_csv, write_json
from matcher.policies.partitions import WORDS, Difference, Ints, differences
from matcher.policies.sides import Side
from matcher.records import RawRecords
from matcher.stages import Stage

if TYPE_CHECKING:
    import pandas as pd

#: Lines of rules that the printed table shows.
_SHOWN = 15


@dataclass(frozen=True)
class PolicyComparison:
    """What vendors and we would make of the same rows. Prints as a table.

    Attributes:
        profile: that the vendors' rules were read by.
        sides: one per policy, and our own resolution as the last.
        raw: the rows, as they came.
        stages: what the run spent.
    """

    profile: str
    sides: Sequence[Side]
    raw: RawRecords
    stages: Sequence[Stage]

    @cached_property
    def _read(self) -> Ints:
        """The rows that could be read, from 0; several lines may make one row."""
        read: Ints = self.raw.table.column("row").to_numpy() - 1
        return read

    @property
    def _ours(self) -> Side:
        return self.sides[-1]

    @cached_property
    def _against_ours(self) -> Mapping[str, Ints]:
        return {side.name: differences(side.owner, self._ours.owner) for side in self.sides}

    @cached_property
    def counts(self) -> pd.DataFrame:
        """One row per side: ``policy, people, organisations, refused`` (records), ``differing``.

        Differing are the records whose person is not the one that we find, and ``joined, apart,
        crossed, accepted`` say how: with more records, with fewer, with others, or only there.
        """
        return _frame(self.counts_table())

    def counts_table(self) -> pa.Table:
        """``counts`` as an Arrow table."""
        rows = []
        for side in self.sides:
            how = np.bincount(self._against_ours[side.name], minlength=len(Difference))
            rows.append(
                {
                    "policy": side.name,
                    "people": side.people,
                    "organisations": side.organisations,
                    "refused": int((side.owner[self._read] < 0).sum()),
                    "differing": int(how[1:].sum()),
                    **{word: int(how[each]) for each, word in WORDS.items() if word != "refused"},
                }
            )
        return pa.Table.from_pylist(rows)

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """One row per two sides: ``left, right, differing``, and how the left one differs."""
        return _frame(self.pairs_table())

    def pairs_table(self) -> pa.Table:
        """``pairs`` as an Arrow table."""
        rows = []
        for left, right in combinations(self.sides, 2):
            how = np.bincount(differences(left.owner, right.owner), minlength=len(Difference))
            rows.append(
                {
                    "left": left.name,
                    "right": right.name,
                    "differing": int(how[1:].sum()),
                    **{word: int(how[each]) for each, word in WORDS.items()},
                }
            )
        return pa.Table.from_pylist(rows)

    @cached_property
    def reasons(self) -> pd.DataFrame:
        """How many rows differ from ours for which rule: ``policy, difference, rule, rows``.

        The rule is an id and what it did, like ``AN-22a phone_moved``; the most frequent first.
        """
        return _frame(self.reasons_table())

    def reasons_table(self) -> pa.Table:
        """``reasons`` as an Arrow table."""
        tables = []
        for side in self.sides[:-1]:
            how = self._against_ours[side.name]
            rows = np.flatnonzero(how)
            counted = pa.table(
                {
                    "policy": pa.array([side.name] * len(rows), pa.string()),
                    "difference": _words(how[rows]),
                    "rule": self._rules(side, rows, how[rows]),
                }
            ).group_by(["policy", "difference", "rule"])
            counts = counted.aggregate([([], "count_all")]).rename_columns(
                ["policy", "difference", "rule", "rows"]
            )
            ranked = [("rows", "descending"), ("difference", "ascending"), ("rule", "ascending")]
            tables.append(counts.sort_by(ranked))
        return pa.concat_tables(tables)

    @cached_property
    def differences(self) -> pd.DataFrame:
        """One row per input row on which not all sides agree.

        ``row, file, source_record_id``, then for each side ``<name>``: the first row of its person,
        empty where it has none; ``<name>_difference``: how it differs from ours, empty where it
        does not; ``<name>_rule``: the rule that made it so. ``matcher_rule``: what spoke for our
        person, and against a wider one.
        """
        return _frame(self.differences_table())

    def differences_table(self) -> pa.Table:
        """``differences`` as an Arrow table."""
        odd = np.any([how != 0 for how in self._against_ours.values()], axis=0)
        rows = np.flatnonzero(odd)
        columns: dict[str, Any] = {"row": pa.array(rows + 1), **self._origins(rows)}
        for side in self.sides:
            owner = side.owner[rows]
            columns[side.name] = pa.array(owner + 1, mask=owner < 0)
            if side is not self._ours:
                how = self._against_ours[side.name][rows]
                columns[f"{side.name}_difference"] = _words(how)
                columns[f"{side.name}_rule"] = self._rules(side, rows, how)
        columns[f"{self._ours.name}_rule"] = self._our_rules(rows)
        return pa.table(columns)

    @property
    def report(self) -> dict[str, Any]:
        """Counts, pairs and reasons as plain values, ready for JSON; no personal data."""
        return {
            "profile": self.profile,
            "records": len(self._read),
            "policies": self.counts_table().to_pylist(),
            "pairs": self.pairs_table().to_pylist(),
            "reasons": self.reasons_table().to_pylist(),
            "stages": [asdict(stage) for stage in self.stages],
            "seconds": sum(stage.seconds for stage in self.stages),
            "peak_mb": max((stage.peak_mb for stage in self.stages), default=0.0),
        }

    def write(self, folder: str | Path) -> Sequence[Path]:
        """Writes ``differences.csv``, ``reasons.csv`` and ``comparison.json``, all or none.

        Raises:
            OutputError: the folder cannot be made or written to.
        """
        place = Path(folder)
        with open_folder(place) as fresh:
            write_csv(fresh / "differences.csv", [self.differences_table])
            write_csv(fresh / "reasons.csv", [self.reasons_table])
            write_json(fresh / "comparison.json", self.report)
        return [place / name for name in ("differences.csv", "reasons.csv", "comparison.json")]

    def sentences(self) -> Sequence[str]:
        """The lines of the printed table."""
        counts = self.counts_table().drop_columns(["organisations"])
        lines = [f"{len(self._read):,} records (profile {self.profile})", *_lines(counts)]
        reasons = self.reasons_table()
        if reasons.num_rows:
            most = reasons.sort_by([("rows", "descending")]).slice(0, _SHOWN)
            lines += ["", f"Records whose person is not that of {self._ours.name}, by rule:"]
            lines += _lines(most)
            if reasons.num_rows > _SHOWN:
                lines.append(f"... and {reasons.num_rows - _SHOWN:,} more")
        return lines

    def __str__(self) -> str:
        return "\n".join(self.sentences())

    __repr__ = __str__

    def _rules(self, side: Side, rows: Ints, how: Ints) -> pa.Array:
        """What made each of these rows differ so; where it does not, what it is."""
        joins, parts = side.joins.take(pa.array(rows)), side.parts.take(pa.array(rows))
        wider = np.isin(how, (Difference.JOINED, Difference.CROSSED))
        company = np.bincount(side.owner[side.owner >= 0], minlength=len(side.owner)) > 1
        together = (how == Difference.NONE) & company[np.maximum(side.owner[rows], 0)]
        return pc.if_else(pa.array(wider | together), _plain(joins), _plain(parts))

    def _our_rules(self, rows: Ints) -> pa.Array:
        ours = self._ours
        joins, parts = (_plain(each.take(pa.array(rows))) for each in (ours.joins, ours.parts))
        return pc.coalesce(pc.binary_join_element_wise(joins, parts, "; others: "), parts)

    def _origins(self, rows: Ints) -> Mapping[str, pa.Array]:
        """Where each of these rows stands, as far as it could be read."""
        where = np.full(len(self._ours.owner), -1, np.int64)
        table = self.raw.table
        where[self._read] = np.arange(table.num_rows)
        places = pa.array(where[rows], mask=where[rows] < 0)
        return {name: table.column(name).take(places) for name in ("file", "source_record_id")}


def _words(how: Ints) -> pa.Array:
    words = pa.array([WORDS.get(each) for each in Difference], pa.string())
    return words.take(pa.array(how))


def _plain(texts: pa.DictionaryArray) -> pa.Array:
    return texts.cast(pa.string())


def _lines(table: pa.Table) -> Sequence[str]:
    """A table as text, numbers to the right."""
    columns = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        number = pa.types.is_integer(column.type)
        cells = [name, *(f"{v:,}" if number else str(v or "") for v in column.to_pylist())]
        width = max(map(len, cells))
        columns.append([c.rjust(width) if number else c.ljust(width) for c in cells])
    return ["  ".join(cells).rstrip() for cells in zip(*columns, strict=True)]


def _frame(table: pa.Table) -> pd.DataFrame:
    import pandas as pd

    frame: pd.DataFrame = table.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    return frame
