"""What a route may answer, for the documentation."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from matcher.service.native.models import ProblemOut
from matcher.service.problems import MEDIA_TYPE

_TOLD = {
    400: "The request is damaged: no JSON, no UTF-8, a length that is no number.",
    401: "No valid key was shown.",
    403: "The key may not do this; or, without a file of keys, it was asked from elsewhere.",
    404: "There is no such person, record, run or job.",
    408: "The body came too slowly.",
    409: "It contradicts what is there, or was begun under its idempotency key.",
    413: "The body is too large.",
    415: "The body is of a kind that is not taken.",
    422: "The request is well formed and cannot be meant; `errors` says what is wrong where.",
    429: "Too many requests with this key; `Retry-After` says when to try again.",
    431: "The headers are too large.",
    503: "Too much waits already, or the store cannot be read; `Retry-After` says when to try.",
}
#: What any route may answer that asks for a key.
_ANY = (400, 401, 403, 422, 429, 431)
#: What any route may that does not.
_FREE = (400, 403, 431)
#: And what any may that takes a body.
_BODY = (408, 409, 413, 415, 503)


def told(
    model: type[BaseModel] | None, *also: int, body: bool = False, free: bool = False
) -> dict[int | str, Any]:
    """The answers of a route, for FastAPI's ``responses``.

    Args:
        model: of the answer where all is well.
        also: statuses beyond those of any route.
        body: whether it takes a body.
        free: whether it needs no key.
    """
    statuses = sorted({*(_FREE if free else _ANY), *also, *(_BODY if body else ())})
    refused = {
        status: {
            "description": _TOLD[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": _PROBLEM}}},
        }
        for status in statuses
    }
    return {200: {"model": model}, **refused} if model else dict(refused)


_PROBLEM = f"#/components/schemas/{ProblemOut.__name__}"


def body_of(*schemas: dict[str, Any], examples: dict[str, Any] | None = None) -> dict[str, Any]:
    """The documentation of a body of JSON, for FastAPI's ``openapi_extra``."""
    schema = schemas[0] if len(schemas) == 1 else {"anyOf": list(schemas)}
    content = {"schema": schema} | ({"examples": examples} if examples else {})
    return {"requestBody": {"required": True, "content": {"application/json": content}}}


def ref(name: str) -> dict[str, Any]:
    """The schema of a model, by its name."""
    return {"$ref": f"#/components/schemas/{name}"}
