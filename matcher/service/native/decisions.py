"""``/v1/decisions``, ``/split`` and ``/undo``: what a human says, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends
from pydantic import BaseModel, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from matcher.service.access import needs
from matcher.service.bodies import model_of
from matcher.service.idempotency import OnceRoute
from matcher.service.keys import REVIEW, Key
from matcher.service.native.answers import body_of, ref, told
from matcher.service.native.models import ChangesOut, DecisionIn, SplitIn, UndoIn
from matcher.service.native.people import PersonId
from matcher.service.native.shown import answer
from matcher.service.service import service_of
from matcher.store import Changes, Store

router = APIRouter(prefix="/v1", tags=["decisions"], route_class=OnceRoute)

Reviews = Annotated[Key, Depends(needs(REVIEW))]
Given = TypeVar("Given", bound=BaseModel)

_DECISION = TypeAdapter(DecisionIn)
_SPLIT = TypeAdapter(SplitIn)
_UNDO = TypeAdapter(UndoIn)


@router.post(
    "/decisions",
    responses=told(ChangesOut, 404, 409, body=True),
    openapi_extra=body_of(ref("DecisionIn")),
)
async def post_decision(request: Request, key: Reviews) -> Response:
    """Settles whether two records are one person; it outranks every weight until withdrawn."""

    def decide(store: Store, said: DecisionIn) -> Changes:
        if said.verdict == "withdrawn":
            return store.withdraw(said.left, said.right, by=key.name, note=said.note)
        return store.decide(said.left, said.right, said.verdict, by=key.name, note=said.note)

    return await _done(request, _DECISION, decide)


@router.post(
    "/people/{person_id}/split",
    responses=told(ChangesOut, 404, 409, body=True),
    openapi_extra=body_of(ref("SplitIn")),
)
async def post_split(request: Request, person_id: PersonId, key: Reviews) -> Response:
    """Makes some records of a person a person of their own, and keeps them apart."""

    def split(store: Store, said: SplitIn) -> Changes:
        return store.split(person_id, said.record_ids, by=key.name, note=said.note)

    return await _done(request, _SPLIT, split)


@router.post(
    "/undo",
    responses=told(ChangesOut, 404, 409, body=True),
    openapi_extra=body_of(ref("UndoIn")),
)
async def post_undo(request: Request, key: Reviews) -> Response:
    """Takes back a run, or one merge or split; persons get their ids back."""

    def undo(store: Store, said: UndoIn) -> Changes:
        return store.undo(said.what, by=key.name, note=said.note)

    return await _done(request, _UNDO, undo)


async def _done(
    request: Request, adapter: TypeAdapter[Any], do: Callable[[Store, Given], Changes]
) -> Response:
    """What a change by the body of a request did."""
    service = service_of(request)
    said = await model_of(request, adapter, service.settings.most_depth)
    return answer(await service.writer.alone(lambda store: do(store, said)))
