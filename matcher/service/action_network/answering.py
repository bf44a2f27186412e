"""What all routes of Action Network's share: who may ask, how it is refused, what is answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from matcher.policies.outcomes import Refusal
from matcher.service.access import bearer, needs, osdi_token
from matcher.service.action_network.pages import PER_PAGE, Page
from matcher.service.jobs import Job
from matcher.service.keys import Key
from matcher.service.problems import Problem
from matcher.service.vendors.routing import VendorRouter

POLICY = "action_network"
HAL = "application/hal+json"
PREFIX = "/api/v2"
TAGS = ("Action Network",)
WAYS = (osdi_token, bearer)

Asker = Annotated[Key, Depends(needs(f"list:{POLICY}", *WAYS))]
Background = Annotated[
    bool, Query(alias="background_request", description="Answer at once; a job does it.")
]


def _asked_page(
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    per_page: Annotated[int, Query(ge=1, description="At most 25 are given.")] = PER_PAGE,
) -> Page:
    size = min(per_page, PER_PAGE)
    return Page(page, size, "" if size == PER_PAGE else f"&per_page={size}")


#: The page that is asked for; none is larger than Action Network's.
Asked = Annotated[Page, Depends(_asked_page)]


def new_router() -> VendorRouter:
    """A router for some of the routes."""
    return VendorRouter(_told)


def _told(problem: Problem) -> Mapping[str, Any]:
    return {"error": problem.detail}


def base_of(request: Request) -> str:
    """The address under which the client knows these routes."""
    return f"{str(request.base_url).rstrip('/')}{PREFIX}"


def answer(resource: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer in HAL."""
    content = json.dumps(resource, ensure_ascii=False, separators=(",", ":"))
    return Response(content.encode(), status, headers, media_type=HAL)


def accepted(job: Job) -> Response:
    """The answer to what is done in the background."""
    return answer({"job": job.id}, 202, {"Location": f"/v1/jobs/{job.id}"})


def problem_of(refusal: Refusal) -> Problem:
    """Why the rules refused a call."""
    status = {"AN-04": 404, "AN-06": 405, "forgotten": 409}.get(refusal.rule, 400)
    where = f"{refusal.column}: " if refusal.column else ""
    return Problem(status, refusal.rule, f"Refused: {where}{refusal.reason}.")
