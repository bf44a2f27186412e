"""Our own resolution of the rows of a replay, as a side to compare vendors with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matcher.pipeline import Matched, Settings, match
from matcher.policies.partitions import NOBODY, Ints, numbered_by_first_row
from matcher.policies.sides import Side
from matcher.policies.sources import Batch
from matcher.records import EXTRA_PREFIX, RawRecords
from matcher.stages import Stages

Bools = npt.NDArray[np.bool_]

#: The name of this side.
OURS = "matcher"
_LIKELY = 0.5
#: Comparisons that a reason names.
_NAMED = 3
_NO_KEY = "no pair with anyone else"
_NOT_READ = "not read"


def raw_records(batches: Sequence[Batch]) -> RawRecords:
    """All rows and payloads of a replay as records; ``row`` counts through all inputs.

    A record's id is that number, so that no two inputs can have the same.
    """
    tables = []
    for batch in batches:
        drafts = batch.drafts.cleaned if batch.drafts is not None else None
        for cleaned in (batch.cleaned, drafts):
            if cleaned is not None and len(cleaned):
                tables.append(_numbered(cleaned.raw.table, batch.first_row))
    if not tables:
        return RawRecords(_numbered(_EMPTY, 0))
    table = pa.concat_tables(tables, promote_options="default")
    return RawRecords(table.sort_by("row").combine_chunks())


_EMPTY = pa.table(
    {
        **{
            name: pa.array([], pa.string())
            for name in ("record_id", "source", "source_record_id", "file")
        },
        "row": pa.array([], pa.int64()),
    }
)


def _numbered(table: pa.Table, first_row: int) -> pa.Table:
    carried = [name for name in table.column_names if name.startswith(EXTRA_PREFIX)]
    table = table.drop_columns(carried)
    rows = pc.add(table.column("row"), first_row)
    table = table.set_column(table.column_names.index("row"), "row", rows)
    ids = rows.cast(pa.string())
    table = table.set_column(table.column_names.index("record_id"), "record_id", ids)
    files = table.column("file").cast(pa.string())  # reading may encode it, payloads do not
    return table.set_column(table.column_names.index("file"), "file", files)


def own_side(raw: RawRecords, rows: int, default_region: str, stages: Stages) -> Side:
    """What this package makes of the same rows.

    Args:
        raw: the records.
        rows: how many rows all inputs have.
        default_region: country of phone numbers that name none.
        stages: told of the work.
    """
    matched = match(raw, Settings(default_region=default_region), stages)
    at = raw.table.column("row").to_numpy() - 1
    owner = np.full(rows, NOBODY, np.int64)
    owner[at] = matched.clusters
    organisations = matched.clusters[matched.records.organisation]
    joins, parts = _reasons(matched)
    return Side(
        name=OURS,
        owner=numbered_by_first_row(owner),
        people=_distinct(matched.clusters),
        organisations=_distinct(organisations),
        joins=_by_row(joins, at, rows),
        parts=_by_row(parts, at, rows),
    )


def _reasons(matched: Matched) -> tuple[pa.Array, pa.Array]:
    """Per record the best evidence for its cluster, and the best for somebody outside it."""
    pairs = matched.candidates
    left, right = pairs.left.astype(np.int64), pairs.right.astype(np.int64)
    inside = matched.clusters[left] == matched.clusters[right]
    joined, apart = (_strongest(matched, left, right, flags) for flags in (inside, ~inside))
    levels = _level_texts(matched, joined)
    return levels, _verdicts(matched, apart)


def _strongest(matched: Matched, left: Ints, right: Ints, wanted: Bools) -> Ints:
    """Per record the place of the heaviest of some pairs; -1 where it is in none."""
    places = np.flatnonzero(wanted)
    weight = matched.weighed.weight[places]
    best = np.full(len(matched.clusters), -np.inf)
    found = np.full(len(matched.clusters), -1, np.int64)
    for side in (left[places], right[places]):
        np.maximum.at(best, side, weight)
    for side in (left[places], right[places]):
        holds = weight == best[side]
        found[side[holds]] = places[holds]
    return found


def _level_texts(matched: Matched, places: Ints) -> pa.Array:
    """The levels that speak most for each pair, like ``email exact, last_name exact``."""
    evidence = matched.evidence
    if not len(evidence.which):
        return pa.nulls(len(places), pa.string())
    shown, which = np.unique(evidence.which[np.maximum(places, 0)], return_inverse=True)
    words = [_words(matched, levels) for levels in evidence.combinations[shown].tolist()]
    texts = pa.array(words, pa.string()).take(pa.array(which))
    return pc.if_else(pa.array(places >= 0), texts, None)


def _words(matched: Matched, levels: Sequence[int]) -> str:
    found = []
    comparisons = matched.scale.weights.comparisons
    for comparison, number in zip(comparisons, levels, strict=True):
        if number and comparison.levels[number - 1].weight > 0:
            weight = comparison.levels[number - 1].weight
            found.append((-weight, f"{comparison.name} {comparison.label(number)}"))
    return ", ".join(text for _, text in sorted(found)[:_NAMED])


def _verdicts(matched: Matched, places: Ints) -> pa.Array:
    """What is thought of the likeliest other person of each record."""
    at = np.maximum(places, 0)
    weighed = matched.weighed
    if not len(weighed):
        return pa.array([_NO_KEY] * len(places), pa.string())
    texts = np.select(
        [
            places < 0,
            weighed.household[at],
            weighed.probability[at] >= _LIKELY,
        ],
        [_NO_KEY, "same household, another person", "likely, but the group as a whole is not"],
        "unlikely",
    )
    return pa.array(texts, pa.string())


def _distinct(clusters: Ints) -> int:
    return int((np.bincount(clusters, minlength=1) > 0).sum())


def _by_row(texts: pa.Array, at: Ints, rows: int) -> pa.DictionaryArray:
    where = np.full(rows, -1, np.int64)
    where[at] = np.arange(len(at))
    found = texts.take(pa.array(where, mask=where < 0))
    return pc.if_else(pa.array(where >= 0), found, _NOT_READ).dictionary_encode()
