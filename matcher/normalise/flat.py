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


def unflat(offsets: Offsets, data: Bytes) -> pa.StringArray:
    """The text array of such a buffer; the bytes must be UTF-8."""
    return pa.StringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(data))
