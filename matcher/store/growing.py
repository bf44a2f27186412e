"""Arrays that grow at the end without being copied each time."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

_Scalar = TypeVar("_Scalar", bound=np.generic)


class Growing(Generic[_Scalar]):
    """A one-dimensional array with room at its end."""

    def __init__(self, kind: type[_Scalar]) -> None:
        self._room: npt.NDArray[_Scalar] = np.empty(16, kind)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    @property
    def values(self) -> npt.NDArray[_Scalar]:
        """The elements, as a view that may be written to; it is stale after ``extend``."""
        return self._room[: self._size]

    def shorten(self, count: int) -> None:
        """Takes elements off the end."""
        self._size -= count

    def extend(self, more: npt.NDArray[Any]) -> None:
        """Adds elements at the end."""
        size = self._size + len(more)
        if size > len(self._room):
            room = np.empty(max(size, 2 * len(self._room)), self._room.dtype)
            room[: self._size] = self.values
            self._room = room
        self._room[self._size : size] = more
        self._size = size
