"""Cells of text, trimmed of what exports and spreadsheets leave around a value.

``clean_text`` says what happens to one cell. ``clean`` does the same to a column: it finds, in the
flat bytes of the column, the cells that could need anything done, and runs ``clean_text`` on the
distinct ones only; the two are held equal by test. Of a few cells each is cleaned by itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]


class Kind(Enum):
    """What a cell may hold, as far as cleaning is concerned."""

    TEXT = "text"
    #: A word that programs write for "nothing" may be a name here, or Namibia.
    NAME = "name"
    #: Digits that a spreadsheet may have turned into a float: ids, phones, postal codes.
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned column.

    Attributes:
        values: text or null.
        nothings: how this column spelt "nothing" in words that could be names (``NULL``, ``None``).
    """

    values: pa.StringArray
    nothings: frozenset[str]


#: Cells that never hold a value, in lower case.
EMPTY = frozenset(
    {
        "", "(null)", "<null>", "[null]", "\\n", "n/a", "#n/a", "n.a.", "<na>", "<nan>", "nat",
        "(none)", "<none>", "(blank)", "(empty)", "undefined", "-", "--", "---", ".", "?",
        "#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!",
    }
)  # fmt: skip
#: Words for "nothing" that are also names: Jennifer Null, Mr Nan, a Ms Na.
WORDS = frozenset({"null", "none", "nan", "na", "nil"})
_LONGEST_EMPTY = max(map(len, EMPTY | WORDS))

#: The share of odd cells from which the whole column is trimmed first.
_MANY = 0.2
_CONTROLS = [c for c in range(32) if not chr(c).isspace()] + [127]
_INVISIBLE = dict.fromkeys(
    [*_CONTROLS, 0x00AD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, 0x180E]
)
_FORMULA = re.compile(r'="(.*)"')
_FLOAT = re.compile(r"(\d+)\.0+")


def clean_text(value: str, kind: Kind) -> str | None:
    """One cell, cleaned: ``None`` where it holds nothing.

    Invisible characters go, runs of white space become one blank, Excel's ``="00123"`` and one
    leading apostrophe are undone, and a number loses the ``.0`` that made it a float.
    """
    text = " ".join(value.translate(_INVISIBLE).split())
    formula = _FORMULA.fullmatch(text)
    text = (formula[1] if formula else text).strip().removeprefix("'").strip()
    lower = text.lower()
    if lower in EMPTY or (lower in WORDS and kind is not Kind.NAME):
        return None
    whole = _FLOAT.fullmatch(text) if kind is Kind.NUMBER else None
    return whole[1] if whole else text


def clean(values: pa.StringArray, kind: Kind) -> Cleaned:
    """A column of cells, each as ``clean_text`` has it; null stays null."""
    if len(values) <= _FEW:
        return _clean_few(values, kind)
    values = _blank_to_null(values)
    odd = _odd_cells(values, kind)
    if odd.sum() > _MANY * len(values):  # padded throughout, perhaps: trim, then look again
        values = _blank_to_null(pc.utf8_trim_whitespace(values))
        odd = _odd_cells(values, kind)
    if not odd.any():
        return Cleaned(values, frozenset())
    picked = values.filter(pa.array(odd))
    cleaned, nothings = _clean_odd(picked, kind)
    return Cleaned(values if cleaned.equals(picked) else _put(values, odd, cleaned), nothings)


#: So few cells are sooner cleaned one by one than the odd ones are found.
_FEW = 16


def _clean_few(values: pa.StringArray, kind: Kind) -> Cleaned:
    texts = values.to_pylist()
    cleaned = [None if text is None else clean_text(text, kind) for text in texts]
    stripped = (text.strip() for text in texts if text is not None)
    nothings = frozenset(text for text in stripped if text.lower() in WORDS)
    return Cleaned(pa.array(cleaned, pa.string()), nothings)


def _clean_odd(cells: pa.StringArray, kind: Kind) -> tuple[pa.StringArray, frozenset[str]]:
    """Odd cells cleaned, and the words for nothing among them; most only had blanks around."""
    cells = _blank_to_null(pc.utf8_trim_whitespace(cells))
    odd = _odd_cells(cells, kind)
    if not odd.any():
        return cells, frozenset()
    picked = cells.filter(pa.array(odd)).dictionary_encode()
    texts = picked.dictionary.to_pylist()
    cleaned = pa.array([clean_text(t, kind) for t in texts], pa.string())
    nothings = frozenset(t for t in map(str.strip, texts) if t.lower() in WORDS)
    return _put(cells, odd, cleaned.take(picked.indices)), nothings


