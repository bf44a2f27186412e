"""What peers are given: the records as the product itself normalises them, and labelled pairs.

A careful user cleans data before linking it; giving every peer the same clean columns leaves out
of the comparison what they do not set out to do. Of several emails or phones they get the first.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

import matcher
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


def hand_over(result: matcher.Result, person: Ints, folder: Path) -> None:
    """Writes ``records.parquet`` and ``labels.parquet``.

    Args:
        result: a run of the product; its records and candidates are used, not what it found.
        person: int64 per record, equal where records are truly one person.
        folder: where they go.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(records_table(result), folder / "records.parquet")
    pq.write_table(labelled_pairs(result.matched, person), folder / "labels.parquet")


def records_table(result: matcher.Result) -> pa.Table:
    """``id``, ``side`` and the columns in which any record has a value."""
    matched = result.matched
    records = matched.records
    side = matched.right_side if matched.right_side is not None else np.zeros(records.count, bool)
    columns = {"id": pa.array(np.arange(records.count)), "side": pa.array(side.astype(np.int8))}
    # An employer is not handed over; where nobody has a name, organisations are what is matched.
    for name in COLUMNS if "first_name" in records.columns else ("organization", *COLUMNS):
        if name in records.columns:
            columns[name] = records.columns[name].texts()
    if "birth_date" in columns and matched.right_side is None:
        columns["birth_date"] = _with_unread_dates(columns["birth_date"], result.rejects)
    for name, slots in (("email", records.emails), ("phone", records.phones)):
        if slots:
            columns[name] = slots[0].texts()
    for name, column in records.columns.items():
        if name.startswith("extra:"):
            columns[name.removeprefix("extra:")] = column.texts()
    kept = {name: values for name, values in columns.items() if values.null_count < len(values)}
    return pa.table(kept)


def _with_unread_dates(dates: pa.Array, rejects: pd.DataFrame) -> pa.Array:
    """Birth dates, with those as they came that the product takes for no date."""
    unread = rejects[rejects["column"].eq("birth_date") & rejects["reason"].eq("no such date")]
    unread = unread[unread["value"].str.fullmatch(r"\d{4}-\d\d-\d\d", na=False)]
    texts = dates.to_numpy(zero_copy_only=False).copy()
    texts[unread["row"].to_numpy(np.int64) - 1] = unread["value"]
    return pa.array(texts, pa.string())


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
