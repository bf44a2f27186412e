"""Steps and what was left alone, as tables and files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.actions.cautions import Steps, cautions
from matcher.actions.earlier import Folders, already_merged
from matcher.actions.held import Held, Ints, held_ids
from matcher.actions.merging import SENTENCES, Evidence, Plan, Reason, plan_merges, sure_groups
from matcher.actions.opted_out import opted_out, silent_people, words
from matcher.actions.tools import ACTION_NETWORK, NATIONBUILDER, TOOLS, VAN, Tool
from matcher.grouping import cluster_ids
from matcher.outputs import open_folder, write_csv
from matcher.pipeline import Matched

if TYPE_CHECKING:
    import pandas as pd

SKIPPED_FILE = "skipped.csv"
#: Columns that say where a record comes from, not who it is.
_NOT_CONTENT = frozenset({"record_id", "source", "source_record_id", "file", "row"})


@dataclass(frozen=True)
class Actions:
    """What to do in each tool, so that a person found twice is there once.

    Attributes:
        steps: tool name -> its steps.
        skipped_table: the ids that were left alone, and why.
    """

    steps: Mapping[str, pa.Table]
    skipped_table: pa.Table

    def __repr__(self) -> str:
        counts = ", ".join(f"{tool.title} {self.steps[tool.name].num_rows:,}" for tool in TOOLS)
        return f"<Actions: {counts}; {self.skipped_table.num_rows:,} ids left alone>"

    @cached_property
    def van(self) -> pd.DataFrame:
        """Merges for VAN and EveryAction; ``source_id`` is deleted, ``target_id`` stays.

        ``step, list`` (instance and state)\\ ``, source_id, target_id, request, body,
        entity_type``, then for both sides ``name, email, opted_out, record_id``, and ``caution,
        cluster_id``.
        """
        return _frame(self.steps[VAN.name])

    @cached_property
    def nationbuilder(self) -> pd.DataFrame:
        """The same for NationBuilder, without ``request`` and ``body``."""
        return _frame(self.steps[NATIONBUILDER.name])

    @cached_property
    def action_network(self) -> pd.DataFrame:
        """The same for Action Network, with ``source_link`` and ``target_link``."""
        return _frame(self.steps[ACTION_NETWORK.name])

    @cached_property
    def skipped(self) -> pd.DataFrame:
        """Ids left alone: ``tool, list, id, reason, record_id, cluster_id``."""
        return _frame(self.skipped_table)

    @property
    def counts(self) -> dict[str, int]:
        """Steps by tool, and ids left alone."""
        return {
            **{name: table.num_rows for name, table in self.steps.items()},
            "skipped": self.skipped_table.num_rows,
        }

    def sentences(self) -> Sequence[str]:
        """The same in words."""
        lines = [
            f"{tool.title}: {_counted(self.steps[tool.name].num_rows, 'merge')}: {tool.file}."
            for tool in TOOLS
        ]
        cautioned = sum(
            table.column("caution").drop_null().length() for table in self.steps.values()
        )
        if cautioned:
            lines.append(f"With a caution to read first: {cautioned:,} of them.")
        if self.skipped_table.num_rows:
            lines.append(
                f"{self.skipped_table.num_rows:,} ids left alone: {SKIPPED_FILE} says why."
            )
        return lines

    def write(self, folder: str | Path) -> Sequence[Path]:
        """Writes one file of steps per tool and the ids left alone, all files or none.

        Returns:
            the paths written.

        Raises:
            OutputError: the folder cannot be made or written to.
        """
        files = {tool.file: self.steps[tool.name] for tool in TOOLS}
        files[SKIPPED_FILE] = self.skipped_table
        place = Path(folder)
        with open_folder(place) as fresh:
            for name, table in files.items():
                write_csv(fresh / name, [partial(_itself, table)])
        return [place / name for name in files]


def _itself(table: pa.Table) -> pa.Table:
    """A table of one part, made already."""
    return table


def plan_actions(matched: Matched, sure: float, done: Folders = None) -> Actions:
    """What to do in each tool about the people of a run who are there several times.

    Args:
        matched: the run.
        sure: probability from which nobody has to look at a pair before it is merged.
        done: folders that an earlier run's actions were written to; what they merged away is
            not merged again.

    Raises:
        UnreadableFile: a folder of ``done`` holds no such files.
    """
    table = matched.raw.table.combine_chunks()
    held = {tool.name: held_ids(table, tool) for tool in TOOLS}
    evidence = Evidence(
        matched=matched,
        sure=sure_groups(matched, list(held.values()), sure),
        opted_out=opted_out(table),
        filled=_filled(table),
        date=_dates(matched),
    )
    steps, skipped = {}, []
    for tool in TOOLS:
        ids = held[tool.name]
        plan = plan_merges(ids, tool, evidence, already_merged(ids, tool, done))
        listing = _Listing(tool, ids, plan, evidence, table)
        steps[tool.name] = listing.steps()
        skipped.append(listing.skipped())
    return Actions(steps, pa.concat_tables(skipped))


class _Listing:
    """The tables of one tool."""

    def __init__(
        self, tool: Tool, held: Held, plan: Plan, evidence: Evidence, table: pa.Table
    ) -> None:
        self._tool, self._held, self._plan = tool, held, plan
        self._evidence, self._table = evidence, table
        self._people = cluster_ids(evidence.matched)
        self._record = _fullest(held, evidence)

    def steps(self) -> pa.Table:
        """One row per merge; people whom nobody may write to come last in their list."""
        held, plan, tool = self._held, self._plan, self._tool
        silent = silent_people(
            self._evidence.matched, self._evidence.opted_out, plan.clusters[plan.target]
        )
        order = self._order(plan.source, silent)
        source, target, silent = plan.source[order], plan.target[order], silent[order]
        columns: dict[str, pa.Array] = {
            "step": pa.array(np.arange(1, len(source) + 1)),
            "list": held.lists.take(pa.array(source)),
            "source_id": held.ids.take(pa.array(source)),
            "target_id": held.ids.take(pa.array(target)),
        }
        columns |= _TOLD[tool.name](columns["source_id"], columns["target_id"])
        columns["entity_type"] = self._entity_types(target)
        for side, ids in (("source", source), ("target", target)):
            columns |= {f"{side}_{name}": texts for name, texts in self._about(ids).items()}
        told = cautions(Steps(source, target, silent), held, tool, self._evidence)
        columns["caution"] = pa.array(told, pa.string())
        columns["cluster_id"] = self._people.take(pa.array(self._record[target]))
        return pa.table(columns)

    def skipped(self) -> pa.Table:
        """One row per id that was left alone."""
        left = self._plan.left
        order = self._order(left, np.zeros(len(left), np.bool_))
        left, reasons = left[order], self._plan.reasons[order]
        sentences = [SENTENCES[Reason(reason)] for reason in reasons.tolist()]
        rows = pa.array(self._record[left])
        return pa.table(
            {
                "tool": pa.array([self._tool.name] * len(left), pa.string()),
                "list": self._held.lists.take(pa.array(left)),
                "id": self._held.ids.take(pa.array(left)),
                "reason": pa.array(sentences, pa.string()),
                "record_id": self._table.column("record_id").combine_chunks().take(rows),
                "cluster_id": self._people.take(rows),
            }
        )

    def _order(self, ids: Ints, last: np.ndarray) -> Ints:
        """By list, person and id, whatever the order of the input."""
        places = pa.array(ids)
        taken = self._held.ids.take(places)
        keys = pa.table(
            {
                "list": self._held.lists.take(places),
                "last": last.astype(np.int8),
                "person": self._people.take(pa.array(self._record[ids])),
                "length": pc.utf8_length(taken),
                "id": taken,
            }
        )
        order = pc.sort_indices(keys, [(name, "ascending") for name in keys.column_names])
        places_in_order: Ints = order.to_numpy().astype(np.int64)
        return places_in_order

    def _entity_types(self, ids: Ints) -> pa.Array:
        flags = self._evidence.matched.records.organisation[self._record[ids]]
        return pa.array(np.where(flags, "organization", "person"), pa.string())

    def _about(self, ids: Ints) -> Mapping[str, pa.Array]:
        """What helps a person to see whom an id stands for."""
        rows = self._record[ids]
        bits = self._held.highest(self._evidence.opted_out[self._held.rows])[ids]
        said_no = [words(each) or None for each in bits.tolist()]
        return {
            "name": self._names(rows),
            "email": self._texts("email1", rows),
            "opted_out": pa.array(said_no, pa.string()),
            "record_id": self._texts("record_id", rows),
        }

    def _names(self, rows: Ints) -> pa.Array:
        first, last = self._texts("first_name", rows), self._texts("last_name", rows)
        whole = pc.coalesce(pc.binary_join_element_wise(first, last, " "), first, last)
        return pc.coalesce(whole, self._texts("full_name", rows), self._texts("organization", rows))

    def _texts(self, name: str, rows: Ints) -> pa.Array:
        if name not in self._table.column_names:
            return pa.nulls(len(rows), pa.string())
        taken = self._table.column(name).take(pa.array(rows))
        return pa.concat_arrays(taken.chunks) if taken.num_chunks else pa.array([], pa.string())


def _van_told(source: pa.Array, target: pa.Array) -> Mapping[str, pa.Array]:
    """The call of VAN's interface: its address names whom to delete, its body who stays."""
    return {
        "request": pc.binary_join_element_wise("POST /people/", source, "/mergeInto", ""),
        "body": pc.binary_join_element_wise('{"vanId": ', target, "}", ""),
    }


