"""``/v1/people``: persons, by id and by what is known of them; what happened to them and why."""

from __future__ import annotations

import asyncio
import time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from matcher.service.access import needs
from matcher.service.idempotency import OnceRoute
from matcher.service.keys import ADMIN, READ, Key
from matcher.service.native import shown
from matcher.service.native.answers import told
from matcher.service.native.models import (
    AnyOut,
    HistoryOut,
    Named,
    Note,
    PeopleOut,
    PersonOut,
    ReceiptOut,
)
from matcher.service.native.shown import answer
from matcher.service.paging import page, place_of
from matcher.service.service import service_of
from matcher.store import Store
from matcher.store.ids import person_id as shown_id
from matcher.store.ids import person_number

router = APIRouter(prefix="/v1", tags=["people"], route_class=OnceRoute)

Reads = Annotated[Key, Depends(needs(READ))]
PersonId = Annotated[str, Path(max_length=20, examples=["P12"])]
Limit = Annotated[int, Query(ge=1, le=100)]
Cursor = Annotated[str | None, Query(max_length=200, description="From `next` of the last page.")]
Asked = Annotated[str | None, Query(max_length=500)]

_AFTER = """SELECT DISTINCT person FROM current_membership
WHERE person > ? ORDER BY person LIMIT ?"""


@router.get("/people", responses=told(PeopleOut))
async def list_people(  # noqa: PLR0917 - of a query, each by its name
    request: Request,
    key: Reads,
    email: Asked = None,
    phone: Asked = None,
    external_id: Asked = None,
    name: Asked = None,
    limit: Limit = 25,
    cursor: Cursor = None,
) -> Response:
    """The people of whom all that is given is true; all people where nothing is.

    Emails and phones in any spelling; ``external_id`` as ``van_id:123``, or ``123`` of any system,
    or the id of a record (``van:123``).
    """
    after = place_of(cursor, int) or 0
    given = {"email": email, "phone": phone, "external_id": external_id, "name": name}
    asked = {field: value for field, value in given.items() if value is not None}

    def found(store: Store) -> dict[str, Any]:
        if asked:
            numbers = sorted(map(person_number, store.find(**asked)))
            numbers = [number for number in numbers if number > after][: limit + 1]
        else:
            numbers = [number for (number,) in store.query(_AFTER, [after, limit + 1])]
        told = page(numbers, limit, lambda number: number)
        told["items"] = [shown.person(store.person(shown_id(n))) for n in told["items"]]
        return told

    return answer(await service_of(request).reader.ask(found))


@router.get("/people/{person_id}", responses=told(PersonOut, 404))
async def get_person(request: Request, person_id: PersonId, key: Reads) -> Response:
    """A person; of one that has merged, the survivor."""
    found = await service_of(request).reader.ask(lambda store: store.person(person_id))
    return answer(shown.person(found))


@router.get("/people/{person_id}/history", responses=told(HistoryOut, 404))
async def get_history(
    request: Request, person_id: PersonId, key: Reads, limit: Limit = 100, cursor: Cursor = None
) -> Response:
    """What happened to a person, and to those that merged into it, the first thing first."""
    after = place_of(cursor, int) or 0
    frame = await service_of(request).reader.ask(lambda store: store.history(person_id))
    lines = rows_of(frame.iloc[after : after + limit + 1])
    told = page(list(enumerate(lines, after + 1)), limit, lambda line: line[0])
    return answer(told | {"items": [line for _, line in told["items"]]})


@router.get("/people/{person_id}/how", responses=told(AnyOut, 404))
async def get_how(request: Request, person_id: PersonId, key: Reads) -> Response:
    """The steps by which the records of a person came together."""
    return answer(await service_of(request).reader.ask(lambda store: store.how(person_id)))


@router.get("/how", responses=told(AnyOut, 404))
async def get_how_of(
    request: Request, person_id: Annotated[str, Query(max_length=20)], key: Reads
) -> Response:
    """The same, where the person is named in the query."""
    return await get_how(request, person_id, key)


@router.get("/why", responses=told(AnyOut, 404, 409))
async def get_why(
    request: Request,
    key: Reads,
    left: Annotated[Named, Query(description="A record_id, or source:source_record_id.")],
    right: Annotated[Named, Query()],
) -> Response:
    """Why two records are, or are not, one person: levels, weights, keys, decisions."""
    return answer(await service_of(request).reader.ask(lambda store: store.why(left, right)))


@router.delete("/people/{person_id}", responses=told(ReceiptOut, 404, 409, 503))
async def delete_person(
    request: Request,
    person_id: PersonId,
    key: Annotated[Key, Depends(needs(ADMIN))],
    dry_run: Annotated[bool, Query(description="Only say what would go.")] = False,
    reason: Annotated[Note | None, Query(description="It stays, so name nobody in it.")] = None,
) -> Response:
    """Erases a person, to the last byte of the file, with a receipt; it cannot be undone."""
    service = service_of(request)
    receipt = await service.writer.alone(
        lambda store: store.forget(person_id, dry_run=dry_run, by=key.name, reason=reason)
    )
    if not dry_run:
        await asyncio.to_thread(service.hide_before, time.time())
    return answer(receipt)


def rows_of(frame: Any) -> list[dict[str, Any]]:
    """The rows of a frame, what is missing as null."""
    rows: list[dict[str, Any]] = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return rows
