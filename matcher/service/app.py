"""The service as one application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute

from matcher import __version__
from matcher import open as open_store
from matcher.errors import MatcherError
from matcher.service import action_network, interactions, nationbuilder, native, ngp_van
from matcher.service.access import needs
from matcher.service.boundary import Boundary
from matcher.service.keys import READ
from matcher.service.logs import tell_error
from matcher.service.metrics import CONTENT_TYPE
from matcher.service.native import models
from matcher.service.native.answers import told
from matcher.service.native.interactions import PATH as INTERACTIONS
from matcher.service.native.jobs import PATH as JOBS
from matcher.service.native.posting import PostedRecords
from matcher.service.problems import Fault, Problem, answer, problem_of
from matcher.service.service import Service, service_of
from matcher.service.settings import Settings
from matcher.store import Store

_TOLD = "Find which records are the same person, and keep that answer as the data changes."
#: Models of bodies, which handlers check themselves.
_BODIES = (models.DecisionIn, models.SplitIn, models.UndoIn, models.ProblemOut)
#: Somebody to look up when the service begins, so that the first client need not wait.
_ALIVE = "SELECT version FROM store"
_WARMING = {"source": "nobody", "full_name": "Warm Up", "phone": "413-555-0142"}


#: In one list: routers within routers would be looked through several times for each request.
_ROUTES: list[BaseRoute] = [
    *native.routes, *action_network.routes, *nationbuilder.routes, *ngp_van.routes,
    *interactions.router.routes,
]  # fmt: skip


def create_app(store: str | Path | Store, settings: Settings | None = None) -> FastAPI:
    """A service over a store, for any ASGI server.

    Args:
        store: the path of a store, which is made where there is none and closed in the end; or an
            open one, which stays open.
        settings: limits, and where the keys are; without keys everybody is let in who asks this
            machine by its own name.

    Raises:
        StoreError: the store cannot be opened.
        UnreadableFile: the file of keys cannot be read.
    """
    settings = settings or Settings()
    opened = store if isinstance(store, Store) else open_store(store)
    try:
        service = Service.over(opened, settings)
    except MatcherError:
        if opened is not store:
            opened.close()
        raise

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(opened.prepare)
        await asyncio.to_thread(service.take_up)
        await service.reader.resolve([_WARMING])
        yield
        await asyncio.to_thread(service.close)
        if opened is not store:
            opened.close()

    app = FastAPI(
        title="campaign-matcher", version=__version__, description=_TOLD, lifespan=lifespan,
        redirect_slashes=False, redoc_url=None, routes=_ROUTES,
    )  # fmt: skip
    app.state.service = service
    app.state.records = PostedRecords.of(opened.extras)
    _add_own_routes(app)
    _add_handlers(app)
    app.add_middleware(
        Boundary,
        settings=settings,
        metrics=service.metrics,
        files=dict.fromkeys((JOBS, INTERACTIONS), settings.most_file),
    )
    app.openapi = lambda: _documented(app)  # type: ignore[method-assign]
    return app


def _add_own_routes(app: FastAPI) -> None:
    @app.get("/health", tags=["service"], responses=told(models.HealthOut, 503, free=True))
    async def health(request: Request) -> Response:
        """Says that the service is up and its store can be read."""
        await service_of(request).reader.ask(lambda store: store.query(_ALIVE))
        return JSONResponse({"status": "ok"})

    @app.get(
        "/metrics", tags=["service"], dependencies=[Depends(needs(READ))],
        responses=told(None), response_class=PlainTextResponse,
    )  # fmt: skip
    async def metrics(request: Request) -> Response:
        """Counts and times, as Prometheus reads them; of nobody's data."""
        return Response(service_of(request).metrics.text(), media_type=CONTENT_TYPE)


def _add_handlers(app: FastAPI) -> None:
    @app.exception_handler(Problem)
    async def of_problem(request: Request, problem: Problem) -> Response:
        return answer(problem)

    @app.exception_handler(MatcherError)
    async def of_library(request: Request, error: MatcherError) -> Response:
        problem = problem_of(error, service_of(request).store.path)
        if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            tell_error(error, said=str(error))
        return answer(problem)

    @app.exception_handler(RequestValidationError)
    async def of_query(request: Request, error: RequestValidationError) -> Response:
        faults = [
            Fault(".".join(map(str, told["loc"])), told["type"], told["msg"])
            for told in error.errors()
        ]
        first = f"{faults[0].path}: {faults[0].message}"
        return answer(
            Problem(422, "invalid_request", f"The request does not fit: {first}.", faults)
        )

    @app.exception_handler(HTTPException)
    async def of_framework(request: Request, error: HTTPException) -> Response:
        rule = {404: "no_route", 405: "no_method"}.get(error.status_code, "refused")
        return answer(Problem(error.status_code, rule, str(error.detail), headers=error.headers))


def _documented(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description, with the models that handlers check themselves."""
    if app.openapi_schema is None:
        found = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        schemas = found.setdefault("components", {}).setdefault("schemas", {})
        record: PostedRecords = app.state.records
        for adapter in (record.adapter, *(TypeAdapter(model) for model in _BODIES)):
            schema = adapter.json_schema(ref_template="#/components/schemas/{model}")
            schemas |= schema.pop("$defs", {})
            schemas[schema["title"]] = schema
        app.openapi_schema = found
    return app.openapi_schema
