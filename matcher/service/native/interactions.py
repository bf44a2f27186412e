"""``/v1/interactions``: texts, calls and visits in, and whom they were with."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi import Path as InPath
from starlette.requests import Request
from starlette.responses import Response

from matcher.service.access import needs
from matcher.service.bodies import read_json
from matcher.service.idempotency import OnceRoute
from matcher.service.keys import READ, WRITE, Key
from matcher.service.native.answers import body_of, told
from matcher.service.native.models import AddedOut, AnyOut, InteractionsOut
from matcher.service.native.people import Cursor, Limit, rows_of
from matcher.service.native.shown import answer, plain
from matcher.service.paging import page, place_of
from matcher.service.problems import Problem, invalid
from matcher.service.service import service_of
from matcher.store import Store
from matcher.store.ids import interaction_id

router = APIRouter(prefix="/v1", tags=["interactions"], route_class=OnceRoute)

PATH = "/v1/interactions"
#: Lines may be many: they come into a file first.
_LINES = "application/x-ndjson"
_BODY = body_of({"description": "An interaction, or an array of up to 1,000."})
_BODY["requestBody"]["content"][_LINES] = {"schema": {"type": "string", "format": "binary"}}
_SHOWN = 100

Status = Literal["linked", "review", "unmatched", "invalid", "erased"]


@router.post("/interactions", responses=told(AddedOut, body=True), openapi_extra=_BODY)
async def post_interactions(
    request: Request, key: Annotated[Key, Depends(needs(WRITE))]
) -> Response:
    """Takes in an interaction, an array of them, or one a line; each is linked if it can be.

    One that is not valid is kept as such, with what is wrong and where, and the rest goes on. An
    interaction that comes again changes nothing.
    """
    service = service_of(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == _LINES:
        with tempfile.TemporaryDirectory(prefix="matcher-lines-") as folder:
            path = await _saved(request, Path(folder) / "lines.ndjson")
            return answer(await service.writer.alone(_adding(path, key)))
    if len(await request.body()) > service.settings.most_body:
        raise Problem(413, "body_too_large", "So many should come as lines of JSON.")
    given = await read_json(request, service.settings.most_depth)
    listed = given if isinstance(given, list) else [given]
    if not 0 < len(listed) <= service.settings.most_records:
        count = f"Send 1 to {service.settings.most_records:,} at once, or lines of JSON."
        raise invalid("$", "interaction_count", count)
    return answer(await service.writer.alone(_adding(listed, key)))


async def _saved(request: Request, path: Path) -> Path:
    with path.open("wb") as file:
        async for part in request.stream():
            file.write(part)
        if not file.tell():
            raise Problem(422, "empty", "There are no lines.")
    return path


def _adding(source: Any, key: Key) -> Callable[[Store], dict[str, Any]]:
    """What takes in interactions and tells what became of them."""

    def add(store: Store) -> dict[str, Any]:
        added = store.add_interactions(source, by=key.name)
        rejects = [
            {"row": told["row"], "path": told["column"], "reason": told["reason"]}
            for told in added.rejects.slice(0, _SHOWN).to_pylist()
        ]
        counts = {name: count for name, count in added.to_dict().items() if name != "run"}
        return {**counts, "reject_count": counts["rejects"], "rejects": rejects}

    return add


@router.get("/interactions", responses=told(InteractionsOut, 404))
async def list_interactions(  # noqa: PLR0917 - of a query, each by its name
    request: Request,
    key: Annotated[Key, Depends(needs(READ))],
    status: Annotated[Status | None, Query()] = None,
    person_id: Annotated[str | None, Query(max_length=20)] = None,
    limit: Limit = 25,
    cursor: Cursor = None,
) -> Response:
    """Interactions in the order in which they came, each with whom it was with."""
    after = place_of(cursor, int)

    def found(store: Store) -> dict[str, Any]:
        frame = store.interactions(
            status,
            person_id=person_id,
            after=None if after is None else interaction_id(after),
            limit=limit + 1,
        )
        return page(rows_of(frame), limit, lambda row: int(row["interaction"][1:]))

    return answer(await service_of(request).reader.ask(found))


@router.get("/interactions/{interaction}", responses=told(AnyOut, 404))
async def get_interaction(
    request: Request,
    interaction: Annotated[str, InPath(max_length=500)],
    key: Annotated[Key, Depends(needs(READ))],
) -> Response:
    """One interaction as it came, and how it came to be linked or not."""
    found = await service_of(request).reader.ask(lambda store: store.interaction(interaction))
    return answer(plain(found))
