"""Columns of text: the few whole-column moves that the generator is written in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def take(texts: pa.Array, codes: Codes) -> pa.Array:
    """The text of each code."""
    return texts.take(pa.array(codes))


def join(*parts: pa.Array | str) -> pa.Array:
    """The parts written one after the other, element by element; a null part counts as empty."""
    return pc.binary_join_element_wise(
        *parts, pa.scalar(""), null_handling="replace", null_replacement=""
    )


def choose(mask: Bools, yes: pa.Array | str | None, no: pa.Array) -> pa.Array:
    """``yes`` where the mask holds, else ``no``."""
    if yes is None or isinstance(yes, str):
        yes = pa.scalar(yes, pa.string())
    return pc.if_else(pa.array(mask), yes, no)


def pick(which: npt.NDArray[np.integer], options: Sequence[pa.Array]) -> pa.Array:
    """For each element the text of the option whose number stands in ``which``."""
    return pc.choose(pa.array(which.astype(np.int64)), *options)


def change(texts: pa.Array, mask: Bools, changed: pa.Array) -> pa.Array:
    """``texts`` with the masked elements replaced, in order, by the elements of ``changed``."""
    return pc.replace_with_mask(texts, pa.array(mask), changed)


def numbers(values: npt.NDArray[np.integer], width: int = 0) -> pa.Array:
    """Whole numbers as text, with leading zeros up to ``width``."""
    texts = pa.array(values).cast(pa.string())
    return pc.utf8_lpad(texts, width, "0") if width else texts


def zipf(count: int, shift: float, power: float) -> Floats:
    """Shares, adding to 1, that fall with the rank as ``(rank + shift) ** -power``."""
    shares = (np.arange(1, count + 1) + shift) ** -power
    return np.asarray(shares / shares.sum())


def any_of(rng: np.random.Generator, texts: Sequence[str], size: int) -> pa.Array:
    """That many texts, each drawn with the same chance."""
    return take(pa.array(texts), rng.integers(0, len(texts), size))


def draw(rng: np.random.Generator, shares: Floats, size: int) -> Codes:
    """Codes drawn by their shares; equal to ``rng.choice`` but many times faster."""
    edges = np.cumsum(shares)
    found = np.searchsorted(edges, rng.random(size) * edges[-1], side="right")
    return np.asarray(found, np.int64)
