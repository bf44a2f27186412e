"""Routes as vendors have them: with a slash at the end or without, and refusals in their shape."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from matcher.errors import MatcherError
from matcher.service.direct import without_query
from matcher.service.idempotency import once
from matcher.service.logs import tell_error
from matcher.service.problems import Problem, problem_of
from matcher.service.service import service_of

#: A refusal in a vendor's own shape.
Refuse = Callable[[Problem], Mapping[str, Any]]


class VendorRouter(APIRouter):
    """Routes of one vendor.

    Args:
        refuse: tells of a problem as the vendor does.
        options: of any router.
    """

    def __init__(self, refuse: Refuse, **options: Any) -> None:
        super().__init__(route_class=_route_class(refuse), **options)

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        """Adds a route, with a slash at its end too."""
        super().add_api_route(path, endpoint, **options)
        super().add_api_route(f"{path}/", endpoint, **{**options, "include_in_schema": False})


def _route_class(refuse: Refuse) -> type[APIRoute]:
    class VendorRoute(APIRoute):
        """A route whose refusals have the vendor's shape."""

        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            usual = without_query(self.endpoint, super().get_route_handler())

            async def handle(request: Request) -> Response:
                try:
                    return await once(request, usual)
                except Problem as problem:
                    return refused(problem, refuse)
                except RequestValidationError as error:
                    return refused(_unfit(error), refuse)
                except MatcherError as error:
                    return refused(_of_library(error, request), refuse)

            return handle

    return VendorRoute


def refused(problem: Problem, refuse: Refuse) -> Response:
    """A refusal in the vendor's shape, with what a problem of our own tells beside it."""
    told = {**problem.to_dict(), **refuse(problem)}
    return JSONResponse(told, problem.status, headers=problem.headers)


def _unfit(error: RequestValidationError) -> Problem:
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"]))
    return Problem(400, "invalid_request", f"The request does not fit: {where}: {first['msg']}.")


def _of_library(error: MatcherError, request: Request) -> Problem:
    problem = problem_of(error, service_of(request).store.path)
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        tell_error(error, said=str(error))
    return problem
