"""The name columns of all records, from separate parts or from a whole name."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.normalise.lanes import (
    FEW,
    Mask,
    Typed,
    among,
    coalesce,
    column,
    filled,
    keep_rows,
    mask,
    spread,
    used,
)
from matcher.normalise.name_lane import Part, split_plain_names
from matcher.normalise.name_words import DOUBTFUL, GENERATIONS, PREFIXES
from matcher.normalise.names import Name, split_full, split_given, split_middle, split_surname
from matcher.records import Codes, Column, missing_column

_Split = Callable[[str], Name]
_Reading = tuple[str, Mask, _Split]

#: Where the parts of a ``Name`` go.
COLUMN_OF = {
    "prefix": "prefix",
    "first": "first_name",
    "middle": "middle_name",
    "last": "last_name",
    "suffix": "suffix",
    "nickname": "nickname",
}
_LANES: dict[_Split, Part] = {split_given: "first", split_surname: "last", split_full: "whole"}


def clean_names(typed: Typed, persons: Mask) -> dict[str, Column]:
    """Name columns by canonical name; a column that no record has is absent.

    Args:
        typed: the raw name columns that are present.
        persons: bool per record; the others have no personal name.
    """
    found = [
        (name, _parts(*typed[name], rows & persons, split))
        for name, rows, split in _readings(typed, len(persons))
        if rows.any()
    ]
    merged = {}
    for part, canonical in COLUMN_OF.items():
        # A column of its own outranks what stands in another one.
        holders = sorted(
            (name != canonical, i) for i, (name, parts) in enumerate(found) if part in parts
        )
        if holders:
            merged[canonical] = coalesce([found[i][1][part] for _, i in holders])
    return _without_doubtful(merged, len(persons))


def _readings(typed: Typed, count: int) -> list[_Reading]:
    """What is read from which rows of each name column, and by which rule."""

    def rows(name: str, pattern: str | None = None) -> Mask:
        if name not in typed:
            return np.zeros(count, np.bool_)
        codes, values = typed[name]
        found = mask(pc.match_substring_regex(values, pattern)) if pattern else filled(values)
        return spread(found, codes, False)

    first, last = rows("first_name"), rows("last_name")
    # A whole name typed into one of the two columns.
    whole_first = first & ~last & rows("first_name", r"\S[\s,]+\S")
    whole_last = last & ~first & rows("last_name", r"\S\s*,\s*\S")
    return [
        ("first_name", first & ~whole_first, split_given),
        ("last_name", last & ~whole_last, split_surname),
        ("first_name", whole_first, split_full),
        ("last_name", whole_last, split_full),
        ("full_name", rows("full_name") & ~first & ~last, split_full),
        ("middle_name", rows("middle_name"), split_middle),
        ("prefix", rows("prefix"), _prefix),
        ("suffix", rows("suffix"), _suffix),
        ("nickname", rows("nickname"), _nickname),
    ]


def _prefix(text: str) -> Name:
    words = "".join(c for c in text.lower() if c.isalpha() or c in " /").split()
    return Name(prefix=PREFIXES.get(words[0], words[0]) if words else None)


def _suffix(text: str) -> Name:
    words = text.lower().replace(".", "").replace(",", " ").split()
    return Name(suffix=next((GENERATIONS[w] for w in words if w in GENERATIONS), None))


def _nickname(text: str) -> Name:
    return Name(nickname=split_given(text).first)


def _parts(codes: Codes, values: pa.StringArray, rows: Mask, split: _Split) -> dict[str, Column]:
    """The parts that ``split`` finds in the given rows, each a column of all records."""
    wanted = used(codes, len(values), rows)
    if not wanted.any():
        return {}
    texts: dict[str, pa.StringArray] = {}
    lane: Mask = np.zeros(len(values), np.bool_)
    if split in _LANES and len(values) > FEW:
        lane, texts = split_plain_names(values, wanted, _LANES[split])
    _split_odd(values, wanted & ~lane, split, texts)
    shown = np.where(rows, codes, np.int32(-1))
    return {part: column(shown, part_texts) for part, part_texts in texts.items()}


def _split_odd(
    values: pa.StringArray,
    odd: Mask,
    split: _Split,
    texts: dict[str, pa.StringArray],
) -> None:
    """Put the parts of the odd values into ``texts``."""
    if not odd.any():
        return
    marked = pa.array(odd)
    names = [split(text) for text in values.filter(marked).to_pylist()]
    for part, found in zip(Name._fields, zip(*names, strict=True), strict=True):
        if any(found):
            known = texts.get(part, pa.nulls(len(values), pa.string()))
            texts[part] = pc.replace_with_mask(known, marked, pa.array(found, pa.string()))


def _without_doubtful(columns: dict[str, Column], count: int) -> dict[str, Column]:
    """Names like Null and Test only survive beside a name that is beyond doubt."""
    first = columns.get("first_name", missing_column(count))
    last = columns.get("last_name", missing_column(count))
    no_first, no_last = _doubtful(first), _doubtful(last)
    kept = {"first_name": keep_rows(first, ~(no_first & no_last)),
            "last_name": keep_rows(last, ~(no_first & no_last))}  # fmt: skip
    columns = {**columns, **kept}
    return {name: made for name, made in columns.items() if (made.codes >= 0).any()}


def _doubtful(names: Column) -> Mask:
    """Which records have no name here, or only one that may be a placeholder."""
    return spread(among(names.values, DOUBTFUL), names.codes, True)
