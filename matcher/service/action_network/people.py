"""The collection of people and the person; the signup helper, which creates and updates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote
from uuid import uuid4

from fastapi import Path, Query
from starlette.requests import Request
from starlette.responses import Response

from matcher.policies.contacts import Identifier
from matcher.policies.contacts import Request as Order
from matcher.service.action_network import odata, pages, shown
from matcher.service.action_network.answering import (
    HAL,
    POLICY,
    PREFIX,
    TAGS,
    Asked,
    Asker,
    Background,
    accepted,
    answer,
    base_of,
    new_router,
    problem_of,
)
from matcher.service.problems import Problem
from matcher.service.service import service_of
from matcher.service.vendors.calling import Wished
from matcher.service.vendors.documenting import body, told
from matcher.service.vendors.posting import as_object, native_headers, read_object
from matcher.store import Store
from matcher.store.lists.calls import Answer, Call
from matcher.store.lists.looking import Held

router = new_router()

PersonId = Annotated[str, Path(max_length=200, examples=["d91b4b2e-ae0e-4cd3-9ed7-d0ec501b0bc3"])]
#: What the system says of a person; nobody else may.
_SYSTEMS_OWN = frozenset({"created_date", "modified_date", "_links", "_embedded"})
_SIGNUP = {
    "person": {
        "given_name": "John",
        "family_name": "Smith",
        "postal_addresses": [{"postal_code": "20009"}],
        "email_addresses": [{"address": "jsmith@mail.com"}],
    },
    "add_tags": ["volunteer"],
}


@router.get(f"{PREFIX}/people", tags=[*TAGS], responses=told({200: "People."}, media_type=HAL))
async def list_people(
    request: Request,
    key: Asker,
    page: Asked,
    filter: Annotated[str | None, Query(max_length=1_000)] = None,  # noqa: A002 - its name there
) -> Response:
    """People in the order of their creation, 25 a page, without totals.

    `filter` is OData: `email_address eq 'ada@example.org'`, `modified_date gt '2026-01-31'`;
    several conditions are joined by `and`. The page after the last one has nobody on it.
    """
    asked = page.also(f"&filter={quote(filter)}" if filter else "")
    wanted = odata.wanted(filter) if filter and filter.strip() else None

    def found(store: Store) -> list[Held]:
        view = store.list_view(POLICY)
        if wanted is None:
            return list(view.page(asked.offset, asked.size + 1))
        return list(view.search(wanted, asked.size + 1, asked.offset))

    held = await service_of(request).reader.ask(found)
    return answer(pages.people(held, asked, base_of(request)))


@router.get(
    f"{PREFIX}/people/{{person_id}}",
    tags=[*TAGS], responses=told({200: "The person."}, 404, media_type=HAL),
)  # fmt: skip
async def get_person(request: Request, person_id: PersonId, key: Asker) -> Response:
    """A person; of one that was merged away, the survivor."""
    held = await found_person(request, person_id)
    return answer(shown.whole(held.person, held.dates, base_of(request)))


@router.post(
    f"{PREFIX}/people", tags=[*TAGS], openapi_extra=body(_SIGNUP),
    responses=told({200: "The person.", 202: "A job does it."}, 409, body=True, media_type=HAL),
)  # fmt: skip
async def sign_up(request: Request, key: Asker, background: Background = False) -> Response:
    """The person signup helper: a person with tags, who is created or updated.

    A bare person is refused. Whether somebody was created stands in `Matcher-Outcome`; then
    `created_date` and `modified_date` are equal.
    """
    call = Call(signup(await read_object(request)), wish=Wished(new_id()))
    if background:
        return accepted(await service_of(request).lists.begin(POLICY, call, key.name))
    return _shown(request, await service_of(request).lists.call(POLICY, call, key.name))


@router.put(
    f"{PREFIX}/people/{{person_id}}", tags=[*TAGS],
    openapi_extra=body({"languages_spoken": ["fr"]}),
    responses=told(
        {200: "The person.", 202: "A job does it."}, 404, 409, body=True, media_type=HAL
    ),
)  # fmt: skip
async def put_person(
    request: Request, person_id: PersonId, key: Asker, background: Background = False
) -> Response:
    """Changes a person.

    An email address that somebody else has is not taken over: the person comes back with the old
    one, and `Matcher-Events` says `email_change_refused AN-04`.
    """
    said = await read_object(request)
    payload = {**_helper(said), "person": _person(said.get("person", said))}
    call = Call(payload | {"request": Order.UPDATE.value, "person_id": person_id})
    if background:
        return accepted(await service_of(request).lists.begin(POLICY, call, key.name))
    return _shown(request, await service_of(request).lists.call(POLICY, call, key.name))


@router.delete(
    f"{PREFIX}/people/{{person_id}}", tags=[*TAGS], responses=told({}, 405, 409, media_type=HAL)
)
async def delete_person(request: Request, person_id: PersonId, key: Asker) -> Response:
    """Is refused, as the vendor does; `DELETE /v1/people/{person_id}` erases a person."""
    raise Problem(405, "AN-06", "People cannot be deleted.", headers={"Allow": "GET, HEAD, PUT"})


@router.get(
    f"{PREFIX}/people/{{person_id}}/taggings", tags=[*TAGS],
    responses=told({200: "Taggings."}, 404, media_type=HAL),
)  # fmt: skip
async def list_taggings(
    request: Request,
    person_id: PersonId,
    key: Asker,
    page: Asked,
) -> Response:
    """The tags of a person."""
    held, base = await found_person(request, person_id), base_of(request)
    taggings = [shown.tagging(tag, held, base) for tag in held.person.tags]
    own = f"{base}/people/{shown.own_id(held.person)}/taggings"
    return answer(pages.collection("osdi:taggings", taggings, page, own))


def _add_empty(kind: str) -> None:
    @router.get(
        f"{PREFIX}/people/{{person_id}}/{kind}", tags=[*TAGS], name=f"list_{kind}",
        responses=told({200: "None."}, 404, media_type=HAL),
    )  # fmt: skip
    async def list_nothing(
        request: Request, person_id: PersonId, key: Asker, page: Asked
    ) -> Response:
        """None, for nothing here makes any; a person links to them."""
        held = await found_person(request, person_id)
        own = f"{base_of(request)}/people/{shown.own_id(held.person)}/{kind}"
        return answer(pages.collection(f"osdi:{kind}", (), page, own))


for _kind in shown.EMPTY:
    _add_empty(_kind)


@router.get(PREFIX, tags=[*TAGS], responses=told({200: "Links."}, media_type=HAL))
async def entry_point(request: Request, key: Asker) -> Response:
    """Where the collections are, for clients that begin here."""
    base = base_of(request)
    links = {"osdi:people": {"href": f"{base}/people"}, "curies": list(shown.CURIES)}
    return answer(
        {
            "motd": "campaign-matcher, as Action Network",
            "max_pagesize": pages.PER_PAGE,
            "vendor_name": "campaign-matcher",
            "product_name": "campaign-matcher",
            "osdi_version": "1.1.1",
            "namespace": shown.OWN,
            "_links": {**links, "self": {"href": base}},
        }
    )


async def found_person(request: Request, person_id: str) -> Held:
    """A person of the list, by the id in an address, or by ``system:id`` of another system.

    Raises:
        Problem: there is none.
    """
    named = Identifier.parse(person_id) or Identifier(shown.OWN, person_id)

    def found(store: Store) -> Held | None:
        view = store.list_view(POLICY)
        return view.person(person_id) or view.holder(named)

    held = await service_of(request).reader.ask(found)
    if held is None:
        raise Problem(404, "unknown", "There is no such person.")
    return held


def new_id() -> str:
    """The id of somebody new, as Action Network gives them."""
    return str(uuid4())


def signup(said: Mapping[str, Any]) -> dict[str, Any]:
    """What the helper is asked for, as the rules read it.

    Raises:
        Problem: there is no person in it.
    """
    if "person" not in said:
        raise Problem(
            400, "AN-06",
            'A bare person cannot be posted: send {"person": {...}}, as for the signup helper.',
        )  # fmt: skip
    return {**_helper(said), "person": _person(said["person"]), "request": Order.CREATE.value}


def _helper(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in ("add_tags", "remove_tags") if name in said}


def _person(said: Any) -> dict[str, Any]:
    """A person as posted, without what only the system says.

    Raises:
        Problem: it is no object.
    """
    person = as_object(said, "person")
    kept = {name: value for name, value in person.items() if name not in _SYSTEMS_OWN}
    identifiers = kept.get("identifiers")
    if isinstance(identifiers, list):
        own = f"{shown.OWN}:"
        foreign = (each for each in identifiers if not str(each).startswith(own))
        kept["identifiers"] = list(foreign)
    return kept


def _shown(request: Request, found: Answer) -> Response:
    if found.refusal is not None:
        raise problem_of(found.refusal)
    assert found.person is not None and found.dates is not None
    resource = shown.whole(found.person, found.dates, base_of(request))
    return answer(resource, headers=native_headers(found))
