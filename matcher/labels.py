"""Pairs that a person has judged, from tables to what the model learns from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from matcher.errors import OptionError
from scoring import Comparison, Weights
from scoring.supervision import Labelled

if TYPE_CHECKING:
    import pandas as pd

_IDS = ["record_id_left", "record_id_right"]

#: What counts as an answer (1 and 0 do too); anything else that is not missing is an error.
_ANSWERS = {True: True, False: False, "same": True, "different": False}
_NO_ANSWER = ("unsure", "")


def judged(pairs: Any, labels: Any, weights: Weights) -> Labelled:
    """The judged pairs with their levels and probabilities.

    Args:
        pairs: rows of ``result.pairs``, as a pandas or Arrow table or a list of dicts.
        labels: one answer per row, or a table of ``record_id_left, record_id_right, same``.
        weights: whose comparisons and levels the pairs name.

    Raises:
        OptionError: labels and pairs do not fit, or one of them holds what cannot be meant.
    """
    frame = _frame(pairs)
    answers = _frame(labels) if _is_table(labels) else None
    if answers is not None:
        frame, given = _looked_up(frame, answers)
    else:
        given = list(labels)
        if len(given) != len(frame):
            raise OptionError(
                f"There are {len(frame)} pairs and {len(given)} labels; give one label per pair, "
                f"or a table of {', '.join(_IDS)}, same."
            )
    same = [_answer(label) for label in given]
    known = np.array([label is not None for label in same], bool)
    frame = frame[known]
    return Labelled(
        np.stack([_levels(frame, each) for each in weights.comparisons], axis=1),
        _column(frame, "probability"),
        _column(frame, "household_probability"),
        np.array([bool(label) for label in same], bool)[known],
    )


def _is_table(given: Any) -> bool:
    if isinstance(given, Sequence) and not isinstance(given, str):
        return bool(given) and isinstance(given[0], dict)
    return hasattr(given, "columns")


def _frame(given: Any) -> pd.DataFrame:
    import pandas as pd

    if isinstance(given, pd.DataFrame):
        return given
    if hasattr(given, "to_pandas"):
        found: pd.DataFrame = given.to_pandas()
        return found
    return pd.DataFrame(given)


def _looked_up(frame: pd.DataFrame, answers: pd.DataFrame) -> tuple[pd.DataFrame, list[Any]]:
    """The rows of the answered pairs, whichever record stands on the left."""
    for name, table in (("labels", answers), ("pairs", frame)):
        missing = [each for each in _IDS if each not in table]
        missing += ["same"] if name == "labels" and "same" not in table else []
        if missing:
            raise OptionError(f"The {name} have no column {', '.join(missing)}.")
    rows = {
        frozenset((str(one), str(other))): row
        for row, (one, other) in enumerate(zip(frame[_IDS[0]], frame[_IDS[1]], strict=True))
    }
    asked = list(zip(answers[_IDS[0]].astype(str), answers[_IDS[1]].astype(str), strict=True))
    absent = [pair for pair in asked if frozenset(pair) not in rows]
    if absent:
        raise OptionError(
            f"{len(absent)} labelled pairs are not among the pairs, {' and '.join(absent[0])} one "
            "of them; only pairs that were compared can be learnt from."
        )
    return frame.iloc[[rows[frozenset(pair)] for pair in asked]], answers["same"].tolist()


def _answer(label: Any) -> bool | None:
    import pandas as pd

    if pd.isna(label):
        return None
    plain = label.strip().lower() if isinstance(label, str) else label
    if plain in _NO_ANSWER:
        return None
    if plain not in _ANSWERS:
        raise OptionError(f"The label {label!r} is none of True, False, same, different, unsure.")
    return _ANSWERS[plain]


def _levels(frame: pd.DataFrame, comparison: Comparison) -> np.ndarray[Any, np.dtype[np.int8]]:
    """Level numbers of one comparison from its column of words."""
    if comparison.name not in frame:
        return np.zeros(len(frame), np.int8)
    numbers = {"missing": 0} | {
        each.name: comparison.number(each.name) for each in comparison.levels
    }
    words = frame[comparison.name].astype(str).tolist()
    unknown = sorted(set(words) - set(numbers))
    if unknown:
        raise OptionError(
            f"The model's comparison {comparison.name} has no level {unknown[0]!r}; give the rows "
            "of result.pairs, and the model that made them as start."
        )
    return np.array([numbers[word] for word in words], np.int8)


def _column(frame: pd.DataFrame, name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    if name not in frame:
        raise OptionError(f"The pairs have no column {name}; give the rows of result.pairs.")
    return frame[name].to_numpy(np.float64)
