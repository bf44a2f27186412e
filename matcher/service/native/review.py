"""``/v1/review``: the pairs of records that somebody should look at."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from matcher.service.access import needs
from matcher.service.idempotency import OnceRoute
from matcher.service.keys import REVIEW, Key
from matcher.service.native.answers import told
from matcher.service.native.models import ReviewOut
from matcher.service.native.people import Cursor, Limit, rows_of
from matcher.service.native.shown import answer
from matcher.service.paging import cursor_of, place_of
from matcher.service.service import service_of
from matcher.store import Store

router = APIRouter(prefix="/v1", tags=["decisions"], route_class=OnceRoute)


@router.get("/review", responses=told(ReviewOut, 404))
async def get_review(
    request: Request,
    key: Annotated[Key, Depends(needs(REVIEW))],
    person_id: Annotated[str | None, Query(max_length=20)] = None,
    limit: Limit = 25,
    cursor: Cursor = None,
) -> Response:
    """The doubtful pairs on which nobody has decided.

    Of one person the least certain come first, and a decision takes a pair off: decide, and ask
    again. Of all people they come in pages, those of the records that came last first; a page may
    be short, or empty, and there are more as long as there is a `next`.
    """
    after = place_of(cursor, str)

    def found(store: Store) -> dict[str, Any]:
        if person_id is not None:
            frame, last = store.review_queue(limit, person_id=person_id), None
        else:
            frame, last = store.review_page(after, limit)
        return {"items": rows_of(frame), "next": None if last is None else cursor_of(last)}

    return answer(await service_of(request).reader.ask(found))
