"""What peers are given: the records as the product itself normalises them, and labelled pairs.

A careful user cleans data before linking it; giving every peer the same clean columns leaves out
of the comparison what they do not set out to do. Of several emails or phones they get the first.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from matcher.pipeline import Matched

COLUMNS = (
    "first_name",
    "middle_name",
    "last_name",
    "suffix",
    "address",
    "postal_code",
    "city",
    "region",
    "birth_date",
)
_LABELS = 1_000
_SEED = 1

Ints = npt.NDArray[np.int64]


def hand_over(matched: Matched, person: Ints, folder: Path) -> None:
    """Writes ``records.parquet`` and ``labels.parquet``.

    Args:
        matched: a run of the product; its records and candidates are used, not what it found.
        person: int64 per record, equal where records are truly one person.
        folder: where they go.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(records_table(matched), folder / "records.parquet")
    pq.write_table(labelled_pairs(matched, person), folder / "labels.parquet")


def records_table(matched: Matched) -> pa.Table:
    """``id``, ``side`` and the columns in which any record has a value."""
    records = matched.records
    side = matched.right_side if matched.right_side is not None else np.zeros(records.count, bool)
    columns = {"id": pa.array(np.arange(records.count)), "side": pa.array(side.astype(np.int8))}
    for name in COLUMNS:
        if name in records.columns:
            columns[name] = records.columns[name].texts()
    for name, slots in (("email", records.emails), ("phone", records.phones)):
        if slots:
            columns[name] = slots[0].texts()
    for name, column in records.columns.items():
        if name.startswith("extra:"):
            columns[name.removeprefix("extra:")] = column.texts()
    kept = {name: values for name, values in columns.items() if values.null_count < len(values)}
    return pa.table(kept)


def labelled_pairs(matched: Matched, person: Ints) -> pa.Table:
    """``left, right, same``: half matches, half candidates that are none, drawn at random."""
    left, right = matched.candidates.left, matched.candidates.right
    same = person[left] == person[right]
    generator = np.random.default_rng(_SEED)
    chosen = np.concatenate(
        [
            generator.permutation(np.flatnonzero(same == wanted))[: _LABELS // 2]
            for wanted in (True, False)
        ]
    )
    return pa.table({"left": left[chosen], "right": right[chosen], "same": same[chosen]})
