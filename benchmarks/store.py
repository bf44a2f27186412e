"""How fast a store takes records in and answers.

::

    python -m benchmarks.store --rows 1000000

In one process, one thing after the other: the plain ``dedupe`` of generated contacts with its files
written, then the same file into an empty store; 10,000 new records into that store, opened afresh;
then ``resolve`` of records one by one and in batches, half of them of the store's own people with
typing errors, half of strangers; then records taken in one by one and in groups of 16, each durable
before the next. CPU seconds stand beside those on the clock, which other work on the machine
disturbs.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pa_csv
from rich.table import Table

import matcher
from benchmarks import results
from benchmarks.contacts.making import generate
from benchmarks.contacts.noise import misspell, mistype_digits
from benchmarks.speed import contacts_file

Row = dict[str, Any]

_SEED = 71
_NEW = 10_000
_ASKED = 2_000
_GROUP = 16
_ONE_BY_ONE = 1_000
#: Share of the letters' columns that is misspelt in a record of the store's own people.
_MISSPELT = 0.3


@dataclass
class Clock:
    """Measures one thing: seconds on the clock, and of the processor."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0

    @classmethod
    def of(cls, work: Callable[[], object]) -> Clock:
        """How long some work takes."""
        began, used = time.perf_counter(), time.process_time()
        work()
        return cls(time.perf_counter() - began, time.process_time() - used)

    def figures(self) -> dict[str, float]:
        """Rounded, by name."""
        return {"seconds": round(self.seconds, 3), "cpu_seconds": round(self.cpu_seconds, 3)}


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.store", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--freeze", action="store_true", help="keep it for the documentation")
    options = parser.parse_args(arguments)
    contacts = contacts_file(options.rows)
    with tempfile.TemporaryDirectory(dir=contacts.parent) as scratch:
        measured = {f"{options.rows:,}": measure(contacts, Path(scratch))}
    console = results.console()
    for name, figures in measured.items():
        console.print(_table(name, figures))
    console.print(f"written to {results.save('store', measured, freeze=options.freeze)}")


def measure(contacts: Path, scratch: Path) -> dict[str, Any]:
    """All figures of one file.

    Args:
        contacts: a CSV.
        scratch: a folder for what is made.
    """
    path = scratch / "store.duckdb"
    found: dict[str, Any] = {
        "dedupe": Clock.of(lambda: matcher.dedupe(contacts).write(scratch / "out")).figures(),
        "ingest": Clock.of(lambda: _ingest(path, contacts)).figures(),
    }
    found["file_mb"] = round(path.stat().st_size / 1e6, 1)
    found["csv_mb"] = round(contacts.stat().st_size / 1e6, 1)
    new = _new_records(_NEW)
    found["new_records"] = Clock.of(lambda: _ingest(path, new)).figures()
    asked = list(_asked(contacts))
    with matcher.open(path) as store:
        store.resolve(asked[0])
        found["resolve"] = _each(store.resolve, asked)
        for size in (_GROUP, 1_000):
            found[f"resolve in batches of {size:,}"] = _each(
                store.resolve_many, list(_batches(asked, size)), size
            )
        rows = _new_records(2 * _ONE_BY_ONE + 1, _SEED + 1).to_pylist()
        told = [{name: cell for name, cell in row.items() if cell} for row in rows]
        store.ingest(told[:1])
        singly = [[row] for row in told[1 : _ONE_BY_ONE + 1]]
        found["ingest one by one"] = _each(store.ingest, singly)
        groups = list(_batches(told[_ONE_BY_ONE + 1 :], _GROUP))
        found[f"ingest in groups of {_GROUP}"] = _each(store.ingest, groups, _GROUP)
    return found


def _ingest(path: Path, source: Path | pa.Table) -> None:
    with matcher.open(path) as store:
        store.ingest(source)


def _new_records(count: int, seed: int = _SEED) -> pa.Table:
    """Records that the store does not know."""
    table, _ = generate(count, seed)
    ids = pa.array([f"new {seed} {number}" for number in range(table.num_rows)])
    return table.set_column(table.column_names.index("record_id"), "record_id", ids)


def _asked(contacts: Path) -> Iterator[Row]:
    """Records to look up: of people in the file, with errors, and of strangers, in turn."""
    rng = np.random.default_rng(_SEED)
    options = pa_csv.ConvertOptions(strings_can_be_null=True)
    held = pa_csv.read_csv(contacts, convert_options=options)
    texts = pa.table({name: held[name].cast(pa.string()) for name in held.column_names})
    some = texts.take(pa.array(rng.choice(held.num_rows, _ASKED // 2, replace=False)))
    for name, change in _CHANGES.items():
        place = some.column_names.index(name)
        some = some.set_column(place, name, change(rng, some[name].combine_chunks(), _MISSPELT))
    strangers, _ = generate(_ASKED // 2, _SEED + 2)
    for one, other in zip(some.to_pylist(), strangers.to_pylist(), strict=False):
        for row in (one, other):
            yield {k: v for k, v in row.items() if v and k not in ("record_id", "source")}


_CHANGES: dict[str, Callable[[np.random.Generator, pa.Array, float], pa.Array]] = {
    "first_name": misspell,
    "last_name": misspell,
    "address_line1": misspell,
    "phone": mistype_digits,
}


def _batches(rows: Sequence[Row], size: int) -> Iterator[list[Row]]:
    for start in range(0, len(rows), size):
        yield list(rows[start : start + size])


def _each(ask: Callable[[Any], object], asked: Sequence[Any], size: int = 1) -> dict[str, float]:
    """Milliseconds of each call, and of the processor for each record."""
    took: npt.NDArray[np.float64] = np.empty(len(asked))
    used = time.process_time()
    for place, each in enumerate(asked):
        began = time.perf_counter()
        ask(each)
        took[place] = time.perf_counter() - began
    used = time.process_time() - used
    return {
        "calls": len(asked),
        "seconds": round(float(took.sum()), 2),
        "median_ms": round(float(np.median(took)) * 1e3, 2),
        "p90_ms": round(float(np.quantile(took, 0.9)) * 1e3, 2),
        "p99_ms": round(float(np.quantile(took, 0.99)) * 1e3, 2),
        "cpu_ms_a_record": round(used / len(asked) / size * 1e3, 3),
    }


def _table(rows: str, figures: dict[str, Any]) -> Table:
    size = f"file {figures['file_mb']} MB of a CSV of {figures['csv_mb']} MB"
    table = Table(title=f"a store of {rows} records; {size}")
    table.add_column("what")
    headings = ("seconds", "cpu_seconds", "calls", "median_ms", "p90_ms", "p99_ms")
    for heading in (*headings, "cpu_ms_a_record"):
        table.add_column(heading.replace("_", " "), justify="right")
    for name, told in figures.items():
        if isinstance(told, dict):
            cells = (told.get(heading, "") for heading in (*headings, "cpu_ms_a_record"))
            table.add_row(name.replace("_", " "), *map(str, cells))
    return table


if __name__ == "__main__":
    main()
