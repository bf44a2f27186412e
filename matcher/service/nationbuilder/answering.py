"""What all routes of NationBuilder's share: who may ask, how it is refused, whom it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Path
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from matcher.policies.contacts import Identifier
from matcher.policies.nationbuilder.columns import OWN
from matcher.policies.outcomes import Refusal
from matcher.policies.people import Lookups
from matcher.service.access import access_token, bearer, needs
from matcher.service.keys import Key
from matcher.service.nationbuilder import shown
from matcher.service.problems import Fault, Problem
from matcher.service.service import service_of
from matcher.service.vendors.posting import native_headers
from matcher.service.vendors.routing import VendorRouter
from matcher.store import Store
from matcher.store.lists.calls import Answer
from matcher.store.lists.looking import Held

POLICY = "nationbuilder"
PREFIX = "/api/v1"
TAGS = ("NationBuilder",)

Asker = Annotated[Key, Depends(needs(f"list:{POLICY}", bearer, access_token))]
PersonId = Annotated[str, Path(max_length=100, examples=["672"])]
#: The codes of refusals that clients look at.
_CODES: Mapping[str, str] = {
    "unknown": "not_found", "no_matches": "no_matches", "multiple_matches": "multiple_matches",
    "key_missing": "unauthorized", "key_unknown": "unauthorized", "scope_missing": "forbidden",
}  # fmt: skip


def new_router() -> VendorRouter:
    """A router for some of the routes."""
    return VendorRouter(_told)


def _told(problem: Problem) -> Mapping[str, Any]:
    is_rule = problem.rule.startswith(("NB-", "forgotten"))
    code = _CODES.get(problem.rule, "validation_failed" if is_rule else problem.rule)
    told: dict[str, Any] = {"code": code, "message": problem.detail}
    if code == "validation_failed":
        told["validation_errors"] = [
            f"{fault.path} {fault.message}" for fault in problem.faults
        ] or [problem.detail]
    return told


def answer(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer in JSON."""
    return JSONResponse(content, status, headers)


def problem_of(refusal: Refusal) -> Problem:
    """Why the rules refused a call."""
    field = (refusal.column or "").removeprefix("$.person.").removeprefix("$.")
    if refusal.rule == "NB-16" and field == "person_id":
        return not_found()
    status = 409 if refusal.rule in _CONTRADICTIONS and not field else 400
    faults = [Fault(field, refusal.rule, refusal.reason)] if field else []
    return Problem(status, refusal.rule, f"Validation failed: {refusal.reason}.", faults)


_CONTRADICTIONS = frozenset({"NB-16", "NB-20", "NB-11", "forgotten"})


def not_found() -> Problem:
    """There is nobody of that id."""
    return Problem(404, "unknown", "Record not found.")


def holder(store: Store, person_id: str, system: str | None = None) -> Held | None:
    """A person of the list, by the nation's id, the list's, or one of another system."""
    view = store.list_view(POLICY)
    if system is not None:
        return view.holder(Identifier(system, person_id))
    return view.person(person_id) or view.holder(Identifier(OWN, person_id))


async def found_person(request: Request, person_id: str, system: str | None = None) -> Held:
    """The same, which there must be.

    Raises:
        Problem: there is none.
    """
    held = await service_of(request).reader.ask(lambda store: holder(store, person_id, system))
    if held is None:
        raise not_found()
    return held


def new_id(people: Lookups) -> str:
    """The id of somebody new: a number that neither the list nor the nation has given."""
    number = people.next_number()
    while people.get(str(number)) or people.by_identifier(Identifier(OWN, str(number))):
        number += 1
    return str(number)


async def shown_whole(
    request: Request, held: Held, status: int = 200, found: Answer | None = None
) -> Response:
    """The full resource of a person, with those whom it names."""
    fields = held.person.fields
    named = {
        shown_as: str(fields[name])
        for name, shown_as in shown.RELATED.items()
        if fields.get(name) is not None
    }

    def related(store: Store) -> dict[str, Held]:
        found = {name: holder(store, other) for name, other in named.items()}
        return {name: other for name, other in found.items() if other is not None}

    others = await service_of(request).reader.ask(related) if named else {}
    resource = shown.whole(held.person, held.dates, others)
    return answer(resource, status, native_headers(found) if found else None)


async def shown_answer(request: Request, found: Answer, status: int = 200) -> Response:
    """The full resource of whom a call was about.

    Raises:
        Problem: it was refused.
    """
    if found.refusal is not None:
        raise problem_of(found.refusal)
    assert found.person is not None and found.dates is not None
    return await shown_whole(request, Held(found.person, found.dates), status, found)
