"""What stands before every route: limits, a number for the request, counts, a line in the log."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import Mapping
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from matcher.service.logs import tell, tell_error
from matcher.service.metrics import Metrics
from matcher.service.problems import Problem, answer
from matcher.service.settings import Settings

_LOOPBACK = re.compile(r"(localhost|127\.\d+\.\d+\.\d+|\[::1\]|::1)(:\d+)?", re.I)
#: What goes with every answer: it is data of persons, for the one who asked.
_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
]
_NOWHERE = "(none)"
#: For the log and the counts, of a request whose client went away before it was whole.
_WENT_AWAY = 499
#: Seconds, and bytes, for which the rest of a refused body is still taken, so that its sender
#: gets to read the answer.
_DRAIN_SECONDS, _DRAIN_BYTES = 2.0, 256 * 2**20


class Boundary:
    """The outermost layer of the service.

    Args:
        app: what is behind it.
        settings: the limits.
        metrics: counts requests.
        files: path -> bytes that may be posted there, where these are not those of any request.
    """

    def __init__(
        self, app: ASGIApp, settings: Settings, metrics: Metrics, files: Mapping[str, int]
    ) -> None:
        self._app = app
        self._settings = settings
        self._metrics = metrics
        self._files = files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request, whatever happens behind."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        passage = _Passage(self._settings, scope, receive, send, self._files)
        try:
            passage.check()
            await self._app(scope, passage.receive, passage.send)
        except Problem as problem:
            await passage.refuse(problem)
        except ClientDisconnect:
            passage.status = _WENT_AWAY
        except Exception as error:
            tell_error(error, request=passage.number, route=_route(scope))
            await passage.refuse(
                Problem(500, "failed", "Something went wrong here; the log says where.")
            )
        finally:
            self._told(passage, scope)

    def _told(self, passage: _Passage, scope: Scope) -> None:
        seconds = time.perf_counter() - passage.began
        route, method = _route(scope), scope["method"]
        method = method if method in _METHODS else "OTHER"
        self._metrics.request(method, route, passage.status, seconds)
        tell(
            "request",
            request=passage.number,
            method=method,
            route=route,
            status=passage.status,
            ms=round(seconds * 1000, 2),
            bytes=passage.received,
            key=scope.get("state", {}).get("key_id"),
        )


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class _Passage:
    """One request on its way in, and its answer on the way out."""

    def __init__(
        self,
        settings: Settings,
        scope: Scope,
        receive: Receive,
        send: Send,
        files: Mapping[str, int],
    ) -> None:
        self._settings = settings
        self._scope = scope
        self._receive = receive
        self._send = send
        self._most = files.get(scope["path"], settings.most_body)
        self._headers = dict(scope["headers"])
        self._has_all = False
        self._is_late = False
        self._has_answered = False
        self.began = time.perf_counter()
        self.number = secrets.token_hex(8)
        self.received = 0
        self.status = 500

    def check(self) -> None:
        """What can be told before anything else is looked at.

        Raises:
            Problem: the headers or the body are too large, or a page elsewhere sent it here.
        """
        if sum(name == b"host" for name, _ in self._scope["headers"]) > 1:
            raise Problem(400, "several_hosts", "There is more than one Host.")
        size = sum(len(name) + len(value) + 4 for name, value in self._scope["headers"])
        if size + len(self._scope.get("raw_path") or b"") > self._settings.most_header:
            raise Problem(431, "headers_too_large", "The headers are too large.")
        if self._settings.keys is None:
            self._check_local()
        declared = self._headers.get(b"content-length", b"0")
        if not declared.isdigit() or len(declared) > 18:
            raise Problem(400, "invalid_length", "Content-Length is no number.")
        if int(declared) > self._most:
            raise self._too_large()

    def _check_local(self) -> None:
        """Without keys, only what asks this machine by its own name: no page that lies about it."""
        host = self._headers.get(b"host", b"").decode("latin-1")
        origin = self._headers.get(b"origin", b"").decode("latin-1")
        if not _LOOPBACK.fullmatch(host):
            raise Problem(
                403, "not_local", "Without a file of keys this answers to localhost alone."
            )
        if origin and not _LOOPBACK.fullmatch(origin.partition("://")[2]):
            raise Problem(403, "not_local", "Without a file of keys no page elsewhere may ask.")

    async def receive(self) -> Message:
        """The next part of the body, within its size and time."""
        if self._has_all:
            return await self._receive()
        allowed = self._settings.body_seconds + self.received / self._settings.slowest_body
        left = self.began + allowed - time.perf_counter()
        try:
            message = await asyncio.wait_for(self._receive(), max(left, 0.001))
        except TimeoutError:
            self._is_late = True
            raise Problem(
                408, "too_slow", "The body came too slowly.", headers={"Connection": "close"}
            ) from None
        self.received += len(message.get("body", b""))
        self._has_all = not message.get("more_body", False)
        if self.received > self._most:
            raise self._too_large()
        return message

    async def send(self, message: Message) -> None:
        """Passes on a part of the answer."""
        if message["type"] == "http.response.start":
            self._has_answered = True
            self.status = message["status"]
            own = [*_HEADERS, (b"x-request-id", self.number.encode())]
            if not self._has_all and self._has_body():
                if not self._is_late and b"expect" not in self._headers:
                    await self._drain()
                if not self._has_all:
                    own.append((b"connection", b"close"))
            message = {**message, "headers": [*message["headers"], *own]}
        await self._send(message)

    async def refuse(self, problem: Problem) -> None:
        """Answers with a problem, where no answer is on its way."""
        if self._has_answered:
            return
        self.status = problem.status
        await answer(problem)(self._scope, self._receive, self.send)

    def _has_body(self) -> bool:
        chunked = b"transfer-encoding" in self._headers
        return chunked or self._headers.get(b"content-length", b"0") != b"0"

    async def _drain(self) -> None:
        """Takes what is still being sent, for a while: who is cut off then hears nothing."""
        until = time.perf_counter() + _DRAIN_SECONDS
        taken = 0
        while taken < _DRAIN_BYTES and (left := until - time.perf_counter()) > 0:
            try:
                message: dict[str, Any] = dict(await asyncio.wait_for(self._receive(), left))
            except TimeoutError:
                return
            taken += len(message.get("body", b""))
            if message["type"] != "http.request" or not message.get("more_body"):
                self._has_all = True
                return

    def _too_large(self) -> Problem:
        return Problem(413, "body_too_large", f"A body may have {self._most:,} bytes here.")


def _route(scope: Scope) -> str:
    return str(getattr(scope.get("route"), "path", _NOWHERE))
