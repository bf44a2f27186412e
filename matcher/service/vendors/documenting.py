"""What a vendor's route may answer, for the documentation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matcher.service.problems import MEDIA_TYPE

_TOLD = {
    400: "The request cannot be meant, or is damaged.",
    401: "No valid key was shown.",
    403: "The key may not do this; or, without a file of keys, it was asked from elsewhere.",
    404: "There is nobody, or nothing, of that id.",
    405: "The vendor does not allow this.",
    408: "The body came too slowly.",
    409: "It contradicts what the list holds, or was begun under its idempotency key.",
    413: "The body is too large.",
    415: "The body is of a kind that is not taken.",
    422: "The request is well formed and cannot be meant.",
    429: "Too many requests; `Retry-After` says when to try again.",
    431: "The headers are too large.",
    503: "Too much waits already, or the store cannot be read; `Retry-After` says when to try.",
}
_ANY = (400, 401, 403, 422, 429, 431, 503)
_BODY = (408, 409, 413, 415)
#: A page of an answer that has no form of its own.
ANY_OBJECT: Mapping[str, Any] = {"type": "object"}


def told(
    statuses: Mapping[int, str],
    *also: int,
    body: bool = False,
    media_type: str = "application/json",
    schema: Mapping[str, Any] = ANY_OBJECT,
) -> dict[int | str, Any]:
    """The answers of a route, for FastAPI's ``responses``.

    Args:
        statuses: of answers where all is well, and what each means.
        also: statuses of refusals beyond those of any route.
        body: whether it takes a body.
        media_type: of answers where all is well.
        schema: of their content; ``{}`` where they have none.
    """
    content = {media_type: {"schema": dict(schema)}} if schema else {}
    well = {
        status: {"description": what, **({"content": content} if content and status != 204 else {})}
        for status, what in statuses.items()
    }
    refusals = sorted({*_ANY, *also, *(_BODY if body else ())})
    return {**well, **{status: _refusal(status) for status in refusals}}


def _refusal(status: int) -> dict[str, Any]:
    kinds = ("application/json", MEDIA_TYPE)
    return {
        "description": _TOLD[status],
        "content": {kind: {"schema": dict(ANY_OBJECT)} for kind in kinds},
    }


def body(example: Any, schema: Mapping[str, Any] = ANY_OBJECT) -> dict[str, Any]:
    """The documentation of a body of JSON, for FastAPI's ``openapi_extra``."""
    content = {"schema": dict(schema), "example": example}
    return {"requestBody": {"required": True, "content": {"application/json": content}}}