def flat(values: pa.StringArray) -> tuple[npt.NDArray[np.int32], Bytes]:
    """The offsets (one more than there are cells) and the bytes of a column, from zero."""
    _, offsets_buffer, data_buffer = values.buffers()
    if offsets_buffer is None:
        return np.zeros(1, np.int32), np.empty(0, np.uint8)
    offsets = np.frombuffer(offsets_buffer, np.int32)[values.offset :][: len(values) + 1]
    data = np.frombuffer(data_buffer, np.uint8) if data_buffer else np.empty(0, np.uint8)
    return offsets - offsets[0], data[offsets[0] : offsets[-1]]


def _put(values: pa.StringArray, where: Flags, replacement: pa.StringArray) -> pa.StringArray:
    return pc.replace_with_mask(values, pa.array(where), replacement)


def _blank_to_null(values: pa.StringArray) -> pa.StringArray:
    """The same cells, those of no length null: only the validity bits are new."""
    if not len(values):
        return values
    offsets, _ = flat(values)
    filled = np.diff(offsets) > 0
    if values.null_count:
        filled &= values.is_valid().to_numpy(zero_copy_only=False)
    if filled.all():
        return values
    bits = pa.py_buffer(np.packbits(filled, bitorder="little"))
    moved = values if values.offset == 0 else pa.concat_arrays([values])
    return pa.Array.from_buffers(pa.string(), len(values), [bits, *moved.buffers()[1:]])


# Bytes that begin an invisible character or an unusual blank in UTF-8, and control characters.
_ODD_INSIDE = np.zeros(256, np.bool_)
_ODD_INSIDE[[*range(32), 127, 0xC2, 0xE1, 0xE2, 0xE3, 0xEF]] = True
_AT_FIRST = np.zeros(256, np.uint8)
# A short cell that begins so could be a way of saying "nothing".
_PERHAPS_NOTHING = 1
_AT_FIRST[[ord(t[0].upper()) for t in EMPTY | WORDS if t]] = _PERHAPS_NOTHING
_AT_FIRST[[ord(t[0]) for t in EMPTY | WORDS if t]] = _PERHAPS_NOTHING
# A cell that begins so is looked at, however long it is: blanks, an apostrophe, a formula.
_ODD = 2
_AT_FIRST[[ord(c) for c in " '="]] |= _ODD


def _odd_cells(values: pa.StringArray, kind: Kind) -> Flags:
    """Cells that ``clean_text`` might change, and a few more; never one too few."""
    offsets, data = flat(values)
    if not len(data):
        return np.zeros(len(values), np.bool_)
    lengths, places = np.diff(offsets), offsets.astype(np.intp)
    # An empty cell gets bytes of its neighbours, and no flag in the end.
    first = _AT_FIRST.take(data.take(places[:-1], mode="clip"))
    last = data.take(places[1:] - 1, mode="clip")
    odd: Flags = (first >= _ODD) | (last == 32)
    short = np.flatnonzero((lengths <= _LONGEST_EMPTY) & (first == _PERHAPS_NOTHING))
    odd[short] |= _says_nothing(values.take(pa.array(short)))
    if kind is Kind.NUMBER and _holds_dot(data):
        zeros = np.flatnonzero(last == ord("0"))
        before = data.take(places[1:][zeros] - 2, mode="clip")
        odd[zeros] |= (before == ord(".")) | (before == ord("0"))
    inside = _odd_inside(data)
    if len(inside):
        odd[np.searchsorted(offsets, inside, side="right") - 1] = True
    odd &= lengths > 0
    return odd if not values.null_count else odd & values.is_valid().to_numpy(zero_copy_only=False)


def _says_nothing(cells: pa.StringArray) -> Flags:
    found = pc.is_in(pc.utf8_lower(cells), value_set=_ways_of_nothing())
    flags: Flags = found.to_numpy(zero_copy_only=False)
    return flags


@cache
def _ways_of_nothing() -> pa.StringArray:
    return pa.array(sorted(EMPTY | WORDS), pa.string())


def _holds_dot(data: Bytes) -> bool:
    return bool((data == ord(".")).any())


def _odd_inside(data: Bytes) -> npt.NDArray[np.int64]:
    """Where an unusual character begins, or the second of two blanks stands."""
    blank = data == 32
    found = np.flatnonzero(blank[1:] & blank[:-1]) + 1
    if data.max(initial=0) < 127 and data.min(initial=32) >= 32:
        return found
    return np.concatenate([np.flatnonzero(_ODD_INSIDE[data]), found])
