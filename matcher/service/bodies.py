"""Bodies of requests, read within their limits."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, from_json
from starlette.requests import Request

from matcher.service.problems import Fault, Problem, json_path

#: So many faults of one request are told.
_MOST_FAULTS = 20
#: Kinds of JSON that are taken; a page elsewhere cannot send these without asking the browser.
_JSON = ("application/json", "application/hal+json", "application/vnd.api+json")


#: Fields are called what the model calls them.
NO_NAMES: Mapping[str, str] = MappingProxyType({})


async def read_json(request: Request, most_depth: int) -> Any:
    """The JSON of a request's body.

    Raises:
        Problem: it is no JSON (400), or says that it is none (415), or is nested too deep (422).
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _JSON:
        raise Problem(415, "not_json", "Send JSON, with Content-Type: application/json.")
    return parsed(await request.body(), most_depth)


def parsed(body: bytes, most_depth: int) -> Any:
    """JSON, in UTF-8.

    Raises:
        Problem: it is none (400), or is nested too deep (422).
    """
    try:
        value = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise Problem(
            400, "invalid_json", f"The body is not JSON in UTF-8: {_where(error)}"
        ) from None
    if _is_deeper(value, most_depth):
        raise Problem(422, "too_deep", f"JSON may be nested {most_depth} deep here.")
    return value


def checked(
    adapter: TypeAdapter[Any],
    value: Any,
    at: tuple[str | int, ...] = (),
    names: Mapping[str, str] = NO_NAMES,
) -> Any:
    """A value as its model has it.

    Args:
        adapter: of the model.
        value: to be checked.
        at: where in the body it stands.
        names: of its fields, what the client calls them where that is something else.

    Raises:
        Problem: it does not fit; each fault is told with its path.
    """
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        faults = [_fault(told, at, names) for told in found[:_MOST_FAULTS]]
        more = f"; {len(found)} faults" if len(found) > 1 else ""
        first = f"{faults[0].path}: {faults[0].message}"
        raise Problem(
            422, "invalid_body", f"The body does not fit: {first}{more}.", faults
        ) from None


async def model_of(request: Request, adapter: TypeAdapter[Any], most_depth: int) -> Any:
    """The body of a request as a model has it.

    Raises:
        Problem: it cannot be read or does not fit.
    """
    return checked(adapter, await read_json(request, most_depth))


def plain(model: BaseModel) -> dict[str, Any]:
    """What was said, without what was not."""
    return model.model_dump(exclude_none=True, by_alias=True)


def _fault(told: ErrorDetails, at: tuple[str | int, ...], names: Mapping[str, str]) -> Fault:
    place = [names.get(str(step), step) for step in told["loc"][:1]]
    return Fault(json_path((*at, *place, *told["loc"][1:])), told["type"], told["msg"])


def _where(error: ValueError) -> str:
    """What the parser says, which names places and never values."""
    return str(error).partition("\n")[0][:200]


def _is_deeper(value: Any, most: int) -> bool:
    level = [value]
    for _ in range(most + 1):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return False
    return True
