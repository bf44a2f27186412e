"""How far each stage is from what the machine can do with the same libraries.

::

    python -m benchmarks.floor --rows 1000000

Runs of the product in this process give the stages' seconds and their data. Then the least that
any way of doing a stage must do is done bare, on the same data and with both cores where the
product uses them: the floor. Of several runs the quickest counts, for each. A stage also judges and
reports, so that 1 cannot be reached; a stage far above its floor has something to gain.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cpdist
from rich.table import Table

import matcher
from benchmarks import results
from benchmarks.speed import contacts_file
from matcher.records import Column

_THREADS = 2
_SEED = 1
#: Compared by similarity of text.
_FUZZY = ("first_name", "last_name", "street")

Ints = npt.NDArray[np.int64]
Work = Callable[[], object]


@dataclass(frozen=True)
class Floor:
    """The least work of one stage.

    Attributes:
        stage: the stage of the product.
        what: in words.
        work: does it.
    """

    stage: str
    what: str
    work: Work


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.floor", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3, help="runs of each stage and floor")
    parser.add_argument("--freeze", action="store_true", help="keep it for the documentation")
    options = parser.parse_args(arguments)
    console = results.console()
    contacts = contacts_file(options.rows)
    with tempfile.TemporaryDirectory(dir=contacts.parent) as scratch:
        out = Path(scratch)
        result, seconds = quickest(contacts, out, options.runs)
        measured = {
            floor.stage: {
                "seconds": round(seconds[floor.stage], 3),
                "floor": round(min(timed(floor.work) for _ in range(options.runs)), 3),
                "what": floor.what,
            }
            for floor in floors(contacts, result, out)
        }
    console.print(_table(measured, options.rows))
    found = results.save("floor", {str(options.rows): measured}, freeze=options.freeze)
    console.print(f"written to {found}")


def quickest(contacts: Path, out: Path, runs: int) -> tuple[matcher.Result, dict[str, float]]:
    """The last of several runs of the product, and the least seconds of each stage in any."""
    result, seconds = finished(contacts, out)
    for _ in range(runs - 1):
        del result  # two at once would not fit where one does
        result, again = finished(contacts, out)
        seconds = {stage: min(least, again[stage]) for stage, least in seconds.items()}
    return result, seconds


def finished(contacts: Path, out: Path) -> tuple[matcher.Result, dict[str, float]]:
    """A run of the product with its files written, and the seconds of each stage."""
    began: dict[str, float] = {}

    def listener(stage: str, detail: str) -> None:
        if not detail:
            began[stage] = time.perf_counter()

    result = matcher.dedupe(contacts, progress=listener)
    result.write(out, listener)
    ends = [*list(began.values())[1:], time.perf_counter()]
    return result, {stage: end - began[stage] for stage, end in zip(began, ends, strict=True)}


def timed(work: Work) -> float:
    """Seconds of wall time."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def floors(contacts: Path, result: matcher.Result, out: Path) -> Iterator[Floor]:
    """The floor of every stage, in the order of a run."""
    matched = result.matched
    records, pairs = matched.records, matched.candidates
    texts = [
        column.combine_chunks()
        for column in matched.raw.table.columns
        if pa.types.is_string(column.type)
    ]
    keys = sum(key.used for key in pairs.keys)
    left, right = pairs.left.astype(np.int64), pairs.right.astype(np.int64)
    levels = matched.evidence.levels
    yield Floor("read", "CSV to columns of text", partial(texts_of, contacts))
    yield Floor("normalise", "dictionary of each column, its texts in small letters",
                partial(both, [partial(lower_case, text) for text in texts]))  # fmt: skip
    yield Floor("block", f"{keys} sorts of a key, one of the pairs",
                partial(sort_keys, records.count, keys, left, right))  # fmt: skip
    fuzzy = [records.get(name) for name in _FUZZY]
    yield Floor("compare", "codes gathered, distinct unequal names and streets compared",
                partial(both, [partial(compare, column, left, right)
                               for column in fuzzy]))  # fmt: skip
    yield Floor("estimate", "levels packed, sorted and counted", partial(patterns, levels))
    yield Floor("weigh", "a weight looked up for each pair and comparison",
                partial(look_up, levels))  # fmt: skip
    yield Floor("cluster", "components of the linked pairs by SciPy",
                partial(components, matched.clusters, left, right))  # fmt: skip
    heads = pa.array(np.unique(matched.clusters))
    yield Floor("people", "a value of each column picked for each person",
                partial(both, [partial(text.take, heads) for text in texts]))  # fmt: skip
    written = [texts_of(path) for path in sorted(out.glob("*.csv"))]
    yield Floor("write", "the same files by Arrow, one after the other",
                partial(write, written, out / "again.csv"))  # fmt: skip


