"""A limit on memory: what is large and not needed at once waits in files.

Under a limit, tables and arrays go to files without a name, which the system maps into memory where
they are read and drops again; they are gone when the run is. Results do not change.
"""

from __future__ import annotations

import ctypes
import mmap
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, TypeVar

from matcher.errors import OptionError, OutputError

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from scoring.evidence import Grown

_AMOUNT = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[kmgt]?)(?:i?b)?", re.IGNORECASE)
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
#: Less than the libraries and an empty run take.
_LEAST = 200 * 10**6
#: What a run needs at its peak, as a multiple of what it holds when all is normalised, …
_PEAK = 2.3
#: … and of the text that comes in.
_PEAK_OF_TEXT = 6.0
#: The share of the limit from which what was read from files is let go: a step needs room too.
_FULL = 0.7
#: With room for so many times the text, two columns at once are not too many.
_ROOMY = 3.5

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
        self._inputs: dict[int, mmap.mmap] = {}
        self._here: set[int] = set()
        self._needed = self._roomy = False
        self._expected = 0

    @property
    def threads(self) -> int:
        """As many as the limit has room for: each works on columns of its own."""
        return 1 if self._needed and not self._roomy else 2

    def expect(self, text: int) -> None:
        """Before so many bytes are read: whether the run with them would exceed the limit."""
        self._expected += text
        if self.limit is not None and self._expected * _PEAK_OF_TEXT > self.limit:
            self._needed = True
            self._roomy = self._expected * _ROOMY <= self.limit

    def decide(self) -> None:
        """When all is normalised: whether the rest of the run would exceed the limit."""
        if self.limit is not None and resident_bytes() * _PEAK > self.limit:
            self._needed = True

    def file(self, path: Path) -> pa.Buffer:
        """The bytes of a file, mapped; what was read of them is let go like all that is spilled."""
        import pyarrow as pa

        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._maps.append(mapped)
        whole = pa.py_buffer(mapped)
        self._inputs[whole.address] = mapped
        return whole

    def passed(self, part: pa.Buffer) -> None:
        """Lets go of part of an input file that was read; what is read again comes again."""
        for address, mapped in self._inputs.items():
            start, end = part.address - address, part.address - address + part.size
            if not 0 <= start <= end <= len(mapped):
                continue
            start -= start % -mmap.PAGESIZE  # up to a whole page
            end -= end % mmap.PAGESIZE
            if hasattr(mapped, "madvise") and start < end:
                mapped.madvise(mmap.MADV_DONTNEED, start, end - start)

    def table(self, name: str, table: pa.Table) -> pa.Table:
        """The same table, in a file where the limit asks for it."""
        if not self._needed:
            return table
        for place, column in enumerate(table.columns):
            if not self._is_here(column):
                one = table.select([place])
                kept = self.batches(name, one.schema, one.to_batches())
                table = table.set_column(place, table.field(place), kept.column(0))
        return table

    def batches(self, name: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> pa.Table:
        """The table of some batches, each in a file before the next is made."""
        import pyarrow as pa

        file = _unnamed()
        with pa.ipc.new_file(pa.PythonFile(file, mode="w"), schema) as writer:
            for batch in batches:
                writer.write_batch(batch)
        table = pa.ipc.open_file(pa.py_buffer(self._mapped(name, file))).read_all()
        self._here.update(buffer.address for buffer in _buffers(table.columns))
        return table

    def column(self, name: str, column: pa.Array) -> pa.Array:
        """The same Arrow array, in a file where the limit asks for it."""
        if not self._needed or not column.nbytes or self._is_here(column):
            return column
        import pyarrow as pa

        kept = self.table(name, pa.table({"": column})).column(0)
        trim_heap()  # of what it was made with
        return kept.chunk(0) if kept.num_chunks == 1 else kept.combine_chunks()

    def _is_here(self, column: pa.Array | pa.ChunkedArray) -> bool:
        """Whether a column lies in one of the files already."""
        return all(buffer.address in self._here for buffer in _buffers([column]))

    def array(self, name: str, array: _Array) -> _Array:
        """The same array, in a file where the limit asks for it; it can then not be changed."""
        if not self._needed or not array.nbytes:
            return array
        import numpy as np

        file = _unnamed()
        array.tofile(file)
        mapped = np.frombuffer(self._mapped(name, file), array.dtype)
        return mapped.reshape(array.shape)  # type: ignore[return-value]

    def grown(self, name: str) -> Grown:
        """A place for numbers that come part by part, in a file where the limit asks for it."""
        if not self._needed:
            from scoring.evidence import InMemory

            return InMemory()
        return _Growing(name, self)

    def whole(self, name: str, file: Any, dtype: type[Any]) -> Any:
        """What was written to a file, as an array that cannot be changed."""
        import numpy as np

        if not file.tell():
            file.close()
            return np.zeros(0, dtype)
        return np.frombuffer(self._mapped(name, file), dtype)

    def ease(self) -> None:
        """Lets go of what was read from the files, where memory comes near the limit."""
        if self._maps and self.limit is not None and resident_bytes() > _FULL * self.limit:
            for each in tuple(self._maps):  # which may grow meanwhile
                if hasattr(each, "madvise"):
                    each.madvise(mmap.MADV_DONTNEED)

    @contextmanager
    def eased_meanwhile(self) -> Iterator[None]:
        """``ease`` again and again while the body runs, however much one step of it reads."""
        if self.limit is None:
            yield
            return
        done = Event()

        def watch() -> None:
            while not done.wait(_SECONDS_UNSEEN):
                self.ease()

        watching = Thread(target=watch, daemon=True)
        watching.start()
        try:
            yield
        finally:
            done.set()
            watching.join()

    def _mapped(self, name: str, file: Any) -> mmap.mmap:
        file.flush()
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        file.close()  # what is mapped stays
        self._maps.append(mapped)
        self.spilled[name] = self.spilled.get(name, 0) + len(mapped)
        return mapped


class _Growing:
    """int32 numbers that come part by part and go to a file."""

    def __init__(self, name: str, spill: Spill) -> None:
        self._name = name
        self._spill = spill
        self._file = _unnamed()

    def append(self, part: npt.NDArray[Any]) -> None:
        """Takes the next part."""
        import numpy as np

        self._file.write(np.ascontiguousarray(part, np.int32).data)

    def whole(self) -> npt.NDArray[Any]:
        """All parts, one after the other."""
        import numpy as np

        found: npt.NDArray[Any] = self._spill.whole(self._name, self._file, np.int32)
        return found


#: Seconds between two looks: where rows are picked at random, the system maps what lies around
#: each of them too, a gigabyte in ten times as long.
_SECONDS_UNSEEN = 0.005


def _buffers(columns: Iterable[pa.Array | pa.ChunkedArray]) -> Iterator[pa.Buffer]:
    """What large buffers columns lie in."""
    for column in columns:
        for chunk in getattr(column, "chunks", [column]):
            yield from (b for b in chunk.buffers() if b is not None and b.size)


def _unnamed() -> Any:
    import tempfile

    try:
        return tempfile.TemporaryFile(prefix="matcher-")
    except OSError as error:
        raise OutputError(
            f"There is no room for what exceeds the memory limit ({error.strerror}); make room in "
            f"{tempfile.gettempdir()}, or name another folder in TMPDIR."
        ) from error


def trim_heap() -> None:
    """Gives free memory inside the heap back, where the C library is GNU's."""
    trim = _heap_trimmer()
    if trim is not None:
        trim(0)


@cache
def _heap_trimmer() -> Callable[[int], int] | None:
    return getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None


def resident_bytes() -> int:
    """Memory of this process now; its peak where the system does not tell."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * mmap.PAGESIZE
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
