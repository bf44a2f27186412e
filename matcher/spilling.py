"""A limit on memory: what is large and not needed at once waits in files.

Under a limit, tables and arrays go to files without a name, which the system maps into memory where
they are read and drops again; they are gone when the run is. Results do not change.
"""

from __future__ import annotations

import mmap
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from matcher.errors import OptionError, OutputError

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

_AMOUNT = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[kmgt]?)(?:i?b)?", re.IGNORECASE)
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
#: Less than the libraries and an empty run take.
_LEAST = 200 * 10**6
#: What a run needs at its peak, as a multiple of what it holds when all is normalised.
_PEAK = 2.3

_Made = TypeVar("_Made")
_Array = TypeVar("_Array", bound="npt.NDArray[Any]")


def parse_memory(amount: str | int | None) -> int | None:
    """Bytes of ``2GB``, ``800 MB`` or a plain number of bytes; ``None`` for no limit.

    Raises:
        OptionError: it is no amount of memory, or less than any run takes.
    """
    if amount is None:
        return None
    found = _AMOUNT.fullmatch(str(amount).strip()) if not isinstance(amount, bool) else None
    if found is None:
        raise OptionError(f"memory_limit is {amount!r}; give an amount like 2GB or 800MB.")
    size = int(float(found["number"]) * _UNITS[found["unit"].lower()])
    if size < _LEAST:
        raise OptionError(f"memory_limit is {amount!r}; the least is {_LEAST // 10**6}MB.")
    return size


class Spill:
    """Puts tables and arrays into files where a limit asks for it.

    Args:
        limit: bytes that the process should not exceed; ``None`` for no limit.

    Attributes:
        limit: the same.
        spilled: bytes in files, by what they hold.
    """

    def __init__(self, limit: int | None = None) -> None:
        self.limit = limit
        self.spilled: dict[str, int] = {}
        self._maps: list[mmap.mmap] = []
        self._needed = False

    def decide(self) -> None:
        """When all is normalised: whether the rest of the run would exceed the limit."""
        self._needed = self.limit is not None and resident_bytes() * _PEAK > self.limit

    def table(self, name: str, table: pa.Table) -> pa.Table:
        """The same table, in a file where the limit asks for it."""
        if not self._needed:
            return table
        import pyarrow as pa

        file = _unnamed()
        sink = pa.PythonFile(file, mode="w")
        with pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
        return pa.ipc.open_file(pa.py_buffer(self._mapped(name, file))).read_all()

    def array(self, name: str, array: _Array) -> _Array:
        """The same array, in a file where the limit asks for it; it can then not be changed."""
        if not self._needed or not array.nbytes:
            return array
        import numpy as np

        file = _unnamed()
        array.tofile(file)
        mapped = np.frombuffer(self._mapped(name, file), array.dtype)
        return mapped.reshape(array.shape)  # type: ignore[return-value]

    def ease(self) -> None:
        """Lets go of what was read from the files, where memory is above the limit."""
        if self._maps and self.limit is not None and resident_bytes() > self.limit:
            for each in self._maps:
                if hasattr(each, "madvise"):
                    each.madvise(mmap.MADV_DONTNEED)

    def eased(self, make: Callable[[], _Made]) -> Callable[[], _Made]:
        """The same work, with ``ease`` before it."""

        def done() -> _Made:
            self.ease()
            return make()

        return done

    def _mapped(self, name: str, file: Any) -> mmap.mmap:
        file.flush()
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        file.close()  # what is mapped stays
        self._maps.append(mapped)
        self.spilled[name] = self.spilled.get(name, 0) + len(mapped)
        return mapped


def _unnamed() -> Any:
    import tempfile

    try:
        return tempfile.TemporaryFile(prefix="matcher-")
    except OSError as error:
        raise OutputError(
            f"There is no room for what exceeds the memory limit ({error.strerror}); make room in "
            f"{tempfile.gettempdir()}, or name another folder in TMPDIR."
        ) from error


def resident_bytes() -> int:
    """Memory of this process now; its peak where the system does not tell."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * mmap.PAGESIZE
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
