"""Requests that are sent twice with one idempotency key are done once.

Answers are kept in memory. What they stand for is on disk, and to send a record again does nothing;
so after a restart only what is no record can happen twice.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from matcher.service.problems import Problem, invalid

HEADER = "Idempotency-Key"
_SHAPE = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(slots=True)
class _Kept:
    asked: bytes
    until: float
    answer: Response | None = None


class Idempotency:
    """Answers by idempotency key.

    Args:
        hours: for which an answer is kept.
        most: how many; the oldest go first.
        clock: tells seconds.
    """

    def __init__(
        self, hours: float, most: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds = hours * 3600
        self._most = most
        self._clock = clock
        self._kept: OrderedDict[tuple[str, str], _Kept] = OrderedDict()

    async def once(
        self, request: Request, who: str, do: Callable[[], Awaitable[Response]]
    ) -> Response:
        """The answer to a request; of one that came before under its key, the same as then.

        Args:
            request: whose body is read.
            who: asks; keys of others are others.
            do: carries it out.

        Raises:
            Problem: the header is no key (422), the key was used for another request (422), or the
                first is still being carried out (409).
        """
        name = request.headers.get(HEADER)
        if name is None:
            return await do()
        if not _SHAPE.fullmatch(name):
            raise invalid(
                f"header.{HEADER}", "idempotency_key", "Up to 255 printable characters, no blanks."
            )
        asked = hashlib.sha256(
            f"{request.method} {request.url.path}?{request.url.query}\n".encode()
            + await request.body()
        ).digest()
        return await self._once((who, name), asked, do)

    async def _once(
        self, key: tuple[str, str], asked: bytes, do: Callable[[], Awaitable[Response]]
    ) -> Response:
        kept = self._known(key)
        if kept is None:
            return await self._first(key, asked, do)
        if kept.asked != asked:
            raise invalid(
                f"header.{HEADER}",
                "idempotency_key_reused",
                "The key was used for another request.",
            )
        if kept.answer is None:
            raise Problem(409, "in_progress", "The request with this key is being carried out.")
        again = kept.answer
        headers = {"Idempotent-Replayed": "true"}
        return Response(again.body, again.status_code, headers, again.media_type)

    async def _first(
        self, key: tuple[str, str], asked: bytes, do: Callable[[], Awaitable[Response]]
    ) -> Response:
        kept = self._kept[key] = _Kept(asked, self._clock() + self._seconds)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        try:
            kept.answer = await do()
        except (Exception, asyncio.CancelledError):  # nothing was done; it may be tried again
            self._kept.pop(key, None)
            raise
        return kept.answer

    def _known(self, key: tuple[str, str]) -> _Kept | None:
        kept = self._kept.get(key)
        if kept is not None and kept.until < self._clock():
            del self._kept[key]
            return None
        return kept
