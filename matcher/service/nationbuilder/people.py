"""Calls about one person: create, show, update, push, destroy, register, me."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import uuid4

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from matcher.policies.contacts import Request as Order
from matcher.policies.outcomes import Outcome
from matcher.service.keys import Key
from matcher.service.nationbuilder import shown
from matcher.service.nationbuilder.answering import (
    POLICY,
    PREFIX,
    TAGS,
    Asker,
    PersonId,
    answer,
    found_person,
    holder,
    new_id,
    new_router,
    not_found,
    shown_answer,
    shown_whole,
)
from matcher.service.nationbuilder.fields import FULL
from matcher.service.problems import Problem
from matcher.service.service import service_of
from matcher.service.vendors.documenting import body, told
from matcher.service.vendors.posting import as_object, read_object
from matcher.store import Store
from matcher.store.lists.activities import Activity
from matcher.store.lists.calls import Answer, Call

router = new_router()

_EXAMPLE = {"person": {"email": "bob@example.com", "first_name": "Bob", "last_name": "Smith"}}
_NOT_SAID = frozenset({"updated_at", "request", "person_id", "id_type", "nation"})


@router.post(
    f"{PREFIX}/people", tags=[*TAGS], openapi_extra=body(_EXAMPLE),
    responses=told({200: "The person."}, 409, body=True),
)  # fmt: skip
async def create(request: Request, key: Asker) -> Response:
    """Creates a person, who needs a name, a phone number or an email that nobody else has."""
    found = await _called(request, key, _payload(await _person(request), Order.CREATE))
    return await shown_answer(request, found)


@router.put(
    f"{PREFIX}/people/push", tags=[*TAGS], openapi_extra=body(_EXAMPLE),
    responses=told(
        {200: "Somebody matched, and was updated.", 201: "Nobody did: a new person."},
        409, body=True,
    ),
)  # fmt: skip
async def push(request: Request, key: Asker) -> Response:
    """Updates whom one of the match ids or the email finds; else creates a person."""
    found = await _called(request, key, _payload(await _person(request), Order.PUSH))
    status = 201 if found.refusal is None and found.outcome is Outcome.CREATED else 200
    return await shown_answer(request, found, status)


@router.get(f"{PREFIX}/people/me", tags=[*TAGS], responses=told({200: "The key's owner."}))
async def me(request: Request, key: Asker) -> Response:
    """The owner of the key, who is nobody in the list: all that is known is a name."""
    person = {**FULL, "tags": [], "subnations": [], "ballots": []}
    return answer({"person": person | {"full_name": key.name}, "precinct": None})


@router.get(
    f"{PREFIX}/people/{{person_id}}", tags=[*TAGS], responses=told({200: "The person."}, 404)
)
async def show(
    request: Request,
    person_id: PersonId,
    key: Asker,
    id_type: Annotated[
        Literal["external"] | None, Query(description="`external`: the id is the external_id.")
    ] = None,
) -> Response:
    """A person, in full."""
    return await shown_whole(request, await found_person(request, person_id, id_type))


@router.put(
    f"{PREFIX}/people/{{person_id}}", tags=[*TAGS], openapi_extra=body(_EXAMPLE),
    responses=told({201: "The person, as changed."}, 404, 409, body=True),
)  # fmt: skip
async def update(request: Request, person_id: PersonId, key: Asker) -> Response:
    """Changes a person; the document answers 201."""
    payload = _payload(await _person(request), Order.UPDATE, person_id)
    found = await _called(request, key, payload)
    return await shown_answer(request, found, 201)


@router.delete(
    f"{PREFIX}/people/{{person_id}}", tags=[*TAGS], status_code=204,
    responses=told({204: "The person is gone."}, 404, 409),
)  # fmt: skip
async def destroy(request: Request, person_id: PersonId, key: Asker) -> Response:
    """Takes a person out of the list; `DELETE /v1/people/{person_id}` erases one."""

    def remove(store: Store) -> None:
        held = holder(store, person_id)
        if held is None:
            raise not_found()
        store.remove_from_list(POLICY, held.person.person_id, by=key.name)

    await service_of(request).writer.alone(remove)
    return Response(status_code=204)


@router.get(
    f"{PREFIX}/people/{{person_id}}/register", tags=[*TAGS],
    responses=told({200: "It is written down."}, 404),
)  # fmt: skip
async def register(request: Request, person_id: PersonId, key: Asker) -> Response:
    """Writes down that a registration was asked for; nothing here sends the email."""
    asked = Activity(str(uuid4()), "registration")
    found = await _called(request, key, _payload({}, Order.UPDATE, person_id), asked)
    if found.refusal is not None:
        raise not_found()
    return answer({"status": "success"})


@router.post(
    f"{PREFIX}/people/{{person_id}}/notes", tags=[*TAGS],
    openapi_extra=body({"note": {"content": "Seems likely to be a supporter"}}),
    responses=told({200: "The note."}, 404, body=True),
)  # fmt: skip
async def add_note(request: Request, person_id: PersonId, key: Asker) -> Response:
    """Adds a private note to a person."""
    note = as_object((await read_object(request)).get("note"), "note")
    content = note.get("content")
    if not isinstance(content, str) or not content.strip():
        raise Problem(400, "note", "note.content must be a text.")
    activity = Activity(str(uuid4()), "note", None, {"content": content})
    found = await _called(request, key, _payload({}, Order.UPDATE, person_id), activity)
    if found.refusal is not None or found.person is None:
        raise not_found()
    said = {
        "id": activity.activity_id,
        "person_id": shown.own_id(found.person),
        "author_id": None,
        "content": content,
        "created_at": shown.stamp(datetime.now(UTC)),
    }
    return answer({"note": said})


async def _called(
    request: Request, key: Key, payload: Mapping[str, Any], activity: Activity | None = None
) -> Answer:
    """What becomes of a call."""
    call = Call(payload, wish=new_id, activity=activity)
    return await service_of(request).lists.call(POLICY, call, key.name)


def _payload(
    person: Mapping[str, Any], order: Order, person_id: str | None = None
) -> dict[str, Any]:
    """A call as the rules read it."""
    return {"person": person, "request": order.value, "person_id": person_id}


async def _person(request: Request) -> dict[str, Any]:
    """The person of a body.

    Raises:
        Problem: there is none.
    """
    said = as_object((await read_object(request)).get("person"), "person")
    return {name: value for name, value in said.items() if name not in _NOT_SAID}
