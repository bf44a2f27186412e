"""``/v1/records`` and ``/v1/resolve``: records in, and who somebody is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from matcher.service.access import needs
from matcher.service.bodies import parsed, read_json
from matcher.service.idempotency import OnceRoute
from matcher.service.keys import READ, WRITE, Key
from matcher.service.native.answers import body_of, ref, told
from matcher.service.native.models import Note, ReceivedListOut, ResolvedListOut
from matcher.service.native.posting import PostedRecords
from matcher.service.native.shown import answer_without_times
from matcher.service.problems import Fault, Problem
from matcher.service.service import service_of
from matcher.service.writer import Batch
from matcher.store import Resolved

router = APIRouter(prefix="/v1", tags=["records"], route_class=OnceRoute)

_BODY = body_of(
    ref("RecordIn"), {"type": "array", "items": ref("RecordIn"), "minItems": 1, "maxItems": 1000}
)
IgnoreUnknown = Annotated[
    bool, Query(description="Pass over fields that mean nothing, as in a file; else they are 422.")
]
_LINES = "application/x-ndjson"


@router.post("/records", responses=told(ReceivedListOut, 409, body=True), openapi_extra=_BODY)
async def post_records(
    request: Request,
    key: Annotated[Key, Depends(needs(WRITE))],
    candidates: Annotated[bool, Query(description="Tell who shared something with each.")] = True,
    note: Annotated[Note | None, Query(description="For the history.")] = None,
    ignore_unknown: IgnoreUnknown = False,
) -> Response:
    """Takes in a record, or several as an array, and tells whose each is.

    It is on disk when it is answered. A record that comes again unchanged changes nothing, so it
    may be sent as often as you like; all records of one request come in, or none.
    """
    service = service_of(request)
    batch = Batch(await _posted(request, ignore_unknown), key.name, note, candidates)
    return answer_without_times({"results": await service.writer.records(batch)})


@router.post("/resolve", responses=told(ResolvedListOut, body=True), openapi_extra=_BODY)
async def resolve(
    request: Request,
    key: Annotated[Key, Depends(needs(READ))],
    ignore_unknown: IgnoreUnknown = False,
) -> Response:
    """Tells who a record, or each of several, would be if it came in; writes nothing.

    ``match`` is ``none``, ``one`` or ``many``: where it is many, the record would make one person
    of several.
    """
    found = await service_of(request).reader.resolve(await _posted(request, ignore_unknown))
    return answer_without_times({"results": [_resolved(one) for one in found]})


def _resolved(found: Resolved) -> dict[str, Any]:
    match = "none" if found.person_id is None else "many" if found.merges else "one"
    return {
        "match": match,
        "person_id": found.person_id,
        "merges": found.merges,
        "candidates": found.candidates,
    }


async def _posted(request: Request, ignores_unknown: bool) -> list[Mapping[str, Any]]:
    """The records of a request: one, an array, or lines.

    Raises:
        Problem: they cannot be read, do not fit, or are too many.
    """
    settings = service_of(request).settings
    depth = settings.most_depth
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == _LINES:
        lines = (await request.body()).splitlines()
        value: Any = [parsed(line, depth) for line in lines if line.strip()]
    else:
        value = await read_json(request, depth)
    records: PostedRecords = request.app.state.records
    if not isinstance(value, list):
        return [records.said(value, (), ignores_unknown)]
    if not 0 < len(value) <= settings.most_records:
        fault = f"Send 1 to {settings.most_records:,} records at once."
        raise Problem(422, "record_count", fault, [Fault("$", "record_count", fault)])
    told = [records.said(one, (place,), ignores_unknown) for place, one in enumerate(value)]
    _check_names(told)
    return told


def _check_names(records: list[Mapping[str, Any]]) -> None:
    """That no two records of a request are named alike.

    Raises:
        Problem: two are; which of them should hold?
    """
    first: dict[tuple[str, str], int] = {}
    for place, record in enumerate(records):
        if "source_record_id" in record:
            name = (record["source"], record["source_record_id"])
            if first.setdefault(name, place) != place:
                message = f"is the record of $[{first[name]}] again; send it once"
                path = f"$[{place}].source_record_id"
                raise Problem(
                    422, "repeated_record", f"{path} {message}.",
                    [Fault(path, "repeated_record", message)],
                )  # fmt: skip
