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

from matcher.normalise.flat import picked
from matcher.normalise.text import fold_words_text
from matcher.records import Column, encode

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
    word, _, rest = typed.partition(" ")
    if word.isascii() and word.isalnum() and word.lower() == sought and _is_word(rest):
        return word  # and a middle initial, mostly
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


def _is_word(text: str) -> bool:
    return text.isascii() and text.isalnum()


def _squeezed(text: str) -> str:
    return fold_words_text(text).replace(" ", "")


def write_names(
    names: Column, typed: pa.StringArray, rows: npt.NDArray[np.int64]
) -> pa.StringArray:
    """The names of some records as they are to be shown; null where there is none.

    Args:
        names: normalised, one per record.
        typed: what was typed where the name was found, one per record.
        rows: record indices, -1 for none.
    """
    name = np.where(rows >= 0, names.codes[rows], np.int32(-1))
    known = name >= 0
    texts = picked(typed, np.where(known, rows, -1))
    # Most were typed as they are, but for capitals.
    same = pc.equal(pc.ascii_lower(texts), picked(names.values, name))
    odd = known & ~same.fill_null(False).to_numpy(zero_copy_only=False)
    if not odd.any():
        return texts
    text = encode(texts.filter(pa.array(odd)))
    keys = (name[odd].astype(np.int64) << 32) | (text.codes + 1)
    pairs, which = np.unique(keys, return_inverse=True)
    codes = (pairs & (2**32 - 1)) - 1
    as_typed = text.values.take(pa.array(codes, mask=codes < 0))
    plain = names.values.take(pa.array(pairs >> 32))
    shown = [*map(spelt, as_typed.to_pylist(), plain.to_pylist())]
    replaced = pa.array(shown, pa.string()).take(pa.array(which))
    return pc.replace_with_mask(texts, pa.array(odd), replaced)


def mixed_case(values: pa.StringArray) -> npt.NDArray[np.bool_]:
    """Which texts hold both capitals and small letters, as careful people write."""
    mixed = pc.and_(
        pc.not_equal(values, pc.utf8_upper(values)), pc.not_equal(values, pc.utf8_lower(values))
    )
    flags: npt.NDArray[np.bool_] = mixed.fill_null(False).to_numpy(zero_copy_only=False)
    return flags