def both(works: Sequence[Work]) -> None:
    """Does all on both cores."""
    with ThreadPoolExecutor(_THREADS) as pool:
        for done in [pool.submit(work) for work in works]:
            done.result()


def texts_of(path: Path) -> pa.Table:
    """A CSV file as columns of text."""
    with path.open("rb") as file:
        names = [name.strip(b'"\n').decode() for name in file.readline().split(b",")]
    types = dict.fromkeys(names, pa.string())
    return pa_csv.read_csv(
        path,
        parse_options=pa_csv.ParseOptions(newlines_in_values=True),
        convert_options=pa_csv.ConvertOptions(column_types=types, strings_can_be_null=True),
    )


def lower_case(texts: pa.Array) -> pa.Array:
    """The distinct texts of a column in small letters."""
    return pc.utf8_lower(texts.dictionary_encode().dictionary)


def sort_keys(records: int, keys: int, left: Ints, right: Ints) -> None:
    """Orders the records by as many keys, and the pairs once."""
    generator = np.random.default_rng(_SEED)
    key = generator.integers(0, max(records, 1), records)
    packed = left.astype(np.int64) << 32 | right
    generator.shuffle(packed)
    both([*[partial(np.argsort, key)] * keys, partial(np.sort, packed)])


def compare(column: Column, left: Ints, right: Ints) -> None:
    """Similarity of the distinct unequal values of a column over the pairs."""
    one, other = column.codes[left].astype(np.int64), column.codes[right].astype(np.int64)
    unequal = (one != other) & (one >= 0) & (other >= 0)
    pairs = np.sort(one[unequal] << 32 | other[unequal])
    pairs = pairs[np.diff(pairs, prepend=-1) != 0]
    values = column.values.to_numpy(zero_copy_only=False)
    if len(pairs):
        cpdist(values[pairs >> 32], values[pairs & 0xFFFFFFFF], scorer=JaroWinkler.similarity)


def patterns(levels: npt.NDArray[np.int8]) -> None:
    """How often each combination of levels occurs."""
    packed = np.zeros(len(levels), np.int64)
    for column in levels.T:
        packed = packed * (int(column.max(initial=0)) + 1) + column
    packed.sort()
    np.diff(np.flatnonzero(np.diff(packed)))


def look_up(levels: npt.NDArray[np.int8]) -> None:
    """The sum of one number for each level."""
    weights = np.linspace(-5.0, 15.0, 128)
    total = np.zeros(len(levels))
    for column in levels.T:
        total += weights[column]


def components(clusters: Ints, left: Ints, right: Ints) -> None:
    """Connected components of the pairs that ended in one cluster."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    linked = clusters[left] == clusters[right]
    count = len(clusters)
    ones = np.ones(int(linked.sum()), np.int8)
    graph = coo_array((ones, (left[linked], right[linked])), shape=(count, count))
    connected_components(graph, directed=False)


def write(tables: Sequence[pa.Table], path: Path) -> None:
    """Tables as CSV, each over the one before."""
    for table in tables:
        pa_csv.write_csv(table, path, pa_csv.WriteOptions(quoting_style="needed"))


def _table(measured: dict[str, dict[str, Any]], rows: int) -> Table:
    table = Table(title=f"{rows:,} rows: seconds of a stage, and the least that it must do")
    for heading in ("stage", "seconds", "floor", "times", "the floor is"):
        table.add_column(
            heading, justify="left" if heading in ("stage", "the floor is") else "right"
        )
    for stage, found in measured.items():
        table.add_row(stage, *_cells(found["seconds"], found["floor"]), found["what"])
    sums = (sum(found[each] for found in measured.values()) for each in ("seconds", "floor"))
    table.add_section()
    table.add_row("all", *_cells(*sums), "")
    return table


def _cells(seconds: float, floor: float) -> tuple[str, str, str]:
    return f"{seconds:.2f}", f"{floor:.2f}", f"{seconds / floor:.1f}" if floor else ""


if __name__ == "__main__":
    main()
