"""Text arrays as one buffer of bytes, for work that NumPy does a byte at a time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int32]


def flat(values: pa.StringArray) -> tuple[Offsets, Bytes]:
    """Where each text begins and ends in the bytes, and the bytes; no copy, null is empty."""
    buffers = values.buffers()
    offsets = np.frombuffer(buffers[1], np.int32)[values.offset :][: len(values) + 1]
    data = np.frombuffer(buffers[2] or b"", np.uint8)
    return offsets, data[: offsets[-1]] if len(offsets) else data[:0]


def holding(values: pa.StringArray, characters: str) -> npt.NDArray[np.bool_]:
    """Which texts hold any of some ASCII characters."""
    offsets, data = flat(values)
    found = np.flatnonzero(_any_byte(data, characters.encode()))
    ends = np.searchsorted(offsets, found[np.searchsorted(found, offsets[0]) :], "right")
    held = np.zeros(len(values) + 1, np.bool_)
    held[ends] = True
    return held[1:]


def _any_byte(data: Bytes, wanted: bytes) -> npt.NDArray[np.bool_]:
    """Where a byte is one of those wanted."""
    table = np.zeros(256, np.bool_)
    table[list(wanted)] = True
    found: npt.NDArray[np.bool_] = table.take(data) if len(wanted) > 1 else data == wanted[0]
    return found


def masked(values: pa.StringArray, kept: npt.NDArray[np.bool_]) -> pa.StringArray:
    """The same texts, null where they are not kept: only the validity bits are new.

    Other than elsewhere the bytes of a null text stay, which ``flat`` does not know of.
    """
    if values.null_count:
        kept = kept & values.is_valid().to_numpy(zero_copy_only=False)
    if kept.all():
        return values
    bits = pa.py_buffer(np.packbits(kept, bitorder="little"))
    moved = values if values.offset == 0 else pa.concat_arrays([values])
    return pa.Array.from_buffers(pa.string(), len(values), [bits, *moved.buffers()[1:]])


def picked(values: pa.StringArray, places: npt.NDArray[np.integer]) -> pa.StringArray:
    """The texts at some places, null for -1; no copy where each has its own or none."""
    kept = places >= 0
    chosen = np.flatnonzero(kept)
    if len(places) == len(values) and np.array_equal(places[chosen], chosen):
        return masked(values, kept)
    return values.take(pa.array(places, mask=None if len(chosen) == len(places) else ~kept))


def unflat(offsets: Offsets, data: Bytes) -> pa.StringArray:
    """The text array of such a buffer; the bytes must be UTF-8."""
    return pa.StringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(data))
