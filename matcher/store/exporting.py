"""People and crosswalk out of a store, into files: all or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from matcher import outputs
from matcher.errors import OptionError
from matcher.store.answering import VERDICT
from matcher.store.consent import contactable_table
from matcher.store.lists.reading import list_table
from matcher.store.people import everybody
from matcher.store.reviewing import review_table
from matcher.store.session import Session

FORMATS = ("csv", "parquet")


def export(session: Session, folder: Path, form: str) -> Sequence[Path]:
    """Writes people and crosswalk; see ``matcher.store.Store.export``."""
    if form not in FORMATS:
        raise OptionError(f"{form!r} is no format of an export; choose {', '.join(FORMATS)}.")
    people, crosswalk = everybody(session)
    tables: Mapping[str, Sequence[outputs.Part]] = {
        "people": people.parts(),
        "crosswalk": outputs.in_parts(crosswalk),
    }
    with outputs.open_folder(folder) as fresh:
        for name, parts in tables.items():
            if form == "csv":
                outputs.write_csv(fresh / f"{name}.csv", parts)
            else:
                _write_parquet(fresh / f"{name}.parquet", parts)
    return [folder / f"{name}.{form}" for name in tables]


def export_contactable(session: Session, path: Path, channel: str) -> Path:
    """Writes who may be reached; see ``matcher.store.Store.export_contactable``."""
    table = contactable_table(session, channel)
    with outputs.open_folder(path.parent) as fresh:
        outputs.write_csv(fresh / path.name, outputs.in_parts(table))
    return path


def export_review(session: Session, path: Path, limit: int, person_id: str | None) -> Path:
    """Writes the doubtful pairs; see ``matcher.store.Store.export_review``."""
    table = review_table(session, limit, person_id)
    empty = pa.array([""] * table.num_rows, pa.string())
    with outputs.open_folder(path.parent) as fresh:
        parts = outputs.in_parts(table.add_column(0, VERDICT, empty))
        outputs.write_csv(fresh / path.name, parts)
    return path


def export_list(session: Session, path: Path, policy: str) -> Path:
    """Writes a vendor's list; see ``matcher.store.Store.export_list``."""
    table = list_table(session, policy)
    with outputs.open_folder(path.parent) as fresh:
        outputs.write_csv(fresh / path.name, outputs.in_parts(table))
    return path


def _write_parquet(path: Path, parts: Sequence[outputs.Part]) -> None:
    from pyarrow import parquet

    first = parts[0]()
    with parquet.ParquetWriter(path, first.schema, compression="zstd") as writer:
        writer.write_table(first)
        for part in parts[1:]:
            writer.write_table(part())
