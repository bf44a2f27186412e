"""What all routes of NGP VAN's share: who may ask, bodies, how it is refused, pages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Depends, Query
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from matcher.policies.outcomes import Refusal
from matcher.service.access import basic_password, bearer, needs
from matcher.service.bodies import parsed
from matcher.service.keys import Key
from matcher.service.problems import Fault, Problem
from matcher.service.service import service_of
from matcher.service.vendors.posting import as_object
from matcher.service.vendors.routing import VendorRouter

CONTACTS, PEOPLE = "ngp_van", "ngp_van_people"
PREFIX = "/v4"
TAGS = ("NGP VAN",)
WAYS = (basic_password, bearer)

AsksContacts = Annotated[Key, Depends(needs(f"list:{CONTACTS}", *WAYS))]
AsksPeople = Annotated[Key, Depends(needs(f"list:{PEOPLE}", *WAYS))]
#: What the vendor calls refusals of a status.
_CODES: Mapping[int, str] = {
    401: "UNAUTHORIZED", 403: "FORBIDDEN", 404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED",
    409: "CONFLICT", 413: "TOO_LARGE", 429: "TOO_MANY_REQUESTS", 503: "UNAVAILABLE",
}  # fmt: skip
MOST, USUAL = 200, 50

#: A comma before a closing bracket, beside strings, which are passed over whole, and to the end
#: where they have none: so each character is looked at once.
_SPARE_COMMA = re.compile(r'("(?:[^"\\]|\\.?)*+"?)|,(?=\s*[}\]])', re.S)


def new_router() -> VendorRouter:
    """A router for some of the routes."""
    return VendorRouter(_told)


def _told(problem: Problem) -> Mapping[str, Any]:
    code = _CODES.get(problem.status, "INVALID_PARAMETER")
    error: dict[str, Any] = {"code": code, "text": problem.detail}
    properties = [fault.path for fault in problem.faults]
    return {"errors": [error | ({"properties": properties} if properties else {})]}


def answer(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer in JSON."""
    return JSONResponse(content, status, headers)


async def read_body(request: Request) -> dict[str, Any]:
    """The JSON object of a body; spare commas, as in the document's own example, are passed over.

    Raises:
        Problem: it is none.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Problem(415, "not_json", "Send JSON, with Content-Type: application/json.")
    body, depth = await request.body(), service_of(request).settings.most_depth
    try:
        return as_object(parsed(body, depth))
    except Problem as problem:
        if problem.rule != "invalid_json":
            raise
    text = _SPARE_COMMA.sub(lambda found: found[1] or "", body.decode("utf-8", "replace"))
    return as_object(parsed(text.encode(), depth))


def problem_of(refusal: Refusal) -> Problem:
    """Why the rules refused a call."""
    place = refusal.column or ""
    status = 404 if refusal.reason.startswith("there is no such") else 400
    status = {"forgotten": 409, "NG-10": 409}.get(refusal.rule, status)
    faults = [Fault(place, refusal.rule, refusal.reason)] if place.startswith("$") else []
    return Problem(status, refusal.rule, f"Refused: {refusal.reason}.", faults)


def paging(
    top: Annotated[int, Query(alias="$top", ge=1, description="At most 200 are given.")] = USUAL,
    skip: Annotated[int, Query(alias="$skip", ge=0, le=100_000_000)] = 0,
) -> tuple[int, int]:
    """How many are asked for, and after how many."""
    return min(top, MOST), skip


Paging = Annotated[tuple[int, int], Depends(paging)]


def page(
    request: Request, items: Sequence[Any], asked: tuple[int, int], count: int | None
) -> Response:
    """A page of a list, given one more than fit where there are more.

    Args:
        request: for the link to the next one.
        items: to show.
        asked: how many, after how many.
        count: of all; ``None`` where nobody counted.
    """
    top, skip = asked
    link = None
    if len(items) > top:
        link = str(request.url.include_query_params(**{"$top": top, "$skip": skip + top}))
    shown = list(items[:top])
    total = skip + len(shown) if count is None else count
    return answer({"items": shown, "nextPageLink": link, "count": total})
