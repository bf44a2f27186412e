"""The service on a port, until somebody ends it."""

from __future__ import annotations

import asyncio
import gc
import ipaddress
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn

from matcher.errors import OptionError
from matcher.service.app import create_app
from matcher.service.guarding import guarded
from matcher.service.logs import configuration
from matcher.service.settings import Settings

#: Connections at once; more are answered 503.
_MOST_CONNECTIONS = 512
#: Seconds for which a connection without a request stays open.
_KEEP_ALIVE = 30
#: Seconds that requests get to end when the service goes down.
_GRACE = 30


def serve(
    store: Path,
    host: str,
    port: int,
    settings: Settings,
    ready: Callable[[str], None] = lambda address: None,
) -> None:
    """Answers on a port until the process is told to end; the store is closed then.

    Args:
        store: its file, which is made where there is none.
        host: address to listen on; without keys one of this machine alone.
        port: to listen on; 0 for any that is free.
        settings: limits and keys.
        ready: called with the address once it answers.

    Raises:
        OptionError: there are no keys and others could reach it, or the port cannot be had.
        StoreError: the store cannot be opened.
        UnreadableFile: the file of keys cannot be read.
    """
    if settings.keys is None and not is_loopback(host):
        raise OptionError(
            f"without keys the service listens on this machine alone, and {host} is more; make a"
            " key (matcher keys add NAME --scope read --keys keys.json) and give --keys keys.json."
        )
    app = create_app(store, settings)
    server = _Server(
        uvicorn.Config(
            app, host=host, port=port, http=guarded(settings), ws="none", lifespan="on",
            access_log=False, log_config=configuration(), server_header=False, proxy_headers=False,
            timeout_keep_alive=_KEEP_ALIVE, timeout_graceful_shutdown=_GRACE,
            limit_concurrency=_MOST_CONNECTIONS, h11_max_incomplete_event_size=settings.most_header,
        ),
        ready,
    )  # fmt: skip
    try:
        server.run()
    except SystemExit:
        raise OptionError(f"{host}:{port} cannot be listened on; is the port in use?") from None


def is_loopback(host: str) -> bool:
    """Whether an address is of this machine alone."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


class _Server(uvicorn.Server):
    """Tells when it answers, and ends as it was told to: in peace."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[str], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[Any] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            gc.collect()
            gc.freeze()  # what the store has in memory stays; the collector need not walk it
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            shown = f"[{host}]" if ":" in host else host
            asyncio.get_running_loop().call_soon(self._ready, f"http://{shown}:{port}")

    async def shutdown(self, sockets: list[Any] | None = None) -> None:
        await super().shutdown(sockets)
        self._captured_signals.clear()  # which would end the process a second time
