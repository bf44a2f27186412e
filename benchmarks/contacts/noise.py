"""Slips of the pen, of the keyboard and of the scanner, on whole columns at once.

The texts at fault are laid out as a matrix of code points, one row a text, and edited together.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from benchmarks.contacts.columns import Codes, change

_Matrix = npt.NDArray[np.uint32]

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890")
_LETTERS_SEEN, _DIGITS_READ = "olsbzgi", "0158291"


def _neighbours() -> npt.NDArray[np.uint32]:
    """For each ASCII code the keys left and right of it; itself where it is no letter or digit."""
    table = np.tile(np.arange(128, dtype=np.uint32)[:, None], (1, 2))
    for row in (*_ROWS, *(row.upper() for row in _ROWS[:3])):
        for place, key in enumerate(row):
            near = row[max(place - 1, 0)], row[min(place + 1, len(row) - 1)]
            table[ord(key)] = [ord(other) for other in near]
    return table


def _confusions() -> npt.NDArray[np.uint32]:
    """For each ASCII code what a scanner takes it for."""
    table = np.arange(128, dtype=np.uint32)
    for letter, digit in zip(_LETTERS_SEEN, _DIGITS_READ, strict=True):
        table[ord(letter)] = table[ord(letter.upper())] = ord(digit)
        table[ord(digit)] = ord(letter)
    return table


_NEIGHBOURS, _CONFUSIONS = _neighbours(), _confusions()


def misspell(rng: np.random.Generator, texts: pa.Array, share: float) -> pa.Array:
    """Give that share of the texts one slip: a letter dropped, doubled, swapped, mistyped or
    misread by a scanner."""
    mask = _some(rng, texts, share)
    matrix, place = _lay_out(rng, texts, mask)
    kind = rng.random(len(matrix))
    edited = np.select(
        [kind[:, None] < 0.28, kind[:, None] < 0.46, kind[:, None] < 0.68, kind[:, None] < 0.9],
        [
            _shifted(matrix, place, 1),
            _shifted(matrix, place, -1),
            _swapped(matrix, place),
            _mistyped(rng, matrix, place),
        ],
        _misread(matrix, place),
    )
    return change(texts, mask, _read_back(edited))


def mistype_digits(rng: np.random.Generator, texts: pa.Array, share: float) -> pa.Array:
    """Give that share of the texts one wrong digit, or two swapped."""
    mask = _some(rng, texts, share)
    matrix, place = _lay_out(rng, texts, mask)
    rows = np.arange(len(matrix))
    wrong = matrix.copy()
    digit = (wrong[rows, place] >= ord("0")) & (wrong[rows, place] <= ord("9"))
    drawn = rng.integers(ord("0"), ord("9") + 1, len(matrix)).astype(np.uint32)
    wrong[rows[digit], place[digit]] = drawn[digit]
    swap = rng.random((len(matrix), 1)) < 0.35
    return change(texts, mask, _read_back(np.where(swap, _swapped(matrix, place), wrong)))


def _some(rng: np.random.Generator, texts: pa.Array, share: float) -> npt.NDArray[np.bool_]:
    valid = texts.is_valid().to_numpy(zero_copy_only=False)
    chosen: npt.NDArray[np.bool_] = valid & (rng.random(len(texts)) < share)
    return chosen


def _lay_out(
    rng: np.random.Generator, texts: pa.Array, mask: npt.NDArray[np.bool_]
) -> tuple[_Matrix, Codes]:
    """The masked texts as a zero-padded matrix, and a place in each, seldom the first."""
    chosen = np.array(texts.filter(pa.array(mask)).to_pylist() or [""], dtype=str)
    width = max(chosen.dtype.itemsize // 4, 2) + 1  # room for one letter more
    matrix = chosen.astype(f"U{width}").view(np.uint32).reshape(len(chosen), width)
    length = np.count_nonzero(matrix, axis=1)
    drawn = np.floor(rng.random(len(chosen)) ** 0.8 * length).astype(np.int64)
    if not mask.any():
        return matrix[:0], drawn[:0]
    return matrix, drawn


def _read_back(matrix: _Matrix) -> pa.Array:
    width = matrix.shape[1]
    texts: npt.NDArray[Any] = np.ascontiguousarray(matrix).view(f"U{width}").ravel()
    return pa.array(texts, pa.string())


def _shifted(matrix: _Matrix, place: Codes, by: int) -> _Matrix:
    """All letters from the place on moved left (1: dropped) or right (-1: doubled)."""
    column = np.arange(matrix.shape[1])
    source = (
        np.where(column >= place[:, None], column + by, column)
        if by > 0
        else np.where(column > place[:, None], column + by, column)
    )
    moved = np.take_along_axis(matrix, np.minimum(source, matrix.shape[1] - 1), axis=1)
    return np.where(source >= matrix.shape[1], np.uint32(0), moved)


def _swapped(matrix: _Matrix, place: Codes) -> _Matrix:
    """The letter at the place changed with the next one; the last has none."""
    swapped, rows = matrix.copy(), np.arange(len(matrix))
    after = swapped[rows, place + 1]
    inside = after != 0
    rows, at = rows[inside], place[inside]
    swapped[rows, at], swapped[rows, at + 1] = after[inside], matrix[rows, at]
    return swapped


def _mistyped(rng: np.random.Generator, matrix: _Matrix, place: Codes) -> _Matrix:
    """A neighbouring key instead of the right one."""
    return _replaced(matrix, place, _NEIGHBOURS[:, 0], _NEIGHBOURS[:, 1], rng.random(len(matrix)))


def _misread(matrix: _Matrix, place: Codes) -> _Matrix:
    """A look-alike instead of the right letter."""
    return _replaced(matrix, place, _CONFUSIONS, _CONFUSIONS, np.zeros(len(matrix)))


def _replaced(
    matrix: _Matrix,
    place: Codes,
    left: npt.NDArray[np.uint32],
    right: npt.NDArray[np.uint32],
    chance: npt.NDArray[np.float64],
) -> _Matrix:
    replaced, rows = matrix.copy(), np.arange(len(matrix))
    letter = replaced[rows, place]
    ascii_letter = np.minimum(letter, 127)
    other = np.where(chance < 0.5, left[ascii_letter], right[ascii_letter])
    replaced[rows, place] = np.where(letter < 128, other, letter)
    return replaced
