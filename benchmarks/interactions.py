"""How well interactions are linked to persons, and how fast.

::

    python -m benchmarks.interactions                  quality, of the shared and a generated set
    python -m benchmarks.interactions --rows 1000000   speed: so many people and interactions
    python -m benchmarks.interactions --rows 100000 --freeze

The interactions of the generated set are half of its records as JSON, with what a form, a text or
a call would tell of the person: one or two identifiers, and a name in six of ten. The other half
are the people. Speed is that of a process of its own: people in, interactions from a file of JSON
lines in, then ten thousand further records, which the interactions have waited for.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from rich.table import Table

import matcher
from benchmarks import results
from benchmarks.contacts import generate
from benchmarks.datasets import shared_folder

#: Record -> its true person; interaction -> the true person, ``None`` for nobody among the people.
Truth = Mapping[str, str]
Meant = Mapping[str, str | None]

WORK = Path(__file__).parent / "work"
_SEED = 1
_QUALITY_ROWS = 20_000
#: Records that come when everything else is there.
_LATE = 10_000


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.interactions", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--rows", nargs="+", type=int, help="people, and as many interactions")
    parser.add_argument("--freeze", action="store_true", help="replace the committed figures")
    parser.add_argument("--measure", nargs=2, metavar=("FOLDER", "STORE"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.measure:
        print(json.dumps(measure(*map(Path, options.measure))))
        return
    console = results.console()
    if options.rows:
        found = {f"speed {rows}": in_a_process(rows) for rows in options.rows}
        console.print(_speeds(found))
    else:
        found = dict(qualities())
        console.print(_qualities(found))
    console.print(f"written to {results.save('interactions', found, freeze=options.freeze)}")


def qualities() -> Iterator[tuple[str, dict[str, Any]]]:
    """The figures of each set that is there."""
    folder = shared_folder()
    if folder is not None and (folder / "contacts" / "interactions.parquet").exists():
        contacts = pyarrow.parquet.read_table(folder / "contacts" / "contacts.parquet")
        asked = pyarrow.parquet.read_table(folder / "contacts" / "interactions.parquet")
        who = dict(_pairs(contacts, "record_id", "true_id"))
        meant = dict(_pairs(asked, "interaction_id", "true_id"))
        plain = (contacts.drop_columns(["true_id"]), asked.drop_columns(["true_id"]))
        yield "contacts", quality(*plain, who, meant)
    yield f"generated {_QUALITY_ROWS // 2}", quality(*generated(_QUALITY_ROWS))


def generated(rows: int) -> tuple[pa.Table, list[dict[str, Any]], Truth, Meant]:
    """Half of a generated list as people and half as interactions; who each record truly is.

    Returns:
        the people, the interactions, the true person of each record, and of each interaction
        ``None`` where none of the people is meant.
    """
    table, truth = generate(rows, _SEED)
    who = dict(_pairs(truth, "record_id", "true_id"))
    people, asked = table.slice(0, rows // 2), table.slice(rows // 2)
    known = {who[record] for record in people["record_id"].to_pylist()}
    made = list(_as_interactions(asked))
    meant = {each["id"]: who[each["id"]] if who[each["id"]] in known else None for each in made}
    return people, made, who, meant


def _as_interactions(records: pa.Table) -> Iterator[dict[str, Any]]:
    """Records as somebody who texted, called or signed; those that tell too little are left out."""
    random = np.random.default_rng(_SEED)
    draws = random.random((records.num_rows, 2))
    for row, (tells_name, tells_one) in zip(records.to_pylist(), draws, strict=True):
        info: dict[str, Any] = {}
        if row["email"]:
            info["email"] = [row["email"]]
        if row["phone"] and (not info or tells_one < 0.5):
            info["phone"] = [row["phone"]]
        if row["postal_code"] and (not info or tells_one < 0.3):
            told = {"addressLine1": "address_line1", "city": "city", "state": "region",
                    "postalCode": "postal_code"}  # fmt: skip
            place = {key: row[name] for key, name in told.items() if row[name]}
            info["address"] = [place]
        if not info:
            continue
        if tells_name < 0.6 or "address" in info:
            info |= {"firstName": row["first_name"] or "", "lastName": row["last_name"] or ""}
        yield {
            "id": row["record_id"],
            "contactInfo": info,
            "attemptDateTime": f"{row['updated_at'] or '2020-01-01'}T12:00:00Z",
            "method": "sms",
        }


def quality(people: Any, asked: Any, who: Truth, meant: Meant) -> dict[str, Any]:
    """How many interactions are linked, and how many of them rightly.

    Args:
        people: records.
        asked: interactions.
        who: the true person of each record.
        meant: the true person of each interaction, ``None`` for nobody among the people.
    """
    with tempfile.TemporaryDirectory() as folder, matcher.open(Path(folder) / "s.duckdb") as store:
        store.ingest(people)
        store.add_interactions(asked)
        found = store.query("SELECT interaction_id, status, record_id FROM interaction_link")
        listed = store.query(_CANDIDATES)
    linked = [(own, record) for own, status, record in found if status == "linked"]
    right = sum(who[record] == meant[own] for own, record in linked)
    review = {own for own, status, _ in found if status == "review"}
    among = {own for own, record in listed if who[record] == meant[own]}
    with_person = sum(one is not None for one in meant.values())
    return {
        "interactions": len(found),
        "with a person": with_person,
        "linked": len(linked),
        "linked rightly": right,
        "precision": round(right / max(len(linked), 1), 4),
        "recall": round(right / max(with_person, 1), 4),
        "nobody's, linked": sum(meant[own] is None for own, _ in linked),
        "nobody's": len(meant) - with_person,
        "review": len(review),
        "review, right person listed": len(review & among),
    }


_CANDIDATES = """
SELECT interaction_id, named.record_id FROM link_candidate AS fits
JOIN current_link USING (link) JOIN current_interaction USING (interaction)
JOIN (SELECT record, any_value(record_id) AS record_id FROM record GROUP BY record) AS named
    ON named.record = fits.record"""


def in_a_process(rows: int) -> dict[str, Any]:
    """``measure`` in a process of its own."""
    folder = _prepared(rows)
    with tempfile.TemporaryDirectory(dir=WORK) as scratch:
        command = (sys.executable, "-m", "benchmarks.interactions", "--measure")
        done = subprocess.run(
            (*command, str(folder), str(Path(scratch) / "s.duckdb")),
            check=True, capture_output=True, text=True, cwd=WORK.parent.parent,
        )  # fmt: skip
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def measure(folder: Path, store_file: Path) -> dict[str, Any]:
    """Seconds of each step, and the peak of memory in MB.

    Args:
        folder: with ``people.csv``, ``interactions.ndjson`` and ``late.csv``.
        store_file: where nothing is yet.
    """
    import resource

    told: dict[str, Any] = {}
    with matcher.open(store_file) as store:
        steps = (
            ("people", lambda: store.ingest(folder / "people.csv")),
            ("interactions", lambda: store.add_interactions(folder / "interactions.ndjson")),
            ("late people", lambda: store.ingest(folder / "late.csv")),
        )
        for name, step in steps:
            wall, used = time.perf_counter(), time.process_time()
            print(step())
            told[name] = {
                "seconds": round(time.perf_counter() - wall, 2),
                "cpu_seconds": round(time.process_time() - used, 2),
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
    told["file_mb"] = store_file.stat().st_size // 1_000_000
    return told


def _prepared(rows: int) -> Path:
    """The input files of that size, made where they are not there yet."""
    folder = WORK / f"interactions-{rows}-{_SEED}"
    if folder.exists():
        return folder
    table, _ = generate(2 * rows + _LATE, _SEED)
    with tempfile.TemporaryDirectory(dir=_made(WORK)) as scratch:
        half_made = _made(Path(scratch) / folder.name)
        pyarrow.csv.write_csv(table.slice(0, rows), half_made / "people.csv")
        pyarrow.csv.write_csv(table.slice(2 * rows), half_made / "late.csv")
        with (half_made / "interactions.ndjson").open("w", encoding="utf-8") as file:
            for each in _as_interactions(table.slice(rows, rows)):
                file.write(json.dumps(each) + "\n")
        half_made.rename(folder)
    return folder


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _pairs(table: pa.Table, left: str, right: str) -> Iterator[tuple[Any, Any]]:
    return zip(table[left].to_pylist(), table[right].to_pylist(), strict=True)


def _qualities(found: Mapping[str, dict[str, Any]]) -> Table:
    table = Table("", title="Interactions linked to persons")
    names = list(next(iter(found.values())))
    for name in found:
        table.add_column(name, justify="right")
    for name in names:
        table.add_row(name, *(f"{each[name]:,}" for each in found.values()))
    return table


def _speeds(found: Mapping[str, dict[str, Any]]) -> Table:
    table = Table("", "step", "seconds", "CPU seconds", "peak MB", title="Seconds and memory")
    for name, steps in found.items():
        for step, told in steps.items():
            if isinstance(told, dict):
                cells = (told["seconds"], told["cpu_seconds"], told["peak_mb"])
                table.add_row(name, step, *map(str, cells))
        table.add_row(name, "file", f"{steps['file_mb']} MB")
    return table


if __name__ == "__main__":
    main()
