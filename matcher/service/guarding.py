"""Connections that send their headers without end, or never: closed before they cost anything."""

from __future__ import annotations

import asyncio
from typing import Any

from matcher.service.problems import MEDIA_TYPE
from matcher.service.settings import Settings

_REFUSAL = (
    b'{"type":"urn:campaign-matcher:problem:headers_too_large","title":"Request Header Fields Too'
    b' Large","status":431,"detail":"The headers are too large.","rule":"headers_too_large"}'
)
_ANSWER = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: %b\r\n"
    b"content-length: %d\r\nconnection: close\r\n\r\n%b"
) % (MEDIA_TYPE.encode(), len(_REFUSAL), _REFUSAL)


def guarded(settings: Settings) -> Any:
    """The server's protocol, with limits on the size and the time of headers.

    Where httptools is not installed uvicorn takes h11, which has a limit on the size itself.
    """
    try:
        from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
    except ImportError:
        return "h11"

    class Guarded(HttpToolsProtocol):
        """Counts the bytes of headers that are not complete, and the seconds."""

        _timer: asyncio.TimerHandle | None = None
        _bytes = 0

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._expect_headers()

        def data_received(self, data: bytes) -> None:
            if self._timer is None and (self.cycle is None or self.cycle.response_complete):
                self._expect_headers()
            super().data_received(data)
            if self._timer is not None:
                self._bytes += len(data)
                if self._bytes > settings.most_header and not self.transport.is_closing():
                    self.transport.write(_ANSWER)
                    self._close()

        def on_headers_complete(self) -> None:
            self._stop()
            super().on_headers_complete()

        def on_response_complete(self) -> None:
            super().on_response_complete()
            self._bytes = 0

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop()
            super().connection_lost(exc)

        def _expect_headers(self) -> None:
            self._bytes = 0
            self._timer = self.loop.call_later(settings.body_seconds, self._close)

        def _stop(self) -> None:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

        def _close(self) -> None:
            self._stop()
            self.transport.close()

    return Guarded
