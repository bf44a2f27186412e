"""The route of the Interactions API: interactions in its own shape, refused where it says so.

Unlike ``/v1/interactions``, which keeps what is wrong as such and goes on, this answers as that API
does: an interaction that breaks a rule is refused, with the JSON path of each fault, and then none
of the request comes in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Depends, Query
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from matcher.policies.interactions.validation import Problem as Finding
from matcher.policies.interactions.validation import validate
from matcher.service.access import bearer, needs
from matcher.service.bodies import read_json
from matcher.service.keys import Key
from matcher.service.problems import Fault, Problem
from matcher.service.service import service_of
from matcher.service.vendors.documenting import body, told
from matcher.service.vendors.routing import VendorRouter
from matcher.store import Store
from matcher.store.interactions.adding import Added

POLICY = "interactions"
PATH = "/interactions"
_EXAMPLE = {
    "contactInfo": {
        "email": ["jpdoe@example.org"],
        "phone": ["+14155552671"],
        "address": [
            {
                "addressLine1": "123 Main Street", "addressLine2": "Apt 4B",
                "city": "San Francisco", "state": "CA", "postalCode": "94102", "country": "US",
            }
        ],
        "firstName": "John",
        "lastName": "Doe",
    },
    "stateCode": "CA",
    "attemptDateTime": "2026-02-19T15:30:00Z",
    "method": "email",
}  # fmt: skip
_OBJECT = {"type": "object", "additionalProperties": True}
_SCHEMA = {"anyOf": [_OBJECT, {"type": "array", "items": _OBJECT, "minItems": 1}]}
#: So many faults, and warnings, of one request are told.
_MOST_TOLD = 100
_COUNTS = ("new", "changed", "same", "linked", "review", "unmatched", "erased")


def _refusal(problem: Problem) -> Mapping[str, Any]:
    return {"message": problem.detail}


router = VendorRouter(_refusal)


@router.post(
    PATH, tags=["Interactions API"], openapi_extra=body(_EXAMPLE, _SCHEMA),
    responses=told(
        {200: "All of it was known.", 201: "It is kept, and linked where it can be."}, body=True
    ),
)  # fmt: skip
async def post_interactions(
    request: Request,
    key: Annotated[Key, Depends(needs(f"list:{POLICY}", bearer))],
    destination: Annotated[
        str | None, Query(max_length=40, description="`van`: a VAN person id is needed.")
    ] = None,
    strict: Annotated[bool, Query(description="Phones must be E.164.")] = False,
    use_channel: Annotated[bool, Query(description="The channel's address is theirs too.")] = False,
) -> Response:
    """Takes in an interaction, or an array of them: all, or none where one breaks a rule."""
    service = service_of(request)
    given = await read_json(request, service.settings.most_depth)
    listed = given if isinstance(given, list) else [given]
    if not 0 < len(listed) <= service.settings.most_records:
        raise Problem(422, "count", f"Send 1 to {service.settings.most_records:,} interactions.")
    found = _found(listed, isinstance(given, list), strict, destination)
    _check([finding for finding in found if finding.error])

    def add(store: Store) -> Added:
        return store.add_interactions(listed, strict=strict, use_channel=use_channel, by=key.name)

    return _told(await service.writer.alone(add), found)


def _found(
    listed: Sequence[Any], are_many: bool, strict: bool, destination: str | None
) -> list[Finding]:
    """All that is wrong or odd, with paths within the body."""
    return [
        finding._replace(path=f"$[{place}]{finding.path[1:]}" if are_many else finding.path)
        for place, interaction in enumerate(listed)
        for finding in validate(interaction, strict=strict, destination=destination)
    ]


def _check(errors: Sequence[Finding]) -> None:
    """That nothing is wrong.

    Raises:
        Problem: something is; each fault is told with its path, rule, and a word for programs.
    """
    if not errors:
        return
    faults = [
        Fault(each.path, each.rule, f"{each.code}: {each.reason}") for each in errors[:_MOST_TOLD]
    ]
    first = errors[0]
    detail = f"{first.path}: {first.reason} ({first.code}, {first.rule})."
    raise Problem(422, first.code, detail, faults)


def _told(added: Added, found: Sequence[Finding]) -> Response:
    warnings = [
        {"path": each.path, "rule": each.rule, "code": each.code, "message": each.reason}
        for each in found[:_MOST_TOLD]
    ]
    counts = added.to_dict()
    content = {
        "accepted": added.received,
        **{name: counts[name] for name in _COUNTS},
        "warnings": warnings,
    }
    return JSONResponse(content, 201 if added.new or added.changed else 200)
