"""Counts of what the service does, as Prometheus reads them; of nobody's data."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from threading import Lock

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)

Labels = tuple[tuple[str, str], ...]


class _Histogram:
    def __init__(self, name: str, told: str, bounds: tuple[float, ...]) -> None:
        self.name, self.told, self.bounds = name, told, bounds
        self.counts: dict[Labels, list[int]] = defaultdict(lambda: [0] * (len(bounds) + 1))
        self.sums: dict[Labels, float] = defaultdict(float)

    def observe(self, labels: Labels, value: float) -> None:
        self.counts[labels][bisect_left(self.bounds, value)] += 1
        self.sums[labels] += value

    def lines(self) -> Iterator[str]:
        yield from _head(self.name, self.told, "histogram")
        for labels, counts in sorted(self.counts.items()):
            seen = 0
            for bound, count in zip((*self.bounds, "+Inf"), counts, strict=True):
                seen += count
                yield f"{self.name}_bucket{_shown((*labels, ('le', str(bound))))} {seen}"
            yield f"{self.name}_sum{_shown(labels)} {self.sums[labels]:.6f}"
            yield f"{self.name}_count{_shown(labels)} {seen}"


class Metrics:
    """Counters, histograms and gauges of one service."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._requests: dict[Labels, int] = defaultdict(int)
        self._seconds = _Histogram("matcher_request_seconds", "Time that requests took.", _SECONDS)
        self._groups = _Histogram(
            "matcher_group_requests", "Requests that were done together.", _SIZES
        )
        self._work = _Histogram(
            "matcher_group_seconds", "Time that a group of requests took.", _SECONDS
        )
        self._gauges: dict[str, tuple[str, Callable[[], Mapping[str, float]]]] = {}

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Counts a request; ``route`` is the pattern, never the path."""
        where = (("method", method), ("route", route))
        with self._lock:
            self._requests[(*where, ("status", str(status)))] += 1
            self._seconds.observe(where, seconds)

    def group(self, kind: str, asked: int, seconds: float) -> None:
        """Counts a group of requests that were done together."""
        label = (("kind", kind),)
        with self._lock:
            self._groups.observe(label, asked)
            self._work.observe(label, seconds)

    def gauge(self, name: str, told: str, read: Callable[[], Mapping[str, float]]) -> None:
        """Adds a gauge that is read when asked for: label ``of`` -> value."""
        self._gauges[name] = (told, read)

    def text(self) -> str:
        """Everything, as Prometheus reads it."""
        with self._lock:
            return "\n".join([*self._lines(), ""])

    def _lines(self) -> Iterator[str]:
        yield from _head("matcher_requests_total", "Requests answered.", "counter")
        for labels, count in sorted(self._requests.items()):
            yield f"matcher_requests_total{_shown(labels)} {count}"
        for histogram in (self._seconds, self._groups, self._work):
            yield from histogram.lines()
        for name, (told, read) in self._gauges.items():
            yield from _head(name, told, "gauge")
            for of, value in read().items():
                yield f"{name}{_shown((('of', of),))} {value:g}"


def _head(name: str, told: str, kind: str) -> Iterator[str]:
    yield f"# HELP {name} {told}"
    yield f"# TYPE {name} {kind}"


def _shown(labels: Labels) -> str:
    return "{" + ",".join(f'{name}="{value}"' for name, value in labels) + "}"
