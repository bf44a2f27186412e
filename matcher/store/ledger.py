"""The rows of a store's file: added once, read back into memory."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matcher.model import Model
from matcher.store.files import store_errors
from matcher.store.frozen import Chances, FrozenModel

if TYPE_CHECKING:
    import duckdb

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Run:
    """One thing that was done to a store.

    Attributes:
        kind: ``ingest``, ``decide``, ``withdraw``, ``split``, ``undo``, ``forget``, ``retrain``,
            ``interactions``, ``link``.
        at: when.
        by: who did it, where a person did.
        note: what they said of it.
        sources: the sources of what came in.
        model: version of the model.
        records: how many came in.
        undoes: the id of the run or event that it undoes, where it does.
    """

    kind: str
    at: datetime
    by: str | None = None
    note: str | None = None
    sources: Sequence[str] = ()
    model: int = 1
    records: int = 0
    undoes: str | None = None


class Ledger:
    """Adds rows to the tables and reads what holds now.

    Args:
        connection: to a store's file.
        path: of the file, for messages.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._next: dict[str, int] = {}
        self._keeps_model = False
        self._inserts: dict[tuple[str, ...], duckdb.Statement] = {}
        #: When the run was done that was added last.
        self.last_run_at: datetime | None = None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All rows that the body adds become durable together, or none does.

        Raises:
            StoreError: they cannot be written.
        """
        with store_errors(self._path):
            self._connection.begin()
            try:
                yield
                self._connection.commit()
            except BaseException:
                self._next.clear()
                with suppress(Exception):  # a commit that failed has ended the transaction itself
                    self._connection.rollback()
                raise

    def numbers(self, table: str, count: int) -> Ints:
        """Numbers that no row of the table has had."""
        first = self.peek(table)
        self.use(table, count)
        return np.arange(first, first + count)

    def peek(self, table: str) -> int:
        """The next number of a table's rows, or of persons."""
        if table not in self._next:
            self._next[table] = int(self.rows(_LAST[table])[0][0]) + 1
        return self._next[table]

    def use(self, table: str, count: int) -> None:
        """Marks the next numbers as used."""
        self._next[table] = self.peek(table) + count

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query; ``values`` are bound, never written into it."""
        with store_errors(self._path):
            return list(self._connection.execute(query, list(values)).fetchall())

    def table(self, query: str, values: Sequence[Any] = ()) -> pa.Table:
        """The same as an Arrow table."""
        with store_errors(self._path):
            found: pa.Table = self._connection.sql(query, params=list(values)).to_arrow_table()
        return found.combine_chunks()

    def add(self, table: str, columns: Mapping[str, Any]) -> None:
        """Adds rows, given by column; a single value is that of every row."""
        rows = next(len(c) for c in columns.values() if isinstance(c, np.ndarray | pa.Array | list))
        if not rows:
            return
        filled = {
            name: column if isinstance(column, np.ndarray | pa.Array | list) else [column] * rows
            for name, column in columns.items()
        }
        if rows <= _FEW:
            insert = self._insert_of_few(table, *filled)
            self._connection.execute(insert, [_listed(column) for column in filled.values()])
            return
        self._connection.register("rows_to_add", pa.table(filled))
        self._connection.execute(_INSERT[table])
        self._connection.unregister("rows_to_add")

    def _insert_of_few(self, table: str, *columns: str) -> duckdb.Statement:
        """Adds rows of which each column is bound as one list; parsed once, which is half of it."""
        if (table, *columns) not in self._inserts:
            # Names are the schema's own: what an input calls its columns goes into values.
            names = ", ".join(f'"{name}"' for name in columns)
            lists = ", ".join(["unnest(?)"] * len(columns))
            query = f"INSERT INTO {table} ({names}) SELECT {lists}"
            if len(self._inserts) == _MOST_PARSED:
                self._inserts.clear()
            (self._inserts[table, *columns],) = self._connection.extract_statements(query)
        return self._inserts[table, *columns]

    def add_run(self, run: Run, number: int | None = None) -> int:
        """Adds a run; its number, which may have been taken (``numbers``) before it was known."""
        number = int(self.numbers("run", 1)[0]) if number is None else number
        row = {
            "run": number, "kind": run.kind, "done_at": run.at, "done_by": run.by, "note": run.note,
            "sources": list(run.sources), "model": run.model, "records": run.records,
            "undoes": run.undoes,
        }  # fmt: skip
        self.add("run", {name: [value] for name, value in row.items()})
        self.last_run_at = run.at.astimezone(UTC)
        return number

    def add_model(self, frozen: FrozenModel, run: int) -> None:
        """Adds a version of the model, with its rarities."""
        self._connection.execute(
            "INSERT INTO model VALUES (?, ?, ?, ?)",
            [frozen.version, run, frozen.model.to_json(), frozen.records],
        )
        chances = frozen.chances
        version = np.full(len(chances.hashes), frozen.version, np.int32)
        self.add("frequency", {"model": version, "hash": chances.hashes, "chance": chances.chances})

    def model(self) -> FrozenModel:
        """The newest version of the model; the shipped one where there is none."""
        found = self.rows("SELECT model, content, records FROM model ORDER BY model DESC LIMIT 1")
        if not found:
            return FrozenModel(1, Model.shipped())
        version, content, records = found[0]
        chances = self.table(
            "SELECT hash, chance FROM frequency WHERE model = ? ORDER BY hash", [version]
        )
        return FrozenModel(
            version,
            Model.from_json(content, "the model of the store"),
            records,
            Chances(chances["hash"].to_numpy(), chances["chance"].to_numpy()),
        )

    def keeps_model(self) -> bool:
        """Whether the file has a model of its own, be it the shipped one of its time."""
        if not self._keeps_model:
            self._keeps_model = bool(self.rows("SELECT 1 FROM model LIMIT 1"))
        return self._keeps_model

    @cached_property
    def knows_forgotten(self) -> bool:
        """Whether anybody was forgotten; who is from now on is so in a file of its own."""
        return bool(self.rows("SELECT 1 FROM forgotten LIMIT 1"))

    def in_place_of_model(self) -> FrozenModel:
        """The shipped model in the place of one that this program cannot read."""
        version, content = self.rows(
            "SELECT model, content FROM model ORDER BY model DESC LIMIT 1"
        )[0]
        return FrozenModel(version, Model.shipped().with_extras(_extras(content)))

    def decisions(self) -> dict[tuple[int, int], str]:
        """The last word on each pair of records that somebody decided on."""
        found = self.rows("SELECT left_record, right_record, verdict FROM current_decision")
        return {(left, right): verdict for left, right, verdict in found}


def _extras(content: str) -> dict[str, str]:
    """The further columns that a model of whatever version compares; none where it says nothing."""
    try:
        found = json.loads(content)["extras"]
        return {str(name): str(kind) for name, kind in found.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


#: The last number used, by what it counts. A version that was erased keeps its withdrawal.
_LAST = {
    "run": "SELECT coalesce(max(run), 0) FROM run",
    "event": "SELECT coalesce(max(event), 0) FROM event",
    "decision": "SELECT coalesce(max(decision), 0) FROM decision",
    "person": "SELECT coalesce(max(person), 0) FROM event",
    "record": """SELECT greatest(
        (SELECT coalesce(max(version), 0) FROM record),
        (SELECT coalesce(max(version), 0) FROM withdrawal))""",
    "interaction": "SELECT coalesce(max(version), 0) FROM interaction",
    "link": "SELECT coalesce(max(link), 0) FROM link",
}

_TABLES = (
    "record", "withdrawal", "identifier", "membership", "component", "event", "decision",
    "frequency", "forgotten", "brought_back", "golden_rule", "silence",
    "vendor_list", "vendor_person", "vendor_row", "vendor_event", "vendor_activity",
    "interaction", "contact", "interaction_identifier", "link", "link_candidate",
)  # fmt: skip
_INSERT = {
    table: f"INSERT INTO {table} BY NAME SELECT * FROM rows_to_add"  # noqa: S608 - names above
    for table in _TABLES
}

#: So few rows are added as lists of values in the place of an Arrow table.
_FEW = 64
#: Statements that add them are kept up to so many: records differ in what columns they have.
_MOST_PARSED = 256


def _listed(column: Any) -> list[Any]:
    values: list[Any]
    if isinstance(column, pa.Array):
        values = column.to_pylist()
    else:
        values = column.tolist() if isinstance(column, np.ndarray) else column
    return values


def to_more(table: pa.Table, columns: Sequence[str]) -> pa.StringArray:
    """Cells of columns that have none of their own in the file, as one JSON text per row."""
    cells = {name: table[name].to_pylist() for name in columns}
    texts = []
    for row in range(table.num_rows):
        held = {name: column[row] for name, column in cells.items() if column[row] is not None}
        texts.append(json.dumps(held, ensure_ascii=False) if held else None)
    return pa.array(texts, pa.string())


def from_more(more: pa.ChunkedArray) -> dict[str, pa.StringArray]:
    """The columns that ``to_more`` put into one."""
    if more.null_count == len(more):
        return {}
    rows = [json.loads(text) if text else {} for text in more.to_pylist()]
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}
