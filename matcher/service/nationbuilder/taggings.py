"""The tags of a person, and the lists that they are on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import uuid4

from fastapi import Path
from starlette.requests import Request
from starlette.responses import Response

from matcher.policies.contacts import Request as Order
from matcher.service.nationbuilder import shown
from matcher.service.nationbuilder.answering import (
    POLICY,
    PREFIX,
    TAGS,
    Asker,
    PersonId,
    answer,
    found_person,
    new_router,
    not_found,
)
from matcher.service.problems import Problem
from matcher.service.service import service_of
from matcher.service.vendors.documenting import body, told
from matcher.service.vendors.posting import as_object, native_headers, read_object
from matcher.store import Store
from matcher.store.lists.activities import Activity
from matcher.store.lists.calls import Answer, Call
from matcher.store.lists.looking import Held

router = new_router()

KIND = "tagging"
_PATH = f"{PREFIX}/people/{{person_id}}/taggings"
_EXAMPLE = {"tagging": {"tag": ["my_tag1", "my_tag2"]}}
_MOST_TAGS, _LONGEST = 100, 255


@router.get(_PATH, tags=[*TAGS], responses=told({200: "Taggings."}, 404))
async def list_taggings(request: Request, person_id: PersonId, key: Asker) -> Response:
    """The tags of a person, with the time when each was put on, where a call did it."""
    held = await found_person(request, person_id)
    shown_now = await service_of(request).reader.ask(lambda store: _taggings(store, held))
    return answer({"taggings": shown_now})


@router.put(
    _PATH, tags=[*TAGS], openapi_extra=body(_EXAMPLE),
    responses=told({200: "The tagging, or taggings."}, 404, body=True),
)  # fmt: skip
async def put_taggings(request: Request, person_id: PersonId, key: Asker) -> Response:
    """Puts one tag or several on a person."""
    tags, is_one = _tags(await read_object(request))
    activity = Activity(str(uuid4()), KIND, None, {"tags": list(tags)})
    call = Call(_payload(person_id, tags), activity=activity)
    found = await service_of(request).lists.call(POLICY, call, key.name)
    held = _held(found)
    made = await service_of(request).reader.ask(lambda store: _taggings(store, held))
    wanted = [each for each in made if each["tag"] in tags]
    content = {"tagging": wanted[0]} if is_one else {"taggings": wanted}
    return answer(content, headers=native_headers(found))


@router.delete(
    _PATH, tags=[*TAGS], status_code=204, openapi_extra=body(_EXAMPLE),
    responses=told({204: "The tags are gone."}, 404, body=True),
)  # fmt: skip
async def delete_taggings(request: Request, person_id: PersonId, key: Asker) -> Response:
    """Takes one tag or several off a person."""
    tags, _ = _tags(await read_object(request))
    return await _removed(request, person_id, tags, key.name)


@router.delete(
    f"{_PATH}/{{tag}}", tags=[*TAGS], status_code=204,
    responses=told({204: "The tag is gone."}, 404, 409),
)  # fmt: skip
async def delete_tagging(
    request: Request,
    person_id: PersonId,
    tag: Annotated[str, Path(max_length=_LONGEST)],
    key: Asker,
) -> Response:
    """Takes a tag off a person."""
    return await _removed(request, person_id, [tag], key.name)


@router.get(
    f"{PREFIX}/people/{{person_id}}/lists", tags=[*TAGS], responses=told({200: "None."}, 404)
)
async def list_lists(request: Request, person_id: PersonId, key: Asker) -> Response:
    """The lists that a person is on: none, for nothing here makes any."""
    await found_person(request, person_id)
    return answer({"next": None, "prev": None, "results": []})


async def _removed(request: Request, person_id: str, tags: Sequence[str], by: str) -> Response:
    payload = _payload(person_id, tags, remove=True)
    _held(await service_of(request).lists.call(POLICY, Call(payload), by))
    return Response(status_code=204)


def _payload(person_id: str, tags: Sequence[str], *, remove: bool = False) -> dict[str, Any]:
    """A tagging as the rules read it; one that is deleted takes tags off."""
    order = Order.DELETE if remove else Order.UPDATE
    return {"tagging": {"tag": list(tags)}, "request": order.value, "person_id": person_id}


def _held(found: Answer) -> Held:
    if found.person is None or found.dates is None:
        raise not_found()
    return Held(found.person, found.dates)


def _taggings(store: Store, held: Held) -> list[dict[str, Any]]:
    """The tags that a person has, with the last time that a call put each on."""
    told_before = store.list_view(POLICY).activities(held.person.number, KIND)
    put_on = {tag: each.at for each in told_before for tag in each.activity.content["tags"]}
    return [
        {
            "person_id": shown.own_id(held.person),
            "tag": tag,
            "created_at": shown.stamp(put_on.get(tag, held.dates.modified_at)),
        }
        for tag in held.person.tags
    ]


def _tags(said: dict[str, Any]) -> tuple[list[str], bool]:
    """The tags of a body, and whether it gave one alone.

    Raises:
        Problem: there is none, or it is no text.
    """
    told_tags = as_object(said.get("tagging"), "tagging").get("tag")
    is_one = isinstance(told_tags, str)
    tags = [told_tags] if is_one else told_tags
    if not isinstance(tags, list) or not 0 < len(tags) <= _MOST_TAGS:
        raise Problem(400, "NB-21", f"tagging.tag must be a tag, or 1 to {_MOST_TAGS} of them.")
    found = [tag.strip() if isinstance(tag, str) else "" for tag in tags]
    if not all(0 < len(tag) <= _LONGEST for tag in found):
        raise Problem(400, "NB-21", f"a tag must be a text of 1 to {_LONGEST} characters.")
    return found, is_one