def _action_network_told(source: pa.Array, target: pa.Array) -> Mapping[str, pa.Array]:
    """Where Action Network shows both activists to whoever has the key of the group."""
    people = "https://actionnetwork.org/api/v2/people/"
    return {
        f"{side}_link": pc.binary_join_element_wise(people, ids, "")
        for side, ids in (("source", source), ("target", target))
    }


#: What else a tool's file says about each step.
_TOLD = {
    VAN.name: _van_told,
    NATIONBUILDER.name: lambda source, target: {},
    ACTION_NETWORK.name: _action_network_told,
}


def _filled(table: pa.Table) -> Ints:
    """How many columns of each record say something about the person."""
    filled = np.zeros(table.num_rows, np.int64)
    for name in table.column_names:
        if name not in _NOT_CONTENT:
            filled += table.column(name).is_valid().to_numpy()
    return filled


def _dates(matched: Matched) -> Ints:
    """The rank of each record's date, the most recent the highest; 0 without one."""
    column = matched.records.get("updated_at")
    if not len(column.values):
        return np.zeros(len(column), np.int64)
    ranks = pc.rank(column.values).to_numpy().astype(np.int64)
    return np.where(column.codes >= 0, ranks[column.codes], 0)


def _fullest(held: Held, evidence: Evidence) -> Ints:
    """The record that says most about each id."""
    rows = held.rows
    ranked = np.lexsort((evidence.matched.order[rows], -evidence.filled[rows], held.owner))
    first = np.diff(held.owner[ranked], prepend=-1) != 0
    fullest: Ints = rows[ranked[first]]
    return fullest


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _frame(table: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas()
    return frame
