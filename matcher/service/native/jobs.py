"""``/v1/jobs``: files in, their progress and what became of them."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from matcher.service.access import needs
from matcher.service.idempotency import OnceRoute
from matcher.service.jobs import Job, Jobs
from matcher.service.keys import WRITE, Key
from matcher.service.native.answers import told
from matcher.service.native.models import JobOut, JobRejectsOut, JobsOut, Source
from matcher.service.native.people import Cursor, Limit
from matcher.service.native.shown import answer
from matcher.service.paging import cursor_of, page, place_of
from matcher.service.problems import Problem, invalid
from matcher.service.service import service_of

router = APIRouter(prefix="/v1", tags=["jobs"], route_class=OnceRoute)

#: Rejects that are told with a job itself.
_SHOWN = 100
#: Where a file is posted, which may be larger than other bodies.
PATH = "/v1/jobs"
_KINDS = ("text/csv", "text/tab-separated-values", "application/x-ndjson", "application/json",
          "application/vnd.apache.parquet", "application/octet-stream")  # fmt: skip
_FILE = {"type": "string", "format": "binary"}
_BODY = {"requestBody": {"required": True, "content": {kind: {"schema": _FILE} for kind in _KINDS}}}

Writes = Annotated[Key, Depends(needs(WRITE))]


@router.post(
    "/jobs", status_code=202, openapi_extra=_BODY,
    responses={202: {"model": JobOut}, **told(None, body=True)},
)  # fmt: skip
async def post_job(
    request: Request,
    key: Writes,
    source: Annotated[
        Source | None, Query(description="Name of the source; a vendor's export has its own.")
    ] = None,
) -> Response:
    """Takes in a file, as `matcher ingest` does, while other requests get their turn.

    The format is seen by its content: CSV and its kin, JSON, NDJSON, Parquet, Arrow. It is on disk
    when it is answered: where the service ends before it is done, it goes on when it starts again.
    """
    service = service_of(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _KINDS:
        raise Problem(415, "not_a_file", f"Send the file with one of {', '.join(_KINDS)}.")
    service.jobs.check_room()
    folder = service.jobs.new_folder()
    try:
        path = folder / "upload"
        with path.open("wb") as file:
            async for part in request.stream():
                file.write(part)
            if not file.tell():
                raise invalid("$", "empty", "The file is empty.")
            file.flush()
            await asyncio.to_thread(os.fsync, file.fileno())
        job = await service.jobs.add(path, source, key.name)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    told = answer((await _told(service.jobs, [job]))[0], 202)
    told.headers["Location"] = f"{PATH}/{job.id}"
    return told


@router.get("/jobs", responses=told(JobsOut))
async def list_jobs(
    request: Request, key: Writes, limit: Limit = 25, cursor: Cursor = None
) -> Response:
    """The last jobs, the last one first."""
    last = place_of(cursor, str)
    jobs = service_of(request).jobs.all()
    start = next((place + 1 for place, job in enumerate(jobs) if job.id == last), 0)
    shown = jobs[start : start + limit]
    more = cursor_of(shown[-1].id) if len(jobs) > start + limit else None
    return answer({"items": await _told(service_of(request).jobs, shown), "next": more})


@router.get("/jobs/{job_id}", responses=told(JobOut, 404))
async def get_job(request: Request, job_id: str, key: Writes) -> Response:
    """How far a job is, and in the end what became of the file."""
    jobs = service_of(request).jobs
    return answer((await _told(jobs, [jobs.find(job_id)]))[0])


@router.get("/jobs/{job_id}/rejects", responses=told(JobRejectsOut, 404))
async def get_rejects(
    request: Request, job_id: str, key: Writes, limit: Limit = 25, cursor: Cursor = None
) -> Response:
    """Rows and values of the file that could not be used, all of them, unreadable rows first.

    Those from before an erasure are told no more.
    """
    jobs = service_of(request).jobs
    after = place_of(cursor, int) or 0
    found = await jobs.rejects.page(jobs.find(job_id).id, after, limit + 1)
    told = page(found, limit, lambda numbered: numbered[0])
    return answer({**told, "items": [reject for _, reject in told["items"]]})


async def _told(jobs: Jobs, some: Sequence[Job]) -> list[dict[str, Any]]:
    """Jobs with the first of their rejects."""
    rejects = await jobs.rejects.first([job.id for job in some], _SHOWN)
    return [{**asdict(job), "rejects": first} for job, first in zip(some, rejects, strict=True)]
