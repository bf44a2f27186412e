"""Who asks, and what they may do: the ways to show a key, and the scopes that routes ask for."""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import Depends
from fastapi.security import HTTPBearer
from starlette.requests import Request

from matcher.service.keys import ADMIN, READ, WRITE, Key, KeyRing
from matcher.service.problems import Problem
from matcher.service.rates import Rates

#: Seconds after which the file of keys is looked at again.
_LOOK_AGAIN = 1.0
#: Methods of requests that may have an idempotency key. What comes with the scope ``write`` changes
#: nothing where it comes again, nor does a PUT or a DELETE.
_CHANGING = frozenset({"POST", "PUT", "DELETE"})
#: Who it is where no keys are asked for.
ANYBODY = Key("", "api", (ADMIN,), "", "")

_DOCUMENTED = HTTPBearer(
    auto_error=False, description="A key made by `matcher keys add`, as a bearer token."
)


@dataclass
class Access:
    """Lets requests in by their keys.

    Attributes:
        ring: the keys; without any everybody is let in, which is for loopback alone.
        rates: requests by key.
    """

    ring: KeyRing | None
    rates: Rates
    _looked: float = 0.0

    def allow(self, tokens: list[str], scope: str) -> Key:
        """The key of a request that may do something.

        Raises:
            Problem: there is no key or it is not known (401), it may not (403), or comes too
                often (429).
        """
        if self.ring is None:
            return ANYBODY
        self._look_again(self.ring)
        key = self.ring.find(tokens[0]) if len(tokens) == 1 else None
        if key is None:
            raise Problem(
                401, "key_unknown" if tokens else "key_missing",
                "Show a valid key: Authorization: Bearer <key>.",
                headers={"WWW-Authenticate": "Bearer"},
            )  # fmt: skip
        if not key.may(scope):
            raise Problem(403, "scope_missing", f"This key lacks the scope {scope!r}.")
        self.rates.take(key.id)
        return key

    def _look_again(self, ring: KeyRing) -> None:
        now = time.monotonic()
        if now - self._looked > _LOOK_AGAIN:
            self._looked = now
            ring.refresh()


def bearer(request: Request) -> list[str]:
    """The keys shown as ``Authorization: Bearer``."""
    return [
        value[7:].strip()
        for value in request.headers.getlist("authorization")
        if value[:7].lower() == "bearer "
    ]


def osdi_token(request: Request) -> list[str]:
    """The keys shown as ``OSDI-API-Token``, as for Action Network."""
    return [value.strip() for value in request.headers.getlist("osdi-api-token")]


def access_token(request: Request) -> list[str]:
    """The keys shown as ``?access_token=``, as for NationBuilder."""
    text = request.scope["query_string"].decode("latin-1")
    return [] if "access_token" not in text else parse_qs(text).get("access_token", [])


def basic_password(request: Request) -> list[str]:
    """The keys shown as the password of HTTP Basic, ``name:key|mode``, as for NGP VAN."""
    found = []
    for value in request.headers.getlist("authorization"):
        if value[:6].lower() == "basic ":
            with_mode = _decoded(value[6:].strip()).partition(":")[2]
            found.append(with_mode.rpartition("|")[0] or with_mode)
    return found


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def needs(scope: str, *ways: Callable[[Request], list[str]]) -> Callable[..., Awaitable[Key]]:
    """A dependency that lets a request in whose key has a scope, and which is not a repetition.

    Args:
        scope: that it needs.
        ways: in which the key may be shown; as a bearer token by default.
    """
    looked_at = ways or (bearer,)

    async def let_in(request: Request, _: Annotated[Any, Depends(_DOCUMENTED)]) -> Key:
        service = request.app.state.service
        access: Access = service.access
        key = access.allow([token for way in looked_at for token in way(request)], scope)
        request.state.key_id = key.id
        if request.method in _CHANGING and scope != READ:
            may_repeat = scope == WRITE or request.method != "POST"
            begun = await service.idempotency.begin(request, key.id, may_repeat=may_repeat)
            request.state.begun = begun
        return key

    return let_in
