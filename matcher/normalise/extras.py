"""Columns that the caller asked to compare beyond the canonical ones."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.normalise.faults import Fault, Faults
from matcher.normalise.lanes import filled, mask, two_lanes
from matcher.normalise.text import fold_text, fold_words

#: How an extra column may be compared.
KINDS = ("text", "exact", "date", "number")
_MAX_DIGITS = 30
_GENDERS = {
    "m": "m", "male": "m", "man": "m", "boy": "m", "masculine": "m", "trans man": "m",
    "f": "f", "female": "f", "woman": "f", "w": "f", "girl": "f", "feminine": "f",
    "trans woman": "f", "x": "x", "nb": "x", "non binary": "x", "nonbinary": "x", "other": "x",
}  # fmt: skip


def clean_exact(values: pa.StringArray) -> pa.StringArray:
    """Trimmed, case off: everything else must agree."""
    return two_lanes(
        values,
        pc.match_substring_regex(values, "^[!-~]+$"),
        pc.ascii_lower(values),
        lambda text: text.strip().casefold(),
    )


def normalise_number(text: str) -> str | None:
    """A number as canonical decimal text: ``$1,200.50`` -> ``1200.5``; ``None`` if it is none."""
    text = re.sub(r"[\s,_$£€%]", "", fold_text(text))
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite() or not -_MAX_DIGITS < number.adjusted() < _MAX_DIGITS:
        return None
    return f"{number.normalize() + 0:f}"


def clean_numbers(values: pa.StringArray) -> tuple[pa.StringArray, Faults]:
    """``normalise_number`` of distinct texts, and what was wrong."""
    plain = pc.match_substring_regex(values, "^(?:0|[1-9][0-9]{0,17})$")
    numbers = two_lanes(values, plain, values, normalise_number)
    wrong = mask(pc.is_null(numbers)) & filled(values)
    return numbers, np.where(wrong, np.uint8(Fault.NOT_A_NUMBER), np.uint8(Fault.NONE))


def clean_genders(values: pa.StringArray) -> pa.StringArray:
    """``m``, ``f`` or ``x``; anything else is missing."""
    folded = fold_words(values).to_pylist()
    return pa.array([_GENDERS.get(text) for text in folded], pa.string())
