"""How often somebody may ask: a bucket of tokens each, which fills again with time."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from matcher.service.problems import Problem

#: Whom nobody has heard of for longest is forgotten; by then the bucket is full again.
_MOST_REMEMBERED = 10_000


class Rates:
    """Requests by whoever makes them.

    Args:
        rate: requests a second, over a longer time; 0 for no limit.
        burst: requests at once.
        clock: tells seconds.
    """

    def __init__(
        self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = rate
        self._burst = float(burst)
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, who: str) -> None:
        """Counts one request.

        Raises:
            Problem: there were too many; when to try again stands in ``Retry-After``.
        """
        if not self._rate:
            return
        now = self._clock()
        left, then = self._buckets.pop(who, (self._burst, now))
        left = min(self._burst, left + (now - then) * self._rate)
        if left >= 1:
            self._buckets[who] = (left - 1, now)
        else:
            self._buckets[who] = (left, now)
            seconds = math.ceil((1 - left) / self._rate)
            raise Problem(
                429, "too_many_requests", "Too many requests; try again later.",
                headers={"Retry-After": str(seconds)},
            )  # fmt: skip
        if len(self._buckets) > _MOST_REMEMBERED:
            self._buckets.popitem(last=False)
