"""What a run is doing, how long each stage took and how much memory it needed."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from matcher.spilling import Spill, trim_heap

#: Called with the name of a stage when it begins, and with a detail inside it.
Progress = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Stage:
    """One finished stage.

    Attributes:
        name: what was done.
        seconds: wall time.
        peak_mb: largest memory of the process so far, in megabytes.
    """

    name: str
    seconds: float
    peak_mb: float


#: Below so many megabytes it takes longer to get memory anew than it is worth to give it back.
_WORTH_GIVING_BACK = 1000.0


@dataclass
class Stages:
    """Times the stages of one run and tells a listener of them.

    Attributes:
        progress: the listener.
        done: the stages so far.
        spill: what of the run goes into files.
        gives_back: whether free memory goes back to the system; a small run leaves it for the next.
    """

    progress: Progress | None = None
    done: list[Stage] = field(default_factory=list)
    spill: Spill = field(default_factory=Spill)
    gives_back: bool = True

    @contextmanager
    def stage(self, name: str) -> Iterator[Callable[[str], None]]:
        """Times the body; yields a function that announces a detail of it."""
        self.tell(name, "")
        began = time.perf_counter()
        with self.spill.eased_meanwhile():
            yield partial(self._detail, name)
        self._make_room()
        self.done.append(Stage(name, time.perf_counter() - began, peak_megabytes()))

    def _detail(self, name: str, detail: str) -> None:
        self._make_room()
        self.tell(name, detail)

    def _make_room(self) -> None:
        """Memory that is kept for later goes back, so that what follows can have it."""
        is_small = self.spill.limit is None and peak_megabytes() < _WORTH_GIVING_BACK
        if is_small or not self.gives_back:
            return
        arrow = sys.modules.get("pyarrow")
        if arrow is not None:
            arrow.default_memory_pool().release_unused()
        trim_heap()
        self.spill.ease()

    def tell(self, name: str, detail: str) -> None:
        """Passes a message on to the listener."""
        if self.progress is not None:
            self.progress(name, detail)


def peak_megabytes() -> float:
    """The largest resident memory of this process so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
