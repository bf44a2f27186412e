"""The public calls: find the same people within one set or across two, and open a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matcher.errors import OptionError
from matcher.evaluation import true_persons
from matcher.model import Model
from matcher.nicknames import formal_names
from matcher.normalise.phones import known_regions
from matcher.pipeline import Settings, match
from matcher.reading import read
from matcher.reading.tables import is_table
from matcher.records import RawRecords
from matcher.result import Result
from matcher.spilling import Spill, parse_memory
from matcher.stages import Progress, Stages
from matcher.threads import meanwhile, workers
from scoring import EXTRA_KINDS

if TYPE_CHECKING:
    from matcher.evaluation import Assignment
    from matcher.store import Store

Bools = npt.NDArray[np.bool_]
Columns = Mapping[str, str | Sequence[str]]

_ENGINES = ("duckdb",)


def dedupe(
    source: Any,
    columns: Columns | None = None,
    extra: Mapping[str, str] | None = None,
    *,
    threshold: float = 0.5,
    review: tuple[float, float] = (0.1, 0.9),
    model: Model | str | Path | None = None,
    default_region: str = "US",
    engine: str = "duckdb",
    truth: Assignment | None = None,
    memory_limit: str | int | None = None,
    progress: Progress | None = None,
) -> Result:
    """Finds which records of one or several sources are the same person.

    Ids are text throughout: the values of a ``record_id`` column come back unchanged, whole
    numbers as their digits.

    Args:
        source: a path, a list of paths, ``{source name: path}``, a pandas / polars / pyarrow
            table, or a list of dicts.
        columns: canonical name -> column(s) of the input, for what is not recognised.
        extra: further columns to compare -> ``text``, ``exact``, ``date`` or ``number``.
        threshold: average match probability from which groups of records are joined.
        review: pairs with a probability between these two are for a person to look at.
        model: a model or the path of one, used as it is; by default the shipped contact model,
            re-estimated where there are enough rows.
        default_region: two-letter country of phone numbers that name none.
        engine: what runs it.
        truth: the true person of each record, where known, as ``evaluate`` takes it; the report
            then says which share of the true pairs each blocking key finds. Nothing else uses it.
        memory_limit: memory that the run should keep to, like ``2GB`` or a number of bytes: what
            is large and not needed at once then waits in files in the system's folder for such
            (``TMPDIR``). It slows large runs and changes no result; what a step needs stays.
        progress: called with the name of each stage and, inside it, with a detail.

    Raises:
        InputError: the input cannot be read or has no usable column.
        OptionError: an option has a value that cannot be meant.
        ModelError: the model cannot be used.
    """
    settings = _settings(threshold, model, default_region, extra, engine)
    band = _band(review)
    stages = Stages(progress, spill=Spill(parse_memory(memory_limit)))
    with stages.stage("read"), meanwhile(known_regions, formal_names):
        held = [read(source, columns=columns, extra=extra, spill=stages.spill)]
    persons = None if truth is None else true_persons(_ids(held[0]), truth)
    matched = match(held.pop(), settings, stages, truth=persons)  # which may put it into a file
    return Result(matched, band, settings.threshold, tuple(stages.done))


def link(
    left: Any,
    right: Any,
    columns: Columns | None = None,
    extra: Mapping[str, str] | None = None,
    *,
    threshold: float = 0.5,
    review: tuple[float, float] = (0.1, 0.9),
    model: Model | str | Path | None = None,
    default_region: str = "US",
    engine: str = "duckdb",
    memory_limit: str | int | None = None,
    progress: Progress | None = None,
) -> Result:
    """Finds which records of one set are the same people as records of another.

    Only pairs with one record on each side are candidates; two records of one side are one person
    where the other side holds them together. Arguments, result and errors are those of
    ``dedupe``; ``left`` and ``right`` are sources each, and a table in memory that names no
    source has ``left`` or ``right`` for it.

    Raises:
        OptionError: also where a ``record_id`` occurs on both sides.
    """
    settings = _settings(threshold, model, default_region, extra, engine)
    band = _band(review)
    stages = Stages(progress, spill=Spill(parse_memory(memory_limit)))
    with stages.stage("read"), meanwhile(known_regions, formal_names):
        named = _named(left, "left"), _named(right, "right")
        spill = stages.spill
        sides = (read(side, columns=columns, extra=extra, spill=spill) for side in named)
        raw, right_side = _stacked(*sides)
    held = [raw]
    del raw
    matched = match(held.pop(), settings, stages, right_side)  # which may put it into a file
    return Result(matched, band, settings.threshold, tuple(stages.done))


def open(  # noqa: A001 - what opening a store is called
    path: str | Path, wait: float = 0.0, read_only: bool = False, default_region: str = "US"
) -> Store:
    """Opens an identity store: people that stay the same next week, in one DuckDB file.

    Args:
        path: the file; made where there is none, unless it is for reading alone.
        wait: seconds to wait for another process that has it open.
        read_only: for reading alone: several processes may, as long as none writes.
        default_region: of a new store: the two-letter country of phones that name none.

    Returns:
        the store, to be used as a context manager or closed with ``close``.

    Raises:
        StoreLocked: another process has it open.
        StoreError: it is no store, damaged, of a newer version, or cannot be written.
    """
    from matcher.store import Store

    return Store(path, wait=wait, read_only=read_only, default_region=default_region)


def _ids(raw: RawRecords) -> pa.Array:
    return raw.table.column("record_id").combine_chunks()


def _settings(
    threshold: float,
    model: Model | str | Path | None,
    default_region: str,
    extra: Mapping[str, str] | None,
    engine: str,
) -> Settings:
    if engine not in _ENGINES:
        raise OptionError(f"There is no engine {engine!r}; this version has {_ENGINES[0]!r}.")
    if not (_is_number(threshold) and 0.0 < threshold < 1.0):
        raise OptionError(f"threshold is {threshold!r}; it must lie between 0 and 1, like 0.5.")
    for name, kind in (extra or {}).items():
        if kind not in EXTRA_KINDS:
            raise OptionError(
                f"The extra column {name!r} has the kind {kind!r}; use one of "
                f"{', '.join(EXTRA_KINDS)}."
            )
    region = str(default_region)
    if len(region) != 2 or not region.isalpha():
        raise OptionError(
            f"default_region is {default_region!r}; it must be a two-letter country code, like US."
        )
    loaded = model if isinstance(model, Model) or model is None else Model.load(model)
    return Settings(float(threshold), region.upper(), loaded, dict(extra or {}))


def _band(review: tuple[float, float]) -> tuple[float, float]:
    values = tuple(review) if isinstance(review, tuple | list) else ()
    if len(values) == 2 and all(map(_is_number, values)) and 0.0 <= values[0] <= values[1] <= 1.0:
        return (float(values[0]), float(values[1]))
    raise OptionError(f"review is {review!r}; give two probabilities, the lower first.")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def _named(side: Any, name: str) -> Any:
    """A table in memory, which has no name of its own, under the name of its side."""
    if is_table(side):
        headers = [str(header) for header in _headers(side)]
    elif isinstance(side, list) and side and all(isinstance(row, Mapping) for row in side):
        headers = [str(header) for header in side[0]]
    else:
        return side
    return side if "source" in map(str.lower, headers) else {name: side}


def _headers(table: Any) -> Sequence[Any]:
    return list(table.column_names if isinstance(table, pa.Table) else table.columns)


def _stacked(left: RawRecords, right: RawRecords) -> tuple[RawRecords, Bools]:
    """Both sides as one set of records, and which of these are on the right."""
    table = pa.concat_tables([left.table, right.table], promote_options="default")
    with workers(table.num_rows) as pool:
        checked = pool.submit(_check_ids, left.table["record_id"], right.table["record_id"])
        names = table.column_names
        pieces = pool.map(lambda name: table.select([name]).combine_chunks().column(0), names)
        table = pa.table(dict(zip(names, pieces, strict=True)))
        checked.result()
    rejects = pa.concat_tables([left.rejects, right.rejects])
    raw = RawRecords(table, rejects, (*left.sources, *right.sources))
    return raw, np.arange(len(raw)) >= len(left)


def _check_ids(left: pa.ChunkedArray, right: pa.ChunkedArray) -> None:
    """No record of one side has the id of one of the other."""
    short, long = sorted((left.combine_chunks(), right.combine_chunks()), key=len)
    shared = long.filter(pc.is_in(long, value_set=short))
    if len(shared):
        raise OptionError(
            f"{len(shared):,} record ids occur on both sides, {shared[0].as_py()!r} among them; "
            "make record_id unique, or, where the input has no such column, name the sides with "
            "{'left name': …} and {'right name': …}."
        )
