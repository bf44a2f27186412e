"""Input that invites a match of everything with everything: is the cost bounded?

::

    python -m benchmarks.adversarial                          every case, at a million rows
    python -m benchmarks.adversarial --case chain --rows 100000
    python -m benchmarks.adversarial --freeze

Each case is written to ``benchmarks/work/`` and run as ``benchmarks.speed`` runs a list: a process
of its own, from a CSV to written files. Nothing but the shared value says who is who, so that
nothing but the limits of each stage keeps the cost down.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
from rich.table import Table

from benchmarks import results, speed

_WORK = Path(__file__).parent / "work"
_ROWS = 1_000_000
_HOUSEHOLD = 5_000
#: A longer chain of near matches, or wider texts, than anybody has.
_CHAIN, _TEXTS = 100_000, 100_000
_FIRST = ("ann", "bob", "carl", "dora", "eve", "finn", "gail", "hugo", "ida", "jon")
_LETTERS = "éßñøå山田Жшü"


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.adversarial", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--case", nargs="+", choices=[*CASES], default=[*CASES])
    parser.add_argument("--rows", type=int, default=_ROWS, help="at most so many")
    parser.add_argument("--freeze", action="store_true", help="keep it for the documentation")
    parser.add_argument("--write", type=Path, metavar="FILE", help="only write the one case there")
    options = parser.parse_args(arguments)
    if options.write:
        write(options.case[0], options.rows, options.write)
        return
    console, measured = results.console(), {}
    for case in options.case:
        contacts = _file(case, options.rows)
        console.print(f"[dim]{case}, {contacts.stat().st_size / 1e6:,.0f} MB …[/dim]")
        measured[case] = speed.measure(contacts)
    console.print(_table(measured))
    console.print(f"written to {results.save('adversarial', measured, freeze=options.freeze)}")


def _people(rows: int) -> dict[str, pa.Array]:
    """Names that many share: 50,000 different ones."""
    generator = np.random.default_rng(0)
    surnames = np.char.add("sur", generator.integers(0, 5_000, rows).astype(str))
    return {
        "first_name": pa.array(np.array(_FIRST)[generator.integers(0, len(_FIRST), rows)]),
        "last_name": pa.array(surnames),
    }


def _numbered(pattern: str, numbers: np.ndarray[Any, Any]) -> pa.Array:
    before, after = pattern.split("{}")
    return pa.array(np.char.add(np.char.add(before, numbers.astype(str)), after))


def one_email(rows: int) -> pa.Table:
    """All records have one mailbox."""
    return pa.table({**_people(rows), "email": pa.repeat("grace.okafor@example.org", rows)})


def one_phone(rows: int) -> pa.Table:
    """All records have one phone."""
    return pa.table({**_people(rows), "phone": pa.repeat("413-586-0142", rows)})


def one_name(rows: int) -> pa.Table:
    """All have one name, and each a mailbox one or two letters away from others."""
    emails = _numbered("user{}@example.org", np.arange(rows))
    names = {"first_name": pa.repeat("John", rows), "last_name": pa.repeat("Smith", rows)}
    return pa.table({**names, "email": emails})


def nulls(rows: int) -> pa.Table:
    """Nothing but one phone in the first row."""
    empty = pa.nulls(rows, pa.string())
    phones = pa.concat_arrays([pa.array(["413-586-0142"]), pa.nulls(rows - 1, pa.string())])
    return pa.table({"first_name": empty, "last_name": empty, "email": empty, "phone": phones})


def household(rows: int) -> pa.Table:
    """5,000 people of one surname, address and phone among strangers in one ZIP code."""
    together = min(_HOUSEHOLD, rows)
    names = _people(rows)
    first = [f"kid{number}" for number in range(together)]
    strangers = pa.nulls(rows - together, pa.string())
    streets = _numbered("{} Oak St", np.arange(together, rows))
    return pa.table(
        {
            "first_name": pa.concat_arrays([pa.array(first), names["first_name"][together:]]),
            "last_name": pa.concat_arrays(
                [pa.repeat("okafor", together), names["last_name"][together:]]
            ),
            "address": pa.concat_arrays([pa.repeat("12 Elm St", together), streets]),
            "zip": pa.repeat("97202", rows),
            "phone": pa.concat_arrays([pa.repeat("413-586-0142", together), strangers]),
        }
    )


def chain(rows: int) -> pa.Table:
    """Each record shares a mailbox with the next; the first and the last have nothing in common."""
    numbers = np.arange(min(rows, _CHAIN))
    return pa.table(
        {
            "first_name": pa.repeat("ann", len(numbers)),
            "last_name": _numbered("lee{}", numbers // 50),
            "email": _numbered("user{}@example.org", numbers),
            "email 2": _numbered("user{}@example.org", numbers + 1),
        }
    )


def not_ascii(rows: int) -> pa.Table:
    """All names different, of ten letters that English lacks."""
    words = ["".join(_LETTERS[int(digit)] for digit in f"{row:07d}") for row in range(rows)]
    emails = _numbered("u{}@example.org", np.arange(rows) // 2)
    names = {"first_name": pa.array(words), "last_name": pa.array(words[::-1])}
    return pa.table({**names, "email": emails})


def long_texts(rows: int) -> pa.Table:
    """10 kB of prose in a column that is not used and in one that is."""
    rows = min(rows, _TEXTS)
    prose = ("lorem ipsum dolor " * 560)[:10_000]
    texts = _numbered(prose + " {}", np.arange(rows))
    return pa.table({**_people(rows), "notes": texts, "address": texts})


#: Name -> what makes it.
CASES: dict[str, Callable[[int], pa.Table]] = {
    "one email": one_email,
    "one phone": one_phone,
    "one name": one_name,
    "nulls": nulls,
    "household": household,
    "chain": chain,
    "not ASCII": not_ascii,
    "long texts": long_texts,
}


def write(case: str, rows: int, path: Path) -> None:
    """One case as a CSV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half_made = path.with_suffix(".part")
    pa_csv.write_csv(CASES[case](rows), half_made)
    half_made.replace(path)


def _file(case: str, rows: int) -> Path:
    """The file of a case, made where it is not there yet, in a process of its own.

    What runs next would inherit this one's peak memory as its own.
    """
    path = _WORK / f"adversarial-{case.replace(' ', '-')}-{rows}" / "contacts.csv"
    if not path.exists():
        command = (sys.executable, "-m", "benchmarks.adversarial", "--case", case)
        options = ("--rows", str(rows), "--write", str(path))
        subprocess.run((*command, *options), check=True, cwd=Path(__file__).parents[1])
    return path


def _table(measured: dict[str, dict[str, Any]]) -> Table:
    table = Table("case", title="matcher dedupe FILE --out DIR --json")
    for heading in ("seconds", "CPU seconds", "peak MB", "longest stages"):
        table.add_column(heading, justify="right")
    for case, run in measured.items():
        longest = sorted(run["stages"].items(), key=lambda stage: -stage[1])[:3]
        table.add_row(
            case,
            f"{run['seconds']:.1f}",
            f"{run['cpu_seconds']:.1f}",
            f"{run['peak_mb']:,}",
            ", ".join(f"{name} {seconds:.1f}" for name, seconds in longest),
        )
    return table


if __name__ == "__main__":
    main()
