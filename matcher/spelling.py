"""How a name is written that was normalised to be compared: as somebody typed it.

What was typed may hold more than the name: a title, a generation, or the whole name of a person
in one column. So the words are sought in it that are the name; where none are, the normalised
name is shown with capitals.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matcher.normalise.text import fold_words_text
from matcher.records import Codes, Column

_BETWEEN_WORDS = re.compile(r"[\s,;/()\"“”]+")
_ROMAN = frozenset({"ii", "iii", "iv", "vi"})
#: More characters than any name has.
_LONGEST = 300


@lru_cache(maxsize=1 << 14)
def spelt(typed: str | None, name: str) -> str:
    """The words of ``typed`` that are ``name``, else ``name`` with capitals.

    >>> spelt("McDonald, Dr. Ronald", "mcdonald")
    'McDonald'
    >>> spelt(None, "mary ann")
    'Mary Ann'
    """
    sought = name.replace(" ", "")
    typed = (typed or "")[:_LONGEST]
    if typed and _squeezed(typed) == sought:
        return typed
    words = [word for word in _BETWEEN_WORDS.split(typed) if _squeezed(word)]
    folded = [_squeezed(word) for word in words]
    for begin in range(len(words)):
        found = ""
        for end in range(begin, len(words)):
            found += folded[end]
            if found == sought:
                return " ".join(words[begin : end + 1])
            if len(found) > len(sought):
                break
    return " ".join(word.upper() if word in _ROMAN else word.title() for word in name.split())


def _squeezed(text: str) -> str:
    return fold_words_text(text).replace(" ", "")


def write_names(names: Column, typed: Column, rows: npt.NDArray[np.int64]) -> Column:
    """The names of some records as they are to be shown.

    Args:
        names: normalised, one per record.
        typed: what was typed where the name was found, one per record.
        rows: record indices, -1 for none.
    """
    here = rows >= 0
    name = np.where(here, names.codes[rows], np.int32(-1))
    text = np.where(here & (name >= 0), typed.codes[rows], np.int32(-1))
    plain = _plain(names, name, typed, text)
    odd = np.flatnonzero((name >= 0) & ~plain)
    pairs, which = np.unique(
        (name[odd].astype(np.int64) << 32) | (text[odd] + 1), return_inverse=True
    )
    shown = [
        spelt(typed.values[code - 1].as_py() if code else None, names.values[place].as_py())
        for place, code in zip((pairs >> 32).tolist(), (pairs & (2**32 - 1)).tolist(), strict=True)
    ]
    codes = np.where(plain, text, np.int32(-1))
    codes[odd] = len(typed.values) + which
    return Column(codes, pa.concat_arrays([typed.values, pa.array(shown, pa.string())]))


def _plain(names: Column, name: Codes, typed: Column, text: Codes) -> npt.NDArray[np.bool_]:
    """Where a typed text, put in lower case, is the name."""
    lower = pc.ascii_lower(typed.values).take(pa.array(text, mask=text < 0))
    same = pc.equal(lower, names.values.take(pa.array(name, mask=name < 0)))
    plain: npt.NDArray[np.bool_] = same.fill_null(False).to_numpy(zero_copy_only=False)
    return plain


def mixed_case(values: pa.StringArray) -> npt.NDArray[np.bool_]:
    """Which texts hold both capitals and small letters, as careful people write."""
    mixed = pc.and_(
        pc.not_equal(values, pc.utf8_upper(values)), pc.not_equal(values, pc.utf8_lower(values))
    )
    flags: npt.NDArray[np.bool_] = mixed.fill_null(False).to_numpy(zero_copy_only=False)
    return flags
