"""``/v1/review``: the pairs of records that somebody should look at."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from matcher.service.access import needs
from matcher.service.idempotency import OnceRoute
from matcher.service.keys import REVIEW, Key
from matcher.service.native.answers import told
from matcher.service.native.models import ReviewOut
from matcher.service.native.people import Limit, rows_of
from matcher.service.native.shown import answer
from matcher.service.service import service_of

router = APIRouter(prefix="/v1", tags=["decisions"], route_class=OnceRoute)


@router.get("/review", responses=told(ReviewOut, 404))
async def get_review(
    request: Request,
    key: Annotated[Key, Depends(needs(REVIEW))],
    person_id: Annotated[str | None, Query(max_length=20)] = None,
    limit: Limit = 25,
) -> Response:
    """The doubtful pairs on which nobody has decided, the least certain first.

    A decision takes a pair off the list, so there are no pages: decide, and ask again. Of one
    person it is quick; of all it weighs every pair of the store, and writes wait meanwhile.
    """
    frame = await service_of(request).reader.ask(
        lambda store: store.review_queue(limit, person_id=person_id)
    )
    return answer({"items": rows_of(frame)})
