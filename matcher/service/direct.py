"""Requests without a query, answered without looking for parameters in it, which takes longer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from inspect import Parameter, signature
from typing import Any, get_args

from fastapi.params import Depends, Query
from starlette.requests import Request
from starlette.responses import Response

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_LetIn = Callable[[Request, Any], Awaitable[Any]]


def without_query(endpoint: Callable[..., Any], usual: Handler) -> Handler:
    """What answers a route as its usual handler does, and sooner where there is no query.

    Args:
        endpoint: of the route. Where it takes anything but ``request``, ``key`` (which
            ``matcher.service.access.needs`` finds), and what may stand in a query, all is left to
            the handler.
        usual: that FastAPI makes of it.
    """
    parameters = dict(signature(endpoint, eval_str=True).parameters)
    is_told, let_in = parameters.pop("request", None), _let_in(parameters.pop("key", None))
    if is_told is None or let_in is None or not all(map(_is_optional, parameters.values())):
        return usual
    found: _LetIn = let_in

    async def answer(request: Request) -> Response:
        if request.scope["query_string"]:
            return await usual(request)
        told: Response = await endpoint(request=request, key=await found(request, None))
        return told

    return answer


def _let_in(key: Parameter | None) -> _LetIn | None:
    """What a request goes through to have a key."""
    about = [] if key is None else [one for one in _told_of(key) if isinstance(one, Depends)]
    return about[0].dependency if about else None


def _is_optional(parameter: Parameter) -> bool:
    in_query = any(isinstance(one, Query) for one in _told_of(parameter))
    return in_query and parameter.default is not Parameter.empty


def _told_of(parameter: Parameter) -> tuple[Any, ...]:
    return get_args(parameter.annotation)[1:]
