"""From a seed to tables and files: parts of bounded size, shuffled together.

A part is a self-contained town of people, so that ten million rows need no more memory than one
million; its random numbers depend on the seed and its own number only.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from benchmarks.contacts.columns import Codes, join, numbers
from benchmarks.contacts.names import load_names
from benchmarks.contacts.places import Places, make_places
from benchmarks.contacts.population import populate
from benchmarks.contacts.reach import Part, reach_people
from benchmarks.contacts.records import draft, write_down

_ROWS_A_PART = 250_000
#: Above this many rows a file is shuffled through the disk, in heaps of about this size.
_ROWS_A_HEAP = 1_000_000
#: Households for each row, a little more than the expected 1 / (2.11 persons x 1.78 records).
_HOUSEHOLDS_A_ROW = 0.28
_TRUTH = ("true_id", "household_id")


def generate(rows: int, seed: int) -> tuple[pa.Table, pa.Table]:
    """Made-up contacts and who they are.

    Args:
        rows: records wanted, at least 1.
        seed: the same seed and number of rows give the same tables.

    Returns:
        contacts: one row a record in random order, all text: ``record_id``, ``source``, names,
            ``email``, ``phone``, address columns, ``birth_date`` and ``updated_at`` as typed.
        truth: ``record_id``, ``true_id`` and ``household_id``.
    """
    table = pa.concat_tables(_parts(rows, seed))
    return _finish(table, np.random.default_rng([seed, 0xC0DE, 0]), 0)


def write(rows: int, seed: int, folder: Path) -> None:
    """Write ``contacts.csv`` and ``truth.csv`` into the folder, in bounded memory.

    Up to a million rows they hold exactly what ``generate`` returns.
    """
    folder.mkdir(parents=True, exist_ok=True)
    heaps = max(1, round(rows / _ROWS_A_HEAP))
    with tempfile.TemporaryDirectory(dir=folder) as scratch, ExitStack() as files:
        paths = [Path(scratch) / f"{heap}.arrow" for heap in range(heaps)]
        _scatter(_parts(rows, seed), paths, np.random.default_rng([seed, 0x5CA7]))
        writers: list[pa.csv.CSVWriter] = []
        start = 0
        for heap, path in enumerate(paths):
            with pa.memory_map(str(path)) as mapped:
                table = pa.ipc.open_stream(mapped).read_all()
            tables = _finish(table, np.random.default_rng([seed, 0xC0DE, heap]), start)
            start += table.num_rows
            if not writers:
                writers = [
                    files.enter_context(pa.csv.CSVWriter(folder / f"{name}.csv", made.schema))
                    for name, made in zip(("contacts", "truth"), tables, strict=True)
                ]
            for writer, made in zip(writers, tables, strict=True):
                writer.write_table(made)


def _parts(rows: int, seed: int) -> Iterator[pa.Table]:
    """The records, person after person, with the truth beside them."""
    places = make_places(rows, seed)
    count = -(-rows // _ROWS_A_PART)
    for number in range(count):
        wanted = min(_ROWS_A_PART, rows - number * _ROWS_A_PART)
        yield _part(wanted, seed, places, Part(number, count))


def _part(rows: int, seed: int, places: Places, part: Part) -> pa.Table:
    rng = np.random.default_rng([seed, part.number])
    names = load_names()
    people = populate(rng, names, int(rows * _HOUSEHOLDS_A_ROW) + 50)
    reach = reach_people(rng, people, part, names=names, places=places)
    records = draft(rng, len(people), rows)
    table = write_down(rng, records, people, reach, names=names, places=places)
    # No part has more persons than rows, so that these numbers are never given twice.
    first = part.number * _ROWS_A_PART
    table = table.append_column("true_id", _label("p", first + records.person))
    households = first + people.household[records.person]
    return table.append_column("household_id", _label("h", households))


def _label(letter: str, codes: Codes) -> pa.Array:
    return join(letter, numbers(codes))


def _scatter(parts: Iterator[pa.Table], paths: list[Path], rng: np.random.Generator) -> None:
    """Deal the rows at random to as many heaps as there are paths, each a file."""
    with ExitStack() as files:
        writers: list[pa.ipc.RecordBatchStreamWriter] = []
        for table in parts:
            if not writers:
                writers = [
                    files.enter_context(pa.ipc.new_stream(str(path), table.schema))
                    for path in paths
                ]
            heap = rng.integers(0, len(paths), table.num_rows)
            for number, writer in enumerate(writers):
                writer.write_table(table.filter(pa.array(heap == number)))


def _finish(table: pa.Table, rng: np.random.Generator, start: int) -> tuple[pa.Table, pa.Table]:
    """Shuffle, number the records from ``start``, and part contacts from truth."""
    table = table.take(pa.array(rng.permutation(table.num_rows))).combine_chunks()
    record_id = _label("r", start + np.arange(table.num_rows))
    table = table.add_column(0, "record_id", record_id)
    return table.drop_columns(list(_TRUTH)), table.select(["record_id", *_TRUTH])
