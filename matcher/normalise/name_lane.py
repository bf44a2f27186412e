"""The fast lane for names: plain words need nothing but lower case and their place.

A name is plain where each word is ASCII letters and none of them, nor all together, is a word that
the rules in ``names`` do something about. A property test holds the lane equal to those rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.normalise.lanes import Mask, among, any_of, mask, scatter
from matcher.normalise.name_words import (
    DOUBTFUL,
    GENERATIONS,
    HONOURS,
    NO_GIVEN_NAME,
    NO_SURNAME,
    PARTICLES,
    PREFIXES,
)

Part = Literal["first", "last", "whole"]

_SHAPES: Mapping[Part, str] = {
    "first": "^[a-z]{2,}(?:[ -][a-z]{2,})?$",
    "last": "^[a-z]{2,}(?:[ -][a-z]{2,})?$",
    "whole": "^[a-z]{2,}(?: [a-z]+)? [a-z]{2,}$|^[a-z]{2,}, [a-z]{2,}(?: [a-z]+)?$",
}
_SPECIAL = (
    {"saint", "and", *PREFIXES, *GENERATIONS, *HONOURS, *PARTICLES}
    | NO_GIVEN_NAME
    | NO_SURNAME
    | DOUBTFUL
)


def split_plain_names(
    values: pa.StringArray, wanted: Mask, part: Part
) -> tuple[Mask, dict[str, pa.StringArray]]:
    """The plain ones among distinct names, and their parts.

    Args:
        values: distinct names as typed, no nulls.
        wanted: the names to look at.
        part: whether they are given names, surnames or whole names.

    Returns:
        Which names are plain, and the texts of each part of a ``Name`` (null elsewhere).
    """
    lowered = pc.ascii_lower(values)
    lane = wanted & mask(pc.match_substring_regex(lowered, _SHAPES[part]))
    names = lowered.filter(pa.array(lane))
    joined = pc.replace_substring(pc.replace_substring(names, "-", " "), ",", "")
    lists = pc.split_pattern(joined, " ")
    starts, words = lists.offsets.to_numpy(), lists.flatten()
    special = any_of(among(words, _SPECIAL), starts) | among(names, _SPECIAL)
    special |= among(joined, _SPECIAL)
    lane[lane] = ~special
    plain = np.flatnonzero(~special)
    if part != "whole":
        return lane, {part: scatter(lane, joined.take(pa.array(plain)))}
    first, last = starts[:-1][plain], starts[1:][plain] - 1
    three = last - first == 2
    comma = mask(pc.match_substring(names, ","))[plain]
    last, first = np.where(comma, first, last), first + comma
    middle = words.take(pa.array(first + 1, mask=~three))
    parts = {"first": words.take(pa.array(first)), "last": words.take(pa.array(last))}
    if three.any():
        parts["middle"] = middle
    return lane, {name: scatter(lane, texts) for name, texts in parts.items()}
