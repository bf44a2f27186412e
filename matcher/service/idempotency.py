"""Requests that are sent twice with one idempotency key are done once, also across a restart.

That a request begins is on disk before it is carried out, and its answer before it is sent. Where
the service ended in between, nobody can tell whether it was carried out: it is then done again if
that changes nothing more, and refused otherwise.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, NamedTuple

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from matcher.service.direct import without_query
from matcher.service.journal import Journal
from matcher.service.problems import Problem, invalid

HEADER = "Idempotency-Key"
REPLAYED = {"Idempotent-Replayed": "true"}
_SHAPE = re.compile(r"[\x21-\x7e]{1,255}")
#: Bytes of an answer that is kept, and of a body that is looked at; of larger ones, the length.
_MOST_KEPT = 2**20
#: Headers that are of one answer alone.
_OF_ONE = frozenset({"content-length"})


class Replayed(Exception):
    """What was said to a request when it came first."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.answer = answer


class Begun(NamedTuple):
    """A request that is being carried out under an idempotency key."""

    name: str


class _Kept(NamedTuple):
    asked: bytes
    at: float
    status: int | None
    headers: str | None
    body: bytes | None


class Idempotency:
    """Answers by idempotency key.

    Args:
        journal: keeps them.
        hours: for which an answer is kept.
        most: how many; the oldest go first.
        clock: tells seconds since 1970.
    """

    def __init__(
        self, journal: Journal, hours: float, most: int, clock: Callable[[], float] = time.time
    ) -> None:
        self._journal = journal
        self._seconds = hours * 3600
        self._most = most
        self._clock = clock
        self._under_way: set[str] = set()

    async def begin(self, request: Request, who: str, *, may_repeat: bool) -> Begun | None:
        """A request begins; nothing where it shows no key.

        Args:
            request: whose body is read.
            who: asks; keys of others are others.
            may_repeat: whether it changes nothing more where it is carried out twice.

        Raises:
            Replayed: it was carried out before.
            Problem: the header is no key (422), the key was used for another request (422), the
                first is still being carried out (409), or nobody knows whether it was (409).
        """
        key = request.headers.get(HEADER)
        if key is None:
            return None
        if not _SHAPE.fullmatch(key):
            raise invalid(
                f"header.{HEADER}", "idempotency_key", "Up to 255 printable characters, no blanks."
            )
        name = hashlib.sha256(f"{who}\n{key}".encode()).hexdigest()
        asked = await _fingerprint(request)
        if name in self._under_way:
            raise Problem(409, "in_progress", "The request with this key is being carried out.")
        self._under_way.add(name)
        try:
            kept = await self._journal.do(lambda file: self._first(file, name, asked))
            if kept is not None:
                _replay(kept, asked, may_repeat)
        except BaseException:
            self._under_way.discard(name)
            raise
        return Begun(name)

    async def end(self, begun: Begun, answer: Response) -> None:
        """Keeps the answer to a request, which may be sent now."""
        pairs = [pair for pair in answer.headers.items() if pair[0] not in _OF_ONE]
        body = bytes(answer.body) if len(answer.body) <= _MOST_KEPT else None
        values = (answer.status_code, json.dumps(pairs), body, begun.name)
        try:
            await self._journal.do(lambda file: file.execute(_END, values).rowcount)
        finally:
            self._under_way.discard(begun.name)

    async def drop(self, begun: Begun) -> None:
        """Nothing was done: the request may be tried again."""
        try:
            await self._journal.do(lambda file: file.execute(_DROP, (begun.name,)).rowcount)
        finally:
            self._under_way.discard(begun.name)

    def hide_before(self, at: float) -> None:
        """What was said before a time is told nobody any more.

        Args:
            at: when somebody was erased, in seconds since 1970.
        """
        self._journal.submit(lambda file: file.execute(_HIDE, (at,)).rowcount).result()

    def _first(self, file: sqlite3.Connection, name: str, asked: bytes) -> _Kept | None:
        """What is known of a request; where that is nothing, that it begins now."""
        now = self._clock()
        file.execute("DELETE FROM answer WHERE at < ?", (now - self._seconds,))
        row = file.execute(_FIND, (name,)).fetchone()
        if row is not None:
            return _Kept(*row)
        file.execute("INSERT INTO answer (name, asked, at) VALUES (?, ?, ?)", (name, asked, now))
        file.execute(_OLDEST, (self._most,))
        return None


_FIND = "SELECT asked, at, status, headers, body FROM answer WHERE name = ?"
_END = "UPDATE answer SET status = ?, headers = ?, body = ? WHERE name = ?"
_DROP = "DELETE FROM answer WHERE name = ?"
_HIDE = "UPDATE answer SET headers = NULL, body = NULL WHERE at <= ? AND status IS NOT NULL"
_OLDEST = """DELETE FROM answer WHERE name IN (
    SELECT name FROM answer ORDER BY at DESC LIMIT -1 OFFSET ?)"""


def _replay(kept: _Kept, asked: bytes, may_repeat: bool) -> None:
    """Says again what was said, unless the request may be carried out again.

    Raises:
        Replayed: always, but where it may.
        Problem: the key was used for another request, or the answer cannot be had.
    """
    if kept.asked != asked:
        raise invalid(
            f"header.{HEADER}", "idempotency_key_reused", "The key was used for another request."
        )
    if kept.status is not None and kept.headers is not None and kept.body is not None:
        answer = Response(kept.body, kept.status, {**dict(json.loads(kept.headers)), **REPLAYED})
        raise Replayed(answer)
    if may_repeat:
        return
    if kept.status is None:
        raise Problem(
            409, "outcome_unknown",
            "The service ended while it carried this out: look whether it was done.",
        )  # fmt: skip
    raise Problem(409, "carried_out", "It was carried out; the answer is kept no more.")


async def _fingerprint(request: Request) -> bytes:
    """What tells a request from another."""
    length = request.headers.get("content-length", "")
    said = f"{request.method} {request.url.path}?{request.url.query} {length}\n".encode()
    if length.isdigit() and int(length) <= _MOST_KEPT:
        said += await request.body()
    return hashlib.sha256(said).digest()


class OnceRoute(APIRoute):
    """A route whose requests are carried out once for each idempotency key.

    Who asks is known only within, where the dependency ``needs`` lets them in: it begins, and
    leaves what has begun in the request's state.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers a request of this route."""
        usual = without_query(self.endpoint, super().get_route_handler())

        async def handle(request: Request) -> Response:
            return await once(request, usual)

        return handle


async def once(request: Request, usual: Callable[[Request], Awaitable[Response]]) -> Response:
    """The answer of a route's handler, which is kept where the request has an idempotency key."""
    try:
        answer = await usual(request)
    except Replayed as before:
        return before.answer
    except BaseException:
        if (begun := getattr(request.state, "begun", None)) is not None:
            await _idempotency(request).drop(begun)
        raise
    if (begun := getattr(request.state, "begun", None)) is not None:
        await _idempotency(request).end(begun, answer)
    return answer


def _idempotency(request: Request) -> Idempotency:
    found: Idempotency = request.app.state.service.idempotency
    return found
